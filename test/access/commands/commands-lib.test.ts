/** MongoDB's own authorization test table, held against what is said here of the same commands. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { judge, requirementsOf } from '../../../src/access/commands/index.ts';
import { roleGraph } from '../../../src/model/graph.ts';
import { type Namespace, parseNamespace } from '../../../src/model/names.ts';
import type { Privilege } from '../../../src/model/privilege.ts';
import type { Resource } from '../../../src/model/resource.ts';
import { ref, resource } from '../../support/build.ts';

interface Row {
  readonly name: string;
  /** The kind of server on which MongoDB's test runs it. */
  readonly on: 'mongod' | 'mongos' | 'both';
  readonly db: string;
  readonly command: Readonly<Record<string, unknown>>;
  /** The collections whose UUIDs the command has. */
  readonly uuids?: Readonly<Record<string, string>>;
  /** Of the roles listed at the top, exactly those that may run it. */
  readonly roles?: 'all' | readonly string[];
  readonly sufficient?: readonly Granted[];
  readonly insufficient?: readonly Granted[];
}

interface Granted {
  readonly on: string;
  readonly actions: readonly string[];
  /** Without it the command is allowed too. */
  readonly spare?: true;
}

interface Table {
  readonly roles: readonly string[];
  readonly rows: readonly Row[];
}

/** Each table, and the version that it is asked of: 4.4.9 backported the demand for the action `applyOps`. */
const TABLES: readonly (readonly [release: string, version: string])[] = [
  ['4.4', '4.4.4'],
  ['5.1', '5.1.0'],
  ['8.3', '8.3.0'],
  ['9.0', '9.0.0'],
];

function tableOf(release: string): Table {
  return JSON.parse(readFileSync(new URL(`../../truth/commands-${release}.json`, import.meta.url), 'utf8'));
}

function collectionOf({ uuids = {} }: Row, uuid: string): Namespace | undefined {
  const name = uuids[uuid];
  return name === undefined ? undefined : parseNamespace(name);
}

function allowed(row: Row, version: string, sharded: boolean, privileges: readonly Privilege[]): boolean {
  const context = { version, sharded, collectionOf: (uuid: string) => collectionOf(row, uuid) };
  return judge(requirementsOf(row.command, row.db, context), privileges).allowed;
}

function privilegesOf(granted: readonly Granted[], widen = (on: string) => on): Privilege[] {
  return granted.map(({ on, actions }) => ({ resource: resourceOf(widen(on)), actions }));
}

/** The buckets of any time series are written `*.system.buckets.*`. */
function resourceOf(on: string): Resource {
  return on === '*.system.buckets.*' ? { db: '', system_buckets: '' } : resource(on);
}

/** Names of collections outside `local` that wildcards reach, in the two wider forms that MongoDB's test tries too. */
function isPlain(on: string): boolean {
  const ns = parseNamespace(on);
  return ns !== undefined && !on.includes('*') && !ns.collection.startsWith('system.') && ns.db !== 'local';
}
const inWholeDatabase = (on: string): string => (isPlain(on) ? `${parseNamespace(on)?.db}.*` : on);
const inAnyDatabase = (on: string): string => (isPlain(on) ? `*.${parseNamespace(on)?.collection}` : on);

/** Every action that is needed, on its own; none of them is enough, if there are several. */
function partsOf(sufficient: readonly Granted[]): readonly Granted[] {
  if (sufficient.flatMap(({ actions }) => actions).length < 2) return [];
  return sufficient
    .filter(({ spare }) => spare !== true)
    .flatMap(({ on, actions }) => actions.map((action) => ({ on, actions: [action] })));
}

for (const [release, version] of TABLES) {
  const { roles, rows } = tableOf(release);
  const graph = roleGraph([], version);
  for (const [index, row] of rows.entries()) {
    for (const sharded of row.on === 'both' ? [false, true] : [row.on === 'mongos']) {
      const may = (privileges: readonly Privilege[]): boolean => allowed(row, version, sharded, privileges);
      test(`${release}: ${row.name} on ${row.db}, row ${index}${sharded ? ', by mongos' : ''}`, () => {
        if (row.roles !== undefined) {
          const allowedTo = roles.filter((role) => may(graph.privileges([ref(role)])));
          assert.deepEqual(allowedTo, row.roles === 'all' ? roles : row.roles);
        }
        if (row.sufficient !== undefined) {
          for (const widen of [(on: string) => on, inWholeDatabase, inAnyDatabase]) {
            assert.equal(may(privilegesOf(row.sufficient, widen)), true, JSON.stringify(row.sufficient));
          }
          for (const part of partsOf(row.sufficient)) {
            assert.equal(may(privilegesOf([part])), false, JSON.stringify(part));
          }
        }
        if (row.insufficient !== undefined) {
          assert.equal(may(privilegesOf(row.insufficient)), false);
        }
      });
    }
  }
}

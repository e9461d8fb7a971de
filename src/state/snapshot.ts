/** Snapshot files: a cluster's state as relaxed Extended JSON, which a person can also put together with mongosh. */

import { escapeHidden } from '../input/characters.ts';
import { readJson } from '../input/json.ts';
import { placeIn } from '../input/refusal.ts';
import { RoleMap, UserMap } from '../model/name-maps.ts';
import { formatRole, formatUser } from '../model/names.ts';
import type { Role, User } from '../model/role.ts';
import { canonicalState } from './canonical.ts';
import { fromExtendedJson, toExtendedJson } from './extended-json.ts';
import { readPrivileges, readRestrictions } from './server-forms.ts';
import { shapeProblem } from './shape.ts';
import { type ClusterState, objectKey, type ServerInfo, type Unreadable } from './state.ts';

const VERSION = 1;

/**
 * The file's text: canonical, indented by two, with a line end. The same state gives the same bytes.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { formatSnapshot, parseSnapshot } from 'mongoward';
 *
 * const state = parseSnapshot(`{
 *   "mongowardSnapshot": 1,
 *   "server": { "version": "8.0.4" },
 *   "users": [{ "user": "app", "db": "admin", "roles": [{ "role": "read", "db": "audit" }] }]
 * }`);
 * const text = formatSnapshot(state);
 * assert.deepEqual(parseSnapshot(text), state);
 * assert.equal(formatSnapshot(parseSnapshot(text)), text);
 * ```
 */
export function formatSnapshot(state: ClusterState): string {
  const { server, roles, users, databases, settings, keyVaults, objects, shards, unreadable } = canonicalState(state);
  const parts = {
    mongowardSnapshot: VERSION,
    server,
    roles,
    users,
    databases,
    settings,
    keyVaults,
    objects,
    shards,
    unreadable,
  };
  const document = Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
  return `${escapeHidden(JSON.stringify(toExtendedJson(document), undefined, 2))}\n`;
}

/** What the schema makes sure of; defaults are filled in afterwards. */
type SnapshotFile = Omit<ClusterState, 'server' | 'unreadable'> & {
  readonly server: Pick<ServerInfo, 'version'> & Partial<ServerInfo>;
  readonly unreadable?: readonly Unreadable[];
};

/**
 * Reads a snapshot. What is absent stays unknown. Throws an Error that says what is wrong: not JSON, not a snapshot, of a
 * newer version, a part in another shape than the server's, or there twice.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { parseSnapshot } from 'mongoward';
 *
 * const state = parseSnapshot(`{
 *   "mongowardSnapshot": 1,
 *   "server": { "version": "8.0.4" },
 *   "users": [{ "user": "app", "db": "admin", "roles": [{ "role": "read", "db": "audit" }] }]
 * }`);
 * assert.equal(state.users[0].user, 'app');
 * assert.equal(state.roles, undefined, 'what the snapshot does not say is unknown');
 * assert.throws(() => parseSnapshot('{}'), /it is not a snapshot/);
 * ```
 */
export function parseSnapshot(text: string): ClusterState {
  const { server, unreadable, ...parts } = decode(parseJson(text), text.includes('"$'));
  refuseTwice(parts);
  const { shards } = parts;
  return canonicalState({
    ...parts,
    ...accountsInServerForm(parts),
    ...(shards && { shards: shards.map((shard) => ({ ...shard, ...accountsInServerForm(shard) })) }),
    server: { edition: 'community', topology: 'standalone', ...server },
    unreadable: unreadable ?? [],
  });
}

/** Answers of several commands put together by hand may hold the same role twice, and what one says the other would hide. */
function refuseTwice({ roles, users, databases, keyVaults, objects, shards }: Partial<ClusterState>): void {
  refuseSame('roles', roles, formatRole, new RoleMap());
  refuseSame('users', users, formatUser, new UserMap());
  refuseSame('databases', databases, ({ name }) => name);
  for (const [index, { collections }] of (databases ?? []).entries()) {
    refuseSame(`databases[${index}].collections`, collections, ({ name }) => name);
  }
  refuseSame('keyVaults', keyVaults, ({ ns }) => ns);
  refuseSame('objects', objects, objectKey);
  refuseSame('shards', shards, ({ name }) => name);
  for (const [index, shard] of (shards ?? []).entries()) {
    refuseSame(`shards[${index}].roles`, shard.roles, formatRole, new RoleMap());
    refuseSame(`shards[${index}].users`, shard.users, formatUser, new UserMap());
  }
}

interface Known<T> {
  get(one: T): number | undefined;
  set(one: T, index: number): unknown;
}

function refuseSame<T>(
  part: string,
  list: readonly T[] = [],
  nameOf: (one: T) => string,
  known: Known<T> = knownByName(nameOf),
): void {
  for (const [index, one] of list.entries()) {
    const first = known.get(one);
    if (first !== undefined) {
      throw new Error(`${part}[${index}] is ${nameOf(one)} again, as ${part}[${first}] is: keep one`);
    }
    known.set(one, index);
  }
}

function knownByName<T>(nameOf: (one: T) => string): Known<T> {
  const indexes = new Map<string, number>();
  return { get: (one) => indexes.get(nameOf(one)), set: (one, index) => indexes.set(nameOf(one), index) };
}

function accountsInServerForm({ roles, users }: Pick<ClusterState, 'roles' | 'users'>) {
  return {
    ...(roles && {
      roles: roles.map((role) => ({ ...inServerForm(role), privileges: readPrivileges(role.privileges) })),
    }),
    ...(users && { users: users.map(inServerForm) }),
  };
}

function inServerForm<T extends Role | User>(one: T): T {
  const { authenticationRestrictions: restrictions } = one;
  return restrictions === undefined ? one : { ...one, authenticationRestrictions: readRestrictions(restrictions) };
}

function parseJson(text: string): Record<string, unknown> {
  const { read, refusals } = readJson(text);
  if (read === undefined) {
    const [{ offset, message }] = refusals;
    const { line, column } = placeIn(text, offset);
    throw new Error(`line ${line}, column ${column}: ${message}`);
  }
  const document = read.data;
  if (typeof document !== 'object' || document === null || !('mongowardSnapshot' in document)) {
    throw new Error('it is not a snapshot: it lacks "mongowardSnapshot"');
  }
  if (document.mongowardSnapshot !== VERSION) {
    throw new Error(
      `it is of snapshot version ${String(document.mongowardSnapshot)}, and this program reads ${VERSION}`,
    );
  }
  return { ...document };
}

/** Every key of Extended JSON's own begins with `$`: a text without any is plain JSON, which is read many times faster. */
function decode(document: Record<string, unknown>, extended: boolean): SnapshotFile {
  const problem = shapeProblem(document);
  if (problem !== undefined) throw new Error(problem);
  if (!extended) return document as unknown as SnapshotFile;
  try {
    return fromExtendedJson(document) as SnapshotFile;
  } catch (error) {
    throw new Error(
      `it holds a value that is not Extended JSON: ${error instanceof Error ? error.message : 'unknown'}`,
    );
  }
}

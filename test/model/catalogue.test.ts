import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { changed, type Release } from '../../src/model/catalogue/release.ts';
import { builtinRole, CATALOGUES, catalogueFor, isBuiltinRoleName } from '../../src/model/catalogue.ts';
import type { Privilege } from '../../src/model/privilege.ts';
import { formatResource } from '../../src/model/resource.ts';
import { canonicalRole, type Role } from '../../src/model/role.ts';
import { readPrivileges } from '../../src/state/server-forms.ts';
import { ref } from '../support/build.ts';

/** What a server answered to `rolesInfo` with showPrivileges and showBuiltinRoles, in `admin` and in another database. */
function answersOf(release: string): Readonly<Record<string, readonly Role[]>> {
  const file = new URL(`../truth/builtin-roles-${release}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')).databases;
}

/** Each answer, and the catalogue that it is held against. 5.1 in development still was what became 5.0. */
const SERVERS: readonly (readonly [answers: string, version: string])[] = [
  ['4.4', '4.4.4'],
  ['5.1', '5.0.0'],
];

for (const [release, version] of SERVERS) {
  for (const [db, roles] of Object.entries(answersOf(release))) {
    test(`the built-in roles of ${version} in ${db} are those that a server of ${release} answered`, () => {
      const catalogue = catalogueFor(version);
      const names = [...catalogue.database.keys(), ...(db === 'admin' ? catalogue.admin.keys() : [])];
      assert.deepEqual([...new Set(names)].sort(), roles.map(({ role }) => role).sort());
      for (const answered of roles) {
        assert.deepEqual(linesOf(builtinRole(catalogue, answered)), linesOf(answered), `${answered.role}@${db}`);
      }
    });
  }
}

/** `resource action`, sorted. */
function linesOf(role: Role | undefined): readonly string[] {
  assert.ok(role);
  const { privileges } = canonicalRole({ ...role, privileges: readPrivileges(role.privileges) });
  return privileges.flatMap(({ resource, actions }) =>
    actions.map((action) => `${formatResource(resource)} ${action}`),
  );
}

/** What came between that build and 8.3 itself (SERVER-121886 among others), by the role that differs. */
const SINCE_8_3_ALPHA = [
  'fsync',
  'getTransitionToDedicatedConfigServerStatus',
  'rewriteCollection',
  'shardDrainingStatus',
];

for (const [db, roles] of Object.entries(answersOf('8.3'))) {
  test(`the built-in roles of 8.3 in ${db} are those that a server of its development answered, and what came since`, () => {
    const catalogue = catalogueFor('8.3.0');
    for (const answered of roles) {
      const known = linesOf(builtinRole(catalogue, answered));
      const lines = linesOf(answered);
      assert.deepEqual(
        lines.filter((line) => !known.includes(line)),
        [],
        `${answered.role}@${db}`,
      );
      const since = known.filter((line) => !lines.includes(line)).map((line) => line.split(' ').at(-1) ?? '');
      const explained = [...SINCE_8_3_ALPHA, 'performRawDataOperations'];
      assert.deepEqual(
        since.filter((action) => !explained.includes(action)),
        [],
        `${answered.role}@${db}`,
      );
    }
  });
}

const NEAREST: readonly (readonly [version: string, catalogue: string])[] = [
  ['3.6.0', '4.4'],
  ['4.4.8', '4.4'],
  ['4.4.29', '4.4.10'],
  ['5.0', '5.0'],
  ['5.0.5', '5.0.4'],
  ['5.1.0', '5.1'],
  ['5.3.1', '5.2'],
  ['6.3.1', '6.0'],
  ['7.0.2', '7.0'],
  ['8.0.4', '8.0'],
  ['8.0.30', '8.0.24'],
  ['8.1.0', '8.1'],
  ['8.2.5', '8.2'],
  ['8.3.2', '8.3'],
  ['99.0', '9.0'],
];

for (const [version, catalogue] of NEAREST) {
  test(`${version} has the built-in roles of ${catalogue}`, () => {
    assert.equal(catalogueFor(version).version, catalogue);
  });
}

test('every action that a built-in role grants is one of its release', () => {
  for (const { version, actions, admin, database } of CATALOGUES) {
    const granted = [...admin.values(), ...database.values()]
      .flatMap((privileges) => privileges())
      .flatMap((privilege) => privilege.actions);
    assert.deepEqual(
      granted.filter((action) => !actions.has(action)),
      [],
      version,
    );
  }
});

const HELD: readonly (readonly [role: string, action: string, versions: readonly string[]])[] = [
  ['searchCoordinator@admin', 'find', ['8.1', '8.2', '8.3', '8.3.3', '9.0']],
  ['clusterManager@admin', 'blockReplicaSetWrites', ['9.0']],
  ['backup@admin', 'setUserWriteBlockMode', ['6.0', '7.0', '8.0', '8.0.24', '8.1', '8.2', '8.3', '8.3.3', '9.0']],
  ['restore@admin', 'containerInsert', ['8.3', '8.3.3']],
  ['dbAdmin@shop', 'performRawDataOperations', ['8.3', '8.3.3', '9.0']],
];

for (const [name, action, versions] of HELD) {
  test(`${name} grants ${action} on ${versions.join(', ')}`, () => {
    const having = CATALOGUES.filter((catalogue) =>
      builtinRole(catalogue, ref(name))?.privileges.some(
        ({ resource, actions }) => formatResource(resource) !== 'shop.system.profile' && actions.includes(action),
      ),
    );
    assert.deepEqual(
      having.map(({ version }) => version),
      versions,
    );
  });
}

test('a change that contradicts the release before is a mistake, and told', () => {
  const before: Release = {
    version: '1.0',
    source: { kind: 'manual', where: 'here' },
    actions: ['find'],
    lists: {},
    database: {},
    admin: {},
  };
  const change = (...actions: readonly string[]) => changed(before, { ...before, version: '2.0', actions });
  assert.deepEqual(change('-find', '+insert').actions, ['insert']);
  for (const wrong of ['+find', '-insert', 'insert']) {
    assert.throws(() => change(wrong).actions, { message: `the catalogue of 2.0 can't have the change ${wrong}` });
  }
});

test('a built-in role means its own database; those of admin are nowhere else', () => {
  const { privileges } = builtinRole(catalogueFor('8.0'), ref('readWrite@orders')) as Role;
  const databases = new Set(privileges.map(({ resource }: Privilege) => ('db' in resource ? resource.db : 'none')));
  assert.deepEqual([...databases], ['orders']);
  assert.equal(builtinRole(catalogueFor('8.0'), ref('root@orders')), undefined);
  assert.equal(isBuiltinRoleName(ref('root@admin')), true);
  assert.equal(isBuiltinRoleName(ref('root@orders')), false);
  for (const name of ['constructor', '__proto__', 'toString']) {
    assert.equal(isBuiltinRoleName(ref(`${name}@admin`)), false, name);
  }
});

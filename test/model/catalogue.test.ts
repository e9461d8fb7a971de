import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { builtinRole, catalogueFor, isBuiltinRoleName } from '../../src/model/catalogue.ts';
import type { Privilege } from '../../src/model/privilege.ts';
import { canonicalRole, type Role } from '../../src/model/role.ts';
import { ref } from '../support/build.ts';

/** What a 4.4 server answered to `rolesInfo` with showPrivileges and showBuiltinRoles, in `admin` and in `example`. */
const truth: { readonly databases: Readonly<Record<string, readonly Role[]>> } = JSON.parse(
  readFileSync(new URL('../truth/builtin-roles-4.4.json', import.meta.url), 'utf8'),
);

for (const [db, roles] of Object.entries(truth.databases)) {
  test(`the built-in roles of 4.4 in ${db} are those that a server of that release answered`, () => {
    const catalogue = catalogueFor('4.4.4');
    const names = [...catalogue.database.keys(), ...(db === 'admin' ? catalogue.admin.keys() : [])];
    assert.deepEqual([...new Set(names)].sort(), roles.map(({ role }) => role).sort());
    for (const answered of roles) {
      const known = builtinRole(catalogue, answered);
      assert.ok(known, answered.role);
      const { isBuiltin: _isBuiltin, ...expected } = canonicalRole(answered);
      const { isBuiltin, ...found } = canonicalRole(known);
      assert.equal(isBuiltin, true);
      assert.deepEqual(found, expected, `${answered.role}@${db}`);
    }
  });
}

const NEAREST: readonly (readonly [version: string, catalogue: string])[] = [
  ['3.6.0', '4.4'],
  ['4.4.29', '4.4'],
  ['5.0.1', '5.0'],
  ['6.3.1', '6.0'],
  ['7.0.2', '7.0'],
  ['8.0.4', '8.0'],
  ['99.0', '8.3'],
];

for (const [version, catalogue] of NEAREST) {
  test(`${version} has the built-in roles of ${catalogue}`, () => {
    assert.equal(catalogueFor(version).version, catalogue);
  });
}

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

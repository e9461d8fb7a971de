import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { catalogueFor } from '../../src/model/catalogue.ts';
import type { Role } from '../../src/model/role.ts';
import { actionsOfServer } from '../../src/model/server-actions.ts';

/** The server's own built-in roles, as it answered. */
function builtins(release: string): readonly Role[] {
  const file = new URL(`../truth/builtin-roles-${release}.json`, import.meta.url);
  const { databases } = JSON.parse(readFileSync(file, 'utf8'));
  return databases.admin.map((role: Role) => ({ ...role, isBuiltin: true }));
}

/** What each server said when `createRole` was sent every action of its release line. */
const REFUSED: readonly (readonly [release: string, version: string, actions: readonly string[]])[] = [
  ['5.1', '5.0.9', ['dbCheck', 'oidReset']],
  ['8.3', '8.3.0', ['getTransitionToDedicatedConfigServerStatus', 'rewriteCollection', 'shardDrainingStatus']],
];

for (const [release, version, refused] of REFUSED) {
  test(`a server of ${release} in development does not have ${refused.join(', ')}, by its own roles`, () => {
    const known = actionsOfServer(builtins(release), version);
    const missing = [...catalogueFor(version).actions].filter((action) => !known.has(action)).sort();
    assert.deepEqual(missing, refused);
  });
}

test('without its built-in roles the catalogue of its release counts', () => {
  assert.deepEqual(actionsOfServer([], '8.0.4'), catalogueFor('8.0.4').actions);
});

test('what only a newer server’s roles name is an action of that server', () => {
  const role: Role = {
    role: 'root',
    db: 'admin',
    isBuiltin: true,
    roles: [],
    privileges: [{ resource: { cluster: true }, actions: ['timeTravel'] }],
  };
  assert.equal(actionsOfServer([role], '9.3.0').has('timeTravel'), true);
  assert.equal(actionsOfServer([{ ...role, isBuiltin: false }], '9.3.0').has('timeTravel'), false);
});

test('an action that MongoDB’s own roles have lost is still one that the server takes', () => {
  assert.equal(actionsOfServer(builtins('8.3'), '8.3.0').has('emptycapped'), true);
});

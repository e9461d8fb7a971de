/** What is exported, imported again, is the same, but for what is said to be left out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { exportPolicy, TARGETS } from '../../../src/adopt/export/export.ts';
import { importPolicy } from '../../../src/adopt/import/import.ts';
import { formatRole, formatUser } from '../../../src/model/names.ts';
import { canonicalRole, canonicalUser, type Role, type User } from '../../../src/model/role.ts';

const READ = { resource: { db: 'shop', collection: 'orders' }, actions: ['find'] };
const ROLES: readonly Role[] = [
  {
    role: 'app',
    db: 'admin',
    privileges: [],
    roles: [
      { role: 'base', db: 'admin' },
      { role: 'read', db: 'crm' },
    ],
  },
  {
    role: 'base',
    db: 'admin',
    privileges: [READ, { resource: { cluster: true }, actions: ['serverStatus'] }],
    roles: [],
  },
  {
    role: 'shop',
    db: 'shop',
    privileges: [{ resource: { db: 'shop', collection: '' }, actions: ['insert'] }],
    roles: [],
  },
  { role: 'any', db: 'admin', privileges: [{ resource: { anyResource: true }, actions: ['anyAction'] }], roles: [] },
  {
    role: 'from',
    db: 'admin',
    privileges: [],
    roles: [],
    authenticationRestrictions: [{ clientSource: ['10.0.0.0/8'] }],
  },
];
const USERS: readonly User[] = [
  { user: 'app', db: 'admin', roles: [{ role: 'app', db: 'admin' }], mechanisms: ['SCRAM-SHA-256'] },
  {
    user: 'shop',
    db: 'shop',
    roles: [
      { role: 'shop', db: 'shop' },
      { role: 'any', db: 'admin' },
    ],
  },
  { user: 'CN=a,O=b', db: '$external', roles: [{ role: 'read', db: 'shop' }] },
  { user: 'far', db: 'admin', roles: [], authenticationRestrictions: [{ clientSource: ['10.0.0.0/8'] }] },
];

const LOST: Readonly<Record<(typeof TARGETS)[number], readonly string[]>> = {
  mongosh: [],
  ansible: ['user far@admin', 'mechanisms of user app@admin'],
  psmdb: ['user far@admin', 'mechanisms of user app@admin'],
  mongodbcommunity: ['user far@admin', 'mechanisms of user app@admin'],
  terraform: [
    'role any@admin',
    'role from@admin',
    'user shop@shop',
    'user CN=a,O=b@$external',
    'user far@admin',
    'mechanisms of user app@admin',
  ],
  'atlas-kubernetes': [
    'role shop@shop',
    'role any@admin',
    'role from@admin',
    'user shop@shop',
    'user far@admin',
    'mechanisms of user app@admin',
  ],
};

for (const target of TARGETS) {
  test(`${target}: exported and imported it is the same, but for what is named`, async () => {
    const { text, lost } = exportPolicy(target, ROLES, USERS);
    assert.deepEqual(
      lost.map(({ what }) => what),
      LOST[target],
    );
    const gone = new Set(lost.map(({ what }) => what));
    const back = await importPolicy(target, [{ file: 'x', text }], { name: 'x', variables: new Map() });
    assert.deepEqual(back.notes, []);
    const roles = ROLES.filter((role) => !gone.has(`role ${formatRole(role)}`));
    const users = USERS.filter((user) => !gone.has(`user ${formatUser(user)}`));
    assert.deepEqual(byName(back.roles.map(canonicalRole)), byName(roles.map(canonicalRole)));
    const said = users.map(({ mechanisms, ...user }) =>
      canonicalUser(mechanisms !== undefined && target === 'mongosh' ? { ...user, mechanisms } : user),
    );
    assert.deepEqual(byName(back.users.map(canonicalUser)), byName(said));
  });
}

function byName<T>(list: readonly T[]): readonly T[] {
  return [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

test('names of any characters come through every form', async () => {
  const name = fc
    .string({ minLength: 1, maxLength: 8 })
    .filter((text) => /^[A-Za-z0-9 .,@/:;'"!#%&()*+<=>?[\]^_|~-]+$/.test(text) && text.trim() === text);
  await fc.assert(
    fc.asyncProperty(name, name, async (role, user) => {
      const roles = [{ role, db: 'admin', privileges: [READ], roles: [] }];
      const users = [{ user, db: 'admin', roles: [{ role, db: 'admin' }] }];
      for (const target of TARGETS) {
        const { text, lost } = exportPolicy(target, roles, users);
        const back = await importPolicy(target, [{ file: 'x', text }], { name: 'x', variables: new Map() });
        assert.deepEqual([lost, back.notes], [[], []], text);
        assert.deepEqual([back.roles[0]?.role, back.users[0]?.user], [role, user], text);
      }
    }),
    { numRuns: 60 },
  );
});

import assert from 'node:assert/strict';
import { on, onCluster, outcome, outcomes, sandboxTest } from './support.ts';

const READ = [on('app', 'c', 'find')];

sandboxTest('rolesInfo shows a role, what it inherits, and what that grants', async ({ root }) => {
  const app = root.db('app');
  await app.command({ createRole: 'inner', privileges: READ, roles: [] });
  await app.command({
    createRole: 'outer',
    privileges: [on('app', 'c', 'insert')],
    roles: ['inner'],
    authenticationRestrictions: [{ clientSource: ['10.0.0.0/8'] }],
  });
  const shown = { showPrivileges: true, showAuthenticationRestrictions: true };
  const { roles } = await app.command({ rolesInfo: 'outer', ...shown });
  assert.deepEqual(roles, [
    {
      _id: 'app.outer',
      role: 'outer',
      db: 'app',
      privileges: [on('app', 'c', 'insert')],
      roles: [{ role: 'inner', db: 'app' }],
      authenticationRestrictions: [{ clientSource: ['10.0.0.0/8'] }],
      inheritedRoles: [{ role: 'inner', db: 'app' }],
      inheritedPrivileges: [on('app', 'c', 'find', 'insert')],
      inheritedAuthenticationRestrictions: [[{ clientSource: ['10.0.0.0/8'] }]],
      isBuiltin: false,
    },
  ]);
});

sandboxTest('rolesInfo takes one role, several, a database, with the built-in ones or without', async ({ root }) => {
  const app = root.db('app');
  await app.command({ createRole: 'r', privileges: [], roles: [] });
  const names = async (command: object): Promise<readonly string[]> => {
    const { roles } = await app.command(command);
    return roles.map(({ role, db }: { readonly role: string; readonly db: string }) => `${role}@${db}`).sort();
  };
  assert.deepEqual(await names({ rolesInfo: 'r' }), ['r@app']);
  assert.deepEqual(await names({ rolesInfo: ['r', { role: 'root', db: 'admin' }, 'nonsense'] }), [
    'r@app',
    'root@admin',
  ]);
  assert.deepEqual(await names({ rolesInfo: 1 }), ['r@app']);
  assert.deepEqual(await names({ rolesInfo: 1, showBuiltinRoles: true }), [
    'dbAdmin@app',
    'dbOwner@app',
    'enableSharding@app',
    'r@app',
    'read@app',
    'readWrite@app',
    'userAdmin@app',
  ]);
});

sandboxTest(
  'admin.system.roles keeps privileges as written, rolesInfo merges them, a grant rewrites them',
  async ({ root }) => {
    const app = root.db('app');
    const written = [on('app', 'c', 'find'), on('app', 'a', 'find'), on('app', 'c', 'insert', 'find')];
    const merged = [on('app', 'a', 'find'), on('app', 'c', 'find', 'insert')];
    await app.command({ createRole: 'r', privileges: written, roles: [] });
    const stored = async () => (await root.db('admin').collection('system.roles').findOne({ role: 'r' }))?.privileges;
    const shown = async () => (await app.command({ rolesInfo: 'r', showPrivileges: true })).roles[0].privileges;
    assert.deepEqual(await stored(), [written[0], written[1], on('app', 'c', 'find', 'insert')]);
    assert.deepEqual(await shown(), merged);
    await app.command({ grantPrivilegesToRole: 'r', privileges: [on('app', 'a', 'insert')] });
    assert.deepEqual(await stored(), [on('app', 'a', 'find', 'insert'), merged[1]]);
    await app.command({ revokePrivilegesFromRole: 'r', privileges: [on('app', 'a', 'insert', 'find')] });
    assert.deepEqual(await stored(), [merged[1]]);
  },
);

sandboxTest('what the role commands refuse', async ({ root }) => {
  const app = root.db('app');
  await app.command({ createRole: 'a', privileges: [], roles: [] });
  await app.command({ createRole: 'b', privileges: [], roles: ['a'] });
  const create = { createRole: 'r', privileges: [], roles: [] };
  const across =
    "49 Roles on the 'app' database cannot be granted privileges that target other databases or the cluster";
  assert.deepEqual(
    await outcomes(app, [
      { ...create, createRole: 'a' },
      { ...create, createRole: 'read' },
      { ...create, createRole: 'root' },
      { ...create, roles: ['nonsense'] },
      { ...create, roles: [{ role: 'read', db: 'other' }] },
      { ...create, roles: ['enableSharding'] },
      { ...create, privileges: [on('other', 'c', 'find')] },
      { ...create, privileges: [onCluster('inprog')] },
      { ...create, privileges: [on('', 'c', 'find')] },
      { ...create, privileges: [{ resource: { db: 'app', system_buckets: 'c' }, actions: ['find'] }] },
      { ...create, privileges: [on('app', 'c', 'fly', 'find')] },
      { ...create, privileges: [on('app', 'c')] },
      { ...create, privileges: [{ resource: { db: 'app' }, actions: ['find'] }] },
      { grantRolesToRole: 'a', roles: ['b'] },
      { grantRolesToRole: 'a', roles: ['a'] },
      { grantRolesToRole: 'nonsense', roles: ['a'] },
      { grantPrivilegesToRole: 'read', privileges: READ },
      { updateRole: 'nonsense', roles: [] },
      { updateRole: 'a' },
      { updateRole: 'a', roles: ['b'] },
      { dropRole: 'read' },
      { dropRole: 'nonsense' },
    ]),
    [
      '51002 Role "a@app" already exists',
      '2 Cannot create roles with the same name as a built-in role',
      'ok',
      '31 Could not find role: nonsense@app',
      "49 Roles on the 'app' database cannot be granted roles from other databases",
      'ok',
      across,
      across,
      across,
      across,
      '9 Unrecognized action privilege strings: fly',
      '9 missing actions field',
      '9 resource must set both db and collection or neither, but not exactly one.',
      '49 Granting b@app to a@app would introduce a cycle in the role graph.',
      '49 Cannot grant role a@app to itself.',
      '31 Could not find role: nonsense@app',
      '49 read@app is a built-in role and cannot be modified.',
      '31 Could not find role: nonsense@app',
      '2 Must specify at least one field to update in updateRole',
      '49 Granting b@app to a@app would introduce a cycle in the role graph.',
      '49 read@app is a built-in role and cannot be modified.',
      '31 Could not find role: nonsense@app',
    ],
  );
});

sandboxTest('a dropped role is taken away from every user and role', async ({ root }) => {
  const app = root.db('app');
  await app.command({ createRole: 'inner', privileges: READ, roles: [] });
  await app.command({ createRole: 'outer', privileges: [], roles: ['inner', 'read'] });
  await app.command({ createUser: 'u', pwd: 'p', roles: ['inner', 'outer'] });
  await app.command({ dropRole: 'inner' });
  const { roles } = await app.command({ rolesInfo: 'outer' });
  const { users } = await app.command({ usersInfo: 'u' });
  assert.deepEqual([roles[0].roles, users[0].roles], [[{ role: 'read', db: 'app' }], [{ role: 'outer', db: 'app' }]]);
});

sandboxTest('roles of admin may reach anything, and names be of any script', async ({ root }) => {
  const name = 'роль.with@sign "quoted" 🔒 __proto__';
  const privileges = [
    { resource: { anyResource: true }, actions: ['anyAction'] },
    on('дата', 'c', 'find'),
    onCluster('top'),
  ];
  await root.db('admin').command({ createRole: name, privileges, roles: [{ role: 'read', db: 'app' }] });
  const { roles } = await root.db('admin').command({ rolesInfo: name, showPrivileges: true });
  assert.deepEqual(roles[0].privileges, [privileges[0], privileges[2], privileges[1]]);
  assert.equal(await outcome(root.db('admin').command({ dropRole: name })), 'ok');
});

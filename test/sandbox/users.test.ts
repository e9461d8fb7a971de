import assert from 'node:assert/strict';
import { outcome, outcomes, sandboxTest } from './support.ts';

const ROLE = { role: 'read', db: 'app' };

sandboxTest('usersInfo shows a user as it was created, without credentials', async ({ root }) => {
  const app = root.db('app');
  await app.command({
    createUser: 'u',
    pwd: 'p',
    roles: ['read', { role: 'readWrite', db: 'other' }, 'read'],
    mechanisms: ['SCRAM-SHA-256'],
    customData: { team: 'a' },
    authenticationRestrictions: [{ clientSource: ['10.0.0.0/8'] }],
  });
  const { users } = await app.command({ usersInfo: 'u' });
  assert.deepEqual(
    { ...users[0], userId: 'some' },
    {
      _id: 'app.u',
      userId: 'some',
      user: 'u',
      db: 'app',
      roles: [ROLE, { role: 'readWrite', db: 'other' }, ROLE],
      customData: { team: 'a' },
      mechanisms: ['SCRAM-SHA-256'],
    },
  );
});

sandboxTest('usersInfo takes one user, several, a database, all', async ({ root }) => {
  for (const db of ['a', 'b']) await root.db(db).command({ createUser: 'u', pwd: 'p', roles: [] });
  await root.db('$external').command({ createUser: 'CN=x', roles: [] });
  const rows = [
    { asked: 'u', found: ['a.u'] },
    { asked: { user: 'u', db: 'b' }, found: ['b.u'] },
    { asked: ['u', { user: 'u', db: 'b' }, 'nobody'], found: ['a.u', 'b.u'] },
    { asked: 1, found: ['a.u'] },
    { asked: { forAllDBs: true }, found: ['$external.CN=x', 'admin.root', 'a.u', 'b.u'] },
  ];
  for (const { asked, found } of rows) {
    const { users } = await root.db('a').command({ usersInfo: asked });
    assert.deepEqual(
      users.map((user: { readonly _id: string }) => user._id),
      found,
    );
  }
});

sandboxTest('privileges and restrictions are shown for users named exactly', async ({ root }) => {
  const app = root.db('app');
  await app.command({
    createRole: 'r',
    privileges: [{ resource: { db: 'app', collection: 'c' }, actions: ['find'] }],
    roles: [],
  });
  await app.command({
    createUser: 'u',
    pwd: 'p',
    roles: ['r'],
    authenticationRestrictions: [{ serverAddress: ['::1'] }],
  });
  const details = { showPrivileges: true, showAuthenticationRestrictions: true };
  const { users } = await app.command({ usersInfo: ['u'], ...details });
  assert.deepEqual(
    {
      inheritedRoles: users[0].inheritedRoles,
      inheritedPrivileges: users[0].inheritedPrivileges,
      authenticationRestrictions: users[0].authenticationRestrictions,
    },
    {
      inheritedRoles: [{ role: 'r', db: 'app' }],
      inheritedPrivileges: [{ resource: { db: 'app', collection: 'c' }, actions: ['find'] }],
      authenticationRestrictions: [{ serverAddress: ['::1'] }],
    },
  );
  const refused = '20 Privilege or restriction details require exact-match usersInfo queries.';
  assert.equal(await outcome(app.command({ usersInfo: 1, ...details })), refused);
});

sandboxTest('what createUser refuses', async ({ root }) => {
  const app = root.db('app');
  await app.command({ createUser: 'u', pwd: 'p', roles: [] });
  assert.deepEqual(
    await outcomes(app, [
      { createUser: 'u', pwd: 'p', roles: [] },
      { createUser: 'v', roles: [] },
      { createUser: 'v', pwd: 'p' },
      { createUser: 'v', pwd: '', roles: [] },
      { createUser: 'v', pwd: 'p', roles: ['nonsense'] },
      { createUser: 'v', pwd: 'p', roles: [], mechanisms: ['PLAIN'] },
      { createUser: 'v', pwd: 'p', roles: [], nonsense: 1 },
      { createUser: 'v', pwd: 'p', roles: [], authenticationRestrictions: [{ clientSource: ['nonsense'] }] },
      { createUser: 'v', pwd: 'p', roles: [], digestPassword: false },
    ]),
    [
      '51003 User "u@app" already exists',
      "2 Must provide a 'pwd' field for all user documents, except those with '$external' as the user's source db",
      '2 "createUser" command requires a "roles" array',
      '2 User passwords must not be empty',
      '31 Could not find role: nonsense@app',
      "2 Unknown auth mechanism 'PLAIN'",
      "40415 BSON field 'createUser.nonsense' is an unknown field.",
      '2 Invalid CIDR string: nonsense',
      '2 Use of SCRAM-SHA-256 requires undigested passwords',
    ],
  );
  const external = root.db('$external');
  assert.equal(
    await outcome(external.command({ createUser: 'CN=x', pwd: 'p', roles: [] })),
    "2 Cannot set the password for users defined on the '$external' database",
  );
});

sandboxTest('updateUser changes what it names and nothing else', async ({ root }) => {
  const app = root.db('app');
  await app.command({ createUser: 'u', pwd: 'p', roles: ['read'], customData: { a: 1 } });
  const before = (await app.command({ usersInfo: 'u' })).users[0];
  await app.command({ updateUser: 'u', mechanisms: ['SCRAM-SHA-256'] });
  await app.command({ updateUser: 'u', customData: { b: 1 } });
  await app.command({ updateUser: 'u', roles: ['readWrite'] });
  const { users } = await app.command({ usersInfo: 'u' });
  assert.deepEqual(users, [
    { ...before, roles: [{ role: 'readWrite', db: 'app' }], customData: { b: 1 }, mechanisms: ['SCRAM-SHA-256'] },
  ]);
});

sandboxTest('a mechanism comes back with the password only', async ({ root }) => {
  const app = root.db('app');
  await app.command({ createUser: 'u', pwd: 'p', roles: [], mechanisms: ['SCRAM-SHA-256'] });
  const both = ['SCRAM-SHA-1', 'SCRAM-SHA-256'];
  assert.deepEqual(
    await outcomes(app, [
      { updateUser: 'u', mechanisms: both },
      { updateUser: 'u', mechanisms: both, pwd: 'p' },
      { updateUser: 'u' },
      { updateUser: 'nobody', pwd: 'p' },
    ]),
    [
      '2 mechanisms field must be a subset of previously set mechanisms',
      'ok',
      '2 Must specify at least one field to update in updateUser',
      '11 User nobody@app not found',
    ],
  );
});

sandboxTest('roles are granted once and revoked', async ({ root }) => {
  const app = root.db('app');
  await app.command({ createUser: 'u', pwd: 'p', roles: [] });
  const roles = async () => (await app.command({ usersInfo: 'u' })).users[0].roles;
  await app.command({ grantRolesToUser: 'u', roles: ['read', 'readWrite', 'read'] });
  assert.deepEqual(await roles(), [ROLE, { role: 'readWrite', db: 'app' }]);
  await app.command({ revokeRolesFromUser: 'u', roles: ['readWrite', { role: 'read', db: 'other' }] });
  assert.deepEqual(await roles(), [ROLE]);
  assert.deepEqual(
    await outcomes(app, [
      { grantRolesToUser: 'u', roles: [] },
      { grantRolesToUser: 'u', roles: ['nonsense'] },
      { grantRolesToUser: 'nobody', roles: ['read'] },
      { dropUser: 'nobody' },
      { dropUser: 'u' },
    ]),
    [
      '2 grantRolesToUser command requires a non-empty "roles" array',
      '31 Could not find role: nonsense@app',
      '11 Could not find user "nobody" for db "app"',
      "11 User 'nobody@app' not found",
      'ok',
    ],
  );
});

sandboxTest('find on admin.system.users pages, projects and sorts', async ({ root }) => {
  const app = root.db('app');
  for (const user of ['c', 'a', 'b']) await app.command({ createUser: user, pwd: 'p', roles: ['read'] });
  const users = root.db('admin').collection<{ _id: string }>('system.users');
  const listed = await users
    .find(
      { db: 'app' },
      { projection: { user: 1, 'credentials.SCRAM-SHA-256.iterationCount': 1 }, batchSize: 1, sort: { user: -1 } },
    )
    .toArray();
  assert.deepEqual(
    listed,
    ['c', 'b', 'a'].map((user) => ({
      _id: `app.${user}`,
      user,
      credentials: { 'SCRAM-SHA-256': { iterationCount: 5000 } },
    })),
  );
  const [user] = await users.find({ 'roles.role': 'read' }, { projection: { credentials: 0, userId: 0 } }).toArray();
  assert.deepEqual(user, { _id: 'app.a', user: 'a', db: 'app', roles: [ROLE] });
  assert.match(await outcome(users.deleteOne({})), /^115 the sandbox does not implement writing to admin.system.users/);
});

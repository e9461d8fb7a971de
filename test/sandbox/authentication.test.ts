import assert from 'node:assert/strict';
import { MongoClient } from 'mongodb';
import { outcome, ROOT, sandboxTest } from './support.ts';

const SECRETS = ['secret', 'pässwörd', 'a:b@c/d%,=', '①'];

for (const mechanism of ['SCRAM-SHA-1', 'SCRAM-SHA-256']) {
  sandboxTest(`${mechanism}: the right password lets in, a wrong one does not`, async ({ root, connect }) => {
    for (const [at, password] of SECRETS.entries()) {
      // The driver digests a name with a comma or an equals sign in its escaped form, and so can't log in by SCRAM-SHA-1.
      const user = mechanism === 'SCRAM-SHA-1' ? `usér${at}` : `us,ér=${at}`;
      await root.db('app').command({ createUser: user, pwd: password, roles: [], mechanisms: [mechanism] });
      const right = connect({ user, password, db: 'app' }, `&authMechanism=${mechanism}`);
      const wrong = connect({ user, password: 'wrong', db: 'app' }, `&authMechanism=${mechanism}`);
      assert.equal(await outcome(right.db('app').command({ ping: 1 })), 'ok');
      assert.equal(await outcome(wrong.db('app').command({ ping: 1 })), '18 Authentication failed.');
    }
  });
}

sandboxTest('without a mechanism named, the driver takes one that the user has', async ({ root, connect }) => {
  for (const mechanisms of [['SCRAM-SHA-1'], ['SCRAM-SHA-256'], ['SCRAM-SHA-1', 'SCRAM-SHA-256']]) {
    const user = mechanisms.join('+');
    await root.db('admin').command({ createUser: user, pwd: 'p', roles: [], mechanisms });
    assert.equal(await outcome(connect({ user, password: 'p' }).db('admin').command({ ping: 1 })), 'ok');
  }
});

sandboxTest('a user that does not exist is answered as a wrong password is', async ({ connect }) => {
  const nobody = connect({ user: 'nobody', password: 'p' });
  const wrong = connect({ ...ROOT, password: 'wrong' });
  const answers = [await outcome(nobody.connect()), await outcome(wrong.connect())];
  assert.deepEqual(answers, ['18 Authentication failed.', '18 Authentication failed.']);
});

sandboxTest('who has not logged in may ask for little', async ({ connect }) => {
  const admin = connect().db('admin');
  const answers: Record<string, string> = {};
  for (const name of [
    'hello',
    'ping',
    'buildInfo',
    'connectionStatus',
    'logout',
    'find',
    'usersInfo',
    'applyOps',
    'nonsense',
  ]) {
    answers[name] = await outcome(admin.command({ [name]: 1 }));
  }
  assert.deepEqual(answers, {
    hello: 'ok',
    ping: 'ok',
    buildInfo: 'ok',
    connectionStatus: 'ok',
    logout: 'ok',
    find: '13 command find requires authentication',
    usersInfo: '13 command usersInfo requires authentication',
    applyOps: '13 command applyOps requires authentication',
    nonsense: "59 no such command: 'nonsense'",
  });
});

sandboxTest('connectionStatus tells who is logged in, with which roles and privileges', async ({ root }) => {
  await root.db('admin').command({ createUser: 'u', pwd: 'p', roles: [{ role: 'read', db: 'app' }] });
  const status = await root.db('admin').command({ connectionStatus: 1 });
  assert.deepEqual(status, {
    authInfo: {
      authenticatedUsers: [{ user: 'root', db: 'admin' }],
      authenticatedUserRoles: [{ role: 'root', db: 'admin' }],
    },
    ok: 1,
  });
});

sandboxTest('a user who was dropped, or replaced by another of the name, is logged out', async ({ root, connect }) => {
  const admin = root.db('admin');
  const create = { createUser: 'u', pwd: 'p', roles: [{ role: 'readAnyDatabase', db: 'admin' }] };
  await admin.command(create);
  const db = connect({ user: 'u', password: 'p' }, '&maxPoolSize=1').db('app');
  const before = await outcome(db.command({ find: 'c' }));
  await admin.command({ dropUser: 'u' });
  const dropped = await outcome(db.command({ find: 'c' }));
  await admin.command(create);
  const replaced = await outcome(db.command({ find: 'c' }));
  const refused = '13 command find requires authentication';
  assert.deepEqual({ before, dropped, replaced }, { before: 'ok', dropped: refused, replaced: refused });
});

const RESTRICTIONS: readonly { readonly restriction: object; readonly admits: boolean }[] = [
  { restriction: { clientSource: ['127.0.0.1'] }, admits: true },
  { restriction: { clientSource: ['127.0.0.0/8'], serverAddress: ['127.0.0.1/32'] }, admits: true },
  { restriction: { clientSource: ['10.0.0.0/8', '127.0.0.0/8'] }, admits: true },
  { restriction: { clientSource: ['10.0.0.0/8'] }, admits: false },
  { restriction: { clientSource: ['127.0.0.1'], serverAddress: ['10.0.0.1'] }, admits: false },
  { restriction: { clientSource: ['::1'] }, admits: false },
];

sandboxTest('authentication restrictions admit a login by its addresses', async ({ root, connect }) => {
  const admin = root.db('admin');
  for (const [at, { restriction, admits }] of RESTRICTIONS.entries()) {
    const user = `u${at}`;
    await admin.command({ createUser: user, pwd: 'p', roles: [], authenticationRestrictions: [restriction] });
    const answer = await outcome(connect({ user, password: 'p' }).connect());
    assert.equal(answer, admits ? 'ok' : '18 Authentication failed.', JSON.stringify(restriction));
  }
});

sandboxTest("a role's restriction gates the whole user, an open connection included", async ({ root, connect }) => {
  const admin = root.db('admin');
  await admin.command({ createUser: 'u', pwd: 'p', roles: [{ role: 'read', db: 'app' }] });
  await admin.command({
    createRole: 'fromAfar',
    privileges: [],
    roles: [],
    authenticationRestrictions: [{ clientSource: ['10.0.0.0/8'] }],
  });
  const client = connect({ user: 'u', password: 'p' }, '&maxPoolSize=1');
  const before = await outcome(client.db('app').command({ find: 'c' }));
  await admin.command({ grantRolesToUser: 'u', roles: ['fromAfar'] });
  const after = await outcome(client.db('app').command({ find: 'c' }));
  const again = await outcome(connect({ user: 'u', password: 'p' }).connect());
  assert.deepEqual(
    [before, after, again],
    ['ok', '13 command find requires authentication', '18 Authentication failed.'],
  );
});

sandboxTest('a changed password is the one that counts from then on', async ({ root, sandbox, connect }) => {
  await root.db('admin').command({ createUser: 'u', pwd: 'old', roles: [] });
  await root.db('admin').command({ updateUser: 'u', pwd: 'new' });
  assert.equal(await outcome(connect({ user: 'u', password: 'new' }).connect()), 'ok');
  const old = new MongoClient(sandbox.uri({ user: 'u', password: 'old' }));
  assert.equal(await outcome(old.connect()), '18 Authentication failed.');
  await old.close();
});

/** Reading a live server's state: complete for who may see it, honest for who may not. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { withClient } from '../../src/cluster/connect.ts';
import { withMongo } from '../../src/demo/seed.ts';
import { driftReport } from '../../src/drift/report.ts';
import { catalogueFor } from '../../src/model/catalogue.ts';
import { canonicalPrivileges } from '../../src/model/privilege.ts';
import { formatSnapshot, parseSnapshot } from '../../src/state/snapshot.ts';
import { intentOf, type LiveServer, startLiveServer, uniqueName, withLive } from './server.ts';

const db = uniqueName('reading');
const reader = uniqueName('reader');
const blind = uniqueName('blind');
let server: LiveServer;

/** What reading needs, and nothing more. */
const READER_PRIVILEGES = [
  { resource: { db: 'admin', collection: 'system.roles' }, actions: ['find'] },
  { resource: { db: 'admin', collection: 'system.users' }, actions: ['find'] },
  { resource: { db: 'admin', collection: '' }, actions: ['viewRole'] },
  { resource: { db: 'mongoward', collection: 'objects' }, actions: ['find'] },
  { resource: { cluster: true }, actions: ['listDatabases', 'getCmdLineOpts'] },
  { resource: { db: '', collection: '' }, actions: ['listCollections', 'listIndexes'] },
];

before(async () => {
  server = await startLiveServer();
  await withMongo(server.rootUri, async (client) => {
    const admin = client.db('admin');
    await client.db(db).createCollection('things', { validator: { n: { $gt: 1 } } });
    await client.db(db).collection('things').createIndex({ at: 1 }, { name: 'ttl', expireAfterSeconds: 60 });
    await client.db(db).command({
      createRole: 'twice',
      privileges: [
        { resource: { db, collection: 'things' }, actions: ['insert'] },
        { resource: { db, collection: 'things' }, actions: ['find', 'insert'] },
      ],
      roles: [],
      authenticationRestrictions: [{ clientSource: ['127.0.0.1'] }],
    });
    await admin.command({ createRole: reader, privileges: READER_PRIVILEGES, roles: [] });
    await admin.command({
      createUser: reader,
      pwd: 'x',
      roles: [reader],
      mechanisms: ['SCRAM-SHA-256'],
      customData: { a: 1 },
    });
    await admin.command({ createUser: blind, pwd: 'x', roles: [] });
  });
});

after(async () => {
  await withMongo(server.rootUri, async (client) => {
    await client.db('admin').command({ dropUser: reader });
    await client.db('admin').command({ dropUser: blind });
    await client.db('admin').command({ dropRole: reader });
    await client.db(db).command({ dropRole: 'twice' });
    await client.db(db).dropDatabase();
  });
  await server.stop();
});

test('the least privileges that reading needs see everything, and no credentials', async () => {
  await withLive(server.uri(reader, 'x'), async (cluster) => {
    const state = await cluster.read();
    assert.deepEqual(state.unreadable, []);
    assert.deepEqual(
      state.roles?.find((role) => role.role === 'twice' && role.db === db),
      {
        role: 'twice',
        db,
        privileges: [{ resource: { db, collection: 'things' }, actions: ['find', 'insert'] }],
        roles: [],
        authenticationRestrictions: [{ clientSource: ['127.0.0.1'] }],
      },
    );
    assert.deepEqual(
      state.users?.find(({ user }) => user === reader),
      {
        user: reader,
        db: 'admin',
        roles: [{ role: reader, db: 'admin' }],
        mechanisms: ['SCRAM-SHA-256'],
        customData: { a: 1 },
      },
    );
    assert.deepEqual(state.databases?.find(({ name }) => name === db)?.collections, [
      {
        name: 'things',
        type: 'collection',
        options: { validator: { n: { $gt: 1 } } },
        indexes: [
          { key: { _id: 1 }, name: '_id_' },
          { key: { at: 1 }, name: 'ttl', expireAfterSeconds: 60 },
        ],
      },
    ]);
    assert.equal(state.settings?.authorization, 'enabled');
    assert.doesNotMatch(JSON.stringify(state), /storedKey|serverKey|salt|iterationCount/);
  });
});

test('whether authorization is on is found out whatever pool of connections the URI asks for', async () => {
  for (const options of ['minPoolSize=5', 'waitQueueTimeoutMS=1']) {
    await withLive(`${server.rootUri}&${options}`, async (cluster) => {
      assert.equal((await cluster.read()).settings?.authorization, 'enabled', options);
    });
  }
});

test('a snapshot of it is the same state, but for who read it', async () => {
  await withLive(server.rootUri, async (cluster) => {
    const { operator, ...state } = await cluster.read();
    assert.notEqual(operator, undefined);
    assert.deepEqual(parseSnapshot(formatSnapshot(state)), state);
  });
});

test("the server's own definition of the built-in roles is read; on a 4.4 server it is the catalogue's", async () => {
  await withLive(server.rootUri, async (cluster) => {
    const state = await cluster.read();
    const builtin = new Map(state.roles?.filter((role) => role.isBuiltin).map((role) => [role.role, role.privileges]));
    assert.ok(builtin.has('root') && builtin.has('readWrite'));
    if (!state.server.version.startsWith('4.4')) return;
    for (const [name, privileges] of catalogueFor(state.server.version).admin) {
      assert.deepEqual(builtin.get(name), canonicalPrivileges(privileges()), name);
    }
  });
});

test("where the account may not ask what MongoDB's own roles grant, the report says so, and takes the catalogue", async () => {
  const name = uniqueName('half_blind');
  const privileges = READER_PRIVILEGES.filter(({ actions }) => !actions.includes('viewRole'));
  await withMongo(server.rootUri, async (client) => {
    await client.db('admin').command({ createRole: name, privileges, roles: [] });
    await client.db('admin').command({ createUser: name, pwd: 'x', roles: [name] });
    await withLive(server.uri(name, 'x'), async (cluster) => {
      const { roles, unreadable } = await cluster.read();
      assert.ok(roles?.some(({ role }) => role === 'twice'));
      assert.deepEqual(unreadable, [
        {
          what: 'roles.builtin',
          why: "the account may not ask what MongoDB's own roles grant here, so that they are taken for what is known of the release. Reading them takes viewRole on database admin",
        },
      ]);
    }).finally(async () => {
      await client.db('admin').command({ dropUser: name });
      await client.db('admin').command({ dropRole: name });
    });
  });
});

test('an account without privileges sees nothing, and that is said, not taken for none', async () => {
  await withLive(server.uri(blind, 'x'), async (cluster) => {
    const state = await cluster.read();
    assert.deepEqual(
      [state.roles, state.users, state.databases, state.objects],
      [undefined, undefined, undefined, undefined],
    );
    assert.deepEqual(
      state.unreadable.map(({ what }) => what),
      ['databases', 'objects', 'roles', 'settings.tls', 'users'],
    );
    const intent = intentOf('apiVersion: mongoward/v1\nmetadata: { name: x }\nroles: { "r@a": {} }\n');
    const report = driftReport(intent, state, { today: '2026-01-01' });
    assert.deepEqual(report.findings, []);
    assert.deepEqual(
      report.unreadable.filter(({ what }) => ['objects', 'roles'].includes(what)),
      [
        { what: 'objects', why: 'the account may not read it. Reading it takes find on mongoward.objects' },
        { what: 'roles', why: 'the account may not read it. Reading it takes find on admin.system.roles' },
      ],
    );
  });
});

test('a wrong password is one sentence without the password', async () => {
  const uri = server.uri(reader, 'not-the-password');
  const connect = withClient(uri, { serverSelectionTimeoutMS: 2000 }, async () => {});
  await assert.rejects(connect, (error: Error) => {
    assert.match(error.message, /refused the login/);
    assert.doesNotMatch(`${error.message} ${JSON.stringify(error)}`, /not-the-password/);
    return true;
  });
});

test('a server that does not answer is given up after the timeout, with the address and no credentials', async () => {
  const started = performance.now();
  const connect = withClient('mongodb://me:secret@127.0.0.1:1/', { serverSelectionTimeoutMS: 500 }, async () => {});
  await assert.rejects(connect, (error: Error) => {
    assert.match(error.message, /^no server answered at 127\.0\.0\.1:1 within 0\.5 s/);
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
  assert.ok(performance.now() - started < 5000);
});

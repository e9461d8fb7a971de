import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { serialize } from 'bson';
import { COMMAND_NAMES } from '../../src/sandbox/commands/index.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { readDocument } from '../../src/sandbox/values.ts';
import { on, outcome, outcomes, ROOT, sandboxTest } from './support.ts';

function message(flags: number, ...sections: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(sections);
  const header = Buffer.alloc(20);
  header.writeInt32LE(20 + body.length, 0);
  header.writeInt32LE(7, 4);
  header.writeInt32LE(2013, 12);
  header.writeUInt32LE(flags, 16);
  return Buffer.concat([header, body]);
}

const kind0 = (document: object): Buffer => Buffer.concat([Buffer.from([0]), serialize(document)]);

async function opened({ host }: Sandbox): Promise<Socket> {
  const socket = connect(Number(host.split(':')[1]), '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** The whole reply's document, however many pieces it comes in. */
async function replyOn(socket: Socket): Promise<unknown> {
  let bytes = Buffer.alloc(0);
  while (bytes.length < 4 || bytes.length < bytes.readInt32LE(0)) {
    const [chunk] = await once(socket, 'data');
    bytes = Buffer.concat([bytes, chunk]);
  }
  return readDocument(bytes.subarray(21)).ok;
}

sandboxTest('a message is read however TCP delivers it', async ({ sandbox }) => {
  const socket = await opened(sandbox);
  const ping = message(0, kind0({ ping: 1, $db: 'admin' }));
  for (const byte of ping) {
    socket.write(Buffer.from([byte]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(await replyOn(socket));
  socket.write(Buffer.concat([ping, message(1, kind0({ ping: 1, $db: 'admin' }), Buffer.alloc(4))]));
  assert.ok(await replyOn(socket));
  socket.destroy();
});

const MALFORMED: readonly { readonly what: string; readonly bytes: Buffer }[] = [
  { what: 'a negative size', bytes: Buffer.from([0xff, 0xff, 0xff, 0xff]) },
  { what: 'a size of gigabytes', bytes: Buffer.from([0xff, 0xff, 0xff, 0x7f]) },
  { what: 'an unknown operation', bytes: Buffer.from([16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xdc, 7, 0, 0]) },
  { what: 'no flags', bytes: Buffer.from([16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xdd, 7, 0, 0]) },
  { what: 'no body', bytes: message(0) },
  { what: 'two bodies', bytes: message(0, kind0({ ping: 1, $db: 'a' }), kind0({ ping: 1, $db: 'a' })) },
  { what: 'no database', bytes: message(0, kind0({ ping: 1 })) },
  { what: 'an unknown flag', bytes: message(4, kind0({ ping: 1, $db: 'a' })) },
  { what: 'an unknown section', bytes: message(0, Buffer.from([2, 1, 2, 3])) },
  { what: 'a document that is cut off', bytes: message(0, Buffer.from([0, 200, 0, 0, 0])) },
  { what: 'a document of nonsense', bytes: message(0, Buffer.from([0, 8, 0, 0, 0, 77, 1, 2, 0])) },
  {
    what: 'a sequence that is cut off',
    bytes: message(0, kind0({ insert: 'c', $db: 'a' }), Buffer.from([1, 99, 0, 0, 0, 65])),
  },
];

sandboxTest('what is no message closes the connection, and nothing else', async ({ sandbox, root }) => {
  for (const { what, bytes } of MALFORMED) {
    const socket = await opened(sandbox);
    socket.write(bytes);
    socket.resume();
    await once(socket, 'close', { signal: AbortSignal.timeout(2000) }).catch(() => assert.fail(what));
  }
  assert.equal(await outcome(root.db('admin').command({ ping: 1 })), 'ok');
});

sandboxTest('hello and buildInfo say what this is', async ({ root }) => {
  const admin = root.db('admin');
  const { localTime: _, connectionId: __, ...hello } = await admin.command({ hello: 1 });
  assert.deepEqual(hello, {
    isWritablePrimary: true,
    helloOk: true,
    maxBsonObjectSize: 16_777_216,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    logicalSessionTimeoutMinutes: 30,
    minWireVersion: 0,
    maxWireVersion: 25,
    readOnly: false,
    mongowardSandbox: true,
    ok: 1,
  });
  const { version, versionArray, modules, mongowardSandbox } = await admin.command({ buildInfo: 1 });
  assert.deepEqual([version, versionArray, modules, mongowardSandbox], ['8.0.29', [8, 0, 29, 0], [], true]);
});

sandboxTest('serverStatus counts every command', async ({ root }) => {
  await root
    .db('app')
    .collection('c')
    .insertMany([{ a: 1 }, { a: 2 }]);
  await outcome(root.db('app').command({ dropUser: 'nobody' }));
  const { opcounters, metrics } = await root.db('admin').command({ serverStatus: 1 });
  assert.deepEqual(
    [opcounters.insert, metrics.commands.insert, metrics.commands.dropUser],
    [2, { total: 1, failed: 0 }, { total: 1, failed: 1 }],
  );
});

sandboxTest('settings are told to who may ask', async ({ root, sandbox }) => {
  const port = Number(sandbox.host.split(':')[1]);
  const { parsed } = await root.db('admin').command({ getCmdLineOpts: 1 });
  assert.deepEqual(parsed, { net: { bindIp: '127.0.0.1', port }, security: { authorization: 'enabled' } });
  const parameters = { getParameter: 1, authenticationMechanisms: 1, featureCompatibilityVersion: 1 };
  assert.deepEqual(await root.db('admin').command(parameters), {
    authenticationMechanisms: ['SCRAM-SHA-1', 'SCRAM-SHA-256'],
    featureCompatibilityVersion: { version: '8.0' },
    ok: 1,
  });
});

sandboxTest('what the sandbox does not implement it says so', async ({ root }) => {
  assert.deepEqual(
    await outcomes(root.db('app'), [
      { applyOps: [] },
      { nonsense: 1 },
      { listDatabases: 1 },
      { find: 'c', startTransaction: true },
    ]),
    [
      '115 the sandbox does not implement the command applyOps; use a real server for it',
      "59 no such command: 'nonsense'",
      '13 listDatabases may only be run against the admin database.',
      '20 Transaction numbers are only allowed on a replica set member or mongos',
    ],
  );
  assert.ok(COMMAND_NAMES.includes('createRole') && !COMMAND_NAMES.includes('applyOps'));
});

sandboxTest('the state is what a reader would see, without credentials', async ({ root, sandbox }) => {
  const app = root.db('app');
  await app.createCollection('c', { validator: { a: 1 } });
  await app.command({ createRole: 'r', privileges: [on('app', 'c', 'find'), on('app', 'c', 'insert')], roles: [] });
  await app.command({ createUser: 'u', pwd: 'p', roles: ['r', 'r'] });
  const { server, users, roles, databases, settings, unreadable } = sandbox.state();
  assert.deepEqual(
    { server, users, roles: roles?.filter(({ isBuiltin }) => !isBuiltin), settings, unreadable },
    {
      server: { version: '8.0.29', edition: 'community', topology: 'standalone', simulated: true },
      users: [
        {
          user: 'root',
          db: 'admin',
          roles: [{ role: 'root', db: 'admin' }],
          mechanisms: ['SCRAM-SHA-1', 'SCRAM-SHA-256'],
        },
        { user: 'u', db: 'app', roles: [{ role: 'r', db: 'app' }], mechanisms: ['SCRAM-SHA-1', 'SCRAM-SHA-256'] },
      ],
      roles: [{ role: 'r', db: 'app', privileges: [on('app', 'c', 'find', 'insert')], roles: [] }],
      settings: { authorization: 'enabled', tls: 'disabled' },
      unreadable: [],
    },
  );
  assert.deepEqual(
    databases?.find(({ name }) => name === 'app'),
    {
      name: 'app',
      collections: [
        {
          name: 'c',
          type: 'collection',
          options: { validator: { a: 1 } },
          indexes: [{ v: 2, key: { _id: 1 }, name: '_id_' }],
        },
      ],
    },
  );
});

sandboxTest('many connections at once', async ({ root }) => {
  const c = root.db('app').collection('c');
  await Promise.all(Array.from({ length: 300 }, (_, n) => c.insertOne({ n })));
  assert.equal(await c.countDocuments(), 300);
});

test('a port that is taken is an error', async () => {
  const first = await startSandbox({ root: ROOT });
  const port = Number(first.host.split(':')[1]);
  await assert.rejects(startSandbox({ root: ROOT, port }), { code: 'EADDRINUSE' });
  await first.stop();
});

test('after stop the process ends by itself', () => {
  const script = `
    import { startSandbox } from './src/sandbox/server.ts';
    import { MongoClient } from 'mongodb';
    const sandbox = await startSandbox({ root: { user: 'r', password: 'p' } });
    const client = await new MongoClient(sandbox.uri({ user: 'r', password: 'p' })).connect();
    await sandbox.stop();
    await client.close();
    console.log('stopped');`;
  const { stdout, status } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  assert.deepEqual([stdout, status], ['stopped\n', 0]);
});

/** The main job on a live server: a policy is applied, holds, and a hand-made grant is found. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Document, MongoClient } from 'mongodb';
import { withMongo } from '../../src/demo/seed.ts';
import { driftReport } from '../../src/drift/report.ts';
import { applyPolicy } from '../../src/migrate/apply.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { intentOf, type LiveServer, startLiveServer, uniqueName, withLive, yes } from './server.ts';

const db = uniqueName('audit');
const writer = uniqueName('writer');
const app = uniqueName('app');
const POLICY = uniqueName('trail');

const TEXT = `
apiVersion: mongoward/v1
metadata: { name: ${POLICY} }
collections:
  ${db}.logs:
    protection: append-only
    dedicatedDatabase: true
    retention: forever
    schema: { bsonType: object, required: [event] }
roles:
  writer@${db}:
    privileges: [{ on: ${db}.logs, allow: insert-only }]
users:
  ${writer}@admin:
    roles: [writer@${db}]
    mechanisms: [SCRAM-SHA-256]
    password: { fromEnv: WRITER_PASSWORD }
breakGlass:
  - { user: root@admin, reason: the test's own account, until: 2099-01-01 }
`;

const intent = intentOf(TEXT);
let server: LiveServer;

before(async () => {
  server = await startLiveServer();
  await withMongo(server.rootUri, async (client) => {
    await client.db(db).collection('logs').insertOne({ event: 'first' });
    await client.db(db).collection('logs').createIndex({ event: 1 }, { name: 'ttl', expireAfterSeconds: 3600 });
    await client.db('admin').command({ createUser: app, pwd: 'app', roles: [] });
  });
});

after(async () => {
  await withMongo(server.rootUri, async (client) => {
    await client.db('admin').command({ dropUser: writer });
    await client.db('admin').command({ dropUser: app });
    await client
      .db(db)
      .command({ dropAllRolesFromDatabase: 1 })
      .catch(() => client.db(db).command({ dropRole: 'writer' }));
    await client.db(db).dropDatabase();
    await client.db('mongoward').collection('objects').deleteMany({ policy: POLICY });
  });
  await server.stop();
});

test('the first apply carries the policy out, and nothing is left to do', async () => {
  await withLive(server.rootUri, async (cluster) => {
    const result = await applyPolicy(cluster, intent, yes);
    assert.equal(result.outcome, 'applied');
    assert.deepEqual(makePlan(intent, await cluster.read()).operations, []);
  });
});

/** Every command that writes, as the server counts them. */
const WRITES =
  /^(insert|update|delete|findAndModify|create|collMod|drop|createIndexes|dropIndexes|(create|update|drop|grant|revoke).*(User|Role)s?.*)$/;

async function writesSeen(client: MongoClient): Promise<number> {
  const status = await client.db('admin').command({ serverStatus: 1 });
  const commands: Document = status['metrics']['commands'];
  return Object.entries(commands)
    .filter(([name]) => WRITES.test(name))
    .reduce((sum, [, counts]) => sum + Number((counts as Document)['total'] ?? 0), 0);
}

/** How many writes come while the work is done; a server writes for itself now and then (sessions, keys), and not each time. */
async function fewestWrites(client: MongoClient, work: () => Promise<unknown>): Promise<number> {
  const counted: number[] = [];
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const before = await writesSeen(client);
    await work();
    counted.push((await writesSeen(client)) - before);
  }
  return Math.min(...counted);
}

test("a second apply writes nothing, by the server's own counters", async () => {
  await withLive(server.rootUri, async (cluster, client) => {
    const sent: string[] = [];
    client.on('commandStarted', ({ commandName }) => sent.push(commandName));
    const again = async () => assert.equal((await applyPolicy(cluster, intent, yes)).outcome, 'in-place');
    assert.equal(await fewestWrites(client, again), 0);
    assert.deepEqual(
      sent.filter((name) => WRITES.test(name)),
      [],
      'not in any of the attempts',
    );
    const insert = () => client.db(db).collection('logs').insertOne({ event: 'counted' });
    assert.equal(await fewestWrites(client, insert), 1);
  });
});

const REFUSED: readonly (readonly [what: string, attempt: (client: MongoClient) => Promise<unknown>])[] = [
  [
    'update',
    (client) =>
      client
        .db(db)
        .collection('logs')
        .updateMany({}, { $set: { event: 'x' } }),
  ],
  ['delete', (client) => client.db(db).collection('logs').deleteMany({})],
  ['find', (client) => client.db(db).collection('logs').findOne()],
  ['drop', (client) => client.db(db).command({ drop: 'logs' })],
  ['dropDatabase', (client) => client.db(db).command({ dropDatabase: 1 })],
  ['collMod', (client) => client.db(db).command({ collMod: 'logs', validator: {} })],
  ['createIndexes', (client) => client.db(db).collection('logs').createIndex({ a: 1 }, { expireAfterSeconds: 1 })],
  ['renameCollection', (client) => client.db('admin').command({ renameCollection: `${db}.logs`, to: `${db}.other` })],
  ['convertToCapped', (client) => client.db(db).command({ convertToCapped: 'logs', size: 4096 })],
  ['grantRolesToUser', (client) => client.db('admin').command({ grantRolesToUser: writer, roles: ['root'] })],
  [
    'bypassDocumentValidation',
    (client) => client.db(db).command({ insert: 'logs', documents: [{}], bypassDocumentValidation: true }),
  ],
];

test('the writer inserts', async () => {
  await withMongo(server.uri(writer, 'a-password'), (client) =>
    client.db(db).collection('logs').insertOne({ event: 'x' }),
  );
});

for (const [what, attempt] of REFUSED) {
  test(`the writer is refused: ${what}`, async (t) => {
    if (server.simulated && what === 'convertToCapped') return t.skip('the sandbox does not implement it');
    await withMongo(server.uri(writer, 'a-password'), async (client) => {
      await assert.rejects(attempt(client), { code: 13 });
    });
  });
}

test('a document that the schema refuses is refused', async () => {
  await withMongo(server.uri(writer, 'a-password'), async (client) => {
    await assert.rejects(client.db(db).collection('logs').insertOne({ severity: 'info' }), { code: 121 });
  });
});

test('a grant made by hand is found, with the account and the way', async () => {
  await withLive(server.rootUri, async (cluster, client) => {
    const errors = async () =>
      driftReport(intent, await cluster.read(), { today: '2026-11-23' }).findings.filter(
        ({ severity }) => severity === 'error',
      );
    assert.deepEqual(await errors(), []);
    await client.db('admin').command({ grantRolesToUser: app, roles: [{ role: 'readWrite', db }] });
    assert.deepEqual(
      (await errors()).map(({ rule, target, path }) => ({ rule, target, path })),
      [
        {
          rule: 'protection/append-only',
          target: `${app}@admin`,
          path: [`${app}@admin`, `readWrite@${db}`, `update on ${db}.*`],
        },
      ],
    );
    await client.db('admin').command({ revokeRolesFromUser: app, roles: [{ role: 'readWrite', db }] });
    assert.deepEqual(await errors(), []);
  });
});

test('a release that lets applyOps overwrite is a warning of kind server, and no newer one is', async () => {
  await withLive(server.rootUri, async (cluster) => {
    const state = await cluster.read();
    const weaknesses = driftReport(intent, state, { today: '2026-11-23' }).findings.filter(
      ({ kind }) => kind === 'server',
    );
    const old = state.server.version.startsWith('4.4') && state.server.topology !== 'sharded';
    assert.deepEqual(
      weaknesses.map(({ severity, target }) => ({ severity, target })),
      old ? [{ severity: 'warning', target: `${writer}@admin` }] : [],
    );
  });
});

/** A time series under protection, on a server that has them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Document, type MongoClient, MongoServerError } from 'mongodb';
import { withMongo } from '../../src/demo/seed.ts';
import { applyPolicy } from '../../src/migrate/apply.ts';
import { compareVersions } from '../../src/model/version.ts';
import { makePlan, type Plan } from '../../src/plan/plan.ts';
import { intentOf, type LiveServer, startLiveServer, uniqueName, withLive, yes } from './server.ts';

const trail = uniqueName('series');
const policy = uniqueName('keep');
const account = uniqueName('app');
const BUCKETS = 'system.buckets.logs';

const TEXT = `
apiVersion: mongoward/v1
metadata: { name: ${policy} }
collections:
  ${trail}.logs: { retention: forever }
restrictions:
  - { users: "${account}@admin", on: ${trail}.logs, deny: [alter, destroy], remedy: rewrite }
`;

let server: LiveServer;
/** Why there is nothing to try here. */
let notHere: string | undefined;

before(async () => {
  server = await startLiveServer();
  await withMongo(server.rootUri, async (root) => {
    const { version } = await root.db('admin').command({ buildInfo: 1 });
    if (server.simulated) notHere = 'the sandbox has no time series';
    else if (compareVersions(version, '5.0') < 0) notHere = `MongoDB ${version} has no time series`;
    if (notHere !== undefined) return;
    await root.db(trail).createCollection('logs', { timeseries: { timeField: 'at', metaField: 'who' } });
    await root.db(trail).collection('logs').insertOne({ at: new Date(), who: 'anna', event: 'login' });
    await root.db('admin').command({
      createUser: account,
      pwd: 'secret',
      roles: ['readWriteAnyDatabase', 'dbAdminAnyDatabase'],
    });
  });
});

after(async () => {
  await withMongo(server.rootUri, async (root) => {
    if (notHere !== undefined) return;
    await root.db('admin').command({ dropUser: account });
    const objects = root.db('mongoward').collection('objects');
    for (const { kind, target } of await objects.find({ policy }).toArray()) {
      if (kind === 'role') await root.db('admin').command({ dropRole: String(target).replace(/@admin$/, '') });
    }
    await objects.deleteMany({ policy });
    await root.db(trail).dropDatabase();
  });
  await server.stop();
});

function plan(): Promise<Plan> {
  return withLive(server.rootUri, async (cluster) => makePlan(intentOf(TEXT), await cluster.read()));
}

const root = (command: Document): Promise<Document> =>
  withMongo(server.rootUri, (client) => client.db(trail).command(command));

test('an expiry that is an option of the series is in the way, by its name', async (t) => {
  if (notHere !== undefined) return t.skip(notHere);
  await root({ collMod: 'logs', expireAfterSeconds: 3600 });
  const { obstacles } = await plan();
  assert.deepEqual(
    obstacles.map(({ target, message }) => [target, message.includes('by its option expireAfterSeconds')]),
    [[`${trail}.logs`, true]],
  );
  await root({ collMod: 'logs', expireAfterSeconds: 'off' });
  assert.deepEqual((await plan()).obstacles, []);
});

test('a TTL index on the buckets is found, by the series or by the buckets', async (t) => {
  if (notHere !== undefined) return t.skip(notHere);
  const indexes = [{ key: { 'control.min.at': 1 }, name: 'ttl', expireAfterSeconds: 3600 }];
  const made = await root({ createIndexes: BUCKETS, indexes }).catch((error: unknown) => error);
  // From 9.0 on a client can't name them.
  if (made instanceof Error) return t.skip(made.message);
  const { operations } = await plan();
  const dropped = operations.filter(({ kind }) => kind === 'dropIndex').map(({ target }) => target);
  assert.equal(dropped.length, 1);
  assert.match(dropped[0] ?? '', /logs\.\$ttl$/);
});

test('it is protected as any collection: documents come in, and none is changed or goes', async (t) => {
  if (notHere !== undefined) return t.skip(notHere);
  await withLive(server.rootUri, async (cluster) => {
    assert.equal((await applyPolicy(cluster, intentOf(TEXT), yes)).outcome, 'applied');
  });
  const { operations, obstacles } = await plan();
  assert.deepEqual([operations, obstacles], [[], []]);
  await withMongo(server.uri(account, 'secret'), async (client) => {
    await client.db(trail).collection('logs').insertOne({ at: new Date(), who: 'eve', event: 'login' });
    assert.equal((await client.db(trail).collection('logs').find().toArray()).length, 2);
    const harmful: readonly Document[] = [
      { delete: 'logs', deletes: [{ q: { who: 'anna' }, limit: 0 }] },
      { update: 'logs', updates: [{ q: { who: 'anna' }, u: { $set: { who: 'eve' } }, multi: true }] },
      { drop: 'logs' },
      { collMod: 'logs', expireAfterSeconds: 1 },
      { createIndexes: BUCKETS, indexes: [{ key: { meta: 1 }, name: 'meta', expireAfterSeconds: 1 }] },
      { delete: BUCKETS, deletes: [{ q: {}, limit: 0 }] },
      { update: BUCKETS, updates: [{ q: {}, u: { $set: { meta: 'eve' } }, multi: true }] },
      { drop: BUCKETS },
      { collMod: BUCKETS, expireAfterSeconds: 1 },
      { drop: 'system.views' },
      { dropDatabase: 1 },
    ];
    for (const command of harmful) {
      assert.equal(await refusal(client, command), 13, JSON.stringify(command));
    }
  });
});

/** The code with which the server refuses it; nothing if it does not. */
async function refusal(client: MongoClient, command: Document): Promise<unknown> {
  try {
    await client.db(trail).command(command);
    return undefined;
  } catch (error) {
    if (error instanceof MongoServerError) return error.code;
    throw error;
  }
}

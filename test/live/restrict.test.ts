/** Restrictions on a live server: what every restricted account could do is tried before and after. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type MongoClient, MongoServerError } from 'mongodb';
import { withMongo } from '../../src/demo/seed.ts';
import { applyPolicy } from '../../src/migrate/apply.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { intentOf, type LiveServer, startLiveServer, uniqueName, withLive, yes } from './server.ts';

const audit = uniqueName('trail');
const orders = uniqueName('orders');
const prefix = uniqueName('acc');
const POLICY = uniqueName('away');

/** What brownfield accounts hold, by the name of the account. */
const ACCOUNTS: Readonly<Record<string, readonly (string | { readonly role: string; readonly db: string })[]>> = {
  any: ['readWriteAnyDatabase'],
  reader: ['readAnyDatabase'],
  dba: ['dbAdminAnyDatabase'],
  owner: [
    { role: 'dbOwner', db: audit },
    { role: 'readWrite', db: orders },
  ],
  both: ['dbAdminAnyDatabase', { role: 'readWrite', db: audit }],
  team: [`${prefix}_team`],
  plain: [{ role: 'readWrite', db: orders }],
};

const TEXT = `
apiVersion: mongoward/v1
metadata: { name: ${POLICY} }
restrictions:
  - users: "${prefix}_*"
    on: ${audit}.*
    deny: [read, write, administer]
    remedy: rewrite
`;

type Attempt = (client: MongoClient, db: string) => Promise<unknown>;

/** Nothing here changes what a later attempt needs. */
const ATTEMPTS: Readonly<Record<string, Attempt>> = {
  find: (client, db) => client.db(db).collection('logs').findOne(),
  insert: (client, db) => client.db(db).collection('logs').insertOne({ event: 'x' }),
  update: (client, db) =>
    client
      .db(db)
      .collection('logs')
      .updateOne({ event: 'x' }, { $set: { n: 1 } }),
  remove: (client, db) => client.db(db).collection('logs').deleteOne({ event: 'none' }),
  aggregate: (client, db) =>
    client
      .db(db)
      .collection('logs')
      .aggregate([{ $match: {} }])
      .toArray(),
  createIndex: (client, db) => client.db(db).collection('logs').createIndex({ event: 1 }, { name: 'tried' }),
  ttl: (client, db) =>
    client.db(db).collection('logs').createIndex({ at: 1 }, { name: 'ttl', expireAfterSeconds: 9e8 }),
  collMod: (client, db) => client.db(db).command({ collMod: 'logs', validationLevel: 'moderate' }),
  create: (client, db) => client.db(db).command({ create: `made_${Math.random().toString(36).slice(2)}` }),
  drop: (client, db) => client.db(db).command({ drop: 'nothing' }),
  rename: (client, db) => client.db('admin').command({ renameCollection: `${db}.nothing`, to: `${db}.other` }),
  script: (client, db) => client.db(db).collection('system.js').findOne(),
  profile: (client, db) => client.db(db).collection('system.profile').findOne(),
  indexes: (client, db) => client.db(db).command({ listIndexes: 'logs' }),
  collections: (client, db) => client.db(db).command({ listCollections: 1, nameOnly: false }),
  createUser: (client, db) =>
    client.db(db).command({ createUser: 'x', pwd: 'x', roles: [{ role: 'read', db: 'none' }] }),
  grantRole: (client, db) => client.db(db).command({ grantRolesToUser: 'nobody', roles: [{ role: 'read', db }] }),
};

/** Refused for want of a right, or not; what else the server says of an attempt does not matter. */
async function isAllowed(attempt: Attempt, client: MongoClient, db: string): Promise<boolean> {
  try {
    await attempt(client, db);
    return true;
  } catch (error) {
    if (!(error instanceof MongoServerError)) throw error;
    return error.code !== 13;
  }
}

async function allowed(name: string, db: string): Promise<Readonly<Record<string, boolean>>> {
  return withMongo(server.uri(`${prefix}_${name}`, 'secret'), async (client) => {
    const answers: Record<string, boolean> = {};
    for (const [what, attempt] of Object.entries(ATTEMPTS)) answers[what] = await isAllowed(attempt, client, db);
    return answers;
  });
}

let server: LiveServer;
const could = new Map<string, Readonly<Record<string, boolean>>>();

before(async () => {
  server = await startLiveServer();
  await withMongo(server.rootUri, async (root) => {
    for (const db of [audit, orders]) await root.db(db).collection('logs').insertOne({ event: 'x' });
    const admin = root.db('admin');
    const privileges = [{ resource: { db: '', collection: 'logs' }, actions: ['find', 'update'] }];
    await admin.command({ createRole: `${prefix}_team`, privileges, roles: ['readAnyDatabase'] });
    for (const [name, roles] of Object.entries(ACCOUNTS)) {
      await admin.command({ createUser: `${prefix}_${name}`, pwd: 'secret', roles });
    }
  });
  for (const name of Object.keys(ACCOUNTS)) could.set(name, await allowed(name, orders));
  await withLive(server.rootUri, async (cluster) => {
    const intent = intentOf(TEXT);
    assert.equal((await applyPolicy(cluster, intent, yes)).outcome, 'applied');
    const again = makePlan(intent, await cluster.read());
    assert.deepEqual([again.operations, again.obstacles], [[], []]);
  });
});

after(async () => {
  await withMongo(server.rootUri, async (root) => {
    const admin = root.db('admin');
    for (const name of Object.keys(ACCOUNTS)) await admin.command({ dropUser: `${prefix}_${name}` });
    const objects = root.db('mongoward').collection('objects');
    for (const { target } of await objects.find({ policy: POLICY }).toArray()) {
      await admin.command({ dropRole: String(target).replace(/@admin$/, '') });
    }
    await objects.deleteMany({ policy: POLICY });
    await admin.command({ dropRole: `${prefix}_team` });
    for (const db of [audit, orders]) await root.db(db).dropDatabase();
  });
  await server.stop();
});

for (const name of Object.keys(ACCOUNTS)) {
  test(`${name}: everything is refused on the protected database`, async () => {
    const answers = await allowed(name, audit);
    assert.deepEqual(
      Object.entries(answers).filter(([, yes]) => yes),
      [],
    );
  });

  test(`${name}: everything else goes on as before`, async () => {
    assert.deepEqual(await allowed(name, orders), could.get(name));
  });
}

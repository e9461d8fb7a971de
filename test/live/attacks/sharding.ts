/** What only a sharded cluster offers: by its catalogue in `config`, and by the key that it shards by. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Document, type MongoClient, Timestamp } from 'mongodb';
import { type Attack, type Entry, entryOfLogs, type Scene, SECRET, shows } from './scene.ts';

const admin = (client: MongoClient, command: object) => client.db('admin').command({ ...command });

async function shard({ root, db }: Scene): Promise<void> {
  await admin(root, { enableSharding: db });
  await admin(root, { shardCollection: `${db}.logs`, key: { _id: 1 } });
}

/** What finds the chunks of the collection: its name before 5.0, and its UUID afterwards. */
async function ofLogs(scene: Scene): Promise<Document> {
  const { timestamp, uuid } = await entryOfLogs(scene);
  return timestamp === undefined ? { ns: `${scene.db}.logs` } : { uuid };
}

async function anotherShard({ root }: Scene, shard: string | undefined): Promise<string> {
  const shards = await root.db('config').collection<{ _id: string }>('shards').find().toArray();
  const other = shards.find(({ _id }) => _id !== shard);
  if (other === undefined) throw new Error('there is one shard only');
  return other._id;
}

/** An entry of the catalogue, which an attack changes: as it was before. */
const kept = new WeakMap<Scene, { readonly of: 'collections' | 'databases'; readonly entry: Entry }>();

async function keep(of: 'collections' | 'databases', scene: Scene): Promise<void> {
  const { root, db } = scene;
  const _id = of === 'databases' ? db : `${db}.logs`;
  const entry = await root.db('config').collection<Entry>(of).findOne({ _id });
  if (entry === null) throw new Error(`there is no ${_id} in config.${of}`);
  kept.set(scene, { of, entry });
}

async function putBack(scene: Scene): Promise<void> {
  const { root } = scene;
  const { of, entry } = kept.get(scene) ?? {};
  if (of === undefined || entry === undefined) return;
  await root.db('config').collection<Entry>(of).replaceOne({ _id: entry._id }, entry, { upsert: true });
  await admin(root, { flushRouterConfig: 1 });
}

/** Sharded by a key whose value, the word of the stage, is where a chunk begins. */
async function split(scene: Scene): Promise<void> {
  const { root, db, logs } = scene;
  await logs.insertOne({ _id: SECRET, event: 'login' });
  await shard(scene);
  await admin(root, { split: `${db}.logs`, middle: { _id: SECRET } });
}

/** How often a router is asked, and how long it is given in between: it hears of a change after a moment. */
const TRIES = 10;
const PAUSE_MS = 200;

/** Whether nobody finds the document any more, or reading fails. */
async function isGone({ root, logs }: Scene): Promise<boolean> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    await admin(root, { flushRouterConfig: 1 });
    const documents = await logs
      .find()
      .toArray()
      .catch(() => []);
    if (documents.length === 0) return true;
    await pause(PAUSE_MS);
  }
  return false;
}

export const SHARDING: readonly Attack[] = [
  {
    technique: 'rewrite-chunks',
    prepare: shard,
    attack: async (account, scene) => {
      const q = await ofLogs(scene);
      const chunk = await scene.root.db('config').collection('chunks').findOne(q);
      const other = await anotherShard(scene, chunk?.['shard']);
      const later = new Timestamp({ t: chunk?.['lastmod'].getHighBits() + 1, i: 0 });
      const validAfter = new Timestamp({ t: Math.floor(Date.now() / 1000), i: 0 });
      // Newer servers hold the two against each other, and no longer drop a database where they differ.
      const since = chunk?.['onCurrentShardSince'] === undefined ? {} : { onCurrentShardSince: validAfter };
      const u = { $set: { shard: other, lastmod: later, history: [{ validAfter, shard: other }], ...since } };
      return account.db('config').command({ update: 'chunks', updates: [{ q, u, multi: true }] });
    },
    happened: isGone,
  },
  {
    technique: 'remove-chunks',
    prepare: shard,
    attack: async (account, scene) =>
      account.db('config').command({ delete: 'chunks', deletes: [{ q: await ofLogs(scene), limit: 0 }] }),
    happened: isGone,
  },
  {
    technique: 'rewrite-databases',
    prepare: ({ root, db }) => admin(root, { enableSharding: db }),
    attack: async (account, scene) => {
      const { root, db } = scene;
      const databases = root.db('config').collection<{ _id: string; primary: string }>('databases');
      const entry = await databases.findOne({ _id: db });
      const u = { $set: { primary: await anotherShard(scene, entry?.primary) }, $inc: { 'version.lastMod': 1 } };
      return account.db('config').command({ update: 'databases', updates: [{ q: { _id: db }, u }] });
    },
    happened: isGone,
  },
  {
    technique: 'remove-databases',
    prepare: async (scene) => {
      await admin(scene.root, { enableSharding: scene.db });
      await keep('databases', scene);
    },
    attack: (account, { db }) =>
      account.db('config').command({ delete: 'databases', deletes: [{ q: { _id: db }, limit: 1 }] }),
    happened: isGone,
    undo: putBack,
  },
  {
    technique: 'rewrite-collections',
    prepare: async (scene) => {
      await shard(scene);
      await keep('collections', scene);
    },
    attack: (account, { db }) => {
      const updates = [{ q: { _id: `${db}.logs` }, u: { $set: { uuid: 'none' } } }];
      return account.db('config').command({ update: 'collections', updates });
    },
    happened: isGone,
    undo: putBack,
  },
  {
    technique: 'insert-collections',
    attack: (account, { db }) =>
      account.db('config').command({ insert: 'collections', documents: [{ _id: `${db}.logs`, lastmodEpoch: 'none' }] }),
    happened: isGone,
    undo: async ({ root, db }) => {
      await root
        .db('config')
        .collection<Entry>('collections')
        .deleteOne({ _id: `${db}.logs` });
      await admin(root, { flushRouterConfig: 1 });
    },
  },
  {
    technique: 'remove-collections',
    prepare: async (scene) => {
      const { root, db } = scene;
      await shard(scene);
      const entry = await root.db('config').collection<Entry>('databases').findOne({ _id: db });
      const to = await anotherShard(scene, entry?.['primary']);
      await admin(root, { moveChunk: `${db}.logs`, find: { _id: 1 }, to, _waitForDelete: true });
      await keep('collections', scene);
    },
    attack: (account, { db }) =>
      account.db('config').command({ delete: 'collections', deletes: [{ q: { _id: `${db}.logs` }, limit: 1 }] }),
    happened: isGone,
    undo: putBack,
  },
  {
    technique: 'chunk-bounds',
    prepare: split,
    attack: async (account, scene) => account.db('config').command({ find: 'chunks', filter: await ofLogs(scene) }),
    happened: shows,
  },
  {
    technique: 'chunk-history',
    prepare: split,
    attack: (account, { db }) => {
      const projection = { _id: 0, details: 1 };
      return account.db('config').command({ find: 'changelog', filter: { ns: `${db}.logs` }, projection });
    },
    happened: shows,
  },
  {
    technique: 'shard-version',
    prepare: split,
    attack: (account, { db }) => admin(account, { getShardVersion: `${db}.logs`, fullMetadata: true }),
    happened: shows,
  },
  {
    technique: 'unique-shard-key',
    prepare: async ({ root, db, logs }) => {
      await logs.deleteMany({});
      await admin(root, { enableSharding: db });
    },
    attack: (account, { db }) => admin(account, { shardCollection: `${db}.logs`, key: { missing: 1 }, unique: true }),
    happened: async ({ write }) => {
      const refused = () =>
        write().then(
          () => false,
          () => true,
        );
      // Of the documents without the field one gets in.
      return !(await refused()) && (await refused());
    },
  },
];

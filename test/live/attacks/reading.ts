/** Techniques to see what is in the collection, or is written into it. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Document, MongoClient } from 'mongodb';
import { type Attack, errorOf, freshWord, isLogged, type Scene, SECRET, shows } from './scene.ts';

const isSeen = (_: Scene, answer: unknown): boolean => answer === true;

/** Somebody writes a word, and the account looks for it in the server's log. */
async function seesInLog(account: MongoClient, { logs }: Scene): Promise<boolean> {
  const event = `${SECRET}-${freshWord()}`;
  await logs.insertOne({ _id: event, event });
  return isLogged(account, event);
}

/** dbCheck works beside the command that started it. */
async function untilInHealthLog(account: MongoClient): Promise<readonly Document[]> {
  for (let tries = 0; ; tries += 1) {
    const entries = await account.db('local').collection('system.healthlog').find().toArray();
    if (tries > 50 || JSON.stringify(entries).includes(SECRET)) return entries;
    await pause(200);
  }
}

/** What has just been written, the server leaves out for a moment ("a transient issue"). */
async function revealIds(account: MongoClient, { db }: Scene): Promise<Document> {
  const validate = (options: Document): Promise<Document> =>
    account.db(db).command({ validate: 'logs', collHash: true, ...options });
  for (let tries = 0; ; tries += 1) {
    const { partial } = await validate({ hashPrefixes: [] });
    const answer = await validate({ revealHashedIds: Object.keys(partial) });
    if (tries > 50 || JSON.stringify(answer).includes(SECRET)) return answer;
    await pause(200);
  }
}

/** As drivers change documents unless they are told otherwise: so that it can be sent again. */
async function changeRetryably(uri: string, db: string): Promise<void> {
  const client = new MongoClient(uri, { retryWrites: true });
  try {
    await client
      .db(db)
      .collection('logs')
      .findOneAndUpdate({ n: 1 }, { $set: { n: 2 } });
  } finally {
    await client.close();
  }
}

const defineView = ({ db }: Scene): Document => ({ _id: `${db}.other`, viewOn: 'logs', pipeline: [] });

export const READING: readonly Attack[] = [
  { technique: 'find', attack: (account, { db }) => account.db(db).command({ find: 'logs' }), happened: shows },
  {
    technique: 'view',
    prepare: ({ root, db }) => root.db(db).createCollection('recent', { viewOn: 'logs', pipeline: [] }),
    attack: (account, { db }) => account.db(db).command({ find: 'recent' }),
    happened: shows,
  },
  {
    technique: 'define-view',
    prepare: async ({ root, db }) => {
      await root.db(db).dropCollection('other');
      await root.db(db).createCollection('some-view', { viewOn: 'none', pipeline: [] });
    },
    attack: async (account, scene) => {
      await account.db(scene.db).command({ insert: 'system.views', documents: [defineView(scene)] });
      return account.db(scene.db).command({ find: 'other' });
    },
    happened: shows,
  },
  {
    technique: 'redefine-view',
    prepare: async ({ root, db }) => {
      await root.db(db).dropCollection('other');
      await root.db(db).createCollection('other', { viewOn: 'none', pipeline: [] });
    },
    attack: async (account, scene) => {
      const updates = [{ q: { _id: `${scene.db}.other` }, u: defineView(scene) }];
      await account.db(scene.db).command({ update: 'system.views', updates });
      return account.db(scene.db).command({ find: 'other' });
    },
    happened: shows,
  },
  {
    technique: 'oplog',
    needs: 'replica set',
    attack: (account, { db }) => account.db('local').command({ find: 'oplog.rs', filter: { ns: `${db}.logs` } }),
    happened: shows,
  },
  {
    technique: 'profiler',
    attack: async (account, { db, logs }) => {
      await account.db(db).command({ profile: 2 });
      await logs.insertOne({ _id: SECRET });
      return account.db(db).command({ find: 'system.profile' });
    },
    happened: shows,
    undo: ({ root, db }) => root.db(db).command({ profile: 0 }),
  },
  {
    technique: 'profiler-log',
    attack: async (account, scene) => {
      await account.db(scene.elsewhere).command({ profile: 0, slowms: -1 });
      return seesInLog(account, scene);
    },
    happened: isSeen,
    undo: ({ root, elsewhere }) => root.db(elsewhere).command({ profile: 0, slowms: 100 }),
  },
  {
    technique: 'parameter-log',
    attack: async (account, scene) => {
      await account.db('admin').command({ setParameter: 1, logLevel: 2 });
      return seesInLog(account, scene);
    },
    happened: isSeen,
    undo: ({ root }) => root.db('admin').command({ setParameter: 1, logLevel: 0 }),
  },
  {
    technique: 'validation-log',
    attack: async (account, scene) => {
      const validator = { none: { $exists: true } };
      await account.db(scene.db).command({ collMod: 'logs', validator, validationAction: 'warn' });
      return seesInLog(account, scene);
    },
    happened: isSeen,
  },
  {
    technique: 'validate-log',
    attack: async (account, { db, logs }) => {
      const event = `${SECRET}-${freshWord()}`;
      await logs.insertOne({ _id: event, event });
      await account.db(db).command({ validate: 'logs', full: true, logDiagnostics: true });
      return isLogged(account, event);
    },
    happened: isSeen,
  },
  {
    technique: 'validation-warnings',
    prepare: ({ root, db }) =>
      root.db(db).command({ collMod: 'logs', validator: { none: { $exists: true } }, validationAction: 'warn' }),
    attack: seesInLog,
    happened: isSeen,
  },
  {
    technique: 'operations',
    needs: 'lock',
    attack: async (account, { root, write }) => {
      await account.db('admin').command({ ping: 1 });
      await root.db('admin').command({ fsync: 1, lock: true });
      const waiting = write([{ event: SECRET }]);
      try {
        for (let tries = 0; tries < 50; tries += 1) {
          const { inprog } = await account.db('admin').command({ currentOp: 1 });
          if (JSON.stringify(inprog).includes(SECRET)) return SECRET;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      } finally {
        await root.db('admin').command({ fsyncUnlock: 1 });
        await waiting;
      }
    },
    happened: shows,
  },
  {
    technique: 'index-error',
    attack: (account, { db }) =>
      errorOf(
        account.db(db).command({ createIndexes: 'logs', indexes: [{ key: { event: '2dsphere' }, name: 'geo' }] }),
      ),
    happened: shows,
  },
  {
    technique: 'update-error',
    attack: (account, { db }) =>
      errorOf(
        account.db(db).command({ update: 'logs', updates: [{ q: {}, u: [{ $set: { n: { $toInt: '$event' } } }] }] }),
      ),
    happened: shows,
  },
  {
    technique: 'remove-error',
    attack: (account, { db }) =>
      errorOf(account.db(db).command({ delete: 'logs', deletes: [{ q: { $expr: { $toInt: '$event' } }, limit: 0 }] })),
    happened: shows,
  },
  {
    technique: 'split-vector',
    prepare: async ({ logs }) => {
      await logs.createIndex({ event: 1 });
      await logs.insertMany([
        { _id: 2, event: 'a' },
        { _id: 3, event: 'b' },
      ]);
    },
    attack: (account, { db }) =>
      account.db(db).command({
        splitVector: `${db}.logs`,
        keyPattern: { event: 1 },
        // The smallest that newer servers take, and far more than there is: only force has it split.
        maxChunkSizeBytes: 1 << 20,
        maxChunkObjects: 1,
        force: true,
      }),
    happened: shows,
  },
  {
    technique: 'hashed-ids',
    needs: 'standalone',
    prepare: ({ logs }) => logs.insertOne({ _id: SECRET, event: 'login' }),
    attack: revealIds,
    happened: shows,
  },
  {
    technique: 'plan-cache',
    prepare: async ({ logs }) => {
      await logs.createIndex({ event: 1 });
      await logs.createIndex({ n: 1 });
      for (let times = 0; times < 3; times += 1) await logs.find({ event: SECRET, n: 1 }).toArray();
    },
    attack: (account, { db }) =>
      account.db(db).command({ aggregate: 'logs', pipeline: [{ $planCacheStats: {} }], cursor: {} }),
    happened: shows,
  },
  {
    technique: 'shard-key-analysis',
    needs: 'replica set or mongos',
    prepare: ({ logs }) => logs.createIndex({ event: 1 }),
    // How reads and writes spread over shards takes more documents than a stage has.
    attack: (account, { db }) =>
      account.db('admin').command({ analyzeShardKey: `${db}.logs`, key: { event: 1 }, readWriteDistribution: false }),
    happened: shows,
  },
  {
    technique: 'repeated-writes',
    needs: 'replica set',
    prepare: ({ server, db }) => changeRetryably(server.rootUri, db),
    attack: (account) => account.db('config').command({ find: 'image_collection' }),
    happened: shows,
  },
  {
    technique: 'pre-images',
    needs: 'replica set',
    attack: async (account, { db, logs }) => {
      await account.db(db).command({ collMod: 'logs', changeStreamPreAndPostImages: { enabled: true } });
      await logs.updateOne({ n: 1 }, { $set: { n: 2 } });
      return account.db('config').command({ find: 'system.preimages' });
    },
    happened: shows,
  },
  {
    technique: 'kept-pre-images',
    needs: 'replica set',
    prepare: async ({ root, db, logs }) => {
      await root.db(db).command({ collMod: 'logs', changeStreamPreAndPostImages: { enabled: true } });
      await logs.updateOne({ n: 1 }, { $set: { n: 2 } });
    },
    attack: (account) => account.db('config').command({ find: 'system.preimages' }),
    happened: shows,
  },
  {
    technique: 'index-check',
    needs: 'replica set',
    prepare: async ({ logs }) => {
      await logs.insertMany(Array.from({ length: 60 }, (_, n) => ({ _id: n + 2, event: `${SECRET}-${n}` })));
      await logs.createIndex({ event: 1 }, { name: 'event' });
    },
    attack: async (account, { db }) => {
      // Of batches in order only every 25th is logged: one for each document makes enough of them.
      const check = { validateMode: 'extraIndexKeysCheck', secondaryIndex: 'event', maxDocsPerBatch: 1 };
      await account.db(db).command({ dbCheck: 'logs', ...check });
      return untilInHealthLog(account);
    },
    happened: shows,
  },
];

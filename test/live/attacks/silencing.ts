/** Techniques to make the writer's documents fail. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Collection, type Document, Long, MongoClient } from 'mongodb';
import { withMongo } from '../../../src/demo/seed.ts';
import { compareVersions } from '../../../src/model/version.ts';
import { untilSettled } from '../server.ts';
import { type Attack, type Scene, writerIsRefused } from './scene.ts';

const admin = (account: MongoClient, command: object): Promise<Document> => account.db('admin').command({ ...command });

/** Has the writer insert many documents, `interrupt`s it when it is at work, and tells whether it failed. */
async function duringALongInsert(
  { root, db, write }: Scene,
  interrupt: (op: unknown) => Promise<unknown>,
): Promise<boolean> {
  const failed = write(Array.from({ length: 60_000 }, (_, n) => ({ n }))).then(
    () => false,
    () => true,
  );
  try {
    await interrupt(await untilAtWork(root, db));
  } finally {
    await failed;
  }
  return failed;
}

/**
 * The number of the insert. The account that holds `killop` alone finds it by trying: its own operation's number, which
 * `$currentOp` shows to anybody, and those before. That hits the server's own operations too, and a member of a replica
 * set may abort by it: too much for a test.
 */
async function untilAtWork(root: MongoClient, db: string): Promise<unknown> {
  for (let tries = 0; tries < 500; tries += 1) {
    const { inprog } = await root.db('admin').command({ currentOp: 1, ns: `${db}.logs`, op: 'insert' });
    if (inprog.length > 0) return inprog[0].opid;
    await pause(5);
  }
  throw new Error('the insert was never seen at work');
}

const cacheOf = (client: MongoClient, size: string): Promise<Document> =>
  admin(client, { setParameter: 1, wiredTigerEngineRuntimeConfig: `cache_size=${size}` });

const dropRolesElsewhere = ({ root, elsewhere }: Scene): Promise<Document> =>
  root.db(elsewhere).command({ dropAllRolesFromDatabase: 1 });

const isTrue = (_: Scene, answer: unknown): boolean => answer === true;

/** config.transactions is not written to in a session, and the driver goes without one if it expects no answer. */
const UNANSWERED = { writeConcern: { w: 0 } };

const transactionsOf = (account: MongoClient): Collection => account.db('config').collection('transactions');

/** The writer inserts, retryably, before and after what the account does; tells whether the second time failed. */
async function betweenRetryableWrites(
  account: MongoClient,
  { db, writerUri }: Scene,
  meddle: () => Promise<unknown>,
): Promise<boolean> {
  const writer = new MongoClient(writerUri, { retryWrites: true });
  const logs = writer.db(db).collection('logs');
  const session = writer.startSession();
  try {
    await logs.insertOne({ event: 'first' }, { session });
    await meddle();
    // The server takes the commands of one connection in turn: this answer comes after what none was wanted for.
    await admin(account, { ping: 1 });
    return await logs.insertOne({ event: 'second' }, { session }).then(
      () => false,
      () => true,
    );
  } finally {
    await writer.close();
  }
}

/** Whether the writer can't write retryably any longer in a session of which the server has not heard. */
async function newSessionIsRefused({ db, writerUri }: Scene): Promise<boolean> {
  const writer = new MongoClient(writerUri, { retryWrites: true });
  try {
    await writer.db(db).collection('logs').insertOne({ event: 'login' });
    return false;
  } catch {
    return true;
  } finally {
    await writer.close();
  }
}

function alreadyThere(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 48)) throw error;
}

/** What the server keeps in `config` and makes when a member becomes primary. */
const INTERNAL = ['transactions', 'system.indexBuilds'];

/** Of `config.transactions`, from 6.0 on; as the server itself says that it must be. */
const PARTIAL_INDEX: Document = {
  createIndexes: 'transactions',
  indexes: [
    {
      v: 2,
      key: { parentLsid: 1, '_id.txnNumber': 1, _id: 1 },
      name: 'parent_lsid',
      partialFilterExpression: { parentLsid: { $exists: true } },
    },
  ],
};

/** Makes it again; the role root may not, which has no such right in `config`. */
async function makeInternal({ server, root, name }: Scene): Promise<void> {
  const maker = `${name}-maker`;
  const privileges = [...INTERNAL, name].map((collection) => ({
    resource: { db: 'config', collection },
    actions: ['createCollection', 'dropCollection', 'createIndex'],
  }));
  await admin(root, { createRole: maker, privileges, roles: [] });
  await admin(root, { createUser: maker, pwd: maker, roles: [maker] });
  try {
    await withMongo(server.uri(maker, maker), async (client) => {
      await client
        .db('config')
        .command({ drop: name })
        .catch(() => undefined);
      for (const create of INTERNAL) await client.db('config').command({ create }).catch(alreadyThere);
      const { version } = await admin(root, { buildInfo: 1 });
      if (compareVersions(version, '6.0') >= 0) await client.db('config').command(PARTIAL_INDEX);
    });
  } finally {
    await admin(root, { dropUser: maker });
    await admin(root, { dropRole: maker });
  }
}

async function reconfigured({ root }: Scene): Promise<boolean> {
  const { config } = await root.db('admin').command({ replSetGetConfig: 1 });
  return config.writeConcernMajorityJournalDefault === false;
}

export const SILENCING: readonly Attack[] = [
  {
    technique: 'refusing-index',
    attack: (account, { db }) =>
      account.db(db).command({ createIndexes: 'logs', indexes: [{ key: { missing: 1 }, name: 'one', unique: true }] }),
    // The document that is there has no such field either, and only one may have none.
    happened: writerIsRefused,
  },
  {
    technique: 'strict-validator',
    attack: (account, { db }) => account.db(db).command({ collMod: 'logs', validator: { event: { $type: 'null' } } }),
    happened: writerIsRefused,
  },
  {
    technique: 'kill-operations',
    attack: (account, scene) => duringALongInsert(scene, (op) => admin(account, { killOp: 1, op })),
    happened: isTrue,
  },
  {
    technique: 'kill-sessions',
    attack: (account, scene) => duringALongInsert(scene, () => admin(account, { killAllSessions: [] })),
    happened: isTrue,
  },
  {
    technique: 'lock-writes',
    attack: async (account, { logs }) => {
      await admin(account, { fsync: 1, lock: true });
      const refused = logs.insertOne({ _id: 'waits' }, { maxTimeMS: 300 }).then(
        () => false,
        () => true,
      );
      // With three members no answer comes before the lock is lifted, although the insert ran out of time (5.1 in development).
      return Promise.race([refused, pause(2000).then(() => true)]);
    },
    happened: isTrue,
    undo: ({ root }) => admin(root, { fsyncUnlock: 1 }).catch(() => undefined),
  },
  {
    technique: 'block-writes',
    needs: 'replica set or mongos',
    attack: (account) => admin(account, { setUserWriteBlockMode: 1, global: true }),
    happened: writerIsRefused,
    undo: ({ root }) => admin(root, { setUserWriteBlockMode: 1, global: false }),
  },
  {
    technique: 'parameters',
    needs: 'no mongos',
    // A cache of 1 MB is too small for what the writer inserts, and the insert does not end.
    attack: async (account, { root, logs }) => {
      const { wiredTiger } = await admin(root, { serverStatus: 1 });
      const bytes = wiredTiger.cache['maximum bytes configured'];
      await cacheOf(account, '1MB');
      const documents = Array.from({ length: 20_000 }, (_, n) => ({ _id: `n${n}`, event: 'x'.repeat(300) }));
      const inserted = logs.insertMany(documents).then(
        () => false,
        () => true,
      );
      const stuck = await Promise.race([inserted, pause(4000).then(() => true)]);
      await cacheOf(root, String(bytes));
      await inserted;
      return stuck;
    },
    happened: isTrue,
  },
  {
    technique: 'retryable-writes-index',
    needs: 'replica set',
    attack: (account) => account.db('config').command({ dropIndexes: 'transactions', index: 'parent_lsid' }),
    // A session that the server knows already needs no index.
    happened: newSessionIsRefused,
    undo: makeInternal,
  },
  {
    technique: 'shutdown',
    needs: 'alone',
    attack: async (account) => {
      // The connection ends before an answer comes.
      await admin(account, { shutdown: 1, force: true, timeoutSecs: 0 }).catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 13) throw error;
      });
      await pause(1000);
    },
    happened: writerIsRefused,
  },
  {
    technique: 'auth-schema',
    needs: 'alone',
    attack: (account) =>
      admin(account, {
        update: 'system.version',
        updates: [{ q: { _id: 'authSchema' }, u: { $set: { currentVersion: 1 } } }],
      }),
    happened: writerIsRefused,
  },
  {
    technique: 'reconfigure',
    needs: 'replica set',
    attack: async (account, { root }) => {
      const { config } = await root.db('admin').command({ replSetGetConfig: 1 });
      const weak = { ...config, version: config.version + 1, writeConcernMajorityJournalDefault: false };
      return admin(account, { replSetReconfig: weak });
    },
    happened: reconfigured,
    undo: async ({ root }) => {
      const { config } = await root.db('admin').command({ replSetGetConfig: 1 });
      const strong = { ...config, version: config.version + 1, writeConcernMajorityJournalDefault: true };
      await admin(root, { replSetReconfig: strong });
      await untilSettled(root);
    },
  },
  {
    technique: 'step-down',
    needs: 'several members',
    attack: (account) => admin(account, { replSetStepDown: 2, force: true }),
    happened: writerIsRefused,
    undo: ({ root }) => untilSettled(root),
  },
  {
    technique: 'default-write-concern',
    needs: 'replica set or mongos',
    attack: (account) => {
      const defaultWriteConcern = { w: 50, wtimeout: 100 };
      return admin(account, { setDefaultRWConcern: 1, defaultWriteConcern, writeConcern: { w: 1 } });
    },
    happened: writerIsRefused,
    undo: ({ root }) => admin(root, { setDefaultRWConcern: 1, defaultWriteConcern: { w: 1 }, writeConcern: { w: 1 } }),
  },
  {
    technique: 'retryable-writes',
    needs: 'replica set',
    attack: (account, scene) =>
      betweenRetryableWrites(account, scene, () =>
        transactionsOf(account).updateMany({}, { $set: { txnNum: Long.MAX_VALUE } }, UNANSWERED),
      ),
    happened: isTrue,
    unanswered: true,
  },
  {
    technique: 'retryable-writes-drop',
    needs: 'replica set',
    attack: (account, scene) => betweenRetryableWrites(account, scene, () => transactionsOf(account).drop(UNANSWERED)),
    happened: isTrue,
    unanswered: true,
    undo: makeInternal,
  },
  {
    technique: 'retryable-writes-rename',
    needs: 'replica set',
    attack: (account, scene) =>
      betweenRetryableWrites(account, scene, () =>
        admin(account, { renameCollection: 'config.transactions', to: `config.${scene.name}` }),
      ),
    happened: isTrue,
    undo: makeInternal,
  },
  {
    technique: 'retryable-writes-drop-database',
    needs: 'replica set',
    attack: (account, scene) =>
      betweenRetryableWrites(account, scene, () => account.db('config').dropDatabase(UNANSWERED)),
    happened: isTrue,
    unanswered: true,
    undo: makeInternal,
  },
  {
    technique: 'revoke-writer',
    attack: (account, { db }) =>
      account.db(db).command({
        revokePrivilegesFromRole: 'writer',
        privileges: [{ resource: { db, collection: 'logs' }, actions: ['insert'] }],
      }),
    happened: writerIsRefused,
  },
  {
    technique: 'drop-writer',
    attack: (account, { db }) => account.db(db).command({ dropUser: 'writer' }),
    happened: writerIsRefused,
  },
  {
    technique: 'drop-role',
    attack: (account, { db }) => account.db(db).command({ dropRole: 'writer' }),
    happened: writerIsRefused,
  },
  {
    technique: 'restrict-writer',
    attack: (account, { db }) =>
      account.db(db).command({ updateUser: 'writer', authenticationRestrictions: [{ clientSource: ['192.0.2.1'] }] }),
    happened: writerIsRefused,
  },
  {
    technique: 'reset-password',
    attack: (account, { db }) => account.db(db).command({ updateUser: 'writer', pwd: 'another' }),
    happened: writerIsRefused,
  },
  {
    technique: 'lock-out',
    attack: async (account, { db, elsewhere }) => {
      const authenticationRestrictions = [{ clientSource: ['192.0.2.1'] }];
      await account
        .db(elsewhere)
        .command({ createRole: 'locked', privileges: [], roles: [], authenticationRestrictions });
      await account.db(db).command({ grantRolesToUser: 'writer', roles: [{ role: 'locked', db: elsewhere }] });
    },
    happened: writerIsRefused,
    undo: dropRolesElsewhere,
  },
  {
    technique: 'lock-out-by-role',
    prepare: ({ root, elsewhere }) =>
      root.db(elsewhere).command({
        createRole: 'locked',
        privileges: [],
        roles: [],
        authenticationRestrictions: [{ clientSource: ['192.0.2.1'] }],
      }),
    attack: (account, { db, elsewhere }) =>
      account.db(db).command({ grantRolesToUser: 'writer', roles: [{ role: 'locked', db: elsewhere }] }),
    happened: writerIsRefused,
    undo: dropRolesElsewhere,
  },
  {
    technique: 'remove-users',
    attack: (account, { db }) => admin(account, { delete: 'system.users', deletes: [{ q: { db }, limit: 0 }] }),
    happened: writerIsRefused,
  },
  {
    technique: 'remove-roles',
    attack: (account, { db }) => admin(account, { delete: 'system.roles', deletes: [{ q: { db }, limit: 0 }] }),
    happened: writerIsRefused,
  },
];

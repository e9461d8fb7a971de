/** Techniques to become somebody who may do anything. The effect is that the account, or the one it made, deletes documents. */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { type Document, type MongoClient, UUID } from 'mongodb';
import { withMongo } from '../../../src/demo/seed.ts';
import type { Attack, Scene } from './scene.ts';

const isEmpty = async ({ logs }: Scene): Promise<boolean> => (await logs.countDocuments()) === 0;

const deleteAll = (client: MongoClient, { db }: Scene): Promise<Document> =>
  client.db(db).command({ delete: 'logs', deletes: [{ q: {}, limit: 0 }] });

/** What a mongos does by itself after userCacheInvalidationIntervalSecs, 30 by default. */
const forget = ({ root }: Scene): Promise<Document> => root.db('admin').command({ invalidateUserCache: 1 });

const ANYTHING = [{ resource: { anyResource: true }, actions: ['anyAction'] }];

/** What the server stores of a password for SCRAM-SHA-256 (RFC 5802). */
function credentials(password: string): Document {
  const salt = randomBytes(28);
  const iterationCount = 15_000;
  const salted = pbkdf2Sync(password, salt, iterationCount, 32, 'sha256');
  const key = (name: string): Buffer => createHmac('sha256', salted).update(name).digest();
  const storedKey = createHash('sha256').update(key('Client Key')).digest('base64');
  const serverKey = key('Server Key').toString('base64');
  return { 'SCRAM-SHA-256': { iterationCount, salt: salt.toString('base64'), storedKey, serverKey } };
}

export const ESCALATING: readonly Attack[] = [
  {
    technique: 'grant-role',
    attack: async (account, scene) => {
      const roles = [{ role: 'readWrite', db: scene.db }];
      await account.db('admin').command({ grantRolesToUser: scene.name, roles });
      await deleteAll(account, scene);
    },
    happened: isEmpty,
  },
  {
    technique: 'grant-role-admin',
    attack: async (account, scene) => {
      await account.db('admin').command({ grantRolesToUser: scene.name, roles: ['root'] });
      await deleteAll(account, scene);
    },
    happened: isEmpty,
  },
  {
    technique: 'insert-users',
    attack: async (account, scene) => {
      const user = `${scene.name}-2`;
      const made = {
        _id: `admin.${user}`,
        userId: new UUID(),
        user,
        db: 'admin',
        credentials: credentials('x'),
        roles: [{ role: 'root', db: 'admin' }],
      };
      await account.db('admin').command({ insert: 'system.users', documents: [made] });
      await withMongo(scene.server.uri(user, 'x'), (client) => deleteAll(client, scene));
    },
    happened: isEmpty,
    undo: ({ root, name }) =>
      root
        .db('admin')
        .command({ dropUser: `${name}-2` })
        .catch(() => undefined),
  },
  {
    technique: 'update-users',
    attack: async (account, scene) => {
      const updates = [{ q: { user: scene.name }, u: { $set: { roles: [{ role: 'root', db: 'admin' }] } } }];
      await account.db('admin').command({ update: 'system.users', updates });
      await forget(scene);
      await deleteAll(account, scene);
    },
    happened: isEmpty,
  },
  {
    technique: 'insert-roles',
    attack: async (account, scene) => {
      const { name: role } = scene;
      const o = { _id: `admin.${role}`, role, db: 'admin', privileges: ANYTHING, roles: [] };
      await account.db('admin').command({ applyOps: [{ op: 'i', ns: 'admin.system.roles', o }] });
      await deleteAll(account, scene);
    },
    happened: isEmpty,
  },
  {
    technique: 'update-roles',
    attack: async (account, scene) => {
      const updates = [{ q: { role: scene.name, db: 'admin' }, u: { $set: { privileges: ANYTHING } } }];
      await account.db('admin').command({ update: 'system.roles', updates });
      await forget(scene);
      await deleteAll(account, scene);
    },
    happened: isEmpty,
  },
];

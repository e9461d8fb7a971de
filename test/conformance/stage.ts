/** A generated cluster on a real server: made, made again where something spoiled it, and cleared away. */
import { MongoClient } from 'mongodb';
import { ConnectionString } from 'mongodb-connection-string-url';
import { formatUser, type UserRef } from '../../src/model/names.ts';
import { type Entry, type Scene, SECRET, VALIDATOR } from '../live/attacks/scene.ts';
import type { LiveServer } from '../live/server.ts';
import type { Brownfield } from './brownfield.ts';

export interface Stage {
  readonly field: Brownfield;
  readonly root: MongoClient;
  /** An account of the cluster, logged in; nothing for one that has no password. */
  client(user: UserRef): MongoClient | undefined;
  /** As the attacks want it: `user` against `logs` of one of the databases. */
  scene(user: UserRef, db: string): Scene;
  /** Makes the database again as it was. */
  restore(db: string): Promise<void>;
}

/** Runs `work` on the cluster, and leaves nothing of it behind, whatever happens. */
export async function onBrownfield<T>(
  server: LiveServer,
  root: MongoClient,
  field: Brownfield,
  work: (stage: Stage) => Promise<T>,
): Promise<T> {
  const clients = new Map<string, MongoClient>();
  const client = (user: UserRef): MongoClient | undefined => {
    if (user.db === '$external') return undefined;
    const known = clients.get(formatUser(user)) ?? new MongoClient(uriOf(server, user), { retryWrites: false });
    clients.set(formatUser(user), known);
    return known;
  };
  try {
    await make(root, field);
    return await work({
      field,
      root,
      client,
      scene: (user, db) => sceneOf(server, root, field, user, db),
      restore: (db) => store(root, field, db),
    });
  } finally {
    for (const each of clients.values()) await each.close();
    await clear(root, field);
  }
}

function uriOf(server: LiveServer, { user, db }: UserRef): string {
  const url = new ConnectionString(server.uri(user, user));
  url.searchParams.set('authSource', db);
  url.searchParams.set('serverSelectionTimeoutMS', '5000');
  return url.href;
}

async function make(root: MongoClient, field: Brownfield): Promise<void> {
  for (const db of field.databases) {
    await store(root, field, db);
    const insert = { resource: { db, collection: 'logs' }, actions: ['insert'] };
    await root.db(db).command({ createRole: 'writer', privileges: [insert], roles: [] });
    await root.db(db).command({ createUser: 'writer', pwd: 'writer', roles: ['writer'], mechanisms: ['SCRAM-SHA-1'] });
  }
  for (const { role, db, ...grants } of field.roles) await root.db(db).command({ createRole: role, ...grants });
  for (const { user, db, roles } of field.users) {
    const login = db === '$external' ? {} : { pwd: user, mechanisms: ['SCRAM-SHA-1'] };
    await root.db(db).command({ createUser: user, roles, ...login });
  }
}

async function store(root: MongoClient, field: Brownfield, db: string): Promise<void> {
  const { expires, capped, view } = field.storage;
  const first = db === field.databases[0];
  await root.db(db).dropDatabase();
  const size = first && capped ? { capped: true, size: 1 << 20 } : {};
  await root.db(db).createCollection('logs', { validator: VALIDATOR, ...size });
  await root.db(db).collection<Entry>('logs').insertOne({ _id: 1, event: SECRET, n: 1 });
  await root.db(db).createCollection('other');
  if (first && expires)
    await root.db(db).collection('logs').createIndex({ at: 1 }, { name: 'ttl', expireAfterSeconds: 1e6 });
  if (first && view) await root.db(db).createCollection('recent', { viewOn: 'logs', pipeline: [] });
}

async function clear(root: MongoClient, field: Brownfield): Promise<void> {
  const objects = root.db('mongoward').collection('objects');
  for (const { kind, target } of await objects.find({ policy: field.prefix }).toArray()) {
    if (kind !== 'role') continue;
    const at = String(target).lastIndexOf('@');
    await quietly(root, String(target).slice(at + 1), { dropRole: String(target).slice(0, at) });
  }
  await objects.deleteMany({ policy: field.prefix });
  for (const { user, db } of field.users) await quietly(root, db, { dropUser: user });
  for (const { role, db } of field.roles) await quietly(root, db, { dropRole: role });
  for (const db of field.databases) {
    await quietly(root, db, { dropUser: 'writer' });
    await quietly(root, db, { dropRole: 'writer' });
    await root.db(db).dropDatabase();
  }
}

async function quietly(root: MongoClient, db: string, command: object): Promise<void> {
  await root
    .db(db)
    .command({ ...command })
    .catch(() => undefined);
}

function sceneOf(server: LiveServer, root: MongoClient, field: Brownfield, user: UserRef, db: string): Scene {
  const writerUri = uriOf(server, { user: 'writer', db }).replace('5000', '1000');
  const elsewhere = field.databases.find((each) => each !== db) ?? 'admin';
  return {
    server,
    root,
    db,
    elsewhere,
    name: user.user,
    logs: root.db(db).collection<Entry>('logs'),
    writerUri,
    write: async (documents = [{ event: 'login' }]) => {
      const writer = new MongoClient(writerUri, { retryWrites: false });
      try {
        const { writeErrors } = await writer.db(db).command({ insert: 'logs', documents, maxTimeMS: 20_000 });
        if (writeErrors !== undefined) throw new Error(`${writeErrors[0].errmsg}`);
      } finally {
        await writer.close();
      }
    },
  };
}

/** The stage of one attempt: a collection with a document, the account that its writer uses, and root to look on. */

import { randomBytes } from 'node:crypto';
import type { Collection, Document, MongoClient } from 'mongodb';
import { ConnectionString } from 'mongodb-connection-string-url';
import { type Scope, scopeText } from '../../../src/access/scope.ts';
import type { Circumstances, Requirement } from '../../../src/access/techniques.ts';
import { withMongo } from '../../../src/demo/seed.ts';
import type { Resource } from '../../../src/model/resource.ts';
import { type LiveServer, uniqueName } from '../server.ts';

/** What is in the collection, and what the validator refuses. */
export const SECRET = 'a-secret-word';
export const PLAINTEXT = 'plaintext';
export const VALIDATOR = { event: { $not: { $regex: `^${PLAINTEXT}` } } };

/** Of `logs` as a time series. */
const SERIES = { timeField: 'at', metaField: 'who' };

export interface Scene {
  readonly server: LiveServer;
  readonly root: MongoClient;
  readonly db: string;
  /**
   * Where `db.logs` holds one document: `{_id: 1, event: SECRET, n: 1}`, and {@link VALIDATOR} is its validator. As a time
   * series it has no validator, and the document has `at` and `who` besides, the time and the metadata.
   */
  readonly logs: Collection<Entry>;
  /** Another database, with a collection `other` like the one in `db`. */
  readonly elsewhere: string;
  /** The account that attacks, in `admin`, and its only role, there too. Its password is its name. */
  readonly name: string;
  /** The account `writer` of `db`, whose only role allows to insert into `logs`. */
  readonly writerUri: string;
  /** Logs in as that account and inserts. */
  readonly write: (documents?: readonly Document[]) => Promise<void>;
}

export interface Entry extends Document {
  readonly _id: string | number;
}

/** One technique carried out. */
export interface Attack {
  readonly technique: string;
  /** Whether the collection is a time series. */
  readonly timeSeries?: true;
  /**
   * `alone`: on a server of its own, which it leaves unusable; `no mongos`: not behind one; `lock`: `fsync` with a lock;
   * `release`: no build on the way to 5.1, which still refuses it.
   */
  readonly needs?:
    | 'standalone'
    | 'replica set'
    | 'several members'
    | 'replica set or mongos'
    | 'queryable encryption'
    | 'no mongos'
    | 'lock'
    | 'alone'
    | 'release';
  /** The circumstance or the data that it takes, made by root. */
  readonly prepare?: (scene: Scene) => Promise<unknown>;
  /** What the account does. Root may act in between as everyday life would: somebody writes, and it is logged. */
  readonly attack: (account: MongoClient, scene: Scene) => Promise<unknown>;
  /** Whether it came about: as root sees it, or by what the account was answered. */
  readonly happened: (scene: Scene, answer: unknown) => Promise<boolean> | boolean;
  /** Whether a refusal is not told: then it is only that nothing happened. */
  readonly unanswered?: true;
  /** Ends what the attack does to the whole server. */
  readonly undo?: (scene: Scene) => Promise<unknown>;
}

/** Runs `work` on a fresh stage, with the attacking account holding exactly these privileges. */
export async function onStage<T>(
  server: LiveServer,
  given: {
    readonly privileges: (scene: Scene) => readonly { readonly resource: Resource; readonly action: string }[];
    /** Whether what is on the stage must be removed from the server again. */
    readonly clear: boolean;
    readonly timeSeries?: true | undefined;
  },
  work: (scene: Scene) => Promise<T>,
): Promise<T> {
  const db = uniqueName('stage');
  const name = uniqueName('attacker');
  const writerUri = uriOfUser(server, 'writer', db);
  return withMongo(server.rootUri, async (root) => {
    const scene: Scene = {
      server,
      root,
      db,
      elsewhere: elsewhereOf(db),
      name,
      logs: root.db(db).collection<Entry>('logs'),
      writerUri,
      write: (documents = [given.timeSeries ? { at: new Date(), event: 'login' } : { event: 'login' }]) =>
        withMongo(writerUri, async (client) => {
          const { writeErrors } = await client.db(db).command({ insert: 'logs', documents, maxTimeMS: 20_000 });
          if (writeErrors !== undefined) throw new Error(`${writeErrors[0].errmsg}`);
        }),
    };
    if (given.timeSeries) await root.db(db).createCollection('logs', { timeseries: SERIES });
    else await root.db(db).createCollection('logs', { validator: VALIDATOR });
    await scene.logs.insertOne({
      _id: 1,
      event: SECRET,
      n: 1,
      ...(given.timeSeries && { at: new Date(), who: 'anna' }),
    });
    for (const place of [db, scene.elsewhere]) await root.db(place).createCollection('other');
    const insert = { resource: { db, collection: 'logs' }, actions: ['insert'] };
    await root.db(db).command({ createRole: 'writer', privileges: [insert], roles: [] });
    await root.db(db).command({ createUser: 'writer', pwd: 'writer', roles: ['writer'] });
    const privileges = given.privileges(scene).map(({ resource, action }) => ({ resource, actions: [action] }));
    await root.db('admin').command({ createRole: name, privileges, roles: [] });
    await root.db('admin').command({ createUser: name, pwd: name, roles: [name] });
    try {
      return await work(scene);
    } finally {
      if (given.clear) await clear(scene);
    }
  });
}

async function clear({ root, db, elsewhere, name }: Scene): Promise<void> {
  const admin = root.db('admin');
  const left = [{ dropUser: name }, { dropRole: name }];
  for (const command of left) await admin.command(command).catch(() => undefined);
  await root.db(db).command({ dropAllUsersFromDatabase: 1 });
  await root.db(db).command({ dropAllRolesFromDatabase: 1 });
  for (const place of [db, elsewhere]) await root.db(place).dropDatabase();
}

export function elsewhereOf(db: string): string {
  return `${db}_elsewhere`;
}

/** Of an account of `db` whose password is its name. */
export function uriOfUser(server: LiveServer, name: string, db: string): string {
  const url = new ConnectionString(server.uri(name, name));
  url.searchParams.set('authSource', db);
  url.searchParams.set('serverSelectionTimeoutMS', '1000');
  return url.href;
}

/** Whether the writer's documents no longer get in. */
export async function writerIsRefused({ write }: Scene): Promise<boolean> {
  return write().then(
    () => false,
    () => true,
  );
}

/** The smallest resource that meets a requirement. */
export function resourceOf({ on }: Requirement, { db, elsewhere }: Scene): Resource {
  switch (on.kind) {
    case 'inside':
      return { db: on.of.kind === 'cluster' ? elsewhere : db, collection: 'other' };
    case 'anyDatabase':
      return { db: elsewhere, collection: '' };
    case 'anyResource':
      return { anyResource: true };
    case 'oneOf':
      return smallest(on.scopes[0] ?? on, db);
    default:
      return smallest(on, db);
  }
}

function smallest(on: Scope, db: string): Resource {
  if (on.kind !== 'target') throw new Error(`no attack takes ${scopeText(on)}, which ${db} would have to offer`);
  const { target } = on;
  switch (target.kind) {
    case 'cluster':
      return { cluster: true };
    case 'database':
      return { db: target.db, collection: '' };
    case 'collection':
      return { db: target.db, collection: target.collection };
  }
}

/** The resource beside it, which must not do: none for what any place meets. */
export function neighbourOf({ on }: Requirement, scene: Scene): Resource | undefined {
  if (on.kind === 'inside') return on.of.kind === 'cluster' ? undefined : { db: scene.elsewhere, collection: 'other' };
  if (on.kind === 'anyDatabase') return undefined;
  if (on.kind === 'anyResource') return { db: '', collection: '' };
  if (on.kind === 'oneOf') return { db: `${scene.db}_neighbour`, collection: '' };
  const place = smallest(on, scene.db);
  if (!('collection' in place)) return { db: scene.db, collection: '' };
  const { db, collection } = place;
  if (collection === '') return { db: `${scene.db}_neighbour`, collection: '' };
  // Wildcards do not reach the server's own collections.
  if (collection.startsWith('system.')) return { db, collection: '' };
  return { db, collection: 'neighbour' };
}

/** What the collection of every stage is like. */
export const CIRCUMSTANCES: Omit<Circumstances, 'version' | 'sharded' | 'timeSeries'> = {
  standalone: true,
  expires: true,
  capped: true,
  keepsPreImages: true,
  logsDocuments: true,
  encryptedState: { esc: 'enxcol_.logs.esc', ecoc: 'enxcol_.logs.ecoc' },
  views: ['recent'],
  // The techniques at a key vault are the same as at any collection.
  keyVaults: [],
  homes: [],
  restrictingRoles: [],
};

/** Whether the answer, or what came with the server's refusal, holds the word. */
export const shows = (_: Scene, answer: unknown): boolean => `${JSON.stringify(answer ?? null)}`.includes(SECRET);

/** What the account is told when the command fails, for all documents or for one, though it is authorized to run it. */
export async function errorOf(command: Promise<Document>): Promise<string> {
  try {
    return JSON.stringify((await command)['writeErrors']);
  } catch (error) {
    if (!(error instanceof Error) || ('code' in error && error.code === 13)) throw error;
    return error.message;
  }
}

export async function isLogged(account: MongoClient, word: string): Promise<boolean> {
  const { log } = await account.db('admin').command({ getLog: 'global' });
  return (log as readonly string[]).some((line) => line.includes(word));
}

/** A word that stands nowhere else: it is sure to have been seen where it is found. */
export function freshWord(): string {
  return `word-${randomBytes(6).toString('hex')}`;
}

/** Whether the collection of that name in `db` is there. */
export async function exists({ root, db }: Scene, name: string): Promise<boolean> {
  return (await root.db(db).listCollections({ name }).toArray()).length > 0;
}

/** The collection's UUID, which is no secret: the oplog and the log are full of them. */
export async function uuidOfLogs({ root, db }: Scene): Promise<unknown> {
  const [found] = await root.db(db).listCollections({ name: 'logs' }).toArray();
  if (found === undefined || !('info' in found)) throw new Error('the collection is gone');
  return found.info?.uuid;
}

/** The entry of `logs` in a sharded cluster's own catalogue. */
export async function entryOfLogs({ root, db }: Scene): Promise<Document> {
  const collections = root.db('config').collection<Entry>('collections');
  const entry: Document | null = await collections.findOne({ _id: `${db}.logs` });
  if (entry === null) throw new Error('the collection is not sharded');
  return entry;
}

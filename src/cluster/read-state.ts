/** Reads a cluster's access-control state: a constant number of round trips, and listings per database in parallel. */
import { type Document, type MongoClient, MongoServerError } from 'mongodb';
import { formatNamespace, type Namespace } from '../model/names.ts';
import { seriesOf } from '../model/resource.ts';
import { canonicalState } from '../state/canonical.ts';
import type { KeyVault } from '../state/key-vault.ts';
import {
  type ClusterState,
  type Collection,
  type Database,
  type Index,
  OBJECTS_COLLECTION,
  OWN_DATABASE,
  type OwnedObject,
  type ServerInfo,
  type Unreadable,
} from '../state/state.ts';
import { commandFailure, isUnauthorized, refusal } from './connect.ts';
import { readIdentity } from './identity.ts';
import { readBuiltinRoles, readRoles, readUsers } from './read-accounts.ts';
import { likelyKeyVaults, readKeyVault } from './read-key-vaults.ts';
import { readShards } from './read-shards.ts';
import { readSettings } from './settings.ts';

export interface ReadOptions {
  /** The collections whose indexes are wanted; all of every database if absent. */
  readonly indexesOf?: readonly Namespace[];
  /** The key vaults to look into; `found`: every collection that looks like one. None if absent. */
  readonly keyVaults?: readonly Namespace[] | 'found';
}

/** The databases whose collections are the server's own business. */
const INTERNAL = new Set(['local', 'config']);

/**
 * The state in canonical form. What the account may not read is named in `unreadable` and absent; any other error is a
 * Failure. `uri` is what the client was made from: a second connection without credentials shows whether
 * authorization is on.
 */
export async function readClusterState(
  client: MongoClient,
  uri: string,
  options: ReadOptions = {},
): Promise<ClusterState> {
  const unreadable: Unreadable[] = [];
  const attempt = async <T>(what: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!isUnauthorized(error)) throw commandFailure(`can't read ${what}`, error);
      unreadable.push({ what, why: `the account may not read it: ${refusal(error)}` });
      return undefined;
    }
  };
  const asked = readServer(client);
  const [server, roles, builtins, users, databases, objects, settings, { account }, shards] = await Promise.all([
    asked,
    attempt('roles', () => readRoles(client)),
    readBuiltinRoles(client),
    attempt('users', () => readUsers(client)),
    attempt('databases', () => readDatabases(client, options, unreadable)),
    attempt('objects', () => readObjects(client)),
    readSettings(client, uri),
    readIdentity(client),
    asked.then(({ topology }) => (topology === 'sharded' ? readShards(client, uri) : undefined)),
  ]);
  unreadable.push(...settings.unreadable);
  const vaults = options.keyVaults === 'found' ? likelyKeyVaults(databases ?? []) : (options.keyVaults ?? []);
  const keyVaults = await Promise.all(
    vaults.map((ns) => attempt(`keyVaults.${formatNamespace(ns)}`, () => readKeyVault(client, ns))),
  );
  return canonicalState({
    server,
    ...(roles && { roles: [...roles, ...builtins] }),
    ...(users && { users }),
    ...(databases && { databases }),
    settings: settings.settings,
    ...(options.keyVaults && { keyVaults: keyVaults.filter((vault): vault is KeyVault => vault !== undefined) }),
    ...(objects && { objects }),
    ...(shards && { shards }),
    ...(account && { operator: account }),
    unreadable,
  });
}

export async function readServer(client: MongoClient): Promise<ServerInfo> {
  const admin = client.db('admin');
  const asked = Promise.all([admin.command({ buildInfo: 1 }), admin.command({ hello: 1 })]);
  const [build, hello] = await asked.catch((error: unknown) => {
    throw commandFailure("can't ask the server what it is", error);
  });
  const modules: readonly unknown[] = Array.isArray(build['modules']) ? build['modules'] : [];
  const atlas = client.options.hosts.some((host) => String(host.host).endsWith('.mongodb.net'));
  return {
    version: String(build['version']),
    edition: atlas ? 'atlas' : modules.includes('enterprise') ? 'enterprise' : 'community',
    topology: hello['msg'] === 'isdbgrid' ? 'sharded' : hello['setName'] === undefined ? 'standalone' : 'replicaSet',
    ...(build['mongowardSandbox'] === true ? { simulated: true } : {}),
  };
}

async function readObjects(client: MongoClient): Promise<OwnedObject[]> {
  const documents = await client.db(OWN_DATABASE).collection(OBJECTS_COLLECTION).find().toArray();
  return documents.map(
    ({ kind, target, policy, created, replaces, covers }) =>
      ({ kind, target, policy, created, ...(replaces && { replaces }), ...(covers && { covers }) }) as OwnedObject,
  );
}

async function readDatabases(client: MongoClient, options: ReadOptions, unreadable: Unreadable[]): Promise<Database[]> {
  const command = { listDatabases: 1, nameOnly: true, authorizedDatabases: false };
  const reply = await client.db('admin').command(command);
  const names = (reply['databases'] as Document[]).map((database) => String(database['name']));
  return Promise.all(names.map((name) => readDatabase(client, name, options, unreadable)));
}

async function readDatabase(
  client: MongoClient,
  name: string,
  { indexesOf }: ReadOptions,
  unreadable: Unreadable[],
): Promise<Database> {
  if (INTERNAL.has(name)) return { name };
  try {
    const infos = await client.db(name).listCollections({}, { nameOnly: false }).toArray();
    const wanted = indexesOf && new Set(indexesOf.map(formatNamespace));
    const collections = infos.map(async (info): Promise<Collection> => {
      const ns = { db: name, collection: info.name };
      const type = info.type ?? 'collection';
      const options = { ...(info as { options?: Document }).options };
      // Of a time series the indexes are asked for twice: by its name not every index of its buckets is shown.
      const series = seriesOf(info.name);
      const asked = series === undefined ? ns : { db: name, collection: series };
      const own = info.name.startsWith('system.') && series === undefined;
      const listed = type !== 'view' && !own && (wanted === undefined || wanted.has(formatNamespace(asked)));
      const indexes = listed ? await readIndexes(client, ns, unreadable) : undefined;
      return { name: info.name, type, options, ...(indexes && { indexes }) };
    });
    return { name, collections: withEachIndexOnce(await Promise.all(collections)) };
  } catch (error) {
    if (!isUnauthorized(error)) throw commandFailure(`can't list the collections of ${name}`, error);
    unreadable.push({ what: `databases.${name}`, why: `the account may not list its collections` });
    return { name };
  }
}

/** Of the indexes of buckets, those that the time series does not show by its own name. */
function withEachIndexOnce(collections: readonly Collection[]): readonly Collection[] {
  const shown = new Map(collections.map(({ name, indexes = [] }) => [name, new Set(indexes.map((each) => each.name))]));
  return collections.map((collection) => {
    const { name, indexes } = collection;
    const ofSeries = shown.get(seriesOf(name) ?? '');
    if (ofSeries === undefined || indexes === undefined) return collection;
    return { ...collection, indexes: indexes.filter((index) => !ofSeries.has(index.name)) };
  });
}

async function readIndexes(client: MongoClient, ns: Namespace, unreadable: Unreadable[]): Promise<Index[] | undefined> {
  try {
    const indexes = await client.db(ns.db).collection(ns.collection).listIndexes().toArray();
    return indexes.map(({ v: _version, ns: _ns, ...index }) => index as unknown as Index);
  } catch (error) {
    if (error instanceof MongoServerError && error.code === 26) return undefined;
    if (!isUnauthorized(error)) throw commandFailure(`can't list the indexes of ${formatNamespace(ns)}`, error);
    unreadable.push({ what: `databases.${formatNamespace(ns)}.indexes`, why: 'the account may not list its indexes' });
    return undefined;
  }
}

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
  OBJECTS_COLLECTION,
  OWN_DATABASE,
  type ServerInfo,
  type Unreadable,
} from '../state/state.ts';
import { documentsIn, shaped, textIn, versionIn } from './answers.ts';
import { commandFailure, isUnauthorized } from './connect.ts';
import { readIdentity } from './identity.ts';
import { Allowance, listed, RAW } from './listing.ts';
import { readBuiltinRoles, readRoles, readUsers } from './read-accounts.ts';
import { likelyKeyVaults, readKeyVault } from './read-key-vaults.ts';
import { readShards } from './read-shards.ts';
import { readSettings } from './settings.ts';
import { documentName, readObjects, type StrangeDocument } from './stored-objects.ts';

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
  const allowance = new Allowance();
  const attempt = async <T>(what: string, privilege: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!isUnauthorized(error)) throw commandFailure(`can't read ${what}`, error);
      unreadable.push({ what, why: `the account may not read it. Reading it takes ${privilege}` });
      return undefined;
    }
  };
  const asked = readServer(client);
  const [server, roles, builtins, users, databases, objects, settings, { account }, sharding] = await Promise.all([
    asked,
    attempt('roles', 'find on admin.system.roles', () => readRoles(client, allowance)),
    readBuiltinRoles(client),
    attempt('users', 'find on admin.system.users', () => readUsers(client, allowance)),
    attempt('databases', 'listDatabases on cluster', () =>
      readDatabases(client, { ...options, unreadable, allowance }),
    ),
    attempt('objects', `find on ${OWN_DATABASE}.${OBJECTS_COLLECTION}`, () => readObjects(client, allowance)),
    readSettings(client, uri, asked),
    readIdentity(client),
    asked.then(({ topology }) => (topology === 'sharded' ? readShards(client, uri, allowance) : undefined)),
  ]);
  unreadable.push(...settings.unreadable, ...strangeRecords(objects?.strange ?? []));
  if (roles !== undefined && builtins === undefined) unreadable.push(UNREAD_BUILTINS);
  const vaults = options.keyVaults === 'found' ? likelyKeyVaults(databases ?? []) : (options.keyVaults ?? []);
  const keyVaults = await Promise.all(
    vaults.map((ns) => {
      const name = formatNamespace(ns);
      return attempt(`keyVaults.${name}`, `find on ${name}`, () => readKeyVault(client, ns, allowance));
    }),
  );
  return canonicalState({
    server: { ...server, ...(sharding && { configShard: sharding.configShard }) },
    ...(roles && { roles: [...roles, ...(builtins ?? [])] }),
    ...(users && { users }),
    ...(databases && { databases }),
    settings: settings.settings,
    ...(options.keyVaults && { keyVaults: keyVaults.filter((vault): vault is KeyVault => vault !== undefined) }),
    ...(objects?.strange.length === 0 && { objects: objects.objects }),
    ...(sharding && { shards: sharding.shards }),
    ...(account && { operator: account }),
    unreadable,
  });
}

/** A server's own roles may grant more than those of its release that are known. */
const UNREAD_BUILTINS: Unreadable = {
  what: 'roles.builtin',
  why: "the account may not ask what MongoDB's own roles grant here, so that they are taken for what is known of the release. Reading them takes viewRole on database admin",
};

/** While one document is none of ours, nobody knows what the record says: it is unknown as a whole. */
function strangeRecords(strange: readonly StrangeDocument[]): readonly Unreadable[] {
  const [first] = strange;
  if (first === undefined) return [];
  const more = strange.length === 1 ? '' : `, and ${strange.length - 1} more are not either`;
  const name = documentName(OBJECTS_COLLECTION, first.id);
  return [
    { what: 'objects', why: `${name} is no record: ${first.problem}${more}; mongoward migrate repair removes it` },
  ];
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
    version: versionIn(build),
    edition: atlas ? 'atlas' : modules.includes('enterprise') ? 'enterprise' : 'community',
    topology: hello['msg'] === 'isdbgrid' ? 'sharded' : hello['setName'] === undefined ? 'standalone' : 'replicaSet',
    ...(build['mongowardSandbox'] === true ? { simulated: true } : {}),
  };
}

/** What reading the databases takes and fills besides the client. */
interface Listing extends Pick<ReadOptions, 'indexesOf'> {
  readonly unreadable: Unreadable[];
  readonly allowance: Allowance;
}

/** Each is listed by a command of its own: more than some 100,000 are more than this reads. */
const PER_DATABASE = 2048;

async function readDatabases(client: MongoClient, listing: Listing): Promise<Database[]> {
  const command = { listDatabases: 1, nameOnly: true, authorizedDatabases: false };
  const reply = await client.db('admin').command(command);
  const names = documentsIn(reply, 'databases', 'listDatabases').map((each) => textIn(each, 'name', 'listDatabases'));
  for (const _ of names) listing.allowance.take(PER_DATABASE);
  return Promise.all(names.map((name) => readDatabase(client, name, listing)));
}

async function readDatabase(client: MongoClient, name: string, listing: Listing): Promise<Database> {
  if (INTERNAL.has(name)) return { name };
  const { indexesOf, unreadable, allowance } = listing;
  try {
    const infos = await listed(client.db(name).listCollections({}, { nameOnly: false, ...RAW }), allowance);
    const wanted = indexesOf && new Set(indexesOf.map(formatNamespace));
    const collections = infos.map(async (info): Promise<Document> => {
      const collection = textIn(info, 'name', 'listCollections');
      const ns = { db: name, collection };
      const type: unknown = info['type'] ?? 'collection';
      // Of a time series the indexes are asked for twice: by its name not every index of its buckets is shown.
      const series = seriesOf(collection);
      const asked = series === undefined ? ns : { db: name, collection: series };
      const own = collection.startsWith('system.') && series === undefined;
      const isListed = type !== 'view' && !own && (wanted === undefined || wanted.has(formatNamespace(asked)));
      const indexes = isListed ? await readIndexes(client, ns, listing) : undefined;
      return { name: collection, type, options: info['options'] ?? {}, ...(indexes && { indexes }) };
    });
    const found = { name, collections: await Promise.all(collections) };
    shaped('databases', [found], `listCollections of ${name}`);
    return { name, collections: withEachIndexOnce(found.collections as unknown as readonly Collection[]) };
  } catch (error) {
    if (!isUnauthorized(error)) throw commandFailure(`can't list the collections of ${name}`, error);
    unreadable.push({
      what: `databases.${name}`,
      why: `the account may not list its collections. Listing them takes listCollections on database ${name}`,
    });
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

async function readIndexes(
  client: MongoClient,
  ns: Namespace,
  { unreadable, allowance }: Listing,
): Promise<readonly Document[] | undefined> {
  try {
    const indexes = await listed(client.db(ns.db).collection(ns.collection).listIndexes(RAW), allowance);
    return indexes.map(({ v: _version, ns: _ns, ...index }) => index);
  } catch (error) {
    if (error instanceof MongoServerError && error.code === 26) return undefined;
    if (!isUnauthorized(error)) throw commandFailure(`can't list the indexes of ${formatNamespace(ns)}`, error);
    const name = formatNamespace(ns);
    unreadable.push({
      what: `databases.${name}.indexes`,
      why: `the account may not list its indexes. Listing them takes listIndexes on ${name}`,
    });
    return undefined;
  }
}

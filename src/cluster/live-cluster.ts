/** A live cluster as the rest of the program sees it. */
import { hostname } from 'node:os';
import type { Document, MongoClient } from 'mongodb';
import { Failure } from '../failure.ts';
import type { Cluster, Operator } from '../migrate/cluster.ts';
import type { Holder } from '../migrate/journal.ts';
import { formatUser } from '../model/names.ts';
import { commandFailure } from './connect.ts';
import { readAddress, readIdentity } from './identity.ts';
import { breakLock, readLock, removeLock, withLock } from './lock.ts';
import { type ReadOptions, readClusterState } from './read-state.ts';
import { readJournal } from './stored-journal.ts';
import { systemUser } from './system-user.ts';

export interface LiveOptions extends ReadOptions {
  /** What the journal and the lock call this program: `mongoward 0.1.0`. */
  readonly tool?: string;
  /** How long the lock stays with a holder that is not heard of, in milliseconds. */
  readonly leaseMs?: number;
}

/**
 * Reads and changes the cluster behind a connected client. `uri` is what the client was made from.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { MongoClient } from 'mongodb';
 * import { liveCluster } from 'mongoward/cluster';
 *
 * const uri = process.env.MONGODB_URI;
 * const client = new MongoClient(uri, { monitorCommands: true, retryWrites: false, bsonRegExp: true });
 * try {
 *   const cluster = liveCluster(client, uri, { tool: 'our deployment 3.1' });
 *   const { users } = await cluster.read();
 *   assert.deepEqual(users.map(({ user }) => user), ['root']);
 * } finally {
 *   await client.close();
 * }
 * ```
 */
export function liveCluster(client: MongoClient, uri: string, options: LiveOptions = {}): Cluster {
  const { tool = 'mongoward', leaseMs, ...reading } = options;
  const operator = (): Promise<Operator | undefined> => readOperator(client);
  return {
    read: () => readClusterState(client, uri, reading),
    journal: (which) => readJournal(client, which),
    operator,
    routerCacheSeconds: () => readRouterCache(client),
    withLock: async (lock, work) => {
      const holder = holderOf(await operator(), tool);
      return withLock(client, { holder, ...(leaseMs === undefined ? {} : { leaseMs }) }, lock, work);
    },
    lock: () => readLock(client),
    breakLock: (seen) => breakLock(client, seen),
    removeLock: (seen) => removeLock(client, seen),
  };
}

function holderOf(operator: Operator | undefined, tool: string): Holder {
  const account = operator === undefined ? {} : { account: formatUser(operator.user) };
  return { ...account, user: systemUser(), host: hostname(), pid: process.pid, tool };
}

async function readOperator(client: MongoClient): Promise<Operator | undefined> {
  const [{ account, roles, privileges }, address] = await Promise.all([
    readIdentity(client),
    readAddress(client),
    refuseSecondary(client),
  ]);
  return account && { user: account, roles, privileges, ...(address !== undefined && { address }) };
}

/** A connection to one member alone stays with it, whatever it has become. */
async function refuseSecondary(client: MongoClient): Promise<void> {
  const { isWritablePrimary, me } = await hello(client);
  if (isWritablePrimary !== false) return;
  throw new Failure(`${typeof me === 'string' ? me : 'this member'} is not the primary, and takes no writes`, {
    advice: 'nothing was changed; leave directConnection out of the connection string, and name the replica set there',
  });
}

function hello(client: MongoClient): Promise<Document> {
  return client
    .db('admin')
    .command({ hello: 1 })
    .catch((error: unknown) => {
      throw commandFailure("can't ask the server what it is", error);
    });
}

/** MongoDB's default for `userCacheInvalidationIntervalSecs` (manual, "MongoDB Server Parameters"). */
const DEFAULT_ROUTER_CACHE_SECONDS = 30;

/** What this router says of itself; other routers are taken to be set up alike. */
async function readRouterCache(client: MongoClient): Promise<number | undefined> {
  if ((await hello(client))['msg'] !== 'isdbgrid') return undefined;
  const name = 'userCacheInvalidationIntervalSecs';
  const reply: Document = await client
    .db('admin')
    .command({ getParameter: 1, [name]: 1 })
    .catch(() => ({}));
  return Number(reply[name] ?? DEFAULT_ROUTER_CACHE_SECONDS);
}

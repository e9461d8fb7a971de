/** Asks each shard for accounts of its own, by a connection past the router with the same login. */
import { type MongoClient, MongoServerError } from 'mongodb';
import { Failure } from '../failure.ts';
import type { Shard } from '../state/shards.ts';
import { documentsIn, textIn } from './answers.ts';
import { commandFailure, isUnauthorized, refusal, withClient } from './connect.ts';
import type { Allowance } from './listing.ts';
import { readBuiltinRoles, readRoles, readUsers } from './read-accounts.ts';
import { atOtherHosts } from './uri.ts';

/** A config server that is a shard too (manual, "Config Shard"): its accounts are those of the cluster. */
const CONFIG_SHARD = 'config';

/** How many shards are asked at once: a cluster may have hundreds. */
const SIDE_BY_SIDE = 4;

/** For finding a shard, in milliseconds, and for all that is asked of it. */
const TIMEOUT_MS = 3000;
const DEADLINE_MS = 60_000;

interface Address {
  readonly name: string;
  /** `name/host:port,host:port` */
  readonly host: string;
}

export interface ReadShards {
  readonly shards: readonly Shard[];
  /** Whether a config server is a shard too. It is not among them: its accounts are those of the cluster. */
  readonly configShard: boolean;
}

/**
 * The shards behind a router, each with its own accounts or with why nobody could look; nothing if the account may not
 * list them. What they give counts against the same allowance as the rest of the reading. Once the router's client is
 * closed, as at the deadline, the connections to shards are closed too, and no further one is made. `timeoutMs`: how long
 * to look for a shard. Throws a Failure if the router does not answer, or the allowance is spent.
 */
export async function readShards(
  client: MongoClient,
  uri: string,
  allowance: Allowance,
  timeoutMs: number = TIMEOUT_MS,
): Promise<ReadShards | undefined> {
  const answer = await client
    .db('admin')
    .command({ listShards: 1 })
    .catch((error: unknown) => {
      if (isUnauthorized(error)) return undefined;
      throw commandFailure("can't ask for the shards", error);
    });
  if (answer === undefined) return undefined;
  const all = documentsIn(answer, 'shards', 'listShards').map(
    (shard): Address => ({ name: textIn(shard, '_id', 'listShards'), host: textIn(shard, 'host', 'listShards') }),
  );
  const addresses = all.filter(({ name }) => name !== CONFIG_SHARD);
  const shards = await askAll(client, addresses, (address, opened) =>
    readShard(address, { uri, timeoutMs }, allowance, opened),
  );
  return { shards, configShard: addresses.length < all.length };
}

type Ask = (address: Address, opened: (shard: MongoClient) => void) => Promise<Shard>;

/** A few at a time, until the router's client is closed. In the order of the addresses. */
async function askAll(client: MongoClient, addresses: readonly Address[], ask: Ask): Promise<readonly Shard[]> {
  const open = new Set<MongoClient>();
  const shards: Shard[] = [];
  const waiting = addresses.entries();
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    for (const each of open) each.close().catch(() => {});
  };
  const opened = (shard: MongoClient): void => {
    open.add(shard);
    if (stopped) stop();
  };
  const work = async (): Promise<void> => {
    for (const [at, address] of waiting) {
      if (stopped) return;
      shards[at] = await ask(address, opened);
    }
  };
  client.once('topologyClosed', stop);
  try {
    await Promise.all(Array.from({ length: Math.min(SIDE_BY_SIDE, addresses.length) }, work));
  } finally {
    client.off('topologyClosed', stop);
  }
  return shards;
}

async function readShard(
  { name, host }: Address,
  { uri, timeoutMs }: { readonly uri: string; readonly timeoutMs: number },
  allowance: Allowance,
  opened: (shard: MongoClient) => void,
): Promise<Shard> {
  const [set = '', hosts = ''] = host.split('/', 2);
  const there = atOtherHosts(uri, hosts, set);
  if (there === undefined) return { name, why: 'a login of this kind is not sent past the router' };
  try {
    const options = { serverSelectionTimeoutMS: timeoutMs, deadlineMs: DEADLINE_MS };
    return await withClient(there, options, async (client) => {
      opened(client);
      const users = await readUsers(client, allowance);
      const roles = await readRoles(client, allowance);
      return { name, users, roles: [...roles, ...((await readBuiltinRoles(client)) ?? [])] };
    });
  } catch (error) {
    if (allowance.isSpent) throw error;
    return { name, why: whyNot(error, hosts) };
  }
}

const AUTHENTICATION_FAILED = 18;

function whyNot(error: unknown, hosts: string): string {
  const cause = error instanceof Failure && error.cause !== undefined ? error.cause : error;
  if (isUnauthorized(cause)) return `the account there may not read them: ${refusal(cause)}`;
  if (cause instanceof MongoServerError && cause.code === AUTHENTICATION_FAILED) return `${hosts} refuses this login`;
  return cause instanceof Failure ? cause.message : `${hosts} can't be reached from here`;
}

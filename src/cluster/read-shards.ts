/** Asks each shard for accounts of its own, by a connection past the router with the same login. */
import { MongoClient, MongoServerError } from 'mongodb';
import { Failure } from '../failure.ts';
import type { Shard } from '../state/shards.ts';
import { documentsIn, textIn } from './answers.ts';
import { commandFailure, isUnauthorized, refusal } from './connect.ts';
import { withinGrace } from './deadline.ts';
import { Allowance } from './listing.ts';
import { readBuiltinRoles, readRoles, readUsers } from './read-accounts.ts';
import { atOtherHosts } from './uri.ts';

/** A config server that is a shard too (manual, "Config Shard"): its accounts are those of the cluster. */
const CONFIG_SHARD = 'config';

/**
 * The shards behind a router, each with its own accounts or with why nobody could look; nothing if the account may not
 * list them. Throws a Failure if the router does not answer.
 */
export async function readShards(client: MongoClient, uri: string): Promise<readonly Shard[] | undefined> {
  const answer = await client
    .db('admin')
    .command({ listShards: 1 })
    .catch((error: unknown) => {
      if (isUnauthorized(error)) return undefined;
      throw commandFailure("can't ask for the shards", error);
    });
  if (answer === undefined) return undefined;
  const shards = documentsIn(answer, 'shards', 'listShards').map((shard) => ({
    name: textIn(shard, '_id', 'listShards'),
    host: textIn(shard, 'host', 'listShards'),
  }));
  return Promise.all(shards.filter(({ name }) => name !== CONFIG_SHARD).map((shard) => readShard(shard, uri)));
}

/** `host` is `name/host:port,host:port`. */
async function readShard(
  { name, host }: { readonly name: string; readonly host: string },
  uri: string,
): Promise<Shard> {
  const [set = '', hosts = ''] = host.split('/', 2);
  const there = atOtherHosts(uri, hosts, set);
  if (there === undefined) return { name, why: 'a login of this kind is not sent past the router' };
  const client = new MongoClient(there, {
    serverSelectionTimeoutMS: TIMEOUT_MS,
    connectTimeoutMS: TIMEOUT_MS,
    socketTimeoutMS: TIMEOUT_MS,
    appName: 'mongoward',
    bsonRegExp: true,
  });
  try {
    const allowance = new Allowance();
    const users = await readUsers(client, allowance);
    const roles = await readRoles(client, allowance);
    return { name, users, roles: [...roles, ...(await readBuiltinRoles(client))] };
  } catch (error) {
    return { name, why: whyNot(error, hosts) };
  } finally {
    await withinGrace(client.close());
  }
}

const TIMEOUT_MS = 3000;
const AUTHENTICATION_FAILED = 18;

function whyNot(error: unknown, hosts: string): string {
  if (error instanceof Failure) return error.message;
  if (isUnauthorized(error)) return `the account there may not read them: ${refusal(error)}`;
  if (error instanceof MongoServerError && error.code === AUTHENTICATION_FAILED) return `${hosts} refuses this login`;
  return `${hosts} can't be reached from here`;
}

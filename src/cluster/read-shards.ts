/** Asks each shard for accounts of its own, by a connection past the router with the same login. */
import { type Document, MongoClient, MongoServerError } from 'mongodb';
import type { Shard } from '../state/shards.ts';
import { commandFailure, isUnauthorized, refusal } from './connect.ts';
import { readBuiltinRoles, readRoles, readUsers } from './read-accounts.ts';
import { atOtherHosts } from './uri.ts';

/** A config server that is a shard too (manual, "Config Shard"): its accounts are those of the cluster. */
const CONFIG_SHARD = 'config';

/**
 * The shards behind a router, each with its own accounts or with why nobody could look; nothing if the account may not
 * list them. Throws a Failure if the router does not answer.
 */
export async function readShards(client: MongoClient, uri: string): Promise<readonly Shard[] | undefined> {
  const listed = await client
    .db('admin')
    .command({ listShards: 1 })
    .catch((error: unknown) => {
      if (isUnauthorized(error)) return undefined;
      throw commandFailure("can't ask for the shards", error);
    });
  if (listed === undefined) return undefined;
  const shards = (listed['shards'] as Document[]).map(({ _id, host }) => ({ name: String(_id), host: String(host) }));
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
    const [users, roles, builtins] = [await readUsers(client), await readRoles(client), await readBuiltinRoles(client)];
    return { name, users, roles: [...roles, ...builtins] };
  } catch (error) {
    return { name, why: whyNot(error, hosts) };
  } finally {
    await client.close();
  }
}

const TIMEOUT_MS = 3000;
const AUTHENTICATION_FAILED = 18;

function whyNot(error: unknown, hosts: string): string {
  if (isUnauthorized(error)) return `the account there may not read them: ${refusal(error)}`;
  if (error instanceof MongoServerError && error.code === AUTHENTICATION_FAILED) return `${hosts} refuses this login`;
  return `${hosts} can't be reached from here`;
}

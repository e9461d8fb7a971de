/** One connection for each account, however many ask for it at once. */
import { MongoClient } from 'mongodb';
import { type UserRef, userKey } from '../model/names.ts';

export interface Clients {
  as(user: UserRef): Promise<MongoClient>;
  closeAll(): Promise<void>;
}

/** `uriOf`: with what an account logs in. */
export function clientsOf(uriOf: (user: UserRef) => Promise<string>): Clients {
  const clients = new Map<string, Promise<MongoClient>>();
  return {
    as: (user) => {
      const client = clients.get(userKey(user)) ?? uriOf(user).then(singleClient);
      clients.set(userKey(user), client);
      return client;
    },
    closeAll: async () => {
      const open = [...clients.values()];
      clients.clear();
      await Promise.all(open.map(async (client) => (await client).close()));
    },
  };
}

const TIMEOUT_MS = 10_000;

/** No pool of connections: each account sends one command at a time. */
export function singleClient(uri: string): MongoClient {
  return new MongoClient(uri, {
    serverSelectionTimeoutMS: TIMEOUT_MS,
    maxPoolSize: 1,
    monitorCommands: true,
    retryWrites: false,
    retryReads: false,
    bsonRegExp: true,
  });
}

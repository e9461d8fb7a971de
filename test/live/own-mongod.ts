/** A mongod of a test's own, started with the options that it is about, and again on the same data with others. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Document, MongoClient } from 'mongodb';
import { locateMongod } from '../../src/ephemeral/local-server.ts';

export const NO_MONGOD = 'takes a mongod of its own: name one by MONGOMS_SYSTEM_BINARY';

export interface OwnMongod {
  /** `localhost:port`, the same at every start. */
  readonly host: string;
  /** Ends what runs, and starts it with these options. Authorization is off unless they turn it on. */
  start(options: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** Its data, and whatever else it stores, lies in `folder`. Nothing if there is no mongod on the machine. */
export async function ownMongod(folder: string): Promise<OwnMongod | undefined> {
  const binary = await locateMongod(process.env);
  if (binary === undefined) return undefined;
  const port = await freePort();
  const data = join(folder, 'data');
  mkdirSync(data);
  const own = ['--dbpath', data, '--port', String(port), '--bind_ip', 'localhost', '--unixSocketPrefix', folder];
  let stop = async (): Promise<void> => {};
  return {
    host: `localhost:${port}`,
    stop: () => stop(),
    start: async (options) => {
      await stop();
      const child = spawn(binary, [...own, '--wiredTigerCacheSizeGB', '0.25', ...options], { stdio: 'ignore' });
      const ended = once(child, 'exit');
      stop = async () => {
        child.kill();
        await ended;
      };
    },
  };
}

/** The first account, once the server is up. Without any a client of the same machine may make it. */
export async function makeRoot(uri: string): Promise<void> {
  await onceUp(uri, { createUser: 'root', pwd: 'root', roles: ['root'] });
}

export async function untilUp(uri: string): Promise<void> {
  await onceUp(uri, { ping: 1 });
}

async function onceUp(uri: string, command: Document): Promise<void> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 60_000 });
  try {
    await client.db('admin').command(command);
  } finally {
    await client.close();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

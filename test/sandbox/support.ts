/** A sandbox for one test, and the real driver's clients on it; everything is closed afterwards. */
import { test } from 'node:test';
import { type Db, type Document, type Double, MongoClient, type ObjectId } from 'mongodb';
import type { Privilege } from '../../src/model/privilege.ts';
import { type Credentials, type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts';

export const ROOT: Credentials = { user: 'root', password: 'root password' };

/** Documents of any shape, with the kinds of `_id` that the tests use. */
export interface Loose extends Document {
  readonly _id?: number | string | Double | ObjectId;
}

export interface World {
  readonly sandbox: Sandbox;
  /** A client that is logged in as root. */
  readonly root: MongoClient;
  /** A client with these credentials, or with none. */
  connect(credentials?: Credentials, options?: string): MongoClient;
  /** A client of a fresh account that holds exactly these privileges and roles. */
  holding(privileges: readonly Privilege[], roles?: readonly Document[]): Promise<MongoClient>;
}

export function sandboxTest(
  sentence: string,
  body: (world: World) => Promise<void>,
  options: Partial<SandboxOptions> = {},
): void {
  test(sentence, async () => {
    const sandbox = await startSandbox({ root: ROOT, ...options });
    const clients: MongoClient[] = [];
    const connect = (credentials?: Credentials, extra = ''): MongoClient => {
      const client = new MongoClient(sandbox.uri(credentials) + extra, { serverSelectionTimeoutMS: 5000 });
      clients.push(client);
      return client;
    };
    const root = connect(ROOT);
    let accounts = 0;
    const holding: World['holding'] = async (privileges, roles = []) => {
      accounts += 1;
      const name = `account${accounts}`;
      const admin = root.db('admin');
      await admin.command({ createRole: name, privileges, roles });
      await admin.command({ createUser: name, pwd: name, roles: [name], mechanisms: ['SCRAM-SHA-1'] });
      return connect({ user: name, password: name }, '&authMechanism=SCRAM-SHA-1');
    };
    try {
      await body({ sandbox, root, connect, holding });
    } finally {
      await Promise.all(clients.map((client) => client.close()));
      await sandbox.stop();
    }
  });
}

export function on(db: string, collection: string, ...actions: readonly string[]): Privilege {
  return { resource: { db, collection }, actions };
}

export function onCluster(...actions: readonly string[]): Privilege {
  return { resource: { cluster: true }, actions };
}

/** `ok`, or the code and text of the error, without the identifier that the driver adds to every command. */
export async function outcome(running: Promise<unknown>): Promise<string> {
  try {
    await running;
    return 'ok';
  } catch (error) {
    const { code, message } = error as { code?: number; message: string };
    return `${code} ${message.replace(/lsid: \{[^}]*\}, /, '')}`;
  }
}

/** The outcome of each command in turn. */
export async function outcomes(db: Db, commands: readonly Document[]): Promise<readonly string[]> {
  const results: string[] = [];
  for (const command of commands) results.push(await outcome(db.command(command)));
  return results;
}

/** Clusters of known sizes, made on a server that may be written to. */
import { type Document, MongoClient, UUID } from 'mongodb';
import { type LocalServer, startLocalServer } from '../../src/ephemeral/local-server.ts';
import type { Finding, Unmeasured } from '../figure.ts';

export const COUNT = 25;

/** 25 roles and 25 users, as a team has them. */
export const TEAM = `apiVersion: mongoward/v1
metadata: { name: bench }
roles:
${each((at) => `  role${at}@bench: { privileges: [{ on: bench.c${at}, allow: [find, insert] }] }`)}
users:
${each((at) => `  user${at}@bench: { roles: [role${at}@bench], mechanisms: [SCRAM-SHA-256], password: { fromEnv: BENCH_PASSWORD } }`)}
`;

function each(entry: (at: number) => string): string {
  return Array.from({ length: COUNT }, (_, at) => entry(at)).join('\n');
}

export interface BenchServer {
  /** For people: which it is, and what is to be known of it. */
  readonly label: string;
  readonly simulated: boolean;
  /** As root. */
  readonly uri: string;
  stop(): Promise<void>;
}

/**
 * The server of `MONGOWARD_BENCH_URI`, whose databases `bench` and `large…` are dropped; else one of our own: a mongod that
 * is found, else the sandbox. `MONGOWARD_BENCH_NOTE` says what is to be known of it: how it was built, where it runs.
 */
async function benchServer(env: NodeJS.ProcessEnv): Promise<BenchServer> {
  const note = env['MONGOWARD_BENCH_NOTE'] ? `, ${env['MONGOWARD_BENCH_NOTE']}` : '';
  const given = env['MONGOWARD_BENCH_URI'];
  if (given !== undefined) {
    return { label: `${await versionOf(given)}${note}`, simulated: false, uri: given, stop: async () => {} };
  }
  const root = { user: 'root', password: 'of-the-bench' };
  const server: LocalServer = await startLocalServer({ root, env });
  const uri = server.uri(root.user, root.password);
  const { label, simulated } = server;
  // Where a mongod lies on this machine is nobody's business.
  const shown = simulated ? label : await versionOf(uri);
  return { label: `${shown}${note}`, simulated, uri, stop: () => server.stop() };
}

async function versionOf(uri: string): Promise<string> {
  const { version } = await withClient(uri, (client) => client.db('admin').command({ buildInfo: 1 }));
  return `MongoDB ${version}`;
}

/** Work on such a server, which is stopped afterwards; on the sandbox nothing is measured. */
export async function* onMongod(
  unmeasured: Pick<Unmeasured, 'id' | 'what'>,
  work: (server: BenchServer) => AsyncIterable<Finding>,
): AsyncIterable<Finding> {
  const server = await benchServer(process.env);
  try {
    if (server.simulated) yield { kind: 'unmeasured', ...unmeasured, why: 'there is no mongod' };
    else yield* work(server);
  } finally {
    await server.stop();
  }
}

export async function withClient<T>(uri: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(uri);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/** Takes away what a benchmark has left, and what Mongoward keeps. */
export async function empty(uri: string): Promise<void> {
  await withClient(uri, async (client) => {
    const bench = client.db('bench');
    const { users } = await bench.command({ usersInfo: 1 });
    for (const { user } of users) await bench.command({ dropUser: user });
    const { roles } = await bench.command({ rolesInfo: 1 });
    for (const { role } of roles) await bench.command({ dropRole: role });
    await bench.dropDatabase();
    await client.db('mongoward').dropDatabase();
  });
}

export interface Large {
  readonly roles: number;
  readonly users: number;
  readonly databases: number;
  readonly collections: number;
}

/**
 * Roles and users as a fleet has them, written to where the server keeps them: command by command it takes a quarter of an
 * hour. The users are of `$external`, so that no password has to be hashed.
 */
export async function fill(uri: string, { roles, users, databases, collections }: Large): Promise<void> {
  await withClient(uri, async (client) => {
    const admin = client.db('admin');
    await admin.command(WRITER);
    const { authInfo } = await admin.command({ connectionStatus: 1 });
    const [{ user, db }] = authInfo.authenticatedUsers;
    await client.db(db).command({ grantRolesToUser: user, roles: [{ role: WRITER.createRole, db: 'admin' }] });
    const ref = (at: number): Document => ({ role: `large${at}`, db: 'admin' });
    await admin.collection<Stored>('system.roles').insertMany(
      Array.from({ length: roles }, (_, at) => ({
        _id: `admin.large${at}`,
        ...ref(at),
        privileges: [
          { resource: { db: `large${at % databases}`, collection: `c${at % 25}` }, actions: ['find', 'insert'] },
        ],
        roles: at % 10 === 0 ? [] : [ref(at - (at % 10))],
      })),
    );
    await admin.collection<Stored>('system.users').insertMany(
      Array.from({ length: users }, (_, at) => ({
        _id: `$external.CN=large${at}`,
        userId: new UUID(),
        user: `CN=large${at}`,
        db: '$external',
        credentials: { external: true },
        roles: [ref(at % roles)],
      })),
    );
    await inParallel(collections, (at) => client.db(`large${at % databases}`).createCollection(`c${at}`));
  });
}

export async function clear(uri: string, { databases }: Large): Promise<void> {
  await withClient(uri, async (client) => {
    await client
      .db('admin')
      .collection('system.users')
      .deleteMany({ db: '$external', user: /^CN=large\d+$/ });
    await client
      .db('admin')
      .collection('system.roles')
      .deleteMany({ db: 'admin', role: /^large\d+$/ });
    await client.db('admin').command({ dropRole: WRITER.createRole });
    await inParallel(databases, (at) => client.db(`large${at}`).dropDatabase());
  });
}

/** No built-in role may write there. */
const WRITER = {
  createRole: 'large-writer',
  privileges: ['system.roles', 'system.users'].map((collection) => ({
    resource: { db: 'admin', collection },
    actions: ['find', 'insert', 'remove'],
  })),
  roles: [],
};

/** An account or a role as `admin` holds it. */
interface Stored extends Document {
  readonly _id: string;
}

async function inParallel(count: number, work: (at: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const at = next;
      next += 1;
      await work(at);
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

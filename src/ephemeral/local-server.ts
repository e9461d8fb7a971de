/** A server on loopback with authentication on: a real mongod found on the machine, else the sandbox. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Failure } from '../failure.ts';
import { startSandbox } from '../sandbox/server.ts';
import { cleanedUp } from './cleaned-up.ts';

export interface LocalServer {
  /** For people: which server it is. */
  readonly label: string;
  readonly simulated: boolean;
  /** `127.0.0.1:port` */
  readonly host: string;
  /** A connection string with these credentials; the user is one of `admin` unless another database is named. */
  uri(user: string, password: string, db?: string): string;
  /** Ends it and removes what it stored. */
  stop(): Promise<void>;
}

export interface LocalServerOptions {
  /** The first account, with the role `root`, in `admin`. */
  readonly root: { readonly user: string; readonly password: string };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Let mongodb-memory-server download a mongod if the machine has none. */
  readonly download?: boolean;
}

/** Nothing is downloaded unless that was asked for. */
export async function startLocalServer(options: LocalServerOptions): Promise<LocalServer> {
  const memoryServer = await loadMemoryServer();
  const binary = await findMongod(options.env, memoryServer);
  if (memoryServer !== undefined && (binary !== undefined || options.download === true)) {
    return startMongod(memoryServer, binary, options);
  }
  if (options.download === true) {
    throw new Failure('mongodb-memory-server is not installed, so there is nothing to download a mongod with', {
      advice: 'npm install mongodb-memory-server',
    });
  }
  const sandbox = await startSandbox({ root: options.root });
  return {
    label: `the sandbox, a stand-in that simulates MongoDB ${sandbox.state().server.version}`,
    simulated: true,
    host: sandbox.host,
    uri: (user, password, db) => connectionString(sandbox.host, user, password, db),
    stop: () => sandbox.stop(),
  };
}

/** Runs `work` on a server of its own, and ends it, also when the process is interrupted. */
export async function withLocalServer<T>(
  options: LocalServerOptions,
  work: (server: LocalServer) => Promise<T>,
): Promise<T> {
  const server = await startLocalServer(options);
  return cleanedUp(
    () => server.stop(),
    () => work(server),
  );
}

type MemoryServer = typeof import('mongodb-memory-server');

/** What Node.js calls it where a package is not installed: an import, and the `require` that it is in the program. */
const ABSENT: ReadonlySet<unknown> = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']);

/** An optional companion: without it there is still the sandbox. */
async function loadMemoryServer(): Promise<MemoryServer | undefined> {
  try {
    return await import('mongodb-memory-server');
  } catch (error) {
    if (error instanceof Error && 'code' in error && ABSENT.has(error.code)) return undefined;
    throw error;
  }
}

/** The mongod that {@link startLocalServer} would start; nothing if it would be the sandbox. */
export async function locateMongod(env: LocalServerOptions['env']): Promise<string | undefined> {
  return findMongod(env, await loadMemoryServer());
}

/** `MONGOMS_SYSTEM_BINARY`, the PATH, then mongodb-memory-server's cache. */
async function findMongod(
  env: LocalServerOptions['env'],
  memoryServer: MemoryServer | undefined,
): Promise<string | undefined> {
  const named = env['MONGOMS_SYSTEM_BINARY'];
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return named;
    throw new Failure(`MONGOMS_SYSTEM_BINARY names ${named}, which is not there`);
  }
  const name = process.platform === 'win32' ? 'mongod.exe' : 'mongod';
  const onPath = (env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
  if (onPath !== undefined || memoryServer === undefined) return onPath;
  const { DryMongoBinary } = memoryServer;
  try {
    return await DryMongoBinary.locateBinary(await DryMongoBinary.generateOptions());
  } catch {
    // It fails for a user without a home, and on systems that it knows no mongod for: it keeps none there.
    return undefined;
  }
}

/**
 * Nothing on such a server outlives the process: a write need not wait for the disk for long, and passwords need not
 * withstand guessing. 5000 is the least that MongoDB takes (manual, "MongoDB Server Parameters").
 */
const QUICK = [
  '--journalCommitInterval',
  '1',
  ...['scramIterationCount', 'scramSHA256IterationCount'].flatMap((name) => ['--setParameter', `${name}=5000`]),
];

async function startMongod(
  { MongoMemoryServer }: MemoryServer,
  binary: string | undefined,
  { root }: LocalServerOptions,
): Promise<LocalServer> {
  // The binary need not be the release that mongodb-memory-server would have downloaded.
  process.env['MONGOMS_SYSTEM_BINARY_VERSION_CHECK'] = 'false';
  const server = await MongoMemoryServer.create({
    auth: { enable: true, customRootName: root.user, customRootPwd: root.password },
    instance: { ip: '127.0.0.1', storageEngine: 'wiredTiger', args: [...QUICK] },
    ...(binary === undefined ? {} : { binary: { systemBinary: binary } }),
  });
  const host = `127.0.0.1:${server.instanceInfo?.port}`;
  return {
    label: binary === undefined ? 'a downloaded mongod' : `the mongod at ${binary}`,
    simulated: false,
    host,
    uri: (user, password, db) => connectionString(host, user, password, db),
    stop: async () => {
      await server.stop({ doCleanup: true, force: true });
    },
  };
}

function connectionString(host: string, user: string, password: string, db = 'admin'): string {
  return `mongodb://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}/?authSource=${encodeURIComponent(db)}&directConnection=true`;
}

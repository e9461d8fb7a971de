/**
 * The sandbox: an in-process server that speaks MongoDB's wire protocol on the loopback interface, enough for access
 * control. Its decisions are the model's; what it does not implement it refuses.
 */
import { createServer, type Socket } from 'node:net';
import type { ClusterState } from '../state/state.ts';
import { Accounts, makeCredentials, newUserId } from './accounts.ts';
import { Login } from './authorize.ts';
import type { Connection, Sandboxed } from './command-definition.ts';
import { Cursors } from './cursors.ts';
import { Databases } from './databases.ts';
import { dispatch } from './dispatch.ts';
import { asCommandError, errorReply } from './errors.ts';
import { sandboxState, seed } from './sandbox-state.ts';
import { MECHANISMS } from './scram.ts';
import type { Document } from './values.ts';
import { type Message, messageSize, readMessage, writeReply } from './wire.ts';

export interface SandboxOptions {
  /** Default: any free one. */
  readonly port?: number;
  /** Created in `admin`, with the role `root`. */
  readonly root: Credentials;
  /** What `buildInfo` says. */
  readonly version?: string;
}

export interface Credentials {
  readonly user: string;
  readonly password: string;
  /** The user's authentication database, `admin` unless given. */
  readonly db?: string;
}

export interface Sandbox {
  /** `127.0.0.1:port` */
  readonly host: string;
  /** A connection string, with the credentials given. */
  uri(credentials?: Credentials): string;
  /** What a reader of the whole cluster would see now, without credentials. */
  state(): ClusterState;
  /** Closes every connection; leaves nothing. */
  stop(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const DEFAULT_VERSION = '8.0.29';

/** Starts a sandbox; it accepts connections when the promise is fulfilled. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  let port = options.port ?? 0;
  const sandbox = makeSandboxed(options, () => port);
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    sandbox.counters.connections.current = sockets.size;
    sandbox.counters.connections.totalCreated = connections;
    socket.on('close', () => {
      sockets.delete(socket);
      sandbox.counters.connections.current = sockets.size;
    });
    serve(sandbox, socket, connections);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, resolve);
  });
  const address = server.address();
  if (typeof address === 'object' && address !== null) port = address.port;
  const host = `${LOOPBACK}:${port}`;
  return {
    host,
    uri: (credentials) => connectionString(host, credentials),
    state: () => sandboxState(sandbox),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function makeSandboxed({ root, version = DEFAULT_VERSION }: SandboxOptions, port: () => number): Sandboxed {
  const accounts = new Accounts(version);
  accounts.putUser({
    userId: newUserId(),
    user: root.user,
    db: root.db ?? 'admin',
    credentials: makeCredentials(root.user, root.password, MECHANISMS),
    roles: [{ role: 'root', db: 'admin' }],
  });
  const databases = new Databases();
  seed(databases);
  return {
    version,
    port,
    accounts,
    databases,
    cursors: new Cursors(),
    counters: {
      operations: { insert: 0, query: 0, update: 0, delete: 0, getmore: 0, command: 0 },
      commands: new Map(),
      connections: { current: 0, totalCreated: 0 },
    },
  };
}

function connectionString(host: string, credentials: Credentials | undefined): string {
  if (credentials === undefined) return `mongodb://${host}/`;
  const { user, password, db = 'admin' } = credentials;
  const userInfo = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  return `mongodb://${userInfo}@${host}/?authSource=${encodeURIComponent(db)}`;
}

/** Answers one connection's messages, in their order. Bytes that are no message end it. */
function serve(sandbox: Sandboxed, socket: Socket, id: number): void {
  const endpoints = { client: socket.remoteAddress ?? LOOPBACK, server: socket.localAddress ?? LOOPBACK };
  const connection: Connection = { id, login: new Login(sandbox.accounts, endpoints), conversation: undefined };
  let replies = 0;
  const answer = (message: Message): void => {
    const reply = dispatch(sandbox, connection, message);
    replies += 1;
    if (message.reply !== 'none') socket.write(encoded(message, replies, reply));
  };
  const take = messageTaker();
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const bytes of take(chunk)) answer(readMessage(bytes));
    } catch {
      socket.destroy();
    }
  });
}

/** A document may hold what the `bson` package reads but does not write, such as a field `_bsontype`. */
function encoded(message: Message, requestId: number, reply: Document): Buffer {
  try {
    return writeReply(message, requestId, reply);
  } catch (thrown) {
    return writeReply(message, requestId, errorReply(asCommandError(thrown)));
  }
}

/** Cuts a stream of bytes into whole messages, however TCP delivers them. */
function messageTaker(): (chunk: Buffer) => Iterable<Buffer> {
  let chunks: Buffer[] = [];
  let pending = 0;
  return function* take(chunk) {
    chunks.push(chunk);
    pending += chunk.length;
    for (;;) {
      const first = chunks[0] ?? Buffer.alloc(0);
      const head = first.length < 4 ? Buffer.concat(chunks) : first;
      const size = messageSize(head);
      if (size === undefined || pending < size) return;
      const all = chunks.length === 1 ? first : Buffer.concat(chunks);
      yield all.subarray(0, size);
      chunks = [all.subarray(size)];
      pending -= size;
    }
  };
}

/** A server that greets like a MongoDB and then answers as it is told: endless, slow, lying, or not at all. */
import { createServer, type Socket } from 'node:net';
import { type Message, messageSize, readMessage, writeReply } from '../../src/sandbox/wire.ts';

type Answer = Readonly<Record<string, unknown>>;

/**
 * What a server says to a command. Without an answer (`undefined`) it says what an empty MongoDB would; `silence` is no
 * answer, `drip` is the empty one a byte at a time, `noise` bytes that are no message, a number the length of one that is not there.
 */
export type Behaviour = (name: string, body: Answer) => Answer | 'silence' | 'drip' | 'noise' | number | undefined;

export interface HostileServer {
  readonly host: string;
  stop(): Promise<void>;
}

export async function hostileServer(behaviour: Behaviour): Promise<HostileServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    let bytes: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (let size = messageSize(bytes); size !== undefined && size <= bytes.length; size = messageSize(bytes)) {
        answer(socket, readMessage(bytes.subarray(0, size)), behaviour);
        bytes = bytes.subarray(size);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    host: `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

const DRIP_MS = 50;

function answer(socket: Socket, message: Message, behaviour: Behaviour): void {
  const body: Answer = { ...message.body };
  const name = Object.keys(body)[0] ?? '';
  const told = behaviour(name, body) ?? usual(name, body);
  if (told === 'silence') return;
  if (told === 'noise') {
    socket.write(Buffer.alloc(64, 0xff));
    return;
  }
  if (typeof told === 'number') {
    const length = Buffer.alloc(4);
    length.writeInt32LE(told);
    socket.write(length);
    return;
  }
  const reply = writeReply(message, 1, { ...(told === 'drip' ? usual(name, body) : told) });
  if (told !== 'drip') {
    socket.write(reply);
    return;
  }
  let at = 0;
  // It never gets to the end: the last byte is kept back.
  const timer = setInterval(() => {
    if (socket.destroyed || at === reply.length - 1) clearInterval(timer);
    else socket.write(reply.subarray(at, ++at));
  }, DRIP_MS);
}

const GREETING: Answer = {
  helloOk: true,
  isWritablePrimary: true,
  ismaster: true,
  maxBsonObjectSize: 16777216,
  maxMessageSizeBytes: 48000000,
  maxWriteBatchSize: 100000,
  logicalSessionTimeoutMinutes: 30,
  connectionId: 1,
  minWireVersion: 0,
  maxWireVersion: 25,
  readOnly: false,
  ok: 1,
};

/** An empty cursor's first batch, or whatever else the command gives. */
function usual(name: string, body: Answer): Answer {
  switch (name) {
    case 'hello':
    case 'ismaster':
    case 'isMaster':
      return { ...GREETING, localTime: new Date() };
    case 'buildInfo':
      return { version: '8.0.4', modules: [], ok: 1 };
    case 'connectionStatus':
      return {
        authInfo: { authenticatedUsers: [], authenticatedUserRoles: [], authenticatedUserPrivileges: [] },
        ok: 1,
      };
    case 'listDatabases':
      return { databases: [{ name: 'shop' }], ok: 1 };
    case 'rolesInfo':
      return { roles: [], ok: 1 };
    case 'getCmdLineOpts':
      return { argv: [], parsed: {}, ok: 1 };
    case 'find':
    case 'listCollections':
    case 'listIndexes':
    case 'aggregate':
      return cursor(body, []);
    default:
      return { ok: 1 };
  }
}

/** The answer of a command that opens or continues a cursor; `id`: 0 where it ends. */
export function cursor(body: Answer, documents: readonly Answer[], id: bigint = 0n): Answer {
  const ns = `${String(body['$db'])}.${String(body['find'] ?? body['collection'] ?? '$cmd')}`;
  const batch = body['getMore'] === undefined ? { firstBatch: documents } : { nextBatch: documents };
  return { cursor: { id, ns, ...batch }, ok: 1 };
}

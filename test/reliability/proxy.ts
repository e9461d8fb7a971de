/**
 * A proxy on a loopback port that reads MongoDB's wire protocol: it counts the commands that write, and does harm at the
 * one that it is told, before the server has seen it, while it works on it, or after it has answered.
 */
import { createServer, connect as dial, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Document, deserialize, serialize } from 'bson';

export interface Write {
  /** From 0, over all connections, in the order in which they came. */
  readonly index: number;
  readonly name: string;
  /** What the command's name stands for: the role, the user, the collection. */
  readonly target: unknown;
}

/**
 * What becomes of a write: passed on; answered by the proxy, the server never sees it; passed on with another answer; the
 * connection cut before or after the server saw it. `before` is waited for, `answered` is told when the answer has gone to the client.
 */
export type Fate =
  | { readonly kind: 'pass'; before?(): Promise<void>; answered?(): void }
  | { readonly kind: 'answer'; readonly reply: Document }
  | { readonly kind: 'change'; change(reply: Document): Document }
  | { readonly kind: 'cut'; readonly seen: boolean }
  | { readonly kind: 'swallow' };

export interface Proxy {
  readonly host: string;
  /** Every write so far. */
  readonly writes: readonly Write[];
  /** Ends it once the server has answered what it was sent. */
  stop(): Promise<void>;
}

const WRITES =
  /^(insert|update|delete|findAndModify|create|collMod|drop|createIndexes|dropIndexes|(create|update|drop|grant|revoke).*(User|Role)s?.*)$/;

const LONGEST_WAIT_MS = 10_000;
const PAUSE_MS = 20;

const PASS: Fate = { kind: 'pass' };

/** Starts a proxy before the server at `target`, `host:port`, at that port of its own, or at any that is free. */
export async function startProxy(
  target: string,
  fate: (write: Write) => Fate = () => PASS,
  at: number = 0,
): Promise<Proxy> {
  const [host = '', port = ''] = target.split(':');
  const writes: Write[] = [];
  const sockets = new Set<Socket>();
  let outstanding = 0;
  const server = createServer((client) => {
    const upstream = dial(Number(port), host);
    const waiting = new Map<number, Fate>();
    const revocation = (): void => {
      outstanding -= waiting.size;
      waiting.clear();
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket.setNoDelay(true));
      socket.on('close', () => sockets.delete(socket));
    }
    upstream.on('error', revocation).on('close', revocation);
    // What the server works on when the client dies goes on to its end.
    client.on('error', () => {}).on('close', () => waiting.size === 0 && revocation());
    const fromClient = messages((message) => {
      const body = commandOf(message);
      const [[name, subject] = ['', undefined]] = Object.entries(body ?? {});
      if (body === undefined || !WRITES.test(name)) return void upstream.write(message);
      const write = { index: writes.length, name, target: subject };
      writes.push(write);
      const decided = fate(write);
      const id = message.readInt32LE(4);
      if (decided.kind === 'cut' && !decided.seen) return revocation();
      if (decided.kind === 'swallow') return;
      if (decided.kind === 'answer') return void client.write(answerTo(id, decided.reply));
      waiting.set(id, decided);
      outstanding += 1;
      if (decided.kind === 'pass' && decided.before !== undefined) {
        void decided.before().finally(() => upstream.write(message));
        return;
      }
      upstream.write(message);
    });
    const fromServer = messages((message) => {
      const answered = message.readInt32LE(8);
      const decided = waiting.get(answered) ?? PASS;
      if (waiting.delete(answered)) outstanding -= 1;
      if (decided.kind === 'cut' || client.destroyed) return revocation();
      if (decided.kind === 'change') {
        client.write(answerTo(answered, decided.change(commandOf(message) ?? {})));
        return;
      }
      client.write(message, () => decided.kind === 'pass' && decided.answered?.());
    });
    client.on('data', fromClient);
    upstream.on('data', fromServer);
  });
  await new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve));
  const address = server.address();
  return {
    host: `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    writes,
    stop: async () => {
      for (let waited = 0; outstanding > 0 && waited < LONGEST_WAIT_MS; waited += PAUSE_MS) await sleep(PAUSE_MS);
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Cuts a stream into messages: each begins with its length. */
function messages(take: (message: Buffer) => void): (chunk: Buffer) => void {
  let pending = Buffer.alloc(0);
  return (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 4 && pending.length >= pending.readInt32LE(0)) {
      const size = pending.readInt32LE(0);
      const message = Buffer.from(pending.subarray(0, size));
      pending = pending.subarray(size);
      take(message);
    }
  };
}

const OP_MSG = 2013;

/** The body of an OP_MSG; nothing for older kinds of messages, which write nothing here. */
function commandOf(message: Buffer): Document | undefined {
  if (message.readInt32LE(12) !== OP_MSG || message[20] !== 0) return undefined;
  return deserialize(message.subarray(21, 21 + message.readInt32LE(21)), { promoteLongs: false });
}

function answerTo(requestId: number, reply: Document): Buffer {
  const body = serialize(reply);
  const head = Buffer.alloc(21);
  head.writeInt32LE(21 + body.length, 0);
  head.writeInt32LE(requestId, 8);
  head.writeInt32LE(OP_MSG, 12);
  return Buffer.concat([head, body]);
}

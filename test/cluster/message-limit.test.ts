import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { test } from 'node:test';
import { onOwnConnections } from '../../src/cluster/own-connections.ts';
import { Failure } from '../../src/failure.ts';

function message(length: number): Buffer {
  const bytes = Buffer.alloc(length, 1);
  bytes.writeInt32LE(length);
  return bytes;
}

/** What comes through of these pieces to something that makes messages of bytes, and the error that ends it. */
async function received(pieces: readonly Buffer[]): Promise<{ readonly bytes: number; readonly error: unknown }> {
  const server = createServer((peer) => {
    peer
      .setNoDelay(true)
      .on('error', () => {})
      .resume();
    void (async () => {
      for (const piece of pieces) await new Promise((resolve) => peer.write(piece, resolve));
      peer.end();
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket: Socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  let bytes = 0;
  const messages = new Transform({
    readableObjectMode: true,
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      done();
    },
  });
  const error = await new Promise<unknown>((resolve) => {
    socket.on('error', resolve).pipe(messages.on('finish', () => resolve(undefined)));
  });
  server.close();
  return { bytes, error };
}

function bytewise(bytes: Buffer): readonly Buffer[] {
  return [...bytes].map((byte) => Buffer.of(byte));
}

test('messages come through, whatever pieces they come in', async () => {
  const all = Buffer.concat([message(16), message(40), message(100_000)]);
  for (const pieces of [[all], [all.subarray(0, 18), all.subarray(18)], bytewise(all.subarray(0, 56))]) {
    const { bytes, error } = await onOwnConnections(() => received(pieces));
    assert.deepEqual([bytes, error], [Buffer.concat(pieces).length, undefined]);
  }
});

test('a length that no message has ends the connection, wherever it stands', async () => {
  for (const length of [0, 15, -1, 48_000_001]) {
    const wrong = Buffer.alloc(4);
    wrong.writeInt32LE(length);
    for (const pieces of [[wrong], [message(20), wrong], bytewise(Buffer.concat([message(20), wrong]))]) {
      const { error } = await onOwnConnections(() => received(pieces));
      assert.ok(error instanceof Failure);
      assert.equal(error.message, `the server sends a message of ${length} bytes, as no MongoDB does`);
    }
  }
});

test('the connections of others are left alone', async () => {
  await onOwnConnections(async () => undefined);
  assert.deepEqual(await received([Buffer.alloc(8)]), { bytes: 8, error: undefined });
});

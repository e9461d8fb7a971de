/** Servers that take a connection and then say nothing: an error within the time that was given, never a wait without end. */
import assert from 'node:assert/strict';
import { createServer, connect as dial, type Socket } from 'node:net';
import { test } from 'node:test';
import { withClient } from '../../src/cluster/connect.ts';
import { liveCluster } from '../../src/cluster/live-cluster.ts';
import { startSandbox } from '../../src/sandbox/server.ts';

const TIMEOUT_MS = 300;

/** Passes bytes on to `upstream` until it is told to fall silent; without one it is silent from the beginning. */
async function silentServer(upstream?: string): Promise<{ host: string; fallSilent(): void; stop(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const [host = '', port = ''] = upstream?.split(':') ?? [];
  let silent = upstream === undefined;
  const server = createServer((client) => {
    sockets.add(client.on('error', () => {}));
    if (upstream === undefined) return;
    const target = dial(Number(port), host);
    sockets.add(target.on('error', () => {}));
    client.on('data', (bytes) => silent || target.write(bytes));
    target.on('data', (bytes) => silent || client.write(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    host: `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    fallSilent: () => {
      silent = true;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

test('a server that never greets', async () => {
  const server = await silentServer();
  const connecting = withClient(`mongodb://${server.host}/`, { serverSelectionTimeoutMS: TIMEOUT_MS }, async () => {});
  await assert.rejects(connecting, (error: Error) => {
    assert.match(error.message, /^no server answered at 127\.0\.0\.1:\d+ within 0\.3 s: /);
    return true;
  });
  await server.stop();
});

test('a server that stops answering after the login', async () => {
  const sandbox = await startSandbox({ root: { user: 'root', password: 'secret' } });
  const server = await silentServer(sandbox.host);
  const uri = `mongodb://root:secret@${server.host}/?authSource=admin`;
  const reading = withClient(uri, { serverSelectionTimeoutMS: TIMEOUT_MS }, async (client) => {
    await client.db('admin').command({ ping: 1 });
    server.fallSilent();
    await liveCluster(client, uri).journal('all');
  });
  await assert.rejects(reading, (error: Error) => {
    assert.match(error.message, /^can't read the journal: /);
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
  await server.stop();
  await sandbox.stop();
});

/** One of the generated clusters in the ordinary suite; `npm run test:conformance` tries as many as it is asked for. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type LiveServer, startLiveServer, withLive } from '../live/server.ts';
import { tryBrownfield } from './trial.ts';

let server: LiveServer;

before(async () => {
  server = await startLiveServer();
});

after(() => server.stop());

test('a generated cluster: what is denied is refused, and everything else goes on', async () => {
  await withLive(server.rootUri, async (cluster, root) => {
    const { outcome, rewritten, disagreements } = await tryBrownfield(server, cluster, root, 3);
    assert.deepEqual({ outcome, disagreements }, { outcome: 'applied', disagreements: [] });
    assert.ok(rewritten > 0);
  });
});

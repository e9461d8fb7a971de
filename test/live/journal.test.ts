/** The journal on a live server: what it says of a run that went well, of one that failed, and of one that was cut short. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Failure } from '../../src/failure.ts';
import { applyPolicy } from '../../src/migrate/apply.ts';
import type { Cluster } from '../../src/migrate/cluster.ts';
import type { JournalEntry } from '../../src/migrate/journal.ts';
import { intentOf, type LiveServer, startLiveServer, uniqueName, withLive, yes } from './server.ts';

const db = uniqueName('journalled');
const POLICY = uniqueName('journal');
let server: LiveServer;

before(async () => {
  server = await startLiveServer();
});

after(async () => {
  await withLive(server.rootUri, async (cluster, client) => {
    await applyPolicy(cluster, policy(''), { ...yes, prune: true });
    await client.db('mongoward').collection('migrations').deleteMany({ policy: POLICY });
  });
  await server.stop();
});

const policy = (body: string) => intentOf(`apiVersion: mongoward/v1\nmetadata: { name: ${POLICY} }\n${body}`);

const ROLES = (names: readonly string[]): string =>
  names.length === 0 ? '' : `roles:\n${names.map((name) => `  ${name}@${db}: {}`).join('\n')}\n`;

async function last(cluster: Cluster): Promise<JournalEntry> {
  const entry = (await cluster.journal('all')).filter((one) => one.policy === POLICY).at(-1);
  assert.ok(entry);
  return entry;
}

/** The cluster, whose lock's holder fails or dies at the creation of this role. */
function failingAt(cluster: Cluster, role: string, error: Error): Cluster {
  return {
    ...cluster,
    withLock: (options, work) =>
      cluster.withLock(options, (held) =>
        work({
          ...held,
          run: async (command) => {
            if (command.command['createRole'] === role) throw error;
            const status: unknown = JSON.stringify(command.command['updates'] ?? '');
            // Whoever dies writes no end into the journal.
            if (error.message === 'died' && String(status).includes('"failed"')) throw error;
            await held.run(command);
          },
        }),
      ),
  };
}

test('a run that went well: who, when, and each operation with its wave and outcome', async () => {
  await withLive(server.rootUri, async (cluster) => {
    await applyPolicy(cluster, policy(ROLES(['a', 'b'])), yes);
    const { id, kind, status, operations, runs } = await last(cluster);
    assert.match(id, new RegExp(`^policy ${POLICY} \\d{4}-\\d\\d-\\d\\dT`));
    assert.deepEqual({ kind, status }, { kind: 'policy', status: 'applied' });
    assert.deepEqual(operations, [
      { id: `recordObject role a@${db}`, wave: 1, outcome: 'done' },
      { id: `recordObject role b@${db}`, wave: 1, outcome: 'done' },
      { id: `createRole a@${db}`, wave: 2, outcome: 'done' },
      { id: `createRole b@${db}`, wave: 2, outcome: 'done' },
    ]);
    const [run] = runs;
    assert.equal(runs.length, 1);
    assert.equal(run?.direction, 'apply');
    assert.equal(run?.by.pid, process.pid);
    assert.ok(run?.finishedAt !== undefined && run.finishedAt >= run.startedAt);
  });
});

test('a run that failed: what is done, what the server refused, what was not begun, and why', async () => {
  await withLive(server.rootUri, async (cluster) => {
    const refusing = failingAt(cluster, 'd', new Failure('the server says no'));
    await assert.rejects(
      applyPolicy(
        refusing,
        policy(`${ROLES(['a', 'b', 'c', 'd'])}users:\n  u@${db}: { password: { fromEnv: X } }\n`),
        yes,
      ),
    );
    const { status, operations, runs } = await last(cluster);
    assert.equal(status, 'failed');
    assert.deepEqual(
      operations.filter(({ id }) => id.startsWith('create')).map(({ outcome }) => outcome),
      ['done', 'failed', 'pending'],
    );
    assert.equal(runs[0]?.error, `could not create role d@${db}: the server says no`);
  });
});

test('a run that was cut short: the next one settles what it left open, by what is there', async () => {
  await withLive(server.rootUri, async (cluster) => {
    const text = ROLES(['a', 'b', 'c', 'e', 'f']);
    await assert.rejects(applyPolicy(failingAt(cluster, 'f', new Error('died')), policy(text), yes));
    const revocation = await last(cluster);
    assert.equal(revocation.status, 'running');
    await applyPolicy(cluster, policy(text), { ...yes, lockTimeoutMs: 40_000 });
    const settled = (await cluster.journal('all')).find(({ id }) => id === revocation.id);
    assert.equal(settled?.status, 'interrupted');
    assert.deepEqual(
      settled?.operations.filter(({ id }) => id.startsWith('createRole')),
      [
        { id: `createRole e@${db}`, wave: 2, outcome: 'done' },
        { id: `createRole f@${db}`, wave: 2, outcome: 'pending' },
      ],
    );
    assert.equal((await last(cluster)).status, 'applied');
    assert.deepEqual(await cluster.journal('unfinished'), []);
  });
});

test('a password set anew is carried out each time it is asked for, and journalled', async () => {
  await withLive(server.rootUri, async (cluster, client) => {
    const text = `users:\n  u@${db}: { password: { fromEnv: X } }\n`;
    await applyPolicy(cluster, policy(text), yes);
    const keys = async () => (await client.db('admin').collection('system.users').findOne({ db }))?.['credentials'];
    const first = await keys();
    assert.equal((await applyPolicy(cluster, policy(text), yes)).outcome, 'in-place');
    const rotate = [{ user: 'u', db }];
    await applyPolicy(cluster, policy(text), { ...yes, secret: () => 'another', rotate });
    assert.notDeepEqual(await keys(), first);
    assert.deepEqual((await last(cluster)).operations, [{ id: `rotatePassword u@${db}`, wave: 1, outcome: 'done' }]);
    assert.doesNotMatch(JSON.stringify(await cluster.journal('all')), /another|a-password/);
  });
});

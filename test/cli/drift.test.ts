/** `drift report` held against earlier reports, as a user runs it. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatSnapshot } from '../../src/state/snapshot.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { collection, owned, state } from '../support/build.ts';
import { assertFits } from '../support/output-schema.ts';
import { inFolder, mongoward } from './terminal.ts';

const FILES = {
  'policies/p.yaml': `apiVersion: mongoward/v1
metadata: { name: p }
collections: { audit.logs: { protection: append-only, dedicatedDatabase: true } }
`,
  's.json': formatSnapshot(
    state({
      databases: [{ name: 'audit', collections: [collection('logs'), collection('carts')] }],
      objects: [owned('collection', 'audit.logs', false)],
    }),
  ),
};

const report = (cwd: string, ...more: readonly string[]) =>
  mongoward(['drift', 'report', '--snapshot', 's.json', ...more], { cwd });

test('what a report of before has is no news, and as a baseline it counts no more; the checklist says that it is so', async () => {
  await inFolder(FILES, async (cwd) => {
    const first = await report(cwd, '-o', 'json=before.json');
    assert.equal(first.code, 1);
    assertFits('drift-report', JSON.parse(readFileSync(join(cwd, 'before.json'), 'utf8')));
    assert.match((await report(cwd, '--since', 'before.json')).out, /\nSince before\.json: 0 findings new, 0 gone\.\n/);
    const covered = await report(cwd, '--baseline', 'before.json');
    assert.equal(covered.code, 0, covered.out);
    assert.match(covered.out, /Accepted by the baseline before\.json: 1 finding\./);
    const list = await report(cwd, '--baseline', 'before.json', '--checklist', '--format', 'json');
    const { clusters } = JSON.parse(list.out);
    assertFits('drift-checklist', { clusters });
    const point = clusters[0].checklist.find(({ id }: { id: string }) => id === 'dedicated-database');
    assert.equal(point.status, 'failed');
  });
});

test('a file that says nothing of the cluster makes everything new, and says so', async () => {
  await inFolder(FILES, async (cwd) => {
    await report(cwd, '-o', 'json=one.json');
    const one = JSON.parse(readFileSync(join(cwd, 'one.json'), 'utf8'));
    writeFileSync(join(cwd, 'fleet.json'), JSON.stringify({ clusters: [{ cluster: 'eu', report: one }] }));
    const since = await report(cwd, '--since', 'fleet.json');
    assert.match(since.out, /\nfleet\.json says nothing of this cluster: everything counts as new\.\n\+ protection\//);
    const baseline = await report(cwd, '--baseline', 'fleet.json', '--format', 'json');
    assert.equal(baseline.code, 1);
    const told = JSON.parse(baseline.out);
    assertFits('drift-report', told);
    assert.deepEqual(told.baseline, { file: 'fleet.json', accepted: [], gone: 0, absent: true });
  });
});

test('shards whose accounts nobody could list are named in every form, and one that was looked into is not', async () => {
  const server = { version: '8.0.30', edition: 'community', topology: 'sharded' } as const;
  const seen = { name: 's0', users: [], roles: [] };
  const snapshot = (...shards: NonNullable<ClusterState['shards']>): string =>
    formatSnapshot(state({ server, shards }));
  const files = {
    'policies/p.yaml': 'apiVersion: mongoward/v1\nmetadata: { name: p }\ninventory: closed\n',
    's.json': snapshot(seen, { name: 's1', why: 's1:27018 refuses this login' }),
    'all.json': snapshot(seen),
  };
  const named = /made on shard\s+s1\s+directly,\s+which\s+act\s+on\s+it\s+past\s+mongos/;
  await inFolder(files, async (cwd) => {
    for (const format of ['text', 'json', 'markdown', 'junit', 'sarif', 'html']) {
      const told = await report(cwd, '--format', format);
      assert.deepEqual([told.code, told.err], [0, ''], format);
      assert.match(told.out, named, format);
      const all = await mongoward(['drift', 'report', '--snapshot', 'all.json', '--format', format], { cwd });
      assert.doesNotMatch(all.out, /made on/, format);
    }
  });
});

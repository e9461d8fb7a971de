/** What a policy's `on` may say may be asked about, too. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readQuestion } from '../../src/access/question.ts';
import { whoCan } from '../../src/access/who.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { role, user } from '../support/build.ts';

const STATE: ClusterState = {
  server: { version: '8.0.30', edition: 'community', topology: 'replicaSet' },
  roles: [
    role('one@admin', { 'audit.logs': ['find'] }),
    role('named@admin', { '*.logs': ['find'] }),
    role('every@admin', { '*.*': ['find'] }),
    role('any@admin', { any: ['find', 'serverStatus'] }),
    role('monitor@admin', { cluster: ['serverStatus'] }),
  ],
  users: ['one', 'named', 'every', 'any', 'monitor'].map((name) => user(`${name}@x`, [`${name}@admin`])),
  unreadable: [],
};

for (const [action, namespace, ...able] of [
  ['find', 'audit.logs', 'named', 'every', 'any', 'one'],
  ['find', '*.logs', 'named', 'every', 'any'],
  ['find', 'audit.*', 'every', 'any'],
  ['find', '*.*', 'every', 'any'],
  ['find', 'any', 'any'],
  ['serverStatus', 'any', 'any'],
  ['serverStatus', '*.*', 'any', 'monitor'],
  ['serverStatus', 'cluster', 'any', 'monitor'],
] as const) {
  test(`${action} on ${namespace} is asked of those who hold it there: ${able.join(', ')}`, () => {
    const { principals } = whoCan(STATE, readQuestion(action, namespace, STATE));
    assert.deepEqual(principals.map((principal) => principal.user.user).sort(), [...able].sort());
  });
}

test('whoever grants something on the buckets of a collection is named, since it may be a time series', () => {
  const backup = role('backup@admin', { 'system_buckets *.*': ['find'] });
  const thinner = role('thinner@audit', { 'system_buckets audit.logs': ['remove'] });
  const state: ClusterState = {
    ...STATE,
    roles: [backup, thinner],
    users: [user('jo@audit', ['thinner@audit'])],
    databases: [{ name: 'audit', collections: [{ name: 'logs', type: 'collection', options: {}, indexes: [] }] }],
  };
  const { notes } = readQuestion('alter', 'audit.logs', state);
  assert.deepEqual(notes, [
    'thinner@audit grants something on the buckets of audit.logs, which is answered as a plain collection: if it is a time series, ask about audit.system.buckets.logs too',
  ]);
  const { principals } = whoCan(state, readQuestion('alter', 'audit.system.buckets.logs', state));
  assert.deepEqual(
    principals.map(({ path }) => path),
    [['jo@audit', 'thinner@audit']],
  );
});

/** Accounts that a shard has for itself: they count in every answer about who can. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readQuestion } from '../../src/access/question.ts';
import { violationsOf } from '../../src/access/violations.ts';
import { whoCan } from '../../src/access/who.ts';
import type { Shard } from '../../src/state/shards.ts';
import { formatSnapshot, parseSnapshot } from '../../src/state/snapshot.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { intent, role, user } from '../support/build.ts';

const NOBODY: ClusterState = {
  server: { version: '8.0.30', edition: 'community', topology: 'sharded' },
  roles: [],
  users: [user('writer@audit', [])],
  databases: [{ name: 'audit', collections: [{ name: 'logs', type: 'collection', options: {}, indexes: [] }] }],
  objects: [],
  unreadable: [],
};

const cleaner = role('cleaner@admin', { 'audit.logs': ['remove'] });
const SEEN: Shard = { name: 'sh1', users: [user('maintenance@admin', ['cleaner@admin'])], roles: [cleaner] };
const UNSEEN: Shard = { name: 'sh0', why: 's0:27018 refuses this login' };

function who(shards: readonly Shard[] | undefined) {
  const state = { ...NOBODY, ...(shards && { shards }) };
  const { principals, unenumerable } = whoCan(state, readQuestion('alter', 'audit.logs', state));
  return {
    principals: principals.map(({ shard, path }) => [shard, path.join(' → ')]),
    unenumerable: unenumerable.filter((who) => who.includes('shard')),
  };
}

test('an account of a shard is one of those who can, with its shard', () => {
  assert.deepEqual(who([SEEN]), {
    principals: [['sh1', 'maintenance@admin → cleaner@admin']],
    unenumerable: [],
  });
});

test('a shard that could not be looked into is named with the reason', () => {
  assert.deepEqual(who([UNSEEN]), {
    principals: [],
    unenumerable: ['accounts made on shard sh0 directly, which act on it past mongos: s0:27018 refuses this login'],
  });
});

test('where shards are unknown, accounts on them are said to be unknown', () => {
  assert.deepEqual(who(undefined), {
    principals: [],
    unenumerable: ['accounts made on a shard directly: they act on that shard past mongos'],
  });
});

test('on a shard there is applyOps, which no mongos has', () => {
  const held = { 'audit.logs': ['insert'], cluster: ['applyOps'] };
  const shard = { name: 'sh1', users: [user('m@admin', ['r@admin'])], roles: [role('r@admin', held)] };
  assert.deepEqual(who([shard]).principals, [['sh1', 'm@admin → r@admin']]);
});

test('with internal alone an account of a shard drops what lies there, reads and changes it', () => {
  const shard = {
    name: 'sh1',
    users: [user('m@admin', ['r@admin'])],
    roles: [role('r@admin', { cluster: ['internal'] })],
  };
  const state = { ...NOBODY, shards: [shard] };
  const can = (outcome: string) => whoCan(state, readQuestion(outcome, 'audit.logs', state)).principals.length;
  assert.deepEqual(['read', 'alter', 'destroy', 'unseal'].map(can), [1, 1, 1, 1]);
  const old = { ...state, server: { ...state.server, version: '5.1.0' } };
  const { principals } = whoCan(old, readQuestion('alter', 'audit.logs', old));
  assert.deepEqual(
    principals.map(({ technique }) => technique.id),
    ['shard-internal-drop'],
  );
});

test('an account of a shard breaks a protection, and no migration mends it', () => {
  const trail = intent('collections: { audit.logs: { protection: append-only } }');
  const [violation, ...others] = violationsOf([trail], { ...NOBODY, shards: [SEEN, UNSEEN] });
  assert.deepEqual(others, []);
  assert.equal(violation?.shard, 'sh1');
  assert.equal(violation?.target, 'maintenance@admin of shard sh1');
  assert.match(violation?.fact ?? '', /^on shard sh1, past every mongos, maintenance@admin can alter audit\.logs/);
  assert.equal(
    violation?.advice,
    'change or drop the account there: a migration changes the accounts of the cluster only',
  );
});

test('a snapshot keeps what was seen of the shards', () => {
  const state = { ...NOBODY, shards: [UNSEEN, SEEN] };
  assert.deepEqual(parseSnapshot(formatSnapshot(state)).shards, [UNSEEN, SEEN]);
});

/** Accounts that a shard has for itself: they count in every answer about who can. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readQuestion } from '../../src/access/question.ts';
import { violationsOf } from '../../src/access/violations.ts';
import { whoCan } from '../../src/access/who.ts';
import { whoTable } from '../../src/access/who-table.ts';
import { driftReport } from '../../src/drift/report.ts';
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

test('an account of a shard sees values of the shard key in what the shard keeps of the chunks', () => {
  const shard = {
    name: 'sh1',
    users: [user('c@admin', ['cache@admin']), user('v@admin', ['version@admin'])],
    roles: [
      role('cache@admin', { 'config.cache.chunks.audit.logs': ['find'] }),
      role('version@admin', { 'audit.logs': ['getShardVersion'] }),
    ],
  };
  const can = (version: string) => {
    const state = { ...NOBODY, server: { ...NOBODY.server, version }, shards: [shard] };
    const { principals } = whoCan(state, readQuestion('read', 'audit.logs', state));
    return principals.map(({ technique }) => technique.id);
  };
  assert.deepEqual(can('7.0.40'), ['chunk-cache', 'shard-version']);
  assert.deepEqual(can('8.3.8'), ['chunk-cache']);
});

const HERE: Shard = { name: 'sh1', users: [], roles: [] };

test('a role of a shard that a group could be given is one of those who can, as it is in a violation', () => {
  const shard = { ...HERE, roles: [cleaner] };
  const state = { ...NOBODY, shards: [shard] };
  const { principals } = whoCan(state, readQuestion('alter', 'audit.logs', state));
  assert.deepEqual(
    principals.map(({ role, shard, path }) => [role, shard, path]),
    [[{ role: 'cleaner', db: 'admin' }, 'sh1', ['cleaner@admin']]],
  );
  const trail = intent('collections: { audit.logs: { protection: append-only } }');
  assert.deepEqual(
    violationsOf([trail], state).map(({ target }) => target),
    ['cleaner@admin of shard sh1'],
  );
});

test('a role that an account of a shard holds and nothing defines there is unknown, and said to be', () => {
  const state = { ...NOBODY, shards: [{ ...HERE, users: [user('m@admin', ['lost@shop'])] }] };
  const said = [{ what: 'shards.sh1.roles.lost@shop', why: 'it is granted, and not defined in what was read' }];
  assert.deepEqual(whoCan(state, readQuestion('alter', 'audit.logs', state)).unreadable, said);
  const trail = intent('collections: { audit.logs: { protection: append-only } }');
  assert.deepEqual(driftReport(trail, state, { today: '2026-11-23' }).unreadable, said);
});

test('two accounts of a shard read by a view, and not one of the shard with one of the cluster', () => {
  const definer = role('definer@admin', { 'audit.v': ['createCollection'] });
  const reader = role('reader@admin', { 'audit.v': ['find'] });
  const both = {
    ...HERE,
    users: [user('d@admin', ['definer@admin']), user('r@admin', ['reader@admin'])],
    roles: [definer, reader],
  };
  const together = (state: ClusterState) => whoCan(state, readQuestion('read', 'audit.logs', state)).together;
  assert.deepEqual(together({ ...NOBODY, shards: [both] }), [
    { definers: ['d@admin'], readers: ['r@admin'], view: 'audit.v', shard: 'sh1' },
  ]);
  const apart = { ...NOBODY, users: [user('d@admin', ['definer@admin'])], roles: [definer] };
  const shard = { ...HERE, users: [user('r@admin', ['reader@admin'])], roles: [reader] };
  assert.deepEqual(together({ ...apart, shards: [shard] }), []);
});

test('a table counts the accounts of shards too', () => {
  const { rows, accounts } = whoTable({ ...NOBODY, shards: [SEEN] }, 'audit.logs');
  assert.deepEqual([rows.map(({ name, shard }) => [name, shard]), accounts], [[['maintenance@admin', 'sh1']], 2]);
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
    'Change or drop the account there: a migration changes the accounts of the cluster only',
  );
});

test('a snapshot keeps what was seen of the shards', () => {
  const state = { ...NOBODY, shards: [UNSEEN, SEEN] };
  assert.deepEqual(parseSnapshot(formatSnapshot(state)).shards, [UNSEEN, SEEN]);
});

test('dbCheck on a config server that is a shard shows keys, and beside other shards with issueDirectShardOperations', () => {
  const held = { any: ['dbCheck'], 'local.system.healthlog': ['find'] };
  const roles = [role('check@admin', held), role('direct@admin', { ...held, cluster: ['issueDirectShardOperations'] })];
  const users = [user('check@admin', ['check@admin']), user('direct@admin', ['direct@admin'])];
  const readers = (shards: readonly Shard[] | undefined) => {
    const server = { ...NOBODY.server, configShard: true };
    const state = { ...NOBODY, server, users, roles, ...(shards && { shards }) };
    return whoCan(state, readQuestion('read', 'audit.logs', state)).principals.map(({ user }) => user.user);
  };
  assert.deepEqual(readers([UNSEEN]), ['direct']);
  assert.deepEqual(readers([]), ['check', 'direct']);
  assert.deepEqual(readers(undefined), ['check', 'direct']);
});

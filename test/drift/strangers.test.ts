/** Who and what no policy declares, on the cluster and on its shards. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { driftReport } from '../../src/drift/report.ts';
import type { Shard } from '../../src/state/shards.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { intent, role, state, user } from '../support/build.ts';

const TODAY = '2026-11-23';

const INVENTORY = `inventory: closed
unmanaged: ["mms-*"]
breakGlass: [{ user: root@admin, reason: last resort, until: 2099-12-31 }]
collections: { audit.logs: { protection: append-only } }
roles: { app@shop: { privileges: [{ on: shop.orders, allow: [find] }] } }
users: { app@shop: { roles: [app@shop], password: { fromEnv: P } } }
`;

test('inventory: an account or role that no policy declares is drift where the inventory is closed, with what it can do', () => {
  const actual = state({
    roles: [
      { role: 'app', db: 'shop', privileges: [], roles: [] },
      { role: 'spare', db: 'admin', privileges: [], roles: [] },
      { role: 'backup', db: 'shop', privileges: [], roles: [] },
    ],
    users: [
      ...['app@shop', 'eve@admin', 'ann@admin', 'root@admin', 'mms-agent@admin'].map((name) => {
        const [user = '', db = ''] = name.split('@');
        return { user, db, roles: name === 'ann@admin' ? [] : [{ role: 'readWrite', db: 'audit' }] };
      }),
    ],
  });
  const told = (policy: string, policies = [policy]): string[] =>
    driftReport(intent(policy), actual, { today: TODAY, policies: policies.map((text) => intent(text)) })
      .findings.filter(({ kind }) => kind === 'stranger')
      .map(({ severity, message }) => `${severity} ${message}`);
  assert.deepEqual(told(INVENTORY), [
    'error no policy declares the account ann@admin: it holds no role. Declare it, drop it, or name it under unmanaged',
    'error no policy declares the role backup@shop: no account holds it. Declare it, or drop it',
    'error no policy declares the account eve@admin: it holds readWrite@audit, and it can alter and destroy audit.logs. Declare it, drop it, or name it under unmanaged',
    'error no policy declares the role spare@admin: no account holds it. Declare it, or drop it',
    'info others manage mms-agent@admin: it holds readWrite@audit, and it can alter and destroy audit.logs',
  ]);
  assert.deepEqual(told(INVENTORY.replace('inventory: closed\n', '')), []);
  const other = 'roles: { spare@admin: {} }\nusers: { ann@admin: { roles: [], password: { fromEnv: P } } }\n';
  assert.equal(told(INVENTORY, [INVENTORY, other]).length, 3);
});

const TELL = `inventory: closed
unmanaged: ["mms-*"]
breakGlass: [{ user: root@admin, reason: last resort, until: 2099-12-31 }]
roles: { watcher@admin: { privileges: [{ on: shop.orders, allow: [find] }] } }
users: { watch@admin: { roles: [watcher@admin], password: { fromEnv: P } } }
`;
const WATCHER = role('watcher@admin', { 'shop.orders': ['find'] });
const NO_MIGRATION = 'No migration changes what a shard has for itself: drop it there';

/** What is told of a sharded cluster whose policy is carried out, and whose shards have that. */
function onShards(shards: readonly Shard[], policy = TELL): readonly string[] {
  const actual: ClusterState = {
    ...state({ roles: [WATCHER], users: [user('watch@admin', ['watcher@admin'])] }),
    server: { version: '8.0.30', edition: 'community', topology: 'sharded' },
    shards,
  };
  return driftReport(intent(policy), actual, { today: TODAY })
    .findings.filter(({ kind }) => kind === 'stranger')
    .map(({ severity, target, message }) => `${severity} ${target}: ${message}`);
}

test('an account or role that a shard has for itself is a stranger there, and is named with its shard', () => {
  const eve = user('eve@admin', ['spare@admin']);
  const shards = [
    {
      name: 's0',
      users: [eve, user('mms-agent@admin', [])],
      roles: [role('spare@admin', { 'shop.orders': ['find'] })],
    },
    { name: 's1', users: [user('ann@shop', [])], roles: [] },
  ];
  assert.deepEqual(onShards(shards), [
    `error ann@shop of shard s1: no policy declares the account ann@shop of shard s1: it holds no role. ${NO_MIGRATION}, or name it under breakGlass or unmanaged`,
    `error eve@admin of shard s0: no policy declares the account eve@admin of shard s0: it holds spare@admin. ${NO_MIGRATION}, or name it under breakGlass or unmanaged`,
    `error spare@admin of shard s0: no policy declares the role spare@admin of shard s0: held by eve@admin. ${NO_MIGRATION}`,
    'info mms-agent@admin of shard s0: others manage mms-agent@admin of shard s0: it holds no role',
  ]);
  assert.deepEqual(onShards(shards, TELL.replace('inventory: closed\n', '')), []);
});

test('what a shard has by a declared name is no stranger, as long as it is no more than the cluster has by it', () => {
  const roots = user('root@admin', ['root@admin']);
  assert.deepEqual(
    onShards([{ name: 's0', users: [roots, user('watch@admin', ['watcher@admin'])], roles: [WATCHER] }]),
    [],
  );
  const more = role('watcher@admin', { 'shop.orders': ['find', 'remove'] });
  const found = onShards([{ name: 's0', users: [user('watch@admin', ['watcher@admin', 'read@shop'])], roles: [more] }]);
  assert.deepEqual(
    found.map((line) => line.split(':')[0]),
    ['error watch@admin of shard s0', 'error watcher@admin of shard s0'],
  );
});

test('a shard that nobody could look into has no strangers that are told', () => {
  assert.deepEqual(onShards([{ name: 's0', why: 's0:27018 refuses this login' }]), []);
});

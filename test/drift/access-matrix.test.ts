import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClusterState } from '../../src/state/state.ts';
import { collection, intent, role, state, user } from '../support/build.ts';
import { matrixOf } from '../support/drift.ts';

/** `account relation: place outcome decision, …`, of those that can anything. */
function told(policy: string, actual: Partial<ClusterState>): readonly string[] {
  const { places, accounts } = matrixOf(intent(policy), state(actual));
  return accounts.flatMap(({ account, relation, cells }) => {
    const can = cells.flatMap((cell, at) =>
      cell.map(({ outcome, decision }) => `${places[at]} ${outcome} ${decision}`),
    );
    return can.length === 0 ? [] : [`${account} ${relation}: ${can.join(', ')}`];
  });
}

test('what the policy rules out is broken, whether a protection, an access or a restriction of the database says so', () => {
  const actual = {
    users: [user('app@admin', ['app@audit'])],
    roles: [role('app@audit', { 'audit.logs': ['find', 'remove'] })],
    databases: [{ name: 'audit', collections: [collection('logs')] }],
  };
  const can = (policy: string): readonly string[] => told(policy, actual);
  assert.deepEqual(can('collections: { audit.logs: { protection: append-only } }\n'), [
    'app@admin other: audit.logs read allowed, audit.logs alter broken',
  ]);
  assert.deepEqual(can('collections: { audit.logs: { access: { read: [a@admin] } } }\n'), [
    'app@admin other: audit.logs read broken, audit.logs alter allowed',
  ]);
  const restriction = 'restrictions: [{ users: "*", on: audit.*, deny: [read] }]\n';
  assert.deepEqual(can(restriction), ['app@admin other: audit.* read broken, audit.* alter allowed']);
  assert.deepEqual(can(`collections: { audit.logs: { protection: append-only } }\n${restriction}`), [
    'app@admin other: audit.logs read broken, audit.logs alter broken',
  ]);
});

test('an account is exempt to the end of its day, and an account like any other after it', () => {
  const actual = { users: [user('root@admin', ['readWrite@audit'])] };
  const can = (until: string): readonly string[] =>
    told(
      `collections: { audit.logs: { protection: read-only } }\nbreakGlass: [{ user: root@admin, reason: owner, until: ${until} }]\n`,
      actual,
    );
  assert.match(can('2026-11-23')[0] ?? '', /^root@admin exempt: audit\.logs read exempt, audit\.logs insert exempt/);
  assert.match(can('2026-11-22')[0] ?? '', /^root@admin other: audit\.logs read allowed, audit\.logs insert broken/);
});

test('a role that a group could be given stands for whoever is given it', () => {
  assert.deepEqual(
    told('collections: { audit.logs: { protection: append-only } }\n', {
      roles: [role('ldap@admin', { 'audit.logs': ['update'] })],
    }),
    ['ldap@admin group: audit.logs read allowed, audit.logs alter broken'],
  );
});

test('where accounts are unknown nobody is listed', () => {
  const { accounts } = matrixOf(intent('collections: { audit.logs: { protection: append-only } }\n'), {
    ...state(),
    users: undefined,
  } as unknown as ClusterState);
  assert.deepEqual(accounts, []);
});

test('accounts that shards have for themselves stand apart from those of the cluster', () => {
  const shards = [
    {
      name: 's1',
      users: [user('app@admin', ['cleaner@admin'])],
      roles: [role('cleaner@admin', { 'audit.logs': ['remove'] })],
    },
  ];
  const server = { version: '8.0.30', edition: 'community', topology: 'sharded' } as const;
  assert.deepEqual(
    told('collections: { audit.logs: { protection: append-only } }\n', { server, shards, users: [user('app@admin')] }),
    ['app@admin of shard s1 shard: audit.logs read allowed, audit.logs alter broken'],
  );
  const policy = intent('collections: { audit.logs: { protection: append-only } }\n');
  assert.deepEqual(matrixOf(policy, state({ server, shards })).unseen, []);
  assert.equal(matrixOf(policy, state({ server })).unseen.length, 1);
});

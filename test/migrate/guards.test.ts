import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../src/failure.ts';
import type { Operator } from '../../src/migrate/cluster.ts';
import { guard } from '../../src/migrate/guards.ts';
import { roleGraph } from '../../src/model/graph.ts';
import { makePlan } from '../../src/plan/plan.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { intent, owned, ref, role, state, user } from '../support/build.ts';

/** The account as the server would show it to itself. */
function operator(name: string, { roles, users, server }: ClusterState): Operator {
  const found = users?.find(({ user: plain, db }) => `${plain}@${db}` === name);
  assert.ok(found);
  return {
    user: found,
    roles: found.roles,
    privileges: roleGraph(roles ?? [], server.version).privileges(found.roles),
  };
}

/** What stops the policy from being applied by that account; nothing if it may. */
function stopped(policy: string, actual: ClusterState, by: string): Pick<Failure, 'message' | 'details'> | undefined {
  const { operations, desired } = makePlan(intent(policy), actual, { prune: true });
  try {
    guard({ operations, actual, desired }, operator(by, actual));
    return undefined;
  } catch (error) {
    assert.ok(error instanceof Failure);
    return { message: error.message, details: error.details };
  }
}

const OWN = { 'mongoward.locks': ['find', 'insert', 'update'], 'mongoward.migrations': ['find', 'insert', 'update'] };
const ADMINISTRATOR = user('admin@admin', ['userAdminAnyDatabase@admin']);
const ROLE = 'roles: { new@shop: { privileges: [{ on: shop.a, allow: [find] }] } }';

test('an account with exactly the privileges that the plan needs may apply it', () => {
  const mine = role('migrator@admin', { ...OWN, 'mongoward.objects': ['insert', 'update', 'remove'] }, [
    'userAdmin@shop',
  ]);
  const actual = state({ roles: [mine], users: [ADMINISTRATOR, user('migrator@admin', ['migrator@admin'])] });
  assert.equal(stopped(ROLE, actual, 'migrator@admin'), undefined);
});

/** What of a policy an old release lacks, and a newer one has. */
const LACKED: readonly (readonly [policy: string, old: string, newer: string, message: string, detail: string])[] = [
  [
    'roles: { new@admin: { privileges: [{ on: cluster, allow: [setUserWriteBlockMode, serverStatus] }] } }',
    '5.0.4',
    '6.0.4',
    'MongoDB 5.0.4 does not have an action that this grants',
    'new@admin: setUserWriteBlockMode',
  ],
  [
    'users: { new@admin: { roles: [searchCoordinator@admin, read@shop] } }',
    '7.0.4',
    '8.3.0',
    'MongoDB 7.0.4 does not have a role that this grants',
    'new@admin: searchCoordinator@admin',
  ],
  [
    'roles: { new@admin: { privileges: [{ on: { db: shop, system_buckets: x }, allow: [find] }] } }',
    '4.4.4',
    '5.0.4',
    'MongoDB 4.4.4 has no time series, and no privileges on buckets',
    'new@admin: system_buckets shop.x',
  ],
];

for (const [policy, old, newer, message, detail] of LACKED) {
  test(`before anything is written it says: ${message}`, () => {
    const there = state({ users: [ADMINISTRATOR, user('root@admin', ['root@admin'])] });
    const of = (version: string) => ({ ...there, server: { ...there.server, version } });
    assert.deepEqual(stopped(policy, of(old), 'root@admin'), { message, details: [detail] });
    assert.equal(stopped(policy, of(newer), 'root@admin'), undefined);
  });
}

test('privileges that are lacking are all named before anything is written', () => {
  const actual = state({ users: [ADMINISTRATOR, user('poor@admin', ['read@shop'])] });
  assert.deepEqual(stopped(ROLE, actual, 'poor@admin'), {
    message: 'poor@admin lacks privileges that this needs',
    details: [
      'createRole on database shop',
      'find on mongoward.locks',
      'find on mongoward.migrations',
      'grantRole on database shop',
      'insert on mongoward.locks',
      'insert on mongoward.migrations',
      'insert on mongoward.objects',
      'update on mongoward.locks',
      'update on mongoward.migrations',
      'update on mongoward.objects',
    ],
  });
});

test('a plan that takes from its operator what finishing or undoing needs is refused', () => {
  const actual = state({ users: [ADMINISTRATOR, user('me@admin', ['root@admin'])] });
  const found = stopped('users: { me@admin: { roles: [read@shop], password: { fromEnv: P } } }', actual, 'me@admin');
  assert.equal(
    found?.message,
    'this takes away what me@admin needs to finish and to undo it, and this runs as that account',
  );
  assert.ok(found.details.includes('grantRole on database admin'));
});

test('what is taken from another account, or kept through another role, stops nothing', () => {
  const actual = state({ users: [ADMINISTRATOR, user('me@admin', ['root@admin']), user('you@admin', ['root@admin'])] });
  assert.equal(stopped('users: { you@admin: { roles: [], password: { fromEnv: P } } }', actual, 'me@admin'), undefined);
  const heir = 'roles: { all@admin: { roles: [root@admin] } }\nusers: { me@admin: { roles: [all@admin] } }';
  assert.equal(stopped(heir, actual, 'me@admin'), undefined);
});

test('the last account that may administer users keeps that', () => {
  // Its rights come from outside: no user of the cluster is left who may grant roles.
  const actual = state({ users: [ADMINISTRATOR], roles: [], objects: [owned('user', 'admin@admin')] });
  const outside: Operator = {
    user: { user: 'me', db: '$external' },
    roles: [ref('root@admin')],
    privileges: roleGraph([], actual.server.version).privileges([ref('root@admin')]),
  };
  const { operations, desired } = makePlan(intent(''), actual, { prune: true });
  assert.deepEqual(
    operations.map(({ id }) => id),
    ['dropUser admin@admin', 'forgetObject user admin@admin'],
  );
  assert.throws(() => guard({ operations, actual, desired }, outside), {
    message: 'nobody could administer users after this',
    details: ['admin@admin could until now'],
  });
});

test('where the server wants no login, there is nothing to judge', () => {
  const actual = state({ users: [] });
  const { operations, desired } = makePlan(intent(ROLE), actual);
  assert.doesNotThrow(() => guard({ operations, actual, desired }, undefined));
});

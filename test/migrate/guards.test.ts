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
function operator(name: string, { roles, users, server }: ClusterState, address?: string): Operator {
  const found = users?.find(({ user: plain, db }) => `${plain}@${db}` === name);
  assert.ok(found);
  return {
    user: found,
    roles: found.roles,
    privileges: roleGraph(roles ?? [], server.version).privileges(found.roles),
    ...(address !== undefined && { address }),
  };
}

/** What stops the policy from being applied by that account; nothing if it may. */
function stopped(
  policy: string,
  actual: ClusterState,
  by: string,
  from?: string,
): Pick<Failure, 'message' | 'details'> | undefined {
  const { operations, desired } = makePlan(intent(policy), actual, { prune: true });
  try {
    guard({ operations, actual, desired }, operator(by, actual, from));
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

test('an operator that never had what taking back needs is told of that, and not of a loss', () => {
  const mine = role('mine@admin', {
    ...OWN,
    'mongoward.objects': ['insert', 'update', 'remove'],
    'admin.*': ['createRole', 'grantRole', 'revokeRole'],
  });
  const actual = state({ roles: [mine], users: [ADMINISTRATOR, user('me@admin', ['mine@admin'])] });
  const found = stopped('roles: { new@admin: {} }', actual, 'me@admin');
  assert.equal(found?.message, 'me@admin lacks what taking this back needs');
  assert.deepEqual(found.details, ['dropRole on database admin']);
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

test('whoever applies keeps the password by which it is logged in', () => {
  const actual = state({
    users: [ADMINISTRATOR, user('boss@admin', ['root@admin']), user('other@admin', ['root@admin'])],
  });
  const policy = intent('users: { boss@admin: { roles: [root@admin], password: { fromEnv: P } } }');
  const { operations, desired } = makePlan(policy, actual, { rotate: [{ user: 'boss', db: 'admin' }] });
  const by = (name: string) => () => guard({ operations, actual, desired }, operator(name, actual));
  assert.throws(by('boss@admin'), { message: "boss@admin can't set its own password while this runs as boss@admin" });
  assert.doesNotThrow(by('other@admin'));
});

/** Policies after which `boss@admin` may log in from one place alone, and what is said of that place. */
const GATED: Readonly<Record<string, readonly [policy: string, only: string]>> = {
  'its own address': [
    'users: { boss@admin: { roles: [root@admin], clientSource: [10.9.0.0/16] } }',
    'only from 10.9.0.0/16',
  ],
  'a role that it is given': [
    `roles: { gate@shop: { clientSource: [10.9.0.0/16] } }
users: { boss@admin: { roles: [root@admin, gate@shop] } }`,
    'only from 10.9.0.0/16 (by gate@shop)',
  ],
};
const BOSS = state({ users: [ADMINISTRATOR, user('boss@admin', ['root@admin'])] });

for (const [what, [policy, only]] of Object.entries(GATED)) {
  test(`whoever applies is not shut out of where it is by ${what}`, () => {
    const message = 'boss@admin, which this runs as, could not log in from here afterwards';
    assert.deepEqual(stopped(policy, BOSS, 'boss@admin', '192.0.2.7'), {
      message,
      details: [`${only}; here is 192.0.2.7`],
    });
    assert.deepEqual(stopped(policy, BOSS, 'boss@admin'), {
      message,
      details: [`${only}; here is an address that the server does not tell`],
    });
    assert.equal(stopped(policy, BOSS, 'boss@admin', '10.9.1.1'), undefined);
  });
}

test('at which of its addresses a server is reached is not known: whoever applies is not bound to one', () => {
  const policy = 'users: { boss@admin: { roles: [root@admin], serverAddress: [192.0.2.7] } }';
  assert.deepEqual(stopped(policy, BOSS, 'boss@admin', '192.0.2.7')?.details, ['only to 192.0.2.7; here is 192.0.2.7']);
});

test('a gate that is there today, or opens, shuts nobody out', () => {
  const gated = {
    ...user('boss@admin', ['root@admin']),
    authenticationRestrictions: [{ clientSource: ['10.9.0.0/16'] }],
  };
  const actual = state({ users: [ADMINISTRATOR, gated] });
  const policy = (source: string) =>
    `users: { boss@admin: { roles: [root@admin], clientSource: [${source}] } }\n${ROLE}`;
  for (const source of ['10.9.0.0/16', '10.0.0.0/8', '0.0.0.0/0']) {
    assert.equal(stopped(policy(source), actual, 'boss@admin'), undefined, source);
  }
  assert.notEqual(stopped(policy('10.9.1.0/24'), actual, 'boss@admin'), undefined);
});

test('somebody who administers users may still log in from where it is today', () => {
  const mine = role('gatekeeper@admin', {
    ...OWN,
    'mongoward.objects': ['insert', 'update', 'remove'],
    'admin.*': ['changePassword', 'setAuthenticationRestriction', 'viewUser'],
  });
  const actual = state({
    roles: [mine],
    users: [ADMINISTRATOR, user('boss@admin', ['root@admin']), user('me@admin', ['gatekeeper@admin'])],
  });
  const gate = (name: string, held: string) => `  ${name}: { roles: [${held}], clientSource: [10.9.0.0/16] }\n`;
  const one = `users:\n${gate('boss@admin', 'root@admin')}`;
  assert.equal(stopped(one, actual, 'me@admin', '192.0.2.7'), undefined);
  const both = `${one}${gate('admin@admin', 'userAdminAnyDatabase@admin')}`;
  assert.deepEqual(stopped(both, actual, 'me@admin', '192.0.2.7'), {
    message: 'whoever administers users could log in only from elsewhere after this',
    details: ['admin@admin only from 10.9.0.0/16', 'boss@admin only from 10.9.0.0/16'],
  });
  assert.equal(stopped(both, actual, 'me@admin', '10.9.1.1'), undefined);
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

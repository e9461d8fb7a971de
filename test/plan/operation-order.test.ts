import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderOperations, wavesOf } from '../../src/plan/operation-order.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { collection, intent, owned, role, state, ttl, user } from '../support/build.ts';

const ids = (policy: string, actual = state(), prune = false): readonly string[] =>
  makePlan(intent(policy), actual, { prune }).operations.map(({ id }) => id);

test('every kind of operation has its place: what others need first, what widens before what narrows, drops last', () => {
  const policy = `
roles:
  changed@admin: {privileges: [{on: x.y, allow: [find]}], roles: [new@admin], clientSource: [10.0.0.1]}
  new@admin: {}
users:
  changed@admin: {roles: [new@admin], customData: {team: a}}
  new@admin: {roles: [new@admin], password: {fromEnv: P}}
collections:
  x.new: {}
  x.old: {retention: forever, schema: {bsonType: object}}
`;
  const actual = state({
    roles: [role('changed@admin', { 'x.y': ['remove'] }, ['gone@admin']), role('gone@admin')],
    users: [user('changed@admin', ['gone@admin']), user('gone@admin')],
    databases: [{ name: 'x', collections: [collection('old', { indexes: [ttl(60)] })] }],
    objects: [owned('role', 'gone@admin'), owned('user', 'gone@admin')],
  });
  assert.deepEqual(ids(policy, actual, true), [
    'recordObject role changed@admin',
    'recordObject user changed@admin',
    'recordObject role new@admin',
    'recordObject user new@admin',
    'recordObject collection x.new',
    'recordObject collection x.old',
    'createCollection x.new',
    'dropIndex x.old.$ttl',
    'createRole new@admin',
    'grantPrivilegesToRole changed@admin',
    'grantRolesToRole changed@admin',
    'createUser new@admin',
    'grantRolesToUser changed@admin',
    'updateRole changed@admin',
    'updateUser changed@admin',
    'collMod x.old',
    'revokeRolesFromUser changed@admin',
    'revokeRolesFromRole changed@admin',
    'revokePrivilegesFromRole changed@admin',
    'dropUser gone@admin',
    'dropRole gone@admin',
    'forgetObject role gone@admin',
    'forgetObject user gone@admin',
  ]);
});

test('new roles come after those that they inherit, and otherwise by name', () => {
  const policy = `
roles:
  a@admin: {roles: [c@admin, b@admin]}
  b@admin: {roles: [z@admin]}
  c@admin: {}
  z@admin: {}
`;
  const created = ids(policy).filter((id) => id.startsWith('createRole'));
  assert.deepEqual(created, ['createRole c@admin', 'createRole z@admin', 'createRole b@admin', 'createRole a@admin']);
});

test('where two roles change places, the one that inherits lets go first', () => {
  const actual = state({
    roles: [role('a@admin', {}, ['b@admin']), role('b@admin')],
    objects: [owned('role', 'a@admin', false), owned('role', 'b@admin', false)],
  });
  const policy = 'roles: {a@admin: {privileges: [{on: x.y, allow: [find]}]}, b@admin: {roles: [a@admin]}}\n';
  assert.deepEqual(ids(policy, actual), [
    'grantPrivilegesToRole a@admin',
    'revokeRolesFromRole a@admin first',
    'grantRolesToRole b@admin',
  ]);
});

test('a revocation that closes no cycle comes in its usual phase, even from a role that lets go of another first', () => {
  const actual = state({
    roles: [role('a@admin', {}, ['b@admin', 'c@admin']), role('b@admin'), role('c@admin')],
    objects: [owned('role', 'a@admin', false), owned('role', 'b@admin', false)],
  });
  assert.deepEqual(ids('roles: {a@admin: {}, b@admin: {roles: [a@admin]}}\n', actual), [
    'revokeRolesFromRole a@admin first',
    'grantRolesToRole b@admin',
    'revokeRolesFromRole a@admin',
  ]);
});

test('dropped roles go before those that they inherit, and otherwise by name', () => {
  const actual = state({
    roles: [role('a@admin', {}, ['c@admin']), role('b@admin'), role('c@admin'), role('z@admin', {}, ['b@admin'])],
    objects: ['a', 'b', 'c', 'z'].map((name) => owned('role', `${name}@admin`)),
  });
  const dropped = ids('', actual, true).filter((id) => id.startsWith('dropRole'));
  assert.deepEqual(dropped, ['dropRole a@admin', 'dropRole z@admin', 'dropRole b@admin', 'dropRole c@admin']);
});

/** `r0000@admin` inherits `r0001@admin`, and so on. */
const CHAIN = Array.from({ length: 2000 }, (_, index) => `r${String(index).padStart(4, '0')}@admin`);

test('a long chain of new roles is made from its end', () => {
  const lines = CHAIN.map((name, index) => `  ${name}: {roles: [${CHAIN[index + 1] ?? 'read@app'}]}\n`);
  const created = ids(`roles:\n${lines.join('')}`).filter((id) => id.startsWith('createRole'));
  assert.deepEqual(
    created,
    CHAIN.toReversed().map((name) => `createRole ${name}`),
  );
});

test('a long chain of roles is dropped from its beginning', () => {
  const actual = state({
    roles: CHAIN.map((name, index) => role(name, {}, [CHAIN[index + 1] ?? 'read@app'])).toReversed(),
    objects: CHAIN.map((name) => owned('role', name)),
  });
  const dropped = ids('', actual, true).filter((id) => id.startsWith('dropRole'));
  assert.deepEqual(
    dropped,
    CHAIN.map((name) => `dropRole ${name}`),
  );
});

test('roles of a state made by hand that inherit each other are dropped all the same', () => {
  const actual = state({
    roles: [role('a@admin', {}, ['b@admin']), role('b@admin', {}, ['a@admin'])],
    objects: [owned('role', 'a@admin'), owned('role', 'b@admin')],
  });
  const dropped = ids('', actual, true).filter((id) => id.startsWith('dropRole'));
  assert.deepEqual([...dropped].sort(), ['dropRole a@admin', 'dropRole b@admin']);
});

test('the order in which operations are found does not count, but for the chain of one target', () => {
  const policy = `
roles: {b@admin: {}, a@admin: {roles: [b@admin]}}
users: {u@admin: {roles: [a@admin], password: {fromEnv: P}}}
collections: {x.y: {}}
`;
  const { operations } = makePlan(intent(policy), state());
  assert.deepEqual(orderOperations(operations.toReversed()), operations);
});

test('operations of one phase run side by side, unless one needs another: roles after those that they inherit, steps of one target in turn', () => {
  const policy = `
roles:
  heir@admin: {roles: [base@admin]}
  base@admin: {}
  other@admin: {}
  less@admin: {}
collections: {x.y: {}}
`;
  const actual = state({
    roles: [
      role('less@admin', { 'x.y': ['find'] }, ['read@x']),
      role('top@admin', {}, ['end@admin']),
      role('end@admin'),
    ],
    objects: [owned('role', 'less@admin'), owned('role', 'top@admin'), owned('role', 'end@admin')],
  });
  const { operations } = makePlan(intent(policy), actual, { prune: true });
  assert.deepEqual(
    wavesOf(operations).map((wave) => wave.map(({ id }) => id)),
    [
      [
        'recordObject role base@admin',
        'recordObject role heir@admin',
        'recordObject role other@admin',
        'recordObject collection x.y',
      ],
      ['createCollection x.y'],
      ['createRole base@admin', 'createRole other@admin'],
      ['createRole heir@admin'],
      ['revokeRolesFromRole less@admin'],
      ['revokePrivilegesFromRole less@admin'],
      ['dropRole top@admin'],
      ['dropRole end@admin'],
      ['forgetObject role end@admin', 'forgetObject role top@admin'],
    ],
  );
});

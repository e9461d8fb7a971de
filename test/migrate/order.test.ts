import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderOperations } from '../../src/migrate/order.ts';
import { makePlan } from '../../src/migrate/plan.ts';
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
  const order = ids(policy, actual);
  assert.deepEqual([...order].sort(), [
    'grantPrivilegesToRole a@admin',
    'grantRolesToRole b@admin',
    'revokeRolesFromRole a@admin',
  ]);
  assert.ok(order.indexOf('revokeRolesFromRole a@admin') < order.indexOf('grantRolesToRole b@admin'));
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

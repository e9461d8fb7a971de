import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makePlan } from '../../src/plan/plan.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { intent, owned, role, state, user } from '../support/build.ts';

/** `id: +actions on resource: accounts`, for each operation that moves access. */
function effects(policy: string, actual: ClusterState, prune = false): readonly string[] {
  return [...makePlan(intent(policy), actual, { prune }).effects].flatMap(([id, { gained, lost }]) =>
    [...gained.map((change) => ({ sign: '+', ...change })), ...lost.map((change) => ({ sign: '-', ...change }))].map(
      ({ sign, actions, resource, accounts, accountCount }) =>
        `${id}: ${sign}${actions.join(' ')} on ${resource}: ${accounts.join(' ')} (${accountCount})`,
    ),
  );
}

const HELD = state({
  roles: [role('a@admin', { 'x.y': ['find', 'remove'] }), role('heir@admin', {}, ['a@admin'])],
  users: [user('direct@admin', ['a@admin']), user('heir@admin', ['heir@admin']), user('none@admin')],
});

test('a privilege of a role is told for all who hold it, through others too', () => {
  assert.deepEqual(effects('roles: {a@admin: {privileges: [{on: x.y, allow: [find, insert]}]}}\n', HELD), [
    'grantPrivilegesToRole a@admin: +insert on x.y: direct@admin heir@admin (2)',
    'revokePrivilegesFromRole a@admin: -remove on x.y: direct@admin heir@admin (2)',
  ]);
});

test('a role that is made and given is told for the account that gets it', () => {
  const policy = `
roles: {b@admin: {privileges: [{on: x.y, allow: [insert]}]}}
users: {new@admin: {roles: [b@admin], password: {fromEnv: P}}, none@admin: {roles: [b@admin]}}
`;
  assert.deepEqual(effects(policy, HELD), [
    'createUser new@admin: +insert on x.y: new@admin (1)',
    'grantRolesToUser none@admin: +insert on x.y: none@admin (1)',
  ]);
});

test('what an account has by another role moves nothing', () => {
  const policy = `
roles: {b@admin: {privileges: [{on: x.y, allow: [find]}]}}
users: {direct@admin: {roles: [b@admin]}}
`;
  assert.deepEqual(effects(policy, HELD), ['revokeRolesFromUser direct@admin: -remove on x.y: direct@admin (1)']);
});

test('what leaves takes its access along', () => {
  const actual = state({
    roles: [role('a@admin', { 'x.y': ['find'] })],
    users: [user('u@admin', ['a@admin']), user('gone@admin', ['a@admin'])],
    objects: [owned('role', 'a@admin'), owned('user', 'gone@admin')],
  });
  assert.deepEqual(effects('', actual, true), [
    'revokeRolesFromUser u@admin: -find on x.y: u@admin (1)',
    'dropUser gone@admin: -find on x.y: gone@admin (1)',
  ]);
});

test('the first ten accounts are named, all are counted', () => {
  const names = Array.from({ length: 12 }, (_, index) => `u${String(index).padStart(2, '0')}@admin`);
  const actual = state({ roles: [role('a@admin')], users: names.map((name) => user(name, ['a@admin'])) });
  assert.deepEqual(effects('roles: {a@admin: {privileges: [{on: x.y, allow: [find]}]}}\n', actual), [
    `grantPrivilegesToRole a@admin: +find on x.y: ${names.slice(0, 10).join(' ')} (12)`,
  ]);
});

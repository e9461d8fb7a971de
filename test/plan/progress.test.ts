import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { User } from '../../src/model/role.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { differenceText, progressOf } from '../../src/plan/progress.ts';
import type { ClusterState, CollectionOptions, Index } from '../../src/state/state.ts';
import { collection, ID_INDEX, intent, owned, role, state, ttl, user } from '../support/build.ts';

/** The ids of what is left and of what somebody changed, when the plan for `before` meets `now`. */
function standing(policy: string, before: ClusterState, now: ClusterState, prune = false) {
  const { left, changed } = progressOf(makePlan(intent(policy), before, { prune }).operations, now);
  return { left: left.map(({ id }) => id), changed: changed.map(({ id }) => id) };
}

const RECORDED = [owned('role', 'a@admin', false)];
const of = (...grants: readonly string[]) =>
  state({ roles: [role('a@admin', grants.length > 0 ? { 'x.y': grants } : {})], objects: RECORDED });
const POLICY = 'roles: {a@admin: {privileges: [{on: x.y, allow: [insert]}]}}\n';

test('nothing done: everything is left', () => {
  assert.deepEqual(standing(POLICY, of('find'), of('find')), {
    left: ['grantPrivilegesToRole a@admin', 'revokePrivilegesFromRole a@admin'],
    changed: [],
  });
});

test('a run that stopped in the middle of a chain goes on there', () => {
  assert.deepEqual(standing(POLICY, of('find'), of('find', 'insert')), {
    left: ['revokePrivilegesFromRole a@admin'],
    changed: [],
  });
});

test('all done: nothing is left', () => {
  assert.deepEqual(standing(POLICY, of('find'), of('insert')), { left: [], changed: [] });
});

test('a role that is neither as before, nor as after, nor in between was changed by somebody', () => {
  const first = ['grantPrivilegesToRole a@admin'];
  for (const now of [of('find', 'remove'), of(), state({ objects: RECORDED })]) {
    assert.deepEqual(standing(POLICY, of('find'), now).changed, first);
  }
});

test('two spellings of the same role are the same role', () => {
  const stored = state({
    roles: [
      {
        ...role('a@admin'),
        privileges: [
          { resource: { db: 'x', collection: 'y' }, actions: ['insert'] },
          { resource: { db: 'x', collection: 'y' }, actions: ['find', 'find'] },
        ],
      },
    ],
    objects: RECORDED,
  });
  assert.deepEqual(standing(POLICY, of('find'), stored).left, ['revokePrivilegesFromRole a@admin']);
});

test('an object that somebody made meanwhile as the policy wants it is in place, another one was changed', () => {
  const recorded = [owned('role', 'a@admin')];
  const missing = state({ objects: recorded });
  const made = (action: string) => state({ roles: [role('a@admin', { 'x.y': [action] })], objects: recorded });
  assert.deepEqual(standing(POLICY, missing, made('insert')), { left: [], changed: [] });
  assert.deepEqual(standing(POLICY, missing, made('remove')).changed, ['createRole a@admin']);
});

test('a user that was made without saying its mechanisms is in place with those that the server chose', () => {
  const policy = 'users: {u@admin: {roles: [read@x], password: {fromEnv: P}}}\n';
  const objects = [owned('user', 'u@admin')];
  const now = state({
    users: [user('u@admin', ['read@x'], { mechanisms: ['SCRAM-SHA-1', 'SCRAM-SHA-256'] })],
    objects,
  });
  assert.deepEqual(standing(policy, state({ objects }), now), { left: [], changed: [] });
});

test("a collection's validation and each of its indexes progress on their own", () => {
  const policy = 'collections: {x.y: {retention: forever, schema: {bsonType: object}}}\n';
  const objects = [owned('collection', 'x.y', false)];
  const now = (options: CollectionOptions, ...indexes: readonly Index[]) =>
    state({ databases: [{ name: 'x', collections: [collection('y', { options, indexes })] }], objects });
  const before = now({}, ID_INDEX, ttl(60));
  const validator = { $jsonSchema: { bsonType: 'object' } };
  assert.deepEqual(standing(policy, before, before).left, ['dropIndex x.y.$ttl', 'collMod x.y']);
  assert.deepEqual(standing(policy, before, now({}, ID_INDEX)), { left: ['collMod x.y'], changed: [] });
  assert.deepEqual(standing(policy, before, now({ validator }, ID_INDEX, ttl(60))), {
    left: ['dropIndex x.y.$ttl'],
    changed: [],
  });
  assert.deepEqual(standing(policy, before, now({ validator: { a: 1 } }, ID_INDEX)).changed, ['collMod x.y']);
  assert.deepEqual(standing(policy, before, now({}, ID_INDEX, ttl(30))).changed, ['dropIndex x.y.$ttl']);
});

test('a drop whose object is gone is done; a record that somebody else wrote was changed', () => {
  const before = state({ roles: [role('a@admin')], objects: [owned('role', 'a@admin')] });
  assert.deepEqual(standing('', before, before, true).left, ['dropRole a@admin', 'forgetObject role a@admin']);
  assert.deepEqual(standing('', before, state({ objects: before.objects ?? [] }), true).left, [
    'forgetObject role a@admin',
  ]);
  assert.deepEqual(standing('', before, state(), true), { left: [], changed: [] });
  const theirs = state({ objects: [owned('role', 'a@admin', true, 'theirs')] });
  assert.deepEqual(standing('', before, theirs, true).changed, ['forgetObject role a@admin']);
});

test('a change of what is not in the plan does not matter', () => {
  const now = state({ ...of('find', 'insert'), users: [user('other@admin')] });
  assert.deepEqual(standing(POLICY, of('find'), now).changed, []);
});

test('of a target that somebody changed both sides are told, part by part, and of lists what the other side lacks', () => {
  const before = user('a@s', ['r@s', 'q@s'], { customData: { team: 'x' } });
  const operation = { id: '1', kind: 'updateUser', target: 'a@s' } as const;
  const after = user('a@s', ['r@s', 'q@s']);
  const change = { ...operation, before, after, reason: { text: '' }, effect: { gained: [], lost: [] } };
  const told = (...users: readonly User[]): string => differenceText(change, state({ users }));
  assert.equal(
    told(user('a@s', ['r@s', 'other@s'], { customData: { team: 'y' } })),
    'customData here {"team":"y"}, expected {"team":"x"}; roles here [{"db":"s","role":"other"}], expected [{"db":"s","role":"q"}]',
  );
  assert.equal(
    told(user('a@s', ['q@s'], { customData: { team: 'x' } })),
    'roles here nothing more, expected [{"db":"s","role":"r"}]',
  );
  assert.equal(told(), 'it is gone');
});

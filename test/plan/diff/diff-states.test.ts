import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Role, User } from '../../../src/model/role.ts';
import { diffStates } from '../../../src/plan/diff/diff-states.ts';
import type { Operation } from '../../../src/plan/operations/operation.ts';
import { policyLines } from '../../../src/plan/policy-lines.ts';
import type { ClusterState } from '../../../src/state/state.ts';
import { collection, ID_INDEX, intent, owned, role, state, ttl, user } from '../../support/build.ts';

const LINES = policyLines(
  intent(`
roles: {a@admin: {}}
users: {u@admin: {password: {fromEnv: P}}}
collections: {x.y: {}}
`),
);
const at = (line: number, path: string) => ({ file: 'policy.yaml', line, column: line === 6 ? 15 : 9, path });
const ROLE = { text: 'the policy says so', at: at(4, '/roles/a@admin') };
const USER = { text: 'the policy says so', at: at(5, '/users/u@admin') };
const COLLECTION = { text: 'the policy says so', at: at(6, '/collections/x.y') };
const LEFT = { text: 'the policy made it, and no longer names it' };
const NS = { db: 'x', collection: 'y' };

const diff = (actual: Partial<ClusterState>, desired: Partial<ClusterState>): readonly Operation[] =>
  diffStates(state(actual), state(desired), LINES);
const diffRole = (before: Role, after: Role) => diff({ roles: [before] }, { roles: [after] });
const diffUser = (before: User, after: User) => diff({ users: [before] }, { users: [after] });
const withCollection = (rest: Parameters<typeof collection>[1]): Partial<ClusterState> => ({
  databases: [{ name: 'x', collections: [collection('y', rest)] }],
});

const plain = role('a@admin');
const finds = role('a@admin', { 'x.y': ['find'] });
const inserts = role('a@admin', { 'x.y': ['insert'] });
const both = role('a@admin', { 'x.y': ['find', 'insert'] });
const inherits = role('a@admin', {}, ['b@admin']);
const restricted = { ...plain, authenticationRestrictions: [{ clientSource: ['10.0.0.1'] }] };

const onRole = (kind: string, before: Role, after: Role, rest: object = {}) => ({
  kind,
  before,
  after,
  id: `${kind} a@admin`,
  target: 'a@admin',
  reason: ROLE,
  ...rest,
});

test('a role that is missing is created', () => {
  assert.deepEqual(diff({}, { roles: [finds] }), [
    { kind: 'createRole', after: finds, id: 'createRole a@admin', target: 'a@admin', reason: ROLE },
  ]);
});

test('a role that is to go is dropped', () => {
  assert.deepEqual(diff({ roles: [finds] }, {}), [
    { kind: 'dropRole', before: finds, id: 'dropRole a@admin', target: 'a@admin', reason: LEFT },
  ]);
});

const ROLE_CHANGES: readonly (readonly [kind: string, before: Role, after: Role])[] = [
  ['grantPrivilegesToRole', plain, finds],
  ['revokePrivilegesFromRole', finds, plain],
  ['grantRolesToRole', plain, inherits],
  ['revokeRolesFromRole', inherits, plain],
  ['updateRole', plain, restricted],
  ['updateRole', restricted, plain],
];

for (const [kind, before, after] of ROLE_CHANGES) {
  test(`one facet of a role is one ${kind}`, () => {
    assert.deepEqual(diffRole(before, after), [onRole(kind, before, after)]);
  });
}

test('a role is widened before it is narrowed, each step from what the one before it left', () => {
  assert.deepEqual(diffRole(finds, inserts), [
    onRole('grantPrivilegesToRole', finds, both),
    onRole('revokePrivilegesFromRole', both, inserts),
  ]);
});

test('a role that another is to inherit in its stead is revoked early: both at once would be a cycle', () => {
  const b = (...inherited: readonly string[]) => role('b@admin', {}, inherited);
  const early = { id: 'revokeRolesFromRole a@admin first', early: true };
  assert.deepEqual(diff({ roles: [inherits, b()] }, { roles: [plain, b('a@admin')] }), [
    onRole('revokeRolesFromRole', inherits, plain, early),
    {
      ...onRole('grantRolesToRole', b(), b('a@admin')),
      id: 'grantRolesToRole b@admin',
      target: 'b@admin',
      reason: { text: 'what it refers to has left the policy "p"' },
    },
  ]);
});

test('an early revocation takes only what closes the cycle, after the privileges; the rest waits for the grants', () => {
  const before = role('a@admin', { 'x.y': ['find'] }, ['b@admin', 'c@admin']);
  const after = role('a@admin', { 'x.y': ['insert'] }, ['d@admin']);
  const others = [role('c@admin'), role('d@admin')];
  const operations = diff(
    { roles: [before, role('b@admin'), ...others] },
    { roles: [after, role('b@admin', {}, ['a@admin']), ...others] },
  );
  const step = (grants: readonly string[], ...inherited: readonly string[]) =>
    role('a@admin', { 'x.y': grants }, inherited);
  const steps = [
    before,
    step(['find', 'insert'], 'b@admin', 'c@admin'),
    step(['find', 'insert'], 'c@admin'),
    step(['find', 'insert'], 'c@admin', 'd@admin'),
    step(['find', 'insert'], 'd@admin'),
    after,
  ] as const;
  assert.deepEqual(
    operations.filter(({ target }) => target === 'a@admin'),
    [
      onRole('grantPrivilegesToRole', steps[0], steps[1]),
      onRole('revokeRolesFromRole', steps[1], steps[2], { id: 'revokeRolesFromRole a@admin first', early: true }),
      onRole('grantRolesToRole', steps[2], steps[3]),
      onRole('revokeRolesFromRole', steps[3], steps[4]),
      onRole('revokePrivilegesFromRole', steps[4], steps[5]),
    ],
  );
});

test('a cycle through a new role and through one that is only widened is found as well', () => {
  const actual = [inherits, role('b@admin'), role('c@admin')];
  const early = (...desired: readonly Role[]) =>
    diff({ roles: actual }, { roles: desired })
      .filter((operation) => operation.early === true)
      .map(({ id }) => id);
  const expected = ['revokeRolesFromRole a@admin first'];
  const through = (name: string) => [role('b@admin', {}, [name]), role(name, {}, ['a@admin'])];
  assert.deepEqual(early(plain, ...through('new@admin'), role('c@admin')), expected);
  assert.deepEqual(early(plain, ...through('c@admin')), expected);
});

test('a revocation that closes no cycle waits for the grants', () => {
  const early = diff(
    { roles: [inherits, role('b@admin'), role('c@admin')] },
    { roles: [role('a@admin', {}, ['c@admin']), role('b@admin'), role('c@admin')] },
  ).map(({ kind, early: first }) => `${kind} ${first ?? false}`);
  assert.deepEqual(early, ['grantRolesToRole false', 'revokeRolesFromRole false']);
});

const u = user('u@admin');
const reads = user('u@admin', ['read@x']);
const writes = user('u@admin', ['readWrite@x']);
const onUser = (kind: string, before: User, after: User, rest: object = {}) => ({
  kind,
  before,
  after,
  id: `${kind} u@admin`,
  target: 'u@admin',
  reason: USER,
  ...rest,
});

test('a user that is missing is created with a password that is still to be read', () => {
  assert.deepEqual(diff({}, { users: [reads] }), [
    {
      kind: 'createUser',
      after: reads,
      password: { fromEnv: 'P' },
      id: 'createUser u@admin',
      target: 'u@admin',
      reason: USER,
    },
  ]);
});

test('a user that is to go is dropped', () => {
  assert.deepEqual(diff({ users: [reads] }, {}), [
    { kind: 'dropUser', before: reads, id: 'dropUser u@admin', target: 'u@admin', reason: LEFT },
  ]);
});

const sha1 = { ...u, mechanisms: ['SCRAM-SHA-1'] };
const sha256 = { ...u, mechanisms: ['SCRAM-SHA-256'] };
const bothSha = { ...u, mechanisms: ['SCRAM-SHA-1', 'SCRAM-SHA-256'] };
const USER_CHANGES: readonly (readonly [what: string, kind: string, before: User, after: User, rest?: object])[] = [
  ['a role more', 'grantRolesToUser', u, reads],
  ['a role less', 'revokeRolesFromUser', reads, u],
  ['a mechanism less', 'updateUser', bothSha, sha1],
  ['another mechanism', 'updateUser', sha1, sha256, { password: { fromEnv: 'P' } }],
  ['custom data', 'updateUser', u, { ...u, customData: { team: 'a' } }],
  ['no custom data', 'updateUser', { ...u, customData: { team: 'a' } }, u],
  ['restrictions', 'updateUser', u, { ...u, authenticationRestrictions: [{ serverAddress: ['10.0.0.1'] }] }],
];

for (const [what, kind, before, after, rest] of USER_CHANGES) {
  test(`${what}: one ${kind}`, () => {
    assert.deepEqual(diffUser(before, after), [onUser(kind, before, after, rest)]);
  });
}

test('a user is changed in place, what it is given before what it loses', () => {
  const middle = user('u@admin', ['read@x', 'readWrite@x']);
  const after = { ...writes, customData: { team: 'a' } };
  assert.deepEqual(diffUser(reads, after), [
    onUser('grantRolesToUser', reads, middle),
    onUser('updateUser', middle, { ...middle, customData: { team: 'a' } }),
    onUser('revokeRolesFromUser', { ...middle, customData: { team: 'a' } }, after),
  ]);
});

const VALIDATION = { validator: { a: 1 }, validationLevel: 'strict', validationAction: 'error' };

test('a collection that is missing is created with its validator', () => {
  assert.deepEqual(diff({}, withCollection({ options: VALIDATION })), [
    {
      kind: 'createCollection',
      after: { ns: NS, ...VALIDATION },
      id: 'createCollection x.y',
      target: 'x.y',
      reason: COLLECTION,
    },
  ]);
});

test('another validator is one collMod', () => {
  assert.deepEqual(diff(withCollection({}), withCollection({ options: VALIDATION })), [
    {
      kind: 'collMod',
      before: { ns: NS },
      after: { ns: NS, ...VALIDATION },
      id: 'collMod x.y',
      target: 'x.y',
      reason: COLLECTION,
    },
  ]);
});

test('level and action come before a validator with encrypt, which the server judges by those that it finds', () => {
  const validator = { $jsonSchema: { properties: { a: { encrypt: { bsonType: 'int' } } } } };
  const old = { a: 1 };
  const sealed = { ...VALIDATION, validator };
  for (const weak of [{ validationAction: 'warn' }, { validationLevel: 'moderate' }]) {
    const steps = diff(withCollection({ options: { validator: old, ...weak } }), withCollection({ options: sealed }));
    assert.deepEqual(
      steps.map(({ id, before, after }) => [id, before, after]),
      [
        ['collMod x.y level', { ns: NS, validator: old, ...weak }, { ns: NS, ...sealed, validator: old }],
        ['collMod x.y', { ns: NS, ...sealed, validator: old }, { ns: NS, ...sealed }],
      ],
    );
  }
});

test("the server's defaults are no difference, nor is anything else that a policy can't own", () => {
  const defaults = { validator: {}, validationLevel: 'strict', validationAction: 'error' };
  assert.deepEqual(diff(withCollection({}), withCollection({ options: defaults })), []);
  assert.deepEqual(diff(withCollection({}), withCollection({ options: { collation: { locale: 'en' } } })), []);
  const reordered = { validator: { $jsonSchema: { required: ['a'], bsonType: 'object' } } };
  const ordered = { validator: { $jsonSchema: { bsonType: 'object', required: ['a'] } } };
  assert.deepEqual(diff(withCollection({ options: ordered }), withCollection({ options: reordered })), []);
});

test('an index that lets documents expire is dropped', () => {
  assert.deepEqual(diff(withCollection({ indexes: [ID_INDEX, ttl(60)] }), withCollection({})), [
    {
      kind: 'dropIndex',
      before: { ns: NS, index: ttl(60) },
      id: 'dropIndex x.y.$ttl',
      target: 'x.y.$ttl',
      reason: { ...COLLECTION, text: 'the index deletes documents after 60 s, and the policy keeps them longer' },
    },
  ]);
});

test('the record says what the policy makes, takes over and leaves', () => {
  const record = owned('role', 'a@admin');
  const taken = owned('role', 'a@admin', false);
  const about = { target: 'a@admin' };
  assert.deepEqual(diff({}, { objects: [record] }), [
    {
      kind: 'recordObject',
      after: record,
      id: 'recordObject role a@admin',
      ...about,
      reason: { text: 'the policy is about to make it' },
    },
  ]);
  assert.deepEqual(diff({ objects: [record] }, { objects: [taken] }), [
    {
      kind: 'recordObject',
      before: record,
      after: taken,
      id: 'recordObject role a@admin',
      ...about,
      reason: { text: 'it exists, and the policy takes it over' },
    },
  ]);
  assert.deepEqual(diff({ objects: [record] }, {}), [
    {
      kind: 'forgetObject',
      before: record,
      id: 'forgetObject role a@admin',
      ...about,
      reason: { text: 'it has left the policy "p"' },
    },
  ]);
});

test('what was taken over, has gone and is made again is recorded as made', () => {
  const taken = owned('role', 'a@admin', false);
  assert.deepEqual(diff({ objects: [taken] }, { objects: [owned('role', 'a@admin')] }), [
    {
      kind: 'recordObject',
      before: taken,
      after: owned('role', 'a@admin'),
      id: 'recordObject role a@admin',
      target: 'a@admin',
      reason: { text: 'the policy is about to make it' },
    },
  ]);
});

const FULL: Partial<ClusterState> = {
  roles: [finds],
  users: [reads],
  ...withCollection({}),
  objects: [owned('role', 'a@admin')],
};
const PARTS: readonly (readonly [part: keyof typeof FULL, kinds: readonly string[]])[] = [
  ['roles', ['recordObject', 'createCollection', 'createUser']],
  ['users', ['recordObject', 'createCollection', 'createRole']],
  ['databases', ['recordObject', 'createRole', 'createUser']],
  ['objects', ['createCollection', 'createRole', 'createUser']],
];

for (const [part, kinds] of PARTS) {
  test(`${part} that one of the two states does not know are not compared`, () => {
    const without = (full: ClusterState): ClusterState => {
      const { [part]: _unknown, ...rest } = full;
      return rest as ClusterState;
    };
    const kindsOf = (operations: readonly Operation[]) => operations.map(({ kind }) => kind);
    assert.deepEqual(kindsOf(diffStates(without(state()), state(FULL), LINES)), kinds);
    assert.deepEqual(kindsOf(diffStates(state(), without(state(FULL)), LINES)), kinds);
    assert.deepEqual(kindsOf(diffStates(without(state()), without(state(FULL)), LINES)), kinds);
  });
}

test('a role and a user of the same name are two', () => {
  const ids = diff({}, { objects: [owned('role', 'a@admin'), owned('user', 'a@admin')] }).map(({ id }) => id);
  assert.deepEqual(ids, ['recordObject role a@admin', 'recordObject user a@admin']);
});

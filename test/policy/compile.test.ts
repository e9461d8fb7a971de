import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Resource } from '../../src/model/resource.ts';
import { parsePolicyFile, policyNameOf } from '../../src/policy/compile.ts';
import { compile, intent, policyText, refs } from '../support/build.ts';

const ON: readonly (readonly [written: string, resource: Resource])[] = [
  ['audit.logs', { db: 'audit', collection: 'logs' }],
  ['audit.logs.old', { db: 'audit', collection: 'logs.old' }],
  ['audit.*', { db: 'audit', collection: '' }],
  ['"*.logs"', { db: '', collection: 'logs' }],
  ['"*.*"', { db: '', collection: '' }],
  ['cluster', { cluster: true }],
  ['any', { anyResource: true }],
  ['{db: audit, collection: logs}', { db: 'audit', collection: 'logs' }],
  ['{db: "", collection: ""}', { db: '', collection: '' }],
  ['{cluster: true}', { cluster: true }],
  ['{anyResource: true}', { anyResource: true }],
  ['{db: audit, system_buckets: logs}', { db: 'audit', system_buckets: 'logs' }],
  ['{system_buckets: logs}', { db: '', system_buckets: 'logs' }],
];

for (const [written, resource] of ON) {
  test(`on: ${written}`, () => {
    const { roles } = intent(`roles: {a@admin: {privileges: [{on: ${written}, allow: [find]}]}}\n`);
    assert.deepEqual(roles[0]?.role.privileges, [{ resource, actions: ['find'] }]);
  });
}

const ALLOW: readonly (readonly [written: string, actions: readonly string[]])[] = [
  ['insert-only', ['insert']],
  ['read-only', ['collStats', 'find', 'listIndexes']],
  ['insert-and-read', ['collStats', 'find', 'insert', 'listIndexes']],
  ['[remove, find, find]', ['find', 'remove']],
];

for (const [written, actions] of ALLOW) {
  test(`allow: ${written}`, () => {
    const { roles } = intent(`roles: {a@admin: {privileges: [{on: a.b, allow: ${written}}]}}\n`);
    assert.deepEqual(roles[0]?.role.privileges, [{ resource: { db: 'a', collection: 'b' }, actions }]);
  });
}

test('privileges on the same resource are one, each line keeps its place', () => {
  const { roles } = intent(
    'roles:\n  a@admin:\n    privileges:\n      - {on: a.b, allow: [insert]}\n      - {on: a.b, allow: [find]}\n',
  );
  assert.deepEqual(roles[0]?.role.privileges, [
    { resource: { db: 'a', collection: 'b' }, actions: ['find', 'insert'] },
  ]);
  assert.deepEqual(
    roles[0]?.grants.map(({ origin }) => origin().line),
    [6, 7],
  );
});

const DENY: readonly (readonly [written: string, outcomes: readonly string[]])[] = [
  ['[read]', ['read']],
  ['[write]', ['insert', 'alter', 'destroy', 'unseal', 'suppress']],
  ['[insert, write, insert]', ['insert', 'alter', 'destroy', 'unseal', 'suppress']],
];

for (const [written, outcomes] of DENY) {
  test(`deny: ${written}`, () => {
    const { restrictions } = intent(`restrictions: [{users: x@admin, on: a.b, deny: ${written}}]\n`);
    assert.deepEqual(restrictions[0]?.deny, outcomes);
  });
}

test('restrictions choose users by pattern, by what they hold, or by a list, and report unless told otherwise', () => {
  const { restrictions } = intent(
    'restrictions: [{users: ["app-*@admin", {holding: read@app}], on: [a.b, "c.*"], deny: [read], except: [x@admin]}]\n',
  );
  const [{ origin: _origin, ...restriction }] = restrictions as [(typeof restrictions)[number]];
  assert.deepEqual(restriction, {
    users: [
      { kind: 'pattern', pattern: 'app-*@admin' },
      { kind: 'holding', role: { role: 'read', db: 'app' } },
    ],
    except: [{ user: 'x', db: 'admin' }],
    on: ['a.b', 'c.*'],
    deny: ['read'],
    remedy: 'report',
  });
});

const RETENTION: readonly (readonly [written: string, retention: object])[] = [
  ['forever', {}],
  ['{atLeast: 90s}', { seconds: 90 }],
  ['{atLeast: 5m}', { seconds: 300 }],
  ['{atLeast: 2h}', { seconds: 7200 }],
  ['{atLeast: 365d}', { seconds: 31_536_000 }],
  ['{atLeast: 1w}', { seconds: 604_800 }],
  ['{atLeast: 1y}', { seconds: 31_536_000 }],
];

for (const [written, retention] of RETENTION) {
  test(`retention: ${written}`, () => {
    assert.deepEqual(intent(`collections: {a.b: {retention: ${written}}}\n`).collections[0]?.retention, retention);
  });
}

test('the policy owns no validator of a collection without a schema', () => {
  const [entry] = intent('collections: {a.b: {}}\n').collections;
  const { origin: _origin, ...rest } = entry ?? {};
  assert.deepEqual(rest, {
    ns: { db: 'a', collection: 'b' },
    protection: 'none',
    access: new Map(),
    remedy: 'report',
    dedicatedDatabase: false,
  });
});

test('restrictions on where a user may log in from are one, or a list', () => {
  const restrictionsOf = (written: string) =>
    intent(`users: {a@admin: {${written}}}\n`).users[0]?.user.authenticationRestrictions;
  assert.equal(restrictionsOf(''), undefined);
  assert.deepEqual(restrictionsOf('clientSource: [10.0.0.2, 10.0.0.1], serverAddress: ["::1"]'), [
    { clientSource: ['10.0.0.1', '10.0.0.2'], serverAddress: ['::1'] },
  ]);
  assert.deepEqual(
    restrictionsOf('authenticationRestrictions: [{serverAddress: [10.0.0.2]}, {clientSource: [10.0.0.1]}]'),
    [{ clientSource: ['10.0.0.1'] }, { serverAddress: ['10.0.0.2'] }],
  );
});

test('two files make one policy, with the description of the first that has one', () => {
  const { intent: made } = compile({
    'a.yaml': 'apiVersion: mongoward/v1\nmetadata: {name: p}\nroles: {a@admin: {}}\n',
    'b.yaml':
      'apiVersion: mongoward/v1\nmetadata: {name: p, description: Both.}\nusers: {u@admin: {roles: [a@admin]}}\n',
  });
  assert.equal(made?.description, 'Both.');
  assert.deepEqual(made?.files, ['a.yaml', 'b.yaml']);
  assert.deepEqual(made?.users[0]?.user.roles, refs('a@admin'));
  assert.equal(made?.users[0]?.origin().file, 'b.yaml');
});

test("a file's policy is known even if the rest of it is wrong", () => {
  const nameOf = (text: string) => policyNameOf(parsePolicyFile({ file: 'p.yaml', text }));
  assert.equal(nameOf(policyText('roles: 1\n', 'orders')), 'orders');
  assert.equal(nameOf('metadata: {name: 1}\n'), undefined);
  assert.equal(nameOf('- a\n'), undefined);
  assert.equal(nameOf('a: [\n'), undefined);
});

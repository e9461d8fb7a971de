import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalRole, canonicalRoleRefs, canonicalUser, subtractRoleRefs } from '../../src/model/role.ts';
import { privilege, ref, refs, role, user } from '../support/build.ts';

test('a role is merged, sorted, and says nothing that says nothing', () => {
  const written = {
    ...role('a@admin', {}, ['z@admin', 'b@app', 'b@app']),
    privileges: [privilege('a.x', 'remove'), privilege('a.x', 'find')],
    authenticationRestrictions: [],
    isBuiltin: false,
  };
  assert.deepEqual(canonicalRole(written), {
    role: 'a',
    db: 'admin',
    privileges: [privilege('a.x', 'find', 'remove')],
    roles: refs('z@admin', 'b@app'),
  });
  assert.deepEqual(canonicalRole({ ...role('read@admin'), isBuiltin: true }).isBuiltin, true);
});

test('restrictions are sorted inside and among each other, each once', () => {
  const { authenticationRestrictions } = canonicalRole({
    ...role('a@admin'),
    authenticationRestrictions: [
      { serverAddress: ['10.0.0.2', '10.0.0.1'] },
      { clientSource: ['::1'] },
      { serverAddress: ['10.0.0.1', '10.0.0.2', '10.0.0.2'] },
    ],
  });
  assert.deepEqual(authenticationRestrictions, [
    { clientSource: ['::1'] },
    { serverAddress: ['10.0.0.1', '10.0.0.2'] },
  ]);
});

test('a user is sorted, unknown mechanisms stay unknown, custom data keeps its own order', () => {
  const written = user('u@admin', ['b@admin', 'a@admin', 'b@admin'], {
    mechanisms: ['SCRAM-SHA-256', 'SCRAM-SHA-1'],
    customData: { z: 1, a: 2 },
  });
  const canonical = canonicalUser(written);
  assert.deepEqual(canonical, {
    user: 'u',
    db: 'admin',
    roles: refs('a@admin', 'b@admin'),
    mechanisms: ['SCRAM-SHA-1', 'SCRAM-SHA-256'],
    customData: { z: 1, a: 2 },
  });
  assert.deepEqual(Object.keys(canonical.customData ?? {}), ['z', 'a']);
  assert.deepEqual(canonicalUser(user('u@admin', [], { customData: {} })), user('u@admin'));
});

test('canonical forms are their own', () => {
  const made = canonicalRole(role('a@admin', { 'b.x': ['insert', 'find'], 'a.x': ['find'] }, ['z@admin', 'b@admin']));
  assert.deepEqual(canonicalRole(made), made);
  const someone = canonicalUser(user('u@admin', ['b@admin', 'a@admin']));
  assert.deepEqual(canonicalUser(someone), someone);
});

test('role references carry a name and a database and nothing else', () => {
  assert.deepEqual(
    canonicalRoleRefs([{ ...ref('a@admin'), minFcv: '5.0' } as ReturnType<typeof ref>]),
    refs('a@admin'),
  );
  assert.deepEqual(subtractRoleRefs(refs('b@x', 'a@x', 'a@y'), refs('a@x')), refs('b@x', 'a@y'));
});

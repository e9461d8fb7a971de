import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalState } from '../../src/state/canonical.ts';
import { findCollection } from '../../src/state/lookup.ts';
import { collection, owned, privilege, role, state, ttl, user } from '../support/build.ts';

const WRITTEN = state({
  roles: [role('b@admin'), { ...role('a@admin'), privileges: [privilege('x.y', 'insert'), privilege('x.y', 'find')] }],
  users: [user('z@admin'), user('a@x', ['b@admin', 'a@admin', 'b@admin'])],
  databases: [
    { name: 'z' },
    { name: 'a', collections: [collection('y', { indexes: [ttl(60, 'z'), ttl(60, 'a')] }), collection('x')] },
  ],
  objects: [owned('user', 'a@x'), owned('role', 'b@admin'), owned('role', 'a@admin')],
  unreadable: [
    { what: 'users', why: 'b' },
    { what: 'settings', why: 'a' },
  ],
});

test('every part is sorted, and roles and users are in their canonical form', () => {
  assert.deepEqual(
    canonicalState(WRITTEN),
    state({
      roles: [role('a@admin', { 'x.y': ['find', 'insert'] }), role('b@admin')],
      users: [user('z@admin'), user('a@x', ['a@admin', 'b@admin'])],
      databases: [
        { name: 'a', collections: [collection('x'), collection('y', { indexes: [ttl(60, 'a'), ttl(60, 'z')] })] },
        { name: 'z' },
      ],
      objects: [owned('role', 'a@admin'), owned('role', 'b@admin'), owned('user', 'a@x')],
      unreadable: [
        { what: 'settings', why: 'a' },
        { what: 'users', why: 'b' },
      ],
    }),
  );
});

test('a canonical state is its own', () => {
  assert.deepEqual(canonicalState(canonicalState(WRITTEN)), canonicalState(WRITTEN));
});

test('what is unknown stays unknown', () => {
  const bare = { server: WRITTEN.server, unreadable: [] };
  assert.deepEqual(canonicalState(bare), bare);
  const unread = state({ databases: [{ name: 'a', collections: [{ name: 'x', type: 'view', options: {} }] }] });
  assert.deepEqual(canonicalState(unread), unread);
});

test('a collection is found by its name; unknown databases hold none', () => {
  assert.equal(findCollection(WRITTEN, { db: 'a', collection: 'x' })?.name, 'x');
  assert.equal(findCollection(WRITTEN, { db: 'a', collection: 'nope' }), undefined);
  assert.equal(findCollection(WRITTEN, { db: 'z', collection: 'x' }), undefined);
  assert.equal(findCollection({ server: WRITTEN.server, unreadable: [] }, { db: 'a', collection: 'x' }), undefined);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { userFinder, usersAscend } from '../../src/model/user-finder.ts';

const user = (name: string, db: string, roles: readonly string[] = []) => ({ user: name, db, roles });

test('a user is found wherever it stands, and by database and name', () => {
  const find = userFinder([user('a', 'admin'), user('b', 'admin'), user('a', 'shop')]);
  for (const at of [0, 1, 2, 3]) {
    assert.equal(find({ user: 'b', db: 'admin' }, at)?.user, 'b');
    assert.equal(find({ user: 'a', db: 'shop' }, at)?.db, 'shop');
    assert.equal(find({ user: 'b', db: 'shop' }, at), undefined);
  }
  assert.equal(find({ user: '__proto__', db: 'admin' }, 0), undefined);
});

test('of several users of one name the last counts, also where the first one stands', () => {
  const [first, last] = [user('a', 'admin', ['read']), user('a', 'admin', ['root'])];
  for (const between of [[], [user('b', 'admin')]]) {
    const find = userFinder([first, ...between, last]);
    assert.equal(find(first, 0), last);
  }
});

test('users are in order by their keys, each of them once', () => {
  assert.equal(usersAscend([]), true);
  assert.equal(usersAscend([user('a', 'admin'), user('a', 'shop')]), true);
  assert.equal(usersAscend([user('b', 'admin'), user('a', 'admin')]), false);
  assert.equal(usersAscend([user('a', 'admin'), user('a', 'admin')]), false);
});

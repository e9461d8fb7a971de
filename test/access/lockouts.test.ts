/** Who can keep the writer from logging in, wherever its account lives. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readQuestion } from '../../src/access/question.ts';
import { whoCan } from '../../src/access/who.ts';
import { homesOfWriters } from '../../src/access/writers.ts';
import type { Role, User } from '../../src/model/role.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { role, state, user } from '../support/build.ts';
import { LOGS } from '../support/circumstances.ts';

const WRITER = role('writer@admin', { 'audit.logs': ['insert'] });
const LOCKED: Role = { ...role('locked@shop'), authenticationRestrictions: [{ clientSource: ['192.0.2.1'] }] };

function cluster(roles: readonly Role[], ...users: readonly User[]): ClusterState {
  return state({ server: { version: '8.3.8', edition: 'community', topology: 'replicaSet' }, roles, users });
}

/** Who can bring it about on audit.logs: `name@db technique`. */
function who(outcome: string, asked: ClusterState): readonly string[] {
  return whoCan(asked, readQuestion(outcome, 'audit.logs', asked)).principals.map(
    ({ user: { user: name, db }, technique }) => `${name}@${db} ${technique.id}`,
  );
}

test('whoever administers the accounts of any database locks the writer out by a role of that database', () => {
  const asked = cluster(
    [WRITER],
    user('svc@admin', ['writer@admin']),
    user('owner@shop', ['dbOwner@shop']),
    user('clerk@shop', ['readWrite@shop']),
    user('accounts@shop', ['userAdmin@shop']),
  );
  const able = ['owner@shop lock-out', 'accounts@shop lock-out'];
  assert.deepEqual(who('suppress', asked), able);
  assert.deepEqual(who('administer', asked), able);
  assert.deepEqual(who('alter', asked), []);
});

test('grantRole alone is enough where a role of the database restricts logins', () => {
  const granter = role('granter@shop', { 'shop.*': ['grantRole'] });
  const users = [user('svc@admin', ['writer@admin']), user('granter@admin', ['granter@shop'])];
  assert.deepEqual(who('suppress', cluster([WRITER, granter], ...users)), []);
  assert.deepEqual(who('suppress', cluster([WRITER, granter, LOCKED], ...users)), ['granter@admin lock-out-by-role']);
});

for (const [action, technique] of [
  ['dropUser', 'drop-writer'],
  ['changePassword', 'reset-password'],
  ['setAuthenticationRestriction', 'restrict-writer'],
] as const) {
  test(`${action} on the database in which the writer lives is enough, and on another one it is not`, () => {
    const helper = role('helper@apps', { 'apps.*': [action] });
    const help = user('help@admin', ['helper@apps']);
    assert.deepEqual(who('suppress', cluster([WRITER, helper], user('svc@apps', ['writer@admin']), help)), [
      `help@admin ${technique}`,
    ]);
    const elsewhere = [user('svc@admin', ['writer@admin']), user('clerk@apps', ['readWrite@shop'])];
    assert.deepEqual(who('suppress', cluster([WRITER, helper], ...elsewhere, help)), []);
  });
}

test('a writer lives wherever an account may insert, by a role that it inherits or by a built-in one', () => {
  const heir = role('heir@admin', {}, ['writer@admin']);
  const asked = cluster(
    [WRITER, heir],
    user('a@one', ['heir@admin']),
    user('b@two', ['readWriteAnyDatabase@admin']),
    user('c@three', ['readWrite@shop']),
    user('c@$external', ['readWrite@audit']),
    user('d@four'),
  );
  assert.deepEqual(homesOfWriters(asked, LOGS), ['$external', 'one', 'two']);
});

test('where writers live is not known where accounts are not', () => {
  const { users: _, ...unknown } = cluster([WRITER]);
  assert.equal(homesOfWriters(unknown, LOGS), undefined);
});

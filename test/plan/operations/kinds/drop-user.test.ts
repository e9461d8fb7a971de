import assert from 'node:assert/strict';
import { test } from 'node:test';
import { role, user } from '../../../support/build.ts';
import { specify, specifyCommands, undo } from './specify.ts';

const roles = [role('a@x', { 'x.y': ['find'] })];
const change = { kind: 'dropUser', before: user('u@admin', ['a@x']) } as const;

specify({
  change,
  heading: '- drop user u@admin',
  from: { roles, users: [change.before] },
  to: { roles, users: [] },
  moves: ['-find on x.y: u@admin'],
  undone: ['its password went with it, and nobody says where a new one is read from'],
  entry: `# 1. drop user u@admin
# undone by: nothing, its password went with it, and nobody says where a new one is read from
- kind: dropUser
  target: { user: u, db: admin }
  reason: why
  before: { roles: [ { role: a, db: x } ] }`,
});

specifyCommands({ dropUser: [change, { db: 'admin', command: { dropUser: 'u' } }] });

test('dropUser: the user is made again with a password, if somebody says where it is read from', () => {
  const password = { fromEnv: 'P' };
  assert.deepEqual(undo(change, { password: () => password }), [
    { kind: 'createUser', after: change.before, password },
  ]);
});

test('dropUser: a user of $external has no password to lose', () => {
  const before = user('CN=x@$external');
  assert.deepEqual(undo({ kind: 'dropUser', before }), [{ kind: 'createUser', after: before }]);
});

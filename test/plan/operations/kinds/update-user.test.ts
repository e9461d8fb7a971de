import assert from 'node:assert/strict';
import { test } from 'node:test';
import { user } from '../../../support/build.ts';
import { SECRET, specify, specifyCommands, undo } from './specify.ts';

const RESTRICTIONS = [{ clientSource: ['10.0.0.1'] }];
const plain = user('u@admin', ['read@x'], { mechanisms: ['SCRAM-SHA-256'] });
const described = { ...plain, customData: { team: 'a' } };

specify({
  change: { kind: 'updateUser', before: plain, after: described },
  heading: '~ change user u@admin',
  from: { users: [plain] },
  to: { users: [described] },
  moves: [],
  undone: [{ kind: 'updateUser', before: described, after: plain }],
  entry: `# 1. change user u@admin, undone by: updateUser
- kind: updateUser
  target: { user: u, db: admin }
  reason: why
  before:
    roles: [ { role: read, db: x } ]
    mechanisms: [ SCRAM-SHA-256 ]
  after:
    mechanisms: [ SCRAM-SHA-256 ]
    customData:
      team: a`,
});

specifyCommands({
  'updateUser with a mechanism that wants the password anew': [
    {
      kind: 'updateUser',
      before: user('u@admin', ['read@x'], { mechanisms: ['SCRAM-SHA-1'], customData: { team: 'a' } }),
      after: user('u@admin', ['read@x'], { mechanisms: ['SCRAM-SHA-256'], customData: { team: 'a' } }),
      password: { fromEnv: 'P' },
    },
    { db: 'admin', command: { updateUser: 'u', pwd: SECRET, mechanisms: ['SCRAM-SHA-256'] } },
    SECRET,
  ],
  'updateUser that takes custom data and restrictions away': [
    {
      kind: 'updateUser',
      before: user('u@admin', [], { customData: { team: 'a' }, authenticationRestrictions: RESTRICTIONS }),
      after: user('u@admin'),
    },
    { db: 'admin', command: { updateUser: 'u', authenticationRestrictions: [], customData: {} } },
  ],
  'updateUser whose custom data is only written in another order, and another instance of the same dates,': [
    {
      kind: 'updateUser',
      before: user('u@admin', [], { customData: { team: { a: 1, b: new Date(5) }, on: true } }),
      after: user('u@admin', [], {
        customData: { on: true, team: { b: new Date(5), a: 1 } },
        authenticationRestrictions: RESTRICTIONS,
      }),
    },
    { db: 'admin', command: { updateUser: 'u', authenticationRestrictions: RESTRICTIONS } },
  ],
  'updateUser with another date in its custom data': [
    {
      kind: 'updateUser',
      before: user('u@admin', [], { customData: { since: new Date(5) } }),
      after: user('u@admin', [], { customData: { since: new Date(6) } }),
    },
    { db: 'admin', command: { updateUser: 'u', customData: { since: new Date(6) } } },
  ],
});

const both = { ...plain, mechanisms: ['SCRAM-SHA-1', 'SCRAM-SHA-256'] };

test('updateUser: a mechanism that was taken away is given back with a password, if somebody says where it is read from', () => {
  const change = { kind: 'updateUser', before: both, after: described } as const;
  const password = { fromEnv: 'P' };
  assert.deepEqual(undo(change, { password: () => password }), [
    { kind: 'updateUser', before: described, after: both, password },
  ]);
  assert.deepEqual(undo(change), [
    { kind: 'updateUser', before: described, after: plain },
    'the credentials for SCRAM-SHA-1 are gone, and nobody says where a new password is read from',
  ]);
});

test('updateUser: a password that it set stays', () => {
  const change = { kind: 'updateUser', before: plain, after: both, password: { fromEnv: 'P' } } as const;
  assert.deepEqual(undo(change), [
    { kind: 'updateUser', before: both, after: plain },
    'the password that it had before is not known',
  ]);
});

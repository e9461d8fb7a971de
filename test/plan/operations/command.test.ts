import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from '../../../src/plan/operations/command.ts';
import { type Change, operation } from '../../../src/plan/operations/operation.ts';
import { commandOf, owned, privilege, refs, role, ttl, user } from '../../support/build.ts';

const NS = { db: 'x', collection: 'y' };
const VALIDATION = { validator: { a: 1 }, validationLevel: 'strict', validationAction: 'error' };
const RESTRICTIONS = [{ clientSource: ['10.0.0.1'] }];
const SECRET = 's3cret';

/** The whole command for each change. */
const ROWS: readonly (readonly [what: string, change: Change, command: Command, secret?: string])[] = [
  [
    'createCollection',
    { kind: 'createCollection', after: { ns: NS, ...VALIDATION } },
    { db: 'x', command: { create: 'y', ...VALIDATION } },
  ],
  [
    'createCollection without a validator',
    { kind: 'createCollection', after: { ns: NS } },
    { db: 'x', command: { create: 'y' } },
  ],
  [
    'collMod',
    { kind: 'collMod', before: { ns: NS }, after: { ns: NS, ...VALIDATION } },
    { db: 'x', command: { collMod: 'y', ...VALIDATION } },
  ],
  [
    'collMod that takes the validator away',
    { kind: 'collMod', before: { ns: NS, ...VALIDATION }, after: { ns: NS } },
    { db: 'x', command: { collMod: 'y', validator: {}, validationLevel: 'strict', validationAction: 'error' } },
  ],
  [
    'dropIndex',
    { kind: 'dropIndex', before: { ns: NS, index: ttl(60) } },
    { db: 'x', command: { dropIndexes: 'y', index: 'ttl' } },
  ],
  [
    'createRole',
    { kind: 'createRole', after: role('a@app', { 'app.y': ['find'] }, ['read@app']) },
    {
      db: 'app',
      command: { createRole: 'a', privileges: [privilege('app.y', 'find')], roles: refs('read@app') },
    },
  ],
  [
    'createRole with restrictions',
    { kind: 'createRole', after: { ...role('a@admin'), authenticationRestrictions: RESTRICTIONS } },
    { db: 'admin', command: { createRole: 'a', privileges: [], roles: [], authenticationRestrictions: RESTRICTIONS } },
  ],
  [
    'grantPrivilegesToRole',
    {
      kind: 'grantPrivilegesToRole',
      before: role('a@admin', { 'x.y': ['find'] }),
      after: role('a@admin', { 'x.y': ['find', 'insert'], cluster: ['inprog'] }),
    },
    {
      db: 'admin',
      command: {
        grantPrivilegesToRole: 'a',
        privileges: [privilege('cluster', 'inprog'), privilege('x.y', 'insert')],
      },
    },
  ],
  [
    'revokePrivilegesFromRole',
    {
      kind: 'revokePrivilegesFromRole',
      before: role('a@admin', { 'x.y': ['find', 'insert'] }),
      after: role('a@admin', { 'x.y': ['find'] }),
    },
    { db: 'admin', command: { revokePrivilegesFromRole: 'a', privileges: [privilege('x.y', 'insert')] } },
  ],
  [
    'revokePrivilegesFromRole of anyAction, beside which the server keeps no other action',
    {
      kind: 'revokePrivilegesFromRole',
      before: role('a@admin', { 'x.y': ['anyAction'], 'x.z': ['find'] }),
      after: role('a@admin', { 'x.y': ['find'], 'x.z': ['find'] }),
    },
    { db: 'admin', command: { updateRole: 'a', privileges: [privilege('x.y', 'find'), privilege('x.z', 'find')] } },
  ],
  [
    'grantRolesToRole',
    { kind: 'grantRolesToRole', before: role('a@admin', {}, ['b@x']), after: role('a@admin', {}, ['b@x', 'c@x']) },
    { db: 'admin', command: { grantRolesToRole: 'a', roles: refs('c@x') } },
  ],
  [
    'revokeRolesFromRole',
    { kind: 'revokeRolesFromRole', before: role('a@admin', {}, ['b@x', 'c@x']), after: role('a@admin', {}, ['b@x']) },
    { db: 'admin', command: { revokeRolesFromRole: 'a', roles: refs('c@x') } },
  ],
  [
    'updateRole',
    {
      kind: 'updateRole',
      before: role('a@admin', { 'x.y': ['find'] }),
      after: { ...role('a@admin', { 'x.y': ['find'] }), authenticationRestrictions: RESTRICTIONS },
    },
    { db: 'admin', command: { updateRole: 'a', authenticationRestrictions: RESTRICTIONS } },
  ],
  [
    'updateRole that takes the restrictions away',
    {
      kind: 'updateRole',
      before: { ...role('a@admin'), authenticationRestrictions: RESTRICTIONS },
      after: role('a@admin'),
    },
    { db: 'admin', command: { updateRole: 'a', authenticationRestrictions: [] } },
  ],
  ['dropRole', { kind: 'dropRole', before: role('a@app') }, { db: 'app', command: { dropRole: 'a' } }],
  [
    'createUser',
    {
      kind: 'createUser',
      after: user('u@admin', ['read@x'], {
        mechanisms: ['SCRAM-SHA-256'],
        authenticationRestrictions: RESTRICTIONS,
        customData: { team: 'a' },
      }),
      password: { fromEnv: 'P' },
    },
    {
      db: 'admin',
      command: {
        createUser: 'u',
        pwd: SECRET,
        roles: refs('read@x'),
        customData: { team: 'a' },
        mechanisms: ['SCRAM-SHA-256'],
        authenticationRestrictions: RESTRICTIONS,
      },
    },
    SECRET,
  ],
  [
    'createUser in $external',
    { kind: 'createUser', after: user('CN=x@$external', [], { mechanisms: ['external'] }) },
    { db: '$external', command: { createUser: 'CN=x', roles: [] } },
  ],
  [
    'grantRolesToUser',
    { kind: 'grantRolesToUser', before: user('u@admin'), after: user('u@admin', ['read@x']) },
    { db: 'admin', command: { grantRolesToUser: 'u', roles: refs('read@x') } },
  ],
  [
    'revokeRolesFromUser',
    { kind: 'revokeRolesFromUser', before: user('u@admin', ['read@x']), after: user('u@admin') },
    { db: 'admin', command: { revokeRolesFromUser: 'u', roles: refs('read@x') } },
  ],
  [
    'updateUser with a mechanism that wants the password anew',
    {
      kind: 'updateUser',
      before: user('u@admin', ['read@x'], { mechanisms: ['SCRAM-SHA-1'], customData: { team: 'a' } }),
      after: user('u@admin', ['read@x'], { mechanisms: ['SCRAM-SHA-256'], customData: { team: 'a' } }),
      password: { fromEnv: 'P' },
    },
    { db: 'admin', command: { updateUser: 'u', pwd: SECRET, mechanisms: ['SCRAM-SHA-256'] } },
    SECRET,
  ],
  [
    'updateUser that takes custom data and restrictions away',
    {
      kind: 'updateUser',
      before: user('u@admin', [], { customData: { team: 'a' }, authenticationRestrictions: RESTRICTIONS }),
      after: user('u@admin'),
    },
    { db: 'admin', command: { updateUser: 'u', authenticationRestrictions: [], customData: {} } },
  ],
  [
    'updateUser whose custom data is only written in another order, and another instance of the same dates,',
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
  [
    'updateUser with another date in its custom data',
    {
      kind: 'updateUser',
      before: user('u@admin', [], { customData: { since: new Date(5) } }),
      after: user('u@admin', [], { customData: { since: new Date(6) } }),
    },
    { db: 'admin', command: { updateUser: 'u', customData: { since: new Date(6) } } },
  ],
  ['dropUser', { kind: 'dropUser', before: user('u@app') }, { db: 'app', command: { dropUser: 'u' } }],
  [
    'recordObject',
    { kind: 'recordObject', after: owned('role', 'a@admin') },
    {
      db: 'mongoward',
      command: {
        update: 'objects',
        updates: [
          {
            q: { _id: 'role a@admin' },
            u: { kind: 'role', target: 'a@admin', policy: 'p', created: true },
            upsert: true,
          },
        ],
      },
    },
  ],
  [
    'forgetObject',
    { kind: 'forgetObject', before: owned('collection', 'x.y') },
    { db: 'mongoward', command: { delete: 'objects', deletes: [{ q: { _id: 'collection x.y' }, limit: 1 }] } },
  ],
];

for (const [what, change, command, secret] of ROWS) {
  test(`${what} is one command`, () => {
    const found = commandOf(operation(change, 'target', { text: 'why' }), secret);
    assert.deepEqual(found, command);
    assert.equal(Object.keys(found.command)[0], Object.keys(command.command)[0]);
  });
}

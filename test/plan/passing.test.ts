/** What accounts can do only while a plan or a file is carried out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountChanges } from '../../src/plan/account-changes.ts';
import { makeOperation } from '../../src/plan/operations/make-operation.ts';
import type { Change } from '../../src/plan/operations/operation.ts';
import { passingGains } from '../../src/plan/passing.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { simulate } from '../../src/plan/simulate.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { intent, role, state, user } from '../support/build.ts';

/** `w@admin remove on audit.logs` */
function told(before: ClusterState, changes: readonly Change[]): readonly string[] {
  const operations = changes.map((change) => makeOperation(change, { text: 'x' }));
  const accounts = accountChanges(before, simulate(before, operations), operations);
  return passingGains(before, operations, accounts).flatMap(({ accounts: names, gains, logins }) => [
    ...gains.map(({ on, actions }) => `${names.join(', ')}: ${actions.join(', ')} on ${on}`),
    ...(logins ? [`${names.join(', ')}: logins`] : []),
  ]);
}

const wide = role('r@admin', { 'audit.logs': ['remove'], 'shop.x': ['find'] });
const narrow = role('r@admin', { 'shop.x': ['find'] });
const nobody = user('w@admin', []);
const holder = user('w@admin', ['r@admin']);
const root = user('w@admin', ['root@admin']);
const gated = { ...nobody, authenticationRestrictions: [{ clientSource: ['10.0.0.1'] }] };

test('a role that is made wide, granted and narrowed gives for a moment what it had', () => {
  assert.deepEqual(
    told(state({ users: [nobody] }), [
      { kind: 'createRole', after: wide },
      { kind: 'grantRolesToUser', before: nobody, after: holder },
      { kind: 'revokePrivilegesFromRole', before: wide, after: narrow },
    ]),
    ['w@admin: remove on audit.logs'],
  );
});

test('so does a role that is granted and given back, in whatever steps, and one that an account is made with', () => {
  const detour: readonly Change[] = [
    { kind: 'grantRolesToUser', before: nobody, after: root },
    { kind: 'grantRolesToUser', before: root, after: user('w@admin', ['r@admin', 'root@admin']) },
    { kind: 'revokeRolesFromUser', before: user('w@admin', ['r@admin', 'root@admin']), after: holder },
  ];
  assert.ok(told(state({ roles: [narrow], users: [nobody] }), detour).some((line) => /update.* on \*\.\*/.test(line)));
  const made: readonly Change[] = [
    { kind: 'createUser', after: root },
    { kind: 'revokeRolesFromUser', before: root, after: nobody },
    { kind: 'dropUser', before: nobody },
  ];
  assert.ok(told(state(), made).some((line) => /update.* on \*\.\*/.test(line)));
});

test('logins from anywhere in between are told', () => {
  assert.deepEqual(
    told(state({ users: [gated] }), [
      { kind: 'updateUser', before: gated, after: nobody },
      { kind: 'updateUser', before: nobody, after: gated },
    ]),
    ['w@admin: logins'],
  );
});

test('a plan that narrows a role and grants it, or widens one and takes it, tells what that gives in between', () => {
  const passing = (text: string, actual: ClusterState): readonly string[] =>
    makePlan(intent(text), actual).warnings.map(({ kind, message }) => `${kind}: ${message}`);
  assert.deepEqual(
    passing(
      'roles: { r@admin: { privileges: [{ on: shop.x, allow: [find] }] } }\nusers: { w@admin: { roles: [r@admin] } }\n',
      state({ roles: [wide], users: [nobody] }),
    ),
    [
      'passing: While this is applied, w@admin can do remove on audit.logs, as neither before nor afterwards. A run that is cut off leaves it so until the next one.',
    ],
  );
  assert.deepEqual(
    passing(
      'roles: { r@admin: { privileges: [{ on: audit.logs, allow: [remove] }, { on: shop.x, allow: [find] }] } }\nusers: { w@admin: { roles: [] } }\n',
      state({ roles: [narrow], users: [holder] }),
    ),
    [
      'passing: While this is applied, w@admin can do remove on audit.logs, as neither before nor afterwards. A run that is cut off leaves it so until the next one.',
    ],
  );
});

test('what is granted before something else is revoked gives nothing besides', () => {
  const other = role('s@admin', { 'shop.y': ['find'] });
  const before = state({ roles: [wide, other], users: [holder] });
  const both = user('w@admin', ['r@admin', 's@admin']);
  assert.deepEqual(
    told(before, [
      { kind: 'grantRolesToUser', before: holder, after: both },
      { kind: 'revokeRolesFromUser', before: both, after: user('w@admin', ['s@admin']) },
      { kind: 'revokePrivilegesFromRole', before: wide, after: narrow },
    ]),
    [],
  );
});

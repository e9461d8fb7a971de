/** `policy diff`: what counts as gained, besides privileges that an account holds and did not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessDiff, betweenPolicies } from '../../src/plan/access-diff.ts';
import { placesNamed, policyState } from '../../src/plan/policy-state.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { collection, intent, role, state, user } from '../support/build.ts';

const TODAY = '2026-11-23';

/** Two policies, as `policy diff` compares them. */
function diffOf(old: string, now: string) {
  const [before, after] = [intent(old), intent(now)];
  return accessDiff(
    policyState(before, { today: TODAY, places: placesNamed(after) }),
    policyState(after, { today: TODAY, places: placesNamed(before) }),
    betweenPolicies(before, after, TODAY),
  );
}

const OPS = 'users: { ops@admin: { adopted: true, roles: [readWriteAnyDatabase@admin, dbOwner@audit] } }\n';
const KEPT_OUT = 'restrictions: [{ users: "*", on: audit.*, deny: [read, write, administer], remedy: rewrite }]\n';
const OLD = `${OPS}${KEPT_OUT}`;

const LOOSER: readonly (readonly [what: string, policy: string])[] = [
  ['it is excepted', OLD.replace('on: audit', 'except: [ops@admin], on: audit')],
  ['the restriction is gone', OPS],
  ['the restriction is only reported', OLD.replace('remedy: rewrite', 'remedy: report')],
  ['it is break-glass', `${OLD}breakGlass: [{ user: ops@admin, reason: last resort, until: 2027-06-30 }]\n`],
  ['it is no longer adopted', OLD.replace('adopted: true, ', '')],
  ['others manage it', `${OLD}unmanaged: [ops@admin]\n`],
];

for (const [what, policy] of LOOSER) {
  test(`an adopted account gains what a restriction took from it: ${what}`, () => {
    const { gains, gained } = diffOf(OLD, policy);
    assert.equal(gains, true);
    const onTrail = gained.find(({ resource }) => resource === 'audit.*');
    assert.deepEqual(onTrail?.accounts, ['ops@admin']);
    assert.ok(onTrail?.actions.includes('remove'));
    const back = diffOf(policy, OLD);
    assert.equal(back.gains, false);
    assert.ok(back.lost.some(({ resource }) => resource === 'audit.*'));
  });
}

test('what one policy names besides is there in both: nothing is gained by it', () => {
  const more = `${OLD}roles: { r@shop: { privileges: [{ on: shop.orders, allow: [find] }] } }\n`;
  assert.deepEqual(diffOf(OLD, more).gained, []);
});

const ALL = ['administer', 'alter', 'destroy', 'insert', 'read', 'suppress', 'unseal'];
const TRAIL = 'collections: { audit.logs: { protection: append-only, access: { read: [auditor@admin] } } }\n';
const STATED = `${TRAIL}${KEPT_OUT}`;

const OF_OTHERS: readonly (readonly [policy: string, on: string, outcomes: readonly string[], account: string])[] = [
  [TRAIL, 'audit.*', ALL, 'every other account'],
  [STATED.replace('on: audit.*', 'except: [ops@admin], on: audit.*'), 'audit.*', ALL, 'ops@admin'],
  [`${STATED}breakGlass: [{ user: root@admin, reason: x, until: 2027-06-30 }]\n`, 'audit.*', ALL, 'root@admin'],
  [`${STATED}unmanaged: [app-*]\n`, 'audit.*', ALL, 'accounts like app-*'],
  [STATED.replace('auditor@admin', 'auditor@admin, jo@admin'), 'audit.logs', ['read'], 'jo@admin'],
  [STATED.replace('[read, write, administer]', '[read, write]'), 'audit.*', ['administer'], 'every other account'],
];

for (const [policy, on, outcomes, account] of OF_OTHERS) {
  test(`${account}: what a policy no longer keeps it from is a gain, although no policy says what it holds`, () => {
    const { gains, keptOut } = diffOf(STATED, policy);
    assert.equal(gains, true);
    assert.deepEqual(keptOut, [{ on, outcomes, accounts: [account], opens: true }]);
    const back = diffOf(policy, STATED);
    assert.equal(back.gains, false);
    assert.deepEqual(back.keptOut, [{ on, outcomes, accounts: [account], opens: false }]);
  });
}

test('a wider restriction is none that has gone, and one that names a role is not one about everybody', () => {
  const narrow = STATED.replace('on: audit.*', 'on: audit.logs');
  assert.equal(diffOf(narrow, STATED).gains, false);
  const holders = STATED.replace('"*"', '{ holding: backup@admin }');
  assert.deepEqual(
    diffOf(holders, STATED).keptOut.map(({ accounts, opens }) => [accounts, opens]),
    [[['every other account'], false]],
  );
  assert.deepEqual(
    diffOf(holders, TRAIL).keptOut.map(({ accounts, opens }) => [accounts, opens]),
    [[['holders of backup@admin'], true]],
  );
});

test('a view that appears shows a collection to whoever may find in it already, and to none who reads it anyway', () => {
  const roles = [role('v@audit', { 'audit.recent': ['find'] }), role('ldap@admin', {}, ['v@audit'])];
  const users = [user('w@admin', ['v@audit']), user('auditor@admin', ['read@audit'])];
  const withViews = (views: readonly string[]): ClusterState =>
    state({
      roles,
      users,
      databases: [
        {
          name: 'audit',
          collections: [
            collection('logs'),
            ...views.map((name) => collection(name, { type: 'view', options: { viewOn: 'logs', pipeline: [] } })),
          ],
        },
      ],
    });
  const shown = { on: 'audit.logs', view: 'audit.recent', accounts: ['w@admin'], roles: ['ldap@admin'] };
  const appears = accessDiff(withViews(['other']), withViews(['other', 'recent']));
  assert.deepEqual([appears.views, appears.gains], [[{ ...shown, opens: true }], true]);
  const goes = accessDiff(withViews(['other', 'recent']), withViews(['other']));
  assert.deepEqual([goes.views, goes.gains], [[{ ...shown, opens: false }], false]);
  const { databases: _databases, ...unknown } = withViews([]);
  assert.deepEqual(accessDiff(unknown, withViews(['recent'])).views, []);
});

test('a role that lets log in from more places is a gain for a group, whoever holds it besides', () => {
  const gate = (range: string) => ({ authenticationRestrictions: [{ clientSource: [range] }] });
  const roles = [role('g@admin', { 'audit.logs': ['find'] })];
  const of = (holders: readonly object[], gated: boolean): ClusterState =>
    state({
      roles: gated ? roles.map((each) => ({ ...each, ...gate('10.0.0.0/8') })) : roles,
      users: holders.map((rest, at) => user(`u${at}@admin`, ['g@admin'], rest)),
    });
  const opened = (holders: readonly object[]) =>
    accessDiff(of(holders, true), of(holders, false)).logins.map(({ accounts, assignable, opens }) => [
      accounts,
      assignable,
      opens,
    ]);
  const group = [['g@admin'], true, true];
  assert.deepEqual(opened([]), [group]);
  assert.deepEqual(opened([gate('10.1.0.0/16')]), [group]);
  assert.deepEqual(opened([gate('10.1.0.0/16'), {}]), [[['u1@admin'], false, true]]);
});

test('a role that grants more is a gain for a group, although whoever holds it had that already', () => {
  const of = (...actions: readonly string[]): ClusterState =>
    state({ roles: [role('g@admin', { 'audit.logs': actions })], users: [user('a@admin', ['g@admin', 'root@admin'])] });
  const { gained, assignable, gains } = accessDiff(of('find'), of('find', 'remove'));
  assert.deepEqual([gained, gains], [[], true]);
  assert.deepEqual(
    assignable.map((each) => [each.role, each.gains.map(({ on, actions }) => [on, actions])]),
    [['g@admin', [['audit.logs', ['remove']]]]],
  );
});

test('another mechanism is no gain: the same password opens the same account', () => {
  const of = (...mechanisms: readonly string[]): ClusterState =>
    state({ users: [user('a@admin', [], { mechanisms })] });
  assert.equal(accessDiff(of('SCRAM-SHA-256'), of('SCRAM-SHA-1', 'SCRAM-SHA-256')).gains, false);
});

test('an account that is made on a shard gains what it can do there, as one of that shard', () => {
  const of = (shards: ClusterState['shards']): ClusterState => ({
    ...state({ server: { version: '8.0.4', edition: 'community', topology: 'sharded' } }),
    ...(shards && { shards }),
  });
  const local = [user('a@admin', ['read@shop'])];
  const empty = { name: 's0', users: [], roles: [] };
  const told = (before: ClusterState['shards'], after: ClusterState['shards']) => {
    const { gained, lost, gains } = accessDiff(of(before), of(after));
    return [gains, gained.find(({ resource }) => resource === 'shop.*')?.accounts, lost.length > 0];
  };
  const made = [true, ['a@admin of shard s0'], false];
  assert.deepEqual(told([empty], [{ ...empty, users: local }]), made);
  assert.deepEqual(told([], [{ ...empty, users: local }]), made);
  assert.deepEqual(told([{ ...empty, users: local }], []), [false, undefined, true]);
  // What nobody could look at is not nobody.
  assert.deepEqual(told([{ name: 's0' }], [{ ...empty, users: local }]), [false, undefined, false]);
  assert.deepEqual(told(undefined, [{ ...empty, users: local }]), [false, undefined, false]);
});

test('whoever has not logged in gains everything where authorization is turned off', () => {
  const of = (authorization?: 'enabled' | 'disabled' | 'transition'): ClusterState =>
    state({ settings: authorization === undefined ? {} : { authorization } });
  const opens = (...modes: readonly (Parameters<typeof of>[0] | undefined)[]) => {
    const { authorization, gains } = accessDiff(of(modes[0]), of(modes[1]));
    return [authorization?.opens, gains];
  };
  assert.deepEqual(opens('enabled', 'disabled'), [true, true]);
  assert.deepEqual(opens('enabled', 'transition'), [true, true]);
  assert.deepEqual(opens(undefined, 'disabled'), [true, true]);
  assert.deepEqual(opens('disabled', 'enabled'), [false, false]);
  assert.deepEqual(opens('disabled', 'transition'), [undefined, false]);
  assert.deepEqual(opens('disabled', undefined), [undefined, false]);
});

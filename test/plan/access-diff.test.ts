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

const SEALED = `collections:
  audit.logs:
    protection: none
    dedicatedDatabase: true
    retention: { atLeast: 365d }
    schema: { bsonType: object }
    validationLevel: strict
  audit.sealed:
    encryption:
      keyVault: encryption.__keyVault
      fields: { email: { bsonType: string, algorithm: random, keyAltName: pii } }
users: { app@admin: { roles: [] } }
breakGlass: [{ user: root@admin, reason: last resort, until: 2027-06-30 }]
cluster: { tls: requireTLS, version: ">=6.0", bindIp: [10.0.0.1] }
inventory: closed
`;

const LESS: readonly (readonly [from: string, to: string, on: string, change: string])[] = [
  [
    'dedicatedDatabase: true',
    'dedicatedDatabase: false',
    'audit.logs',
    'its database may hold anything; until now nothing else lives in its database',
  ],
  [
    '365d',
    '30d',
    'audit.logs',
    'documents are kept for 30 d at least; until now documents are kept for 365 d at least',
  ],
  [
    'retention: { atLeast: 365d }',
    'retention: forever',
    'audit.logs',
    'documents are kept for ever; until now documents are kept for 365 d at least',
  ],
  [
    'strict',
    'moderate',
    'audit.logs',
    'documents have to meet a schema (moderate, error); until now documents have to meet a schema (strict, error)',
  ],
  [
    'random',
    'deterministic',
    'audit.sealed',
    'email is sealed (deterministic, key pii); until now sealed (random, key pii)',
  ],
  ['{ email: {', '{ mail: {', 'audit.sealed', 'email is not sealed; until now sealed (random, key pii)'],
  ['2027-06-30', '2028-06-30', 'root@admin', 'exempt until 2028-06-30; until now exempt until 2027-06-30'],
  [
    'breakGlass: [',
    'breakGlass: [{ user: app@admin, reason: x, until: 2027-06-30 }, ',
    'app@admin',
    'exempt until 2027-06-30; until now not exempt',
  ],
  ['requireTLS', 'preferTLS', 'cluster', 'tls is preferTLS; until now requireTLS'],
  ['tls: requireTLS, ', '', 'cluster', 'tls is not demanded; until now requireTLS'],
  ['>=6.0', '>=5.0', 'cluster', 'version is >=5.0; until now >=6.0'],
  ['[10.0.0.1]', '[10.0.0.1, 10.0.0.2]', 'cluster', 'bindIp is 10.0.0.1, 10.0.0.2; until now 10.0.0.1'],
  [
    'closed',
    'open',
    'cluster',
    'accounts and roles that no policy declares may be there; until now none may be there that no policy declares',
  ],
];

for (const [from, to, on, change] of LESS) {
  test(`what a policy demands less than before is a gain: ${from} becomes ${to || 'nothing'}`, () => {
    const other = SEALED.replace(from, to);
    const { demands, gains } = diffOf(SEALED, other);
    const isMore = to === 'retention: forever';
    assert.deepEqual(
      demands.filter(({ change: said }) => said === change),
      [{ on, change, opens: !isMore }],
    );
    assert.equal(gains, !isMore);
  });
}

test('a policy demands of itself nothing more and nothing less', () => {
  assert.deepEqual(diffOf(SEALED, SEALED).demands, []);
});

test('what is no longer forbidden is a gain although the policy only reported it, and is told once', () => {
  const { keptOut, gains } = diffOf(TRAIL, TRAIL.replace('append-only', 'none'));
  const said = { on: 'audit.logs', outcomes: ['alter', 'destroy'], accounts: ['every other account'], reported: true };
  assert.deepEqual([keptOut, gains], [[{ ...said, opens: true }], true]);
  const named = diffOf(TRAIL, TRAIL.replace('auditor@admin', 'auditor@admin, jo@admin'));
  assert.deepEqual(named.keptOut, [
    { on: 'audit.logs', outcomes: ['read'], accounts: ['jo@admin'], opens: true, reported: true },
  ]);
  // Whom others manage is watched all the same.
  assert.equal(diffOf(TRAIL, `${TRAIL}unmanaged: [app-*]\n`).gains, false);
});

test('a role that accounts of neither policy may hold is a gain, if no account of the policies shows it', () => {
  const policy = (actions: string, holders = '') =>
    `roles: { r@shop: { privileges: [{ on: shop.x, allow: [${actions}] }] } }\n${holders}`;
  const told = (old: string, now: string) =>
    diffOf(old, now).assignable.map(({ role: name, elsewhere, gains }) => [name, elsewhere, gains.map(({ on }) => on)]);
  assert.deepEqual(told(policy('find'), policy('find, remove')), [['r@shop', true, ['shop.x']]]);
  assert.equal(diffOf(policy('find'), policy('find, remove')).gains, true);
  const holders = 'users: { app@admin: { roles: [r@shop] } }\n';
  assert.deepEqual(told(policy('find', holders), policy('find, remove', holders)), []);
  assert.deepEqual(told(policy('find, remove'), policy('find')), []);
  assert.deepEqual(told('roles: {}\n', policy('find')), []);
});

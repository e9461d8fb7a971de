/** What a plan says that accounts gain and lose, held against what the server would decide before and after. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { allows } from '../../src/model/decision.ts';
import { roleGraph } from '../../src/model/graph.ts';
import { formatUser } from '../../src/model/names.ts';
import { covers, formatResource, formatTarget, type Resource, type Target } from '../../src/model/resource.ts';
import { actionsOfServer } from '../../src/model/server-actions.ts';
import { type AccountChange, accountChanges, closesLogins, opensLogins } from '../../src/plan/account-changes.ts';
import { makePlan } from '../../src/plan/plan.ts';
import type { AccessAt } from '../../src/plan/role-set-changes.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { collection, commandOf, intent, role, state, user } from '../support/build.ts';
import { Interpreter } from '../support/interpreter.ts';
import { scaled } from '../support/scaled.ts';
import { ACTIONS, brownfield, TARGETS } from './restrictions/clusters.ts';

const TODAY = '2026-11-23';

test('an adopted account that a restriction rewrites gains all that its new role gives, and what stays is said to stay', () => {
  const policy = intent(`collections: { audit.logs: { protection: append-only } }
users: { cms@admin: { roles: [dbOwner@crm, readWrite@orders], adopted: true } }
restrictions: [{ users: "*", on: audit.*, deny: [read, write, administer], remedy: rewrite }]
`);
  const actual = state({
    users: [user('cms@admin', ['readWrite@orders'])],
    databases: [{ name: 'crm', collections: [] }],
  });
  const plan = makePlan(policy, actual, { today: TODAY });
  const [change, ...others] = plan.accounts;
  assert.deepEqual(others, []);
  assert.deepEqual(change?.accounts, ['cms@admin']);
  assert.deepEqual(
    change?.willHold.map(({ role: name, db }) => `${name}@${db}`),
    ['dbOwner@crm', 'readWrite@orders'],
  );
  const gained = (on: string): readonly string[] => change?.gains.find((each) => each.on === on)?.actions ?? [];
  const given = roleGraph([], '8.0.4').privileges([{ role: 'dbOwner', db: 'crm' }]);
  for (const { resource, actions } of given) {
    assert.deepEqual(gained(formatResource(resource)), [...actions].sort(), formatResource(resource));
  }
  // In the file and the JSON of operations, too.
  const grant = plan.operations.find(({ kind }) => kind === 'grantRolesToUser');
  assert.ok(plan.effects.get(grant?.id ?? '')?.gained.some(({ resource }) => resource === 'crm.*'));
});

test('logins from more places are a gain, logins from fewer are told', () => {
  const changed = (before: object, after: string) => {
    const actual = state({ users: [{ ...user('a@admin'), ...before }] });
    const { accounts } = makePlan(intent(`users: { a@admin: { roles: [], ${after} } }\n`), actual);
    return accounts.map(({ logins }) => [logins?.before.length, logins?.after.length]);
  };
  const gate = { authenticationRestrictions: [{ clientSource: ['10.0.0.0/8'] }] };
  assert.deepEqual(changed(gate, 'adopted: true'), [[1, 0]]);
  assert.deepEqual(changed({}, 'clientSource: [10.0.0.0/8]'), [[0, 1]]);
  assert.deepEqual(changed(gate, 'clientSource: [10.0.0.0/8]'), []);
});

test('logins from a part of the places are no gain, and shut somebody out', () => {
  const v6 = { clientSource: ['2001:db8::/32'] };
  const logins = (before: readonly object[], after: readonly object[]) => ({
    before: [{ restrictions: before }],
    after: [{ restrictions: after }],
  });
  const said = (before: readonly object[], after: readonly object[]) => [
    opensLogins(logins(before, after)),
    closesLogins(logins(before, after)),
  ];
  const from = (...clientSource: readonly string[]) => ({ clientSource });
  assert.deepEqual(said([from('10.0.0.0/8')], [from('10.1.0.0/16')]), [false, true]);
  assert.deepEqual(said([from('10.1.0.0/16')], [from('10.0.0.0/8')]), [true, false]);
  assert.deepEqual(said([from('10.0.0.0/8')], [from('10.0.0.0/8', '10.1.0.0/16')]), [false, false]);
  assert.deepEqual(said([from('10.0.0.0/8')], [from('11.0.0.0/8')]), [true, true]);
  assert.deepEqual(said([from('10.0.0.0/8'), v6], [from('10.0.0.0/8')]), [false, true]);
  assert.deepEqual(said([from('10.0.0.0/8')], [{ ...from('10.0.0.0/8'), serverAddress: ['10.9.9.9'] }]), [false, true]);
  assert.deepEqual(said([{ serverAddress: ['10.9.9.9'] }], [from('10.0.0.0/8')]), [true, true]);
});

test('a role that stands for another opens and closes no logins, as long as it has the same restrictions', () => {
  const gated = (name: string, clientSource: string) => ({
    ...role(name, { 'shop.x': ['find'] }),
    authenticationRestrictions: [{ clientSource: [clientSource] }],
  });
  const moved = (to: string) =>
    accountChanges(
      state({ roles: [gated('old@admin', '10.0.0.1')], users: [user('a@admin', ['old@admin'])] }),
      state({ roles: [gated('new@admin', to)], users: [user('a@admin', ['new@admin'])] }),
      [],
    ).find(({ kind }) => kind === 'changed')?.logins;
  assert.equal(moved('10.0.0.1'), undefined);
  assert.equal(moved('10.0.0.2')?.after.length, 1);
});

test('a role that a group could be given is a gain, although nobody holds it', () => {
  const told = (db: string) =>
    makePlan(
      intent(`roles: { r@${db}: { privileges: [{ on: ${db}.x, allow: [find, insert] }] } }\n`),
      state({ roles: [role(`r@${db}`, { [`${db}.x`]: ['find'] })] }),
    ).accounts.map(({ kind, accounts, gains }) => [kind, accounts, gains.map(({ actions }) => actions)]);
  assert.deepEqual(told('admin'), [['assignable', ['r@admin'], [['insert']]]]);
  // Groups are mapped to roles of admin only.
  assert.deepEqual(told('shop'), []);
});

test('a role that a group could be given is a loss once it is dropped', () => {
  const before = state({ roles: [role('r@admin', { 'admin.x': ['find'] })], users: [user('a@admin', [])] });
  const changes = accountChanges(before, { ...before, roles: [] }, []);
  assert.deepEqual(
    changes.map(({ kind, accounts, gains, loses }) => [kind, accounts, gains.length, loses.map(({ on }) => on)]),
    [['assignable', ['r@admin'], 0, ['admin.x']]],
  );
});

test('a wildcard of which an account had nothing is told as it is, and one of which it had something place by place', () => {
  const databases = ['shop', 'crm'].map((name) => ({ name, collections: [collection('x'), collection('y')] }));
  const roles = [
    role('some@shop', { 'shop.x': ['find'] }),
    role('all@admin', { '*.*': ['find', 'insert'] }),
    role('any@admin', { any: ['find'] }),
    role('named@admin', { '*.x': ['find'] }),
  ];
  const gained = (before: readonly string[], after: readonly string[]) => {
    const of = (held: readonly string[]) => state({ roles, databases, users: [user('a@admin', held)] });
    const changes = accountChanges(of(before), of(after), []).filter(({ kind }) => kind === 'changed');
    return changes.flatMap(({ gains }) => gains.map(({ on, actions }) => `${actions.join(', ')} on ${on}`));
  };
  assert.deepEqual(gained([], ['all@admin']), ['find, insert on *.*']);
  assert.deepEqual(gained([], ['any@admin']), ['find on any']);
  assert.deepEqual(gained([], ['named@admin']), ['find on *.x']);
  const rest = [
    'insert on *.*',
    'find on *.*, databases made later',
    'find on admin.*',
    'find on crm.*',
    'find on mongoward.*',
    'find on shop.*, as a whole',
    'find on shop.y',
  ];
  assert.deepEqual(gained(['some@shop'], ['all@admin']), rest);
  // A role that stays has its part in it.
  assert.deepEqual(gained(['some@shop'], ['some@shop', 'all@admin']), rest);
  assert.deepEqual(gained(['named@admin'], ['named@admin', 'any@admin']).slice(0, 2), [
    'find on *.*, databases made later',
    'find on *.system.healthlog',
  ]);
  assert.deepEqual(gained(['all@admin'], ['all@admin', 'any@admin']).slice(0, 3), [
    'find on *.system.healthlog',
    'find on *.system.indexes',
    'find on *.system.js',
  ]);
});

test('of every action on a database, what is left in one collection is not told as lost there', () => {
  const before = state({
    roles: [role('ops@admin', { 'shop.*': ['anyAction'] })],
    users: [user('a@admin', ['ops@admin'])],
    databases: [{ name: 'shop', collections: ['logs', 'other'].map((name) => collection(name)) }],
  });
  const after = { ...before, roles: [role('ops@admin', { 'shop.other': ['find'] })] };
  const [change] = accountChanges(before, after, []);
  const told = change?.loses.filter(({ actions }) => actions.includes('find')).map(({ on }) => on);
  assert.deepEqual(told, ['shop.*, as a whole', 'shop.logs']);
});

// Tried on 5.1: `find` on {db: "", collection: "items"} reads config.items and local.items; on {db: "", collection: ""} it does not.
test('a collection in every database reaches config and local, where any normal collection does not', () => {
  const before = state({
    roles: [role('anywhere@admin', { '*.*': ['find'] }), role('items@admin', { '*.items': ['find', 'insert'] })],
    users: [user('ann@admin', ['anywhere@admin'])],
    databases: [{ name: 'orders', collections: [collection('items')] }],
  });
  const after = { ...before, users: [user('ann@admin', ['anywhere@admin', 'items@admin'])] };
  const [change] = accountChanges(before, after, []);
  const told = change?.gains.filter(({ actions }) => actions.includes('find')).map(({ on }) => on);
  assert.deepEqual(told, ['config.items', 'local.items']);
});

test('what stays by a role that reaches the collection in every database is not told as lost', () => {
  const before = state({
    roles: [role('items@admin', { '*.items': ['find'] })],
    users: [user('ann@admin', ['items@admin', 'read@orders'])],
    databases: [{ name: 'orders', collections: [collection('items'), collection('other')] }],
  });
  const after = { ...before, users: [user('ann@admin', ['items@admin'])] };
  const [change] = accountChanges(before, after, []);
  const told = change?.loses.filter(({ actions }) => actions.includes('find')).map(({ on }) => on);
  assert.deepEqual(told, ['orders.*, as a whole', 'orders.other', 'orders.system.js']);
});

/** Those that the release has: what `anyAction` comes to there. */
function actionsOf({ roles = [], server }: ClusterState): readonly string[] {
  const known = actionsOfServer(roles, server.version);
  return ACTIONS.filter((action) => known.has(action));
}

/** Every pair of action and target that the server allows the account. */
function allowed(state: ClusterState): ReadonlyMap<string, ReadonlySet<string>> {
  const { roles = [], users = [], server } = state;
  const actions = actionsOf(state);
  const graph = roleGraph(roles, server.version);
  return new Map(
    users.map((account) => {
      const held = graph.privileges(account.roles);
      const pairs = TARGETS.flatMap((target) =>
        actions.filter((action) => allows(held, action, target)).map((action) => pair(action, target)),
      );
      return [formatUser(account), new Set(pairs)] as const;
    }),
  );
}

function pair(action: string, target: Target): string {
  return `${action} ${target.kind} ${formatTarget(target)}`;
}

/** The pairs that a list shows. What is told of databases that are made later is about none of these. */
function shown(list: readonly AccessAt[], known: readonly string[]): ReadonlySet<string> {
  return new Set(
    list.flatMap(({ on, resource, actions }) =>
      TARGETS.filter((target) => covers(resource, target) && isToldBy(on, resource, target)).flatMap((target) =>
        known
          .filter((action) => actions.includes(action) || actions.includes('anyAction'))
          .map((action) => pair(action, target)),
      ),
    ),
  );
}

/** Of a whole whose parts are told beside it, it is the whole. */
function isToldBy(on: string, resource: Resource, target: Target): boolean {
  if (on.endsWith(', as a whole')) return target.kind === 'database';
  return on === formatResource(resource);
}

/** Besides what a list names of it, `anyResource` reaches the server's own collections, which are told together. */
function isToldTogether(list: readonly AccessAt[], action: string): boolean {
  return list.some(
    ({ on, actions }) => on === 'any other resource' && (actions.includes(action) || actions.includes('anyAction')),
  );
}

test('what is shown as gained and lost is exactly what the server decides differently', () => {
  fc.assert(
    fc.property(brownfield, ({ intent: policy, actual }) => {
      const plan = makePlan(policy, actual);
      fc.pre(plan.obstacles.length === 0 && plan.operations.length > 0);
      const cluster = new Interpreter(actual);
      for (const operation of plan.operations) {
        const { db, command } = commandOf(operation);
        cluster.run(db, command);
      }
      const before = allowed(actual);
      const after = allowed(cluster.state());
      const changes = new Map(
        plan.accounts.flatMap((change) => change.accounts.map((name) => [name, change] as const)),
      );
      for (const account of cluster.state().users ?? []) {
        const name = formatUser(account);
        const known = actionsOf(actual);
        compare(name, before.get(name) ?? new Set(), after.get(name) ?? new Set(), changes.get(name), known);
      }
    }),
    { numRuns: scaled(25) },
  );
});

function compare(
  name: string,
  could: ReadonlySet<string>,
  can: ReadonlySet<string>,
  change: AccountChange | undefined,
  known: readonly string[],
): void {
  const sides = [
    { list: change?.gains ?? [], moved: [...can].filter((each) => !could.has(each)), word: 'gain' },
    { list: change?.loses ?? [], moved: [...could].filter((each) => !can.has(each)), word: 'lose' },
  ];
  for (const { list, moved, word } of sides) {
    const told = shown(list, known);
    for (const each of moved) {
      assert.ok(told.has(each) || isToldTogether(list, each.slice(0, each.indexOf(' '))), `${name} ${word}s ${each}`);
    }
    const real = new Set(moved);
    for (const each of told) assert.ok(real.has(each), `${name} is said to ${word} ${each}`);
  }
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { driftReport } from '../../../src/drift/report.ts';
import { roleGraph } from '../../../src/model/graph.ts';
import { formatRole, formatUser } from '../../../src/model/names.ts';
import { formatResource } from '../../../src/model/resource.ts';
import type { User } from '../../../src/model/role.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import type { Intent } from '../../../src/policy/intent.ts';
import { plain } from '../../../src/report/paint.ts';
import { planText } from '../../../src/report/plan-text.ts';
import type { ClusterState } from '../../../src/state/state.ts';
import { collection, compile, intent, owned, policyText, refs, role, state, user } from '../../support/build.ts';

const AWAY = 'restrictions: [{users: "*", on: audit.*, deny: [read, write, administer], remedy: rewrite}]\n';

/** A MongoDB 4.4 in use, with a database of audit logs and one of orders. */
function cluster(users: readonly User[], rest: Partial<ClusterState> = {}): ClusterState {
  return state({
    server: { version: '4.4.4', edition: 'community', topology: 'replicaSet' },
    databases: ['admin', 'audit', 'orders'].map((name) => ({ name, collections: [collection('logs')] })),
    users,
    ...rest,
  });
}

const TEAM = { roles: [role('team@admin', { 'audit.*': ['find'], 'orders.*': ['find'] })] };

/** The roles that every user holds afterwards, without the numbers that tell managed roles apart. */
function rolesAfter(policy: string, actual: ClusterState): Readonly<Record<string, readonly string[]>> {
  const { desired, obstacles } = makePlan(intent(policy), actual);
  assert.deepEqual(obstacles, []);
  const plain = (name: string): string => name.replace(/-[0-9a-f]{8}@admin$/, '@admin');
  return Object.fromEntries(
    (desired.users ?? []).map((each) => [formatUser(each), each.roles.map((ref) => plain(formatRole(ref)))]),
  );
}

test('a role over every database becomes one over every other database; what reaches nothing else goes', () => {
  const actual = cluster([
    user('app@admin', ['readWriteAnyDatabase@admin']),
    user('owner@admin', ['dbOwner@audit', 'read@orders']),
    user('orders@admin', ['readWrite@orders']),
  ]);
  assert.deepEqual(rolesAfter(AWAY, actual), {
    'app@admin': ['readWriteAnyDatabase-except-audit@admin'],
    'owner@admin': ['read@orders'],
    'orders@admin': ['readWrite@orders'],
  });
  const managed = makePlan(intent(AWAY), actual).managed.map((each) => ({
    replaces: formatRole(each.replaces),
    covers: each.covers,
    privileges: each.role.privileges.map(({ resource, actions }) => `${formatResource(resource)} ${actions.length}`),
  }));
  assert.deepEqual(managed, [
    {
      replaces: 'readWriteAnyDatabase@admin',
      covers: ['admin', 'orders'],
      privileges: [
        'cluster 1',
        'admin.* 19',
        'admin.system.js 19',
        'config.system.js 19',
        'local.system.js 19',
        'orders.* 19',
        'orders.system.js 19',
      ],
    },
  ]);
});

test('who must not destroy sealed documents must not take their keys away, and may go on using them', () => {
  const sealed = `${AWAY}breakGlass: [{ user: root@admin, reason: owner, until: 2099-01-01 }]
collections:
  audit.logs:
    encryption:
      keyVault: keys.vault
      kms: { provider: local }
      fields: { user: { bsonType: string, algorithm: random, keyAltName: audit } }
`;
  const actual = cluster(
    [
      user('app@admin', ['readWriteAnyDatabase@admin']),
      user('keeper@admin', ['dbAdmin@keys']),
      user('maker@admin', ['maker@keys']),
    ],
    {
      roles: [role('maker@keys', { 'keys.vault': ['find', 'insert'] })],
      databases: ['admin', 'audit', 'keys'].map((name) => ({
        name,
        collections: ['logs', 'vault'].map((each) => collection(each)),
      })),
      keyVaults: [{ ns: 'keys.vault', keys: [] }],
    },
  );
  const { managed, desired } = makePlan(intent(sealed), actual);
  const ofMaker = desired.users?.find((each) => each.user === 'maker')?.roles.map(formatRole);
  assert.deepEqual(ofMaker, ['maker@keys']);
  const kept = managed
    .find(({ replaces }) => formatRole(replaces) === 'readWriteAnyDatabase@admin')
    ?.role.privileges.filter(({ resource }) => formatResource(resource).startsWith('keys.'))
    .map(({ resource, actions }) => [
      formatResource(resource),
      ['find', 'insert', 'remove'].filter((each) => actions.includes(each)),
    ]);
  assert.deepEqual(kept, [
    ['keys.*', ['find', 'insert']],
    ['keys.logs', ['remove']],
    ['keys.system.js', ['find', 'insert', 'remove']],
  ]);
});

test('what the release does not know is not named where anyResource is written out', () => {
  const users = [user('app@admin', ['all@admin'])];
  const roles = [role('all@admin', { any: ['splitVector'] })];
  for (const [version, named] of [
    ['4.4.29', false],
    ['5.0.0', true],
  ] as const) {
    const server = { version, edition: 'community', topology: 'replicaSet' } as const;
    const { managed } = makePlan(intent(AWAY), cluster(users, { roles, server }));
    const resources = managed.flatMap((each) => each.role.privileges.map(({ resource }) => formatResource(resource)));
    assert.equal(
      resources.some((name) => name.startsWith('system_buckets ')),
      named,
      version,
    );
  }
});

test('an account chosen by a role of which nothing is left goes on being chosen', () => {
  const actual = cluster([user('app@admin', ['readWrite@audit', 'readWriteAnyDatabase@admin'])]);
  const policy = AWAY.replace('"*"', '{ holding: readWrite@audit }');
  assert.deepEqual(rolesAfter(policy, actual), {
    'app@admin': ['readWrite-of-audit-except-audit@admin', 'readWriteAnyDatabase-except-audit@admin'],
  });
  assert.deepEqual(makePlan(intent(policy), makePlan(intent(policy), actual).desired).operations, []);
});

test('a role that reaches too far only together with a removed one stays whole, and nothing is left to plan', () => {
  const actual = cluster([user('ann@admin', ['profiling@admin', 'dbOwner@audit'])], {
    roles: [role('profiling@admin', { '*.*': ['enableProfiler', 'useUUID'] })],
  });
  assert.deepEqual(rolesAfter(AWAY, actual), { 'ann@admin': ['profiling@admin'] });
  assert.deepEqual(makePlan(intent(AWAY), makePlan(intent(AWAY), actual).desired).operations, []);
});

test('an inherited role gets a narrowed copy for the restricted account; others that hold it keep it', () => {
  const actual = cluster([user('ann@admin', ['team@admin']), user('bob@admin', ['team@admin'])], {
    roles: [role('team@admin', { 'orders.*': ['find'] }, ['readWriteAnyDatabase@admin'])],
  });
  const policy = AWAY.replace('"*"', 'ann@admin');
  assert.deepEqual(rolesAfter(policy, actual), {
    'ann@admin': ['team-except-audit@admin'],
    'bob@admin': ['team@admin'],
  });
});

test('where nobody could list the collections, a wildcard over them is not written out', () => {
  const actual = cluster([user('app@admin', ['read@audit'])], { databases: [{ name: 'audit' }] });
  const policy = AWAY.replace('audit.*', 'audit.logs');
  assert.deepEqual(
    makePlan(intent(policy), actual).obstacles.map(({ target, message }) => [target, message.split(',')[0]]),
    [['audit', 'the collections of audit are unknown']],
  );
});

test('accounts with the same need share one managed role', () => {
  const actual = cluster(['a@admin', 'b@admin', 'c@admin'].map((name) => user(name, ['readWriteAnyDatabase@admin'])));
  const { managed, rewrites } = makePlan(intent(AWAY), actual);
  assert.equal(managed.length, 1);
  assert.deepEqual(
    rewrites.map(({ users, before }) => [users.map(formatUser), before.map(formatRole)]),
    [[['a@admin', 'b@admin', 'c@admin'], ['readWriteAnyDatabase@admin']]],
  );
});

for (const mighty of ['root@admin', '__system@admin', 'userAdminAnyDatabase@admin', 'restore@admin']) {
  test(`${mighty} can't be narrowed: the plan asks for a break-glass entry`, () => {
    const actual = cluster([user('boss@admin', [mighty]), user('root@admin', ['root@admin'])]);
    const exempt = '{user: root@admin, reason: owner, until: 2099-01-01}';
    const { obstacles, operations } = makePlan(intent(`${AWAY}breakGlass: [${exempt}]\n`), actual);
    assert.equal(obstacles.length, 1);
    assert.match(obstacles[0]?.message ?? '', /^boss@admin can't be kept out of audit\.\* while it holds .*breakGlass/);
    assert.deepEqual(
      operations.filter(({ target }) => target === 'boss@admin'),
      [],
    );
    const named = `${AWAY}breakGlass: [${exempt}, {user: boss@admin, reason: owner, until: 2099-01-01}]\n`;
    assert.deepEqual(makePlan(intent(named), actual).obstacles, []);
  });
}

test('a restriction that would take from the account that carries it out is refused with both lines', () => {
  const policy = `${AWAY}users: {me@admin: {roles: [readWriteAnyDatabase@admin], adopted: true}}\n`;
  const actual = cluster([user('me@admin', ['readWriteAnyDatabase@admin'])], { operator: { user: 'me', db: 'admin' } });
  assert.deepEqual(
    makePlan(intent(policy), actual).obstacles.map(({ message, at }) => [message.split(':')[0], at?.line]),
    [['the restriction covers me@admin (policy.yaml', 3]],
  );
});

test('a restriction that leaves nobody to administer users is refused', () => {
  const actual = cluster([user('a@admin', ['root@admin']), user('b@admin', ['userAdminAnyDatabase@admin'])]);
  const [first] = makePlan(intent(AWAY), actual).obstacles.filter(({ target }) => target === 'cluster');
  assert.match(first?.message ?? '', /^this restriction leaves nobody to administer users\. .*a@admin, b@admin/);
  assert.equal(first?.at?.line, 3);
});

test('an exemption that has ended exempts no more: the plan names its line, and takes nothing away unasked', () => {
  const glass = (until: string): string =>
    `${AWAY}breakGlass:\n  - { user: root@admin, reason: owner, until: 2099-01-01 }\n  - { user: dba@admin, reason: on call, until: ${until} }\n`;
  const users = [user('root@admin', ['root@admin']), user('dba@admin', ['dbAdminAnyDatabase@admin'])];
  const planOn = (today: string, policy = glass('2026-06-30')) => makePlan(intent(policy), cluster(users), { today });
  const before = planOn('2026-06-30');
  assert.deepEqual([before.obstacles, before.operations, before.breakGlass], [[], [], 2]);
  const after = planOn('2026-07-01');
  assert.deepEqual([after.operations, after.breakGlass], [[], 1]);
  assert.deepEqual(after.obstacles, [
    {
      target: 'dba@admin',
      message:
        'the exemption of dba@admin ended on 2026-06-30. dba@admin can still alter, destroy, read, suppress, unseal audit.*, although policy.yaml:3 denies it. Renew it with a reason and a date. Without it dba@admin is kept out like any other account',
      at: { file: 'policy.yaml', line: 6, column: 5, path: '/breakGlass/1' },
    },
  ]);
  assert.deepEqual(planOn('2026-07-01', glass('2026-07-01')).obstacles, []);
  const renewed = `${glass('2026-06-30')}  - { user: dba@admin, reason: on call, until: 2026-12-31 }\n`;
  assert.deepEqual(planOn('2026-07-01', renewed).obstacles, []);
});

test("an ended exemption of an account that reaches nothing stands in nobody's way", () => {
  const policy = `${AWAY}breakGlass: [{ user: ann@admin, reason: once, until: 2026-06-30 }]\n`;
  const plan = makePlan(intent(policy), cluster([user('ann@admin', ['read@orders'])]), { today: '2026-07-01' });
  assert.deepEqual(plan.obstacles, []);
});

test('an account that may set the password of one that can is refused too', () => {
  const actual = cluster([user('boss@apps', ['root@admin']), user('desk@admin', ['passwords@admin'])], {
    roles: [role('passwords@admin', { 'apps.*': ['changePassword'] })],
  });
  const named = `${AWAY}breakGlass: [{user: boss@apps, reason: owner, until: 2099-01-01}]\n`;
  assert.deepEqual(
    makePlan(intent(named), actual).obstacles.map(({ target, message }) => [target, /boss@apps/.test(message)]),
    [['desk@admin', true]],
  );
});

for (const name of ['clusterMonitor@admin', 'backup@admin']) {
  test(`${name} is left whole and reported: a person decides`, () => {
    const actual = cluster([user('tool@admin', [name])]);
    const { operations, obstacles, undecided } = makePlan(intent(AWAY), actual);
    assert.deepEqual([operations, obstacles], [[], []]);
    assert.deepEqual(
      undecided.map(({ user: { user: tool }, roles }) => [tool, roles.map(formatRole)]),
      [['tool', [name]]],
    );
    const lost = undecided[0]?.alternatives[0]?.loses.map(({ on, actions }) => `${actions.join(' ')} on ${on}`);
    assert.ok(
      lost?.some((loss) => /^find\b.* on local\.\*$|^find on local\.\*$/.test(loss)),
      String(lost),
    );
  });
}

test('only the role that stays is left to a person: a role that was narrowed beside it is not named', () => {
  const actual = cluster([user('connector@admin', ['clusterMonitor@admin', 'readAnyDatabase@admin'])]);
  const { rewrites, undecided } = makePlan(intent(AWAY), actual);
  assert.deepEqual(
    rewrites.map(({ before }) => before.map(formatRole)),
    [['readAnyDatabase@admin']],
  );
  assert.deepEqual(
    undecided.map(({ roles, alternatives }) =>
      [roles, alternatives.map(({ role: ref }) => ref)].map((refs) => refs.map(formatRole)),
    ),
    [[['clusterMonitor@admin'], ['clusterMonitor@admin']]],
  );
});

test('a restriction that a grant of the same policy contradicts is refused with both lines', () => {
  const policy = `${AWAY}roles: {writer@audit: {privileges: [{on: audit.logs, allow: [insert, update]}]}}
users: {app@admin: {roles: [writer@audit], password: {fromEnv: P}}}
`;
  const [obstacle, ...others] = makePlan(intent(policy), cluster([])).obstacles;
  assert.deepEqual(others, []);
  assert.match(
    obstacle?.message ?? '',
    /^app@admin can alter, insert, read audit\.\* through this grant, although the restriction in policy\.yaml:3 denies it\./,
  );
  assert.equal(obstacle?.at?.line, 4);
});

test('an account that exclusive access names may do there what is denied everybody else', () => {
  const policy = `${AWAY}roles: {writer@audit: {privileges: [{on: audit.logs, allow: insert-only}]}}
users: {app@admin: {roles: [writer@audit], password: {fromEnv: P}}}
collections: {audit.logs: {access: {insert: [app@admin]}}}
`;
  assert.deepEqual(makePlan(intent(policy), cluster([])).obstacles, []);
});

test('exclusive access with the remedy rewrite keeps everybody else out, by any way', () => {
  const policy = 'collections: {audit.logs: {access: {read: [ann@admin]}, remedy: rewrite}}\n';
  const actual = cluster([user('ann@admin', ['read@audit']), user('bob@admin', ['read@audit'])]);
  assert.deepEqual(rolesAfter(policy, actual), {
    'ann@admin': ['read@audit'],
    'bob@admin': ['read-of-audit-except-audit.logs@admin'],
  });
});

test('an account that others manage is watched and not changed', () => {
  const actual = cluster([user('mms-backup@admin', ['readWriteAnyDatabase@admin'])]);
  const { operations, undecided } = makePlan(intent(`${AWAY}unmanaged: ["mms-*@admin"]\n`), actual);
  assert.deepEqual(operations, []);
  assert.deepEqual(
    undecided.map((each) => [formatUser(each.user), each.unmanaged]),
    [['mms-backup@admin', true]],
  );
});

test('a role with authentication restrictions keeps them when nothing else is left of it', () => {
  const roles = [
    { ...role('near@admin', { 'audit.*': ['find'] }), authenticationRestrictions: [{ clientSource: ['10.0.0.0/8'] }] },
  ];
  const actual = cluster([user('ann@admin', ['near@admin'])], { roles });
  const { desired, managed } = makePlan(intent(AWAY), actual);
  assert.equal(desired.users?.[0]?.roles.length, 1);
  assert.deepEqual(managed[0]?.role.authenticationRestrictions, [{ clientSource: ['10.0.0.0/8'] }]);
  assert.deepEqual(managed[0]?.role.privileges, []);
});

test('a database that appears later is drift, and the plan covers it', () => {
  const actual = cluster([user('app@admin', ['readWriteAnyDatabase@admin'])]);
  const { desired } = makePlan(intent(AWAY), actual);
  assert.deepEqual(makePlan(intent(AWAY), desired).operations, []);
  const later = { ...desired, databases: [...(desired.databases ?? []), { name: 'billing', collections: [] }] };
  const messages = driftReport(intent(AWAY), later, { today: '2026-11-24' }).findings.map(({ rule, message }) => [
    rule,
    message.split(';')[0],
  ]);
  assert.deepEqual(
    messages.filter(([rule]) => rule === 'restriction/uncovered'),
    [['restriction/uncovered', 'not covered: billing']],
  );
  assert.deepEqual(
    makePlan(intent(AWAY), later).operations.map(({ kind }) => kind),
    ['recordObject', 'grantPrivilegesToRole'],
  );
});

test('a record that the name of its role contradicts is not believed: nobody is given back what it never had', () => {
  const app = cluster([user('app@admin', ['read@orders']), user('eve@admin', ['team@admin'])], {
    roles: [role('team@admin', { 'orders.*': ['find'] })],
    objects: [{ ...owned('role', 'team@admin'), replaces: 'readWriteAnyDatabase@admin', covers: ['orders'] }],
  });
  const plan = makePlan(intent(AWAY), app);
  assert.deepEqual(plan.rewrites, []);
  assert.deepEqual(
    plan.obstacles.map(({ message }) => message),
    [
      'the record in mongoward.objects says that team@admin stands for readWriteAnyDatabase@admin, but a role that stands for it has another name. Somebody has changed the record. See who can write it, and remove the entry',
    ],
  );
});

test('where less is denied than before, the plan says what accounts get back', () => {
  const narrowed = makePlan(intent(AWAY), cluster([user('app@admin', ['readWriteAnyDatabase@admin'])])).desired;
  const plan = makePlan(intent(AWAY.replace('[read, write, administer]', '[alter, destroy]')), narrowed);
  const told = plan.rewrites.flatMap(({ gains }) =>
    gains.filter(({ actions }) => actions.includes('find') && !actions.includes('remove')).map(({ on }) => on),
  );
  const places = ['*.*, databases made later', '*.system.js, databases made later'];
  const there = ['audit', 'mongoward'].flatMap((db) => [`${db}.*`, `${db}.system.js`]);
  assert.deepEqual(told, [...places, ...there]);
  const gained = [...plan.effects.values()].flatMap((effect) => effect.gained.map(({ resource }) => resource));
  assert.deepEqual(gained, told);
});

test('what is lost in local is listed, also where a wildcard over databases grants the same: it never reaches local', () => {
  const actual = cluster([user('dump@admin', ['dump@admin'])], {
    roles: [role('dump@admin', { '*.*': ['find'], 'local.*': ['find'] })],
    databases: [{ name: 'local', collections: ['oplog.rs', 'startup_log'].map((name) => collection(name)) }],
  });
  const policy = 'restrictions: [{users: "*", on: local.oplog.rs, deny: [read], remedy: rewrite}]\n';
  const told = makePlan(intent(policy), actual).rewrites.flatMap(({ loses }) =>
    loses.map(({ on, actions }) => `${actions.join(', ')} on ${on}`),
  );
  assert.deepEqual(told, ['find on local.*, as a whole', 'find on local.oplog.rs']);
});

const SERIES: Partial<ClusterState> = {
  server: { version: '8.0.4', edition: 'community', topology: 'replicaSet' },
  databases: [
    {
      name: 'audit',
      collections: [
        collection('series', { type: 'timeseries' }),
        collection('system.buckets.series'),
        collection('other', { type: 'timeseries' }),
        collection('system.buckets.other'),
        collection('logs'),
      ],
    },
  ],
};

test('what is denied on a database with time series is denied on their buckets, also by techniques that only buckets have', () => {
  const policy = AWAY.replace('[read, write, administer]', '[unseal]');
  const actual = cluster([user('app@admin', ['readWriteAnyDatabase@admin'])], SERIES);
  const { desired, managed } = makePlan(intent(policy), actual);
  const inserts = managed.flatMap(({ role: { privileges } }) =>
    privileges.filter(({ actions }) => actions.includes('insert')).map(({ resource }) => formatResource(resource)),
  );
  assert.deepEqual(
    inserts.filter((on) => on === '*.*' || on.startsWith('system_buckets ')),
    ['*.*', 'system_buckets admin.*', 'system_buckets config.*', 'system_buckets local.*'],
  );
  assert.deepEqual(makePlan(intent(policy), desired).operations, []);
});

test('a time series is protected as any collection: what changes it is taken away by its name and by its buckets', () => {
  const policy = 'collections: { audit.series: { protection: append-only, remedy: rewrite } }\n';
  const actual = cluster([user('app@admin', ['readWriteAnyDatabase@admin'])], SERIES);
  const { desired, obstacles, managed } = makePlan(intent(policy), actual);
  assert.deepEqual(obstacles, []);
  const left = (name: string): readonly string[] =>
    managed.flatMap(({ role: { privileges } }) =>
      privileges.flatMap(({ resource, actions }) => (formatResource(resource) === name ? actions : [])),
    );
  assert.ok(left('*.*').includes('insert'));
  for (const other of ['audit.logs', 'system_buckets audit.other']) assert.ok(left(other).includes('remove'), other);
  for (const action of ['remove', 'update', 'dropCollection', 'createIndex', 'collMod']) {
    for (const name of ['*.*', 'audit.*', 'audit.series', 'system_buckets *.*', 'system_buckets audit.*']) {
      assert.ok(!left(name).includes(action), `${action} on ${name}`);
    }
  }
  assert.deepEqual(makePlan(intent(policy), desired).operations, []);
});

test('a protected collection that leads to another protected one is closed as widely as if it were alone', () => {
  const actual = cluster([user('app@admin', ['readWriteAnyDatabase@admin'])], SERIES);
  const buckets = (on: string): readonly string[] =>
    makePlan(intent(AWAY.replace('audit.*', on)), actual).managed.flatMap(({ role: { privileges } }) =>
      privileges.flatMap(({ resource, actions }) =>
        formatResource(resource) === 'system_buckets local.*' ? actions : [],
      ),
    );
  // Whoever reads the oplog reads audit.logs.
  assert.deepEqual(buckets('local.oplog.rs'), []);
  assert.deepEqual(buckets('[audit.logs, local.oplog.rs]'), []);
});

test('an account that exclusive access names for a time series may use its buckets', () => {
  const roles = [role('raw@admin', { 'audit.system.buckets.series': ['find'], 'audit.logs': ['find'] })];
  const policy = `${AWAY}collections: { audit.series: { access: { read: [ann@admin] } } }\n`;
  const actual = cluster([user('ann@admin', ['raw@admin']), user('bob@admin', ['raw@admin'])], { ...SERIES, roles });
  const { managed, desired } = makePlan(intent(policy), actual);
  assert.deepEqual(
    managed.map((each) => each.role.privileges.map(({ resource }) => formatResource(resource))),
    [['audit.system.buckets.series']],
  );
  assert.deepEqual(
    desired.users?.map(({ roles: held }) => held.length),
    [1, 0],
  );
});

const OTHERS = AWAY.replace('"*"', 'other@admin');

for (const [what, policy] of [
  ['the restriction is about others', OTHERS],
  ['it excepts the account', AWAY.replace('on:', 'except: [app@admin], on:')],
  ['it is only reported', AWAY.replace('rewrite', 'report')],
  [
    'the account is under breakGlass',
    `${AWAY}breakGlass: [{ user: app@admin, reason: it breaks, until: 2099-01-01 }]\n`,
  ],
] as const) {
  test(`an account to which nothing is denied any longer holds again what it held: ${what}`, () => {
    const narrowed = makePlan(intent(AWAY), cluster([user('app@admin', ['readWriteAnyDatabase@admin'])])).desired;
    assert.deepEqual(rolesAfter(policy, narrowed), { 'app@admin': ['readWriteAnyDatabase@admin'] });
    const { operations, orphans, rewrites, desired } = makePlan(intent(policy), narrowed);
    assert.deepEqual(
      operations.map(({ kind, reason }) => [kind, reason.text]),
      ['grantRolesToUser', 'revokeRolesFromUser'].map((kind) => [kind, 'nothing is denied to it any longer']),
    );
    assert.deepEqual(
      rewrites.map(({ released, could, can, loses, gains }) => [released, could, can, loses, gains.length > 0]),
      [[true, [], [], [], true]],
    );
    // What stood for the role is held by nobody then.
    assert.equal(orphans.length, 1);
    const pruned = makePlan(intent(policy), desired, { prune: true }).operations.map(({ kind }) => kind);
    assert.deepEqual(pruned, ['dropRole', 'forgetObject']);
    assert.deepEqual(makePlan(intent(policy), desired).operations, []);
  });
}

test('nobody is given back a role by which it could grant itself anything: no plan takes one away', () => {
  const state = cluster([user('app@admin', ['root-except-test@admin'])], {
    roles: [role('root-except-test@admin', {})],
    objects: [{ ...owned('role', 'root-except-test@admin'), replaces: 'root@admin' }],
  });
  assert.deepEqual(
    makePlan(intent(OTHERS), state).obstacles.map(({ target, message }) => [target, message]),
    [
      [
        'app@admin',
        'app@admin would be given back root@admin, through which it could grant itself anything, and which no plan takes away. Somebody has changed the record in mongoward.objects, or the role. See who can write them, and grant by hand what it should have',
      ],
    ],
  );
});

test('where the policy restricts nothing any more, --prune gives back and drops; else nothing happens', () => {
  const narrowed = makePlan(intent(AWAY), cluster([user('app@admin', ['readWriteAnyDatabase@admin'])])).desired;
  assert.deepEqual(makePlan(intent(''), narrowed).operations, []);
  const { operations, desired } = makePlan(intent(''), narrowed, { prune: true });
  assert.deepEqual(
    operations.map(({ kind }) => kind),
    ['grantRolesToUser', 'revokeRolesFromUser', 'dropRole', 'forgetObject'],
  );
  assert.deepEqual(
    desired.users?.map((each) => each.roles.map(formatRole)),
    [['readWriteAnyDatabase@admin']],
  );
  assert.deepEqual(makePlan(intent(''), desired, { prune: true }).operations, []);
});

test('two policies restrict the same account: both settle, and a new database reaches it through both', () => {
  const of = (name: string, on: string): Intent => {
    const compiled = compile(policyText(AWAY.replace('audit.*', on), name));
    assert.ok(compiled.intent);
    return compiled.intent;
  };
  const policies = [of('first', 'audit.*'), of('second', 'orders.*')];
  const carriedOut = (actual: ClusterState): ClusterState =>
    policies.reduce((before, policy) => makePlan(policy, before).desired, actual);
  const isSettled = (actual: ClusterState): void => {
    for (const policy of policies) {
      const { operations, obstacles, orphans } = makePlan(policy, actual);
      assert.deepEqual([operations, obstacles, orphans], [[], [], []]);
    }
  };
  const narrowed = carriedOut(cluster([user('app@admin', ['readWriteAnyDatabase@admin'])]));
  isSettled(narrowed);
  const later = carriedOut({
    ...narrowed,
    databases: [...(narrowed.databases ?? []), { name: 'billing', collections: [] }],
  });
  isSettled(later);
  const held = roleGraph(later.roles ?? [], later.server.version).privileges(later.users?.[0]?.roles ?? []);
  const finds = held.filter(({ actions }) => actions.includes('find')).map(({ resource }) => formatResource(resource));
  assert.deepEqual(
    finds.filter((on) => on.endsWith('.*')),
    ['admin.*', 'billing.*'],
  );
});

test('an account of another policy is not rewritten, which that policy would undo', () => {
  const actual = cluster([user('app@admin', ['readWrite@audit']), user('orders@admin', ['readWrite@orders'])], {
    objects: ['app@admin', 'orders@admin'].map((name) => owned('user', name, true, 'team')),
  });
  const policy = AWAY.replace('[read, write, administer]', '[read]');
  assert.deepEqual(
    makePlan(intent(policy), actual).obstacles.map(({ message }) => message),
    [
      'app@admin belongs to the policy "team" and can read audit.*, although policy.yaml:3 denies it. Take that from it there, or name it under "except", "unmanaged" or breakGlass',
    ],
  );
  const { obstacles, undecided } = makePlan(intent(`${policy}unmanaged: [app@admin]\n`), actual);
  assert.deepEqual([obstacles, undecided.map((each) => formatUser(each.user))], [[], ['app@admin']]);
});

test('a managed role whose original is gone is no orphan as long as somebody holds it', () => {
  const narrowed = makePlan(intent(AWAY), cluster([user('app@admin', ['team@admin'])], TEAM)).desired;
  const gone = { ...narrowed, roles: (narrowed.roles ?? []).filter((each) => each.role !== 'team') };
  const planned = (actual: ClusterState, prune: boolean) => {
    const { operations, orphans } = makePlan(intent(AWAY), actual, { prune });
    return [operations.map(({ kind }) => kind), orphans.length];
  };
  assert.deepEqual(
    [planned(gone, false), planned(gone, true)],
    [
      [[], 0],
      [[], 0],
    ],
  );
  const free = { ...gone, users: [] };
  assert.deepEqual(
    [planned(free, false), planned(free, true)],
    [
      [[], 1],
      [['dropRole', 'forgetObject'], 0],
    ],
  );
});

test('an account that others manage by now is given nothing back', () => {
  const narrowed = makePlan(intent(AWAY), cluster([user('app@admin', ['readWriteAnyDatabase@admin'])])).desired;
  assert.deepEqual(makePlan(intent(`${OTHERS}unmanaged: [app@admin]\n`), narrowed).operations, []);
});

test('a plan that gives back says so, and nothing about what was denied', () => {
  const narrowed = makePlan(intent(AWAY), cluster([user('app@admin', ['read@audit', 'team@admin'])], TEAM)).desired;
  const [, told = ''] = planText(makePlan(intent(OTHERS), narrowed), plain).split('\n\n');
  assert.equal(
    told.replace(/-[0-9a-f]{8}@admin/, '@admin'),
    `~ app@admin
    holds  team-except-audit@admin
    then   team@admin
    gains  find on audit.*
    nothing is denied to it any longer`,
  );
});

test('an account that the policy adopted is rewritten, whatever the policy says of its roles', () => {
  const policy = `${AWAY}users: {app@admin: {roles: [readWriteAnyDatabase@admin], adopted: true}}\n`;
  const actual = cluster([user('app@admin', ['readWriteAnyDatabase@admin'])]);
  assert.deepEqual(rolesAfter(policy, actual), { 'app@admin': ['readWriteAnyDatabase-except-audit@admin'] });
});

test('drift: an account that can do what a restriction denies is an error, whether it is rewritten or only reported', () => {
  const actual = cluster([user('app@admin', ['read@audit']), user('root@admin', ['root@admin'])]);
  const policy = `restrictions: [{users: "*", on: audit.*, deny: [read]}]
breakGlass: [{user: root@admin, reason: owner, until: 2026-01-01}]
`;
  const at = (today: string) =>
    driftReport(intent(policy), actual, { today }).findings.map(({ rule, target }) => `${rule} ${target}`);
  assert.deepEqual(at('2025-12-01'), ['restriction/reach app@admin']);
  assert.deepEqual(at('2026-02-01'), [
    'restriction/reach app@admin',
    'break-glass/expired root@admin',
    'restriction/reach root@admin',
  ]);
});

test('a plan settles where an account that writes today, and will not, lives in a restricted database', () => {
  const policy = intent(`restrictions:
  - {users: "*", on: orders.*, deny: [read, write, administer], remedy: rewrite}
  - {users: "*", on: audit.*, deny: [write], remedy: rewrite}
`);
  const actual = cluster([user('joe@audit', ['readWriteAnyDatabase@admin']), user('ann@admin', ['helper@admin'])], {
    roles: [role('helper@admin', { 'audit.*': ['changePassword', 'dropRole', 'listDatabases'] })],
  });
  const plan = makePlan(policy, actual);
  assert.deepEqual(
    plan.managed.map(({ replaces }) => formatRole(replaces)),
    ['helper@admin', 'readWriteAnyDatabase@admin'],
  );
  assert.deepEqual(plan.undecided, []);
  assert.deepEqual(makePlan(policy, plan.desired).operations, []);
});

test('an account that can drop a writer elsewhere is left to a person, and one that drops who is kept from writing is not', () => {
  const policy = intent(`${AWAY}breakGlass: [{user: svc@apps, reason: writer, until: 2027-06-30}]\n`);
  const roles = ['apps', 'orders'].map((db) => role(`helper@${db}`, { [`${db}.*`]: ['dropUser'] }));
  const actual = cluster(
    [
      user('svc@apps', ['readWrite@audit']),
      user('joe@orders', ['readWrite@audit']),
      user('ann@admin', ['helper@apps']),
      user('bob@admin', ['helper@orders']),
    ],
    { roles },
  );
  const { undecided, desired } = makePlan(policy, actual);
  assert.deepEqual(
    undecided.map((each) => [formatUser(each.user), each.open.map(({ technique }) => technique.id)]),
    [['ann@admin', ['drop-writer']]],
  );
  const { findings } = driftReport(policy, desired, { today: '2026-11-23' });
  assert.deepEqual(
    findings.filter(({ rule }) => rule === 'restriction/reach').map(({ target }) => target),
    ['ann@admin'],
  );
});

test('a managed role whose record was lost is taken into the record if it grants the same, and refused if not', () => {
  const adopted = intent(`${AWAY}users: { app@admin: { adopted: true, roles: [readWriteAnyDatabase@admin] } }`);
  const { desired } = makePlan(adopted, cluster([user('app@admin', ['readWriteAnyDatabase@admin'])]));
  const { objects, ...restored } = desired;
  assert.ok(objects?.some(({ replaces }) => replaces === 'readWriteAnyDatabase@admin'));
  const again = makePlan(adopted, { ...restored, objects: [] });
  assert.deepEqual(again.obstacles, []);
  assert.deepEqual(
    again.operations.map(({ kind, target }) => `${kind} ${target.replace(/[0-9a-f]{8}/, 'N')}`),
    ['recordObject readWriteAnyDatabase-except-audit-N@admin'],
  );
  const widened = (restored.roles ?? []).map((each) =>
    each.role.includes('-except-') ? { ...each, roles: refs('root@admin') } : each,
  );
  const [obstacle] = makePlan(adopted, { ...restored, roles: widened, objects: [] }).obstacles;
  assert.match(obstacle?.message ?? '', /exists already, it grants something else than this plan would make/);
});

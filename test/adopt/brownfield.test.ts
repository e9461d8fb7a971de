/** Clusters as others have left them: each is adopted, planned again to nothing, and kept out of the audit trail. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adopt } from '../../src/adopt/adopt.ts';
import { formatUser } from '../../src/model/names.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { compilePolicy, parsePolicyFile } from '../../src/policy/compile.ts';
import type { Intent } from '../../src/policy/intent.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { collection, commandOf, role, state, user } from '../support/build.ts';
import { Interpreter } from '../support/interpreter.ts';

const AWAY = `apiVersion: mongoward/v1
metadata: { name: adopted }
restrictions:
  - { users: "*", on: audit.*, deny: [read, write, administer], remedy: rewrite }
`;

interface Case {
  readonly what: string;
  readonly actual: ClusterState;
  readonly leftOut?: readonly string[];
  /** Whom the plan refuses or leaves to a person; nobody unless it says so. */
  readonly refused?: readonly string[];
  readonly undecided?: readonly string[];
}

function cluster(version: string, rest: Partial<ClusterState>): ClusterState {
  const databases = ['admin', 'audit', 'orders'].map((name) => ({ name, collections: [collection('logs')] }));
  return state({ server: { version, edition: 'community', topology: 'replicaSet' }, databases, ...rest });
}

const EVERY_BUCKET = { db: '', system_buckets: '' };

const CASES: readonly Case[] = [
  {
    what: 'agents of Ops Manager, which others manage',
    actual: cluster('8.0.12', {
      users: [
        user('mms-automation@admin', ['__system@admin']),
        user('mms-monitoring-agent@admin', ['clusterMonitor@admin']),
        user('arn:aws:iam::12345:role/app@$external', ['readWrite@orders']),
        user('app@admin', ['readWriteAnyDatabase@admin', 'readWrite@orders']),
      ],
    }),
    leftOut: ['user mms-automation@admin', 'user mms-monitoring-agent@admin'],
    undecided: ['mms-automation@admin', 'mms-monitoring-agent@admin'],
  },
  {
    what: "an operator's accounts for backup and metrics",
    actual: cluster('7.0.14', {
      roles: [
        role('explainRole@admin', { '*.system.profile': ['find'], '*.*': ['collStats', 'dbStats', 'listIndexes'] }),
        role('pbmAnyAction@admin', { any: ['anyAction'] }),
      ],
      users: [
        user('pbm@admin', ['pbmAnyAction@admin', 'backup@admin', 'restore@admin', 'readWrite@admin']),
        user('pmm@admin', ['explainRole@admin', 'clusterMonitor@admin', 'read@local']),
        user('databaseAdmin@admin', ['readWriteAnyDatabase@admin', 'clusterAdmin@admin']),
        user('userAdmin@admin', ['userAdminAnyDatabase@admin']),
      ],
    }),
    refused: ['cluster', 'pbm@admin', 'userAdmin@admin'],
    undecided: ['databaseAdmin@admin', 'pmm@admin'],
  },
  {
    what: 'the same resource and the same role twice, and anyAction beside others',
    actual: cluster('4.4.4', {
      roles: [
        {
          ...role('dup@admin', {}, ['read@orders', 'read@orders', 'readWrite@audit']),
          privileges: [
            { resource: { db: 'audit', collection: '' }, actions: ['find', 'find'] },
            { resource: { db: 'audit', collection: '' }, actions: ['insert'] },
            { resource: { db: 'orders', collection: '' }, actions: ['find', 'anyAction'] },
          ],
        },
      ],
      users: [user('a@admin', ['dup@admin', 'dup@admin'])],
    }),
    undecided: ['a@admin'],
  },
  {
    what: 'names that mean something elsewhere',
    actual: cluster('8.0.4', {
      roles: [
        role('__proto__@admin', { '*.*': ['find', 'insert'] }),
        role('constructor@audit', { 'audit.*': ['find'] }),
        role('*@admin', { 'audit.logs': ['find'] }),
        role('rôle 日本@admin', { '日本.*': ['find'], 'audit.логи': ['remove'] }),
        role('a@b@admin', { 'audit.a.b': ['find'] }),
        role('root@other', { 'other.*': ['find'] }),
      ],
      users: [
        user('__proto__@admin', ['__proto__@admin']),
        user('émile 🚀@日本', ['rôle 日本@admin', 'enableSharding@x']),
        user('x@admin', ['root@other', 'a@b@admin']),
        user('with space@admin', ['*@admin', 'constructor@audit']),
        user('lost@admin', ['toString@admin']),
      ],
      databases: ['admin', 'audit', 'other', '日本'].map((name) => ({ name, collections: [collection('logs')] })),
    }),
    leftOut: ['user lost@admin'],
  },
  {
    what: 'roles and users that log in from some addresses only, and users without roles',
    actual: cluster('5.0.9', {
      roles: [
        {
          ...role('ops@admin', {}, ['readWriteAnyDatabase@admin']),
          authenticationRestrictions: [{ clientSource: ['10.0.0.0/8'], serverAddress: ['10.1.1.1'] }],
        },
        {
          ...role('from@admin'),
          authenticationRestrictions: [{ clientSource: ['10.0.0.0/8'] }, { serverAddress: ['10.1.1.1'] }],
        },
      ],
      users: [
        user('ops@admin', ['ops@admin'], { authenticationRestrictions: [{ clientSource: ['127.0.0.1'] }] }),
        user('nobody@orders'),
        user('CN=app,OU=x,O=Acme@$external', ['readWrite@audit', 'from@admin']),
      ],
    }),
  },
  {
    what: 'time series and the buckets behind them',
    actual: cluster('8.3.1', {
      roles: [
        {
          ...role('ts@admin', { 'audit.system.buckets.logs': ['insert'] }),
          privileges: [
            { resource: EVERY_BUCKET, actions: ['find', 'remove'] },
            { resource: { db: 'audit', system_buckets: 'logs' }, actions: ['find'] },
          ],
        },
      ],
      users: [user('t@admin', ['ts@admin']), user('app@admin', ['readWriteAnyDatabase@admin'])],
      databases: [
        { name: 'audit', collections: [collection('logs', { type: 'timeseries' }), collection('system.buckets.logs')] },
      ],
    }),
  },
  {
    what: 'roles of a database without data, and one that inherits across databases',
    actual: cluster('6.0.5', {
      roles: [
        role('lonely@ghost', { 'ghost.*': ['find', 'insert'] }, ['readWrite@ghost']),
        role('far@admin', { '*.logs': ['update'] }, ['lonely@ghost', 'dbOwner@audit', 'read@orders']),
      ],
      users: [user('g@ghost', ['lonely@ghost']), user('f@admin', ['far@admin'])],
    }),
  },
  {
    what: 'roles that inherit themselves, as only a snapshot made by hand has them',
    actual: cluster('4.4.29', {
      roles: [
        role('a@admin', { '*.*': ['update'] }, ['b@admin']),
        role('b@admin', { 'audit.*': ['find'] }, ['a@admin']),
        role('self@admin', { 'audit.logs': ['remove'] }, ['self@admin']),
      ],
      users: [user('u@admin', ['a@admin']), user('v@admin', ['self@admin'])],
    }),
    leftOut: ['role a@admin', 'role b@admin', 'role self@admin', 'user u@admin', 'user v@admin'],
  },
  {
    what: 'a sharded cluster with its keepers',
    actual: cluster('8.0.4', {
      server: { version: '8.0.4', edition: 'community', topology: 'sharded' },
      roles: [
        role('shardOps@admin', { cluster: ['addShard', 'moveChunk'], 'config.*': ['find', 'update'] }),
        role('deployer@admin', { '*.*': ['createCollection', 'createIndex', 'collMod'] }, ['enableSharding@admin']),
      ],
      users: [
        user('shard-ops@admin', ['shardOps@admin']),
        user('deployer@admin', ['deployer@admin']),
        user('vendor@admin', ['dbOwner@audit', 'dbOwner@orders', 'hostManager@admin']),
        user('root@admin', ['root@admin']),
      ],
    }),
    refused: ['cluster', 'root@admin'],
    undecided: ['shard-ops@admin', 'vendor@admin'],
  },
  {
    what: 'a database whose collections nobody could list',
    actual: cluster('7.0.2', {
      users: [user('w@admin', ['readWriteAnyDatabase@admin'])],
      databases: [{ name: 'admin', collections: [] }, { name: 'audit' }],
      unreadable: [{ what: 'databases.audit', why: 'not authorized' }],
    }),
  },
];

function compiled(texts: ReadonlyMap<string, string>): Intent {
  const { intent, problems } = compilePolicy([...texts].map(([file, text]) => parsePolicyFile({ file, text })));
  assert.deepEqual(problems, []);
  assert.ok(intent);
  return intent;
}

for (const { what, actual, leftOut = [], refused = [], undecided = [] } of CASES) {
  const adopted = adopt(actual, { name: 'adopted', only: [], ignore: [] });

  test(`${what}: adopted, it plans to nothing`, () => {
    const { operations, obstacles, orphans } = makePlan(compiled(adopted.files), actual);
    assert.deepEqual([operations, obstacles, orphans], [[], [], []]);
    assert.deepEqual(
      adopted.leftOut.map((each) => each.what),
      leftOut,
    );
  });

  test(`${what}: restricted, nobody is forgotten, and it settles`, () => {
    const intent = compiled(new Map([...adopted.files, ['away.yaml', AWAY]]));
    const plan = makePlan(intent, actual);
    assert.deepEqual(plan.obstacles.map(({ target }) => target).sort(), refused);
    assert.deepEqual(plan.undecided.map((each) => formatUser(each.user)).sort(), undecided);
    if (refused.length > 0) return;
    const cluster = new Interpreter(actual);
    for (const operation of plan.operations) {
      const { db, command } = commandOf(operation);
      cluster.run(db, command);
    }
    const again = makePlan(intent, cluster.state());
    assert.deepEqual([again.operations, again.obstacles], [[], []]);
  });
}

test('adopted again, what restrictions have made is planned to nothing, and covers a database that appears later', () => {
  const away = compiled(new Map([['away.yaml', AWAY]]));
  const users = [user('app@admin', ['readWriteAnyDatabase@admin'])];
  const narrowed = makePlan(away, cluster('8.0.4', { users })).desired;
  const { files } = adopt(narrowed, { name: 'adopted', only: [], ignore: [] });
  assert.deepEqual(makePlan(compiled(files), narrowed).operations, []);
  const intent = compiled(new Map([...files, ['away.yaml', AWAY]]));
  assert.deepEqual(makePlan(intent, narrowed).operations, []);
  const later = { ...narrowed, databases: [...(narrowed.databases ?? []), { name: 'billing', collections: [] }] };
  const { operations, desired } = makePlan(intent, later);
  assert.deepEqual(
    operations.map(({ kind }) => kind),
    ['recordObject', 'grantPrivilegesToRole'],
  );
  assert.deepEqual(makePlan(intent, desired).operations, []);
});

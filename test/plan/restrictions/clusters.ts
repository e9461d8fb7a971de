/** Random brownfield clusters, and restrictions for them. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { collectionTarget, databaseTarget, type Resource, type Target } from '../../../src/model/resource.ts';
import type { Role, User } from '../../../src/model/role.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { Intent } from '../../../src/policy/intent.ts';
import type { ClusterState } from '../../../src/state/state.ts';
import { collection, ref, state } from '../../support/build.ts';

export const COLLECTIONS: Readonly<Record<string, readonly string[]>> = {
  admin: ['things'],
  audit: ['logs', 'other', 'system.views'],
  orders: ['items'],
  shop: ['logs', 'carts'],
};

const SYSTEM: readonly (readonly [db: string, collection: string])[] = [
  ...['system.js', 'system.profile', 'system.views'].flatMap((name) =>
    ['audit', 'orders', 'shop'].map((db) => [db, name] as const),
  ),
  ...['system.users', 'system.roles', 'system.version', 'system.js'].map((name) => ['admin', name] as const),
  ...['oplog.rs', 'startup_log', 'replset.minvalid', 'logs'].map((name) => ['local', name] as const),
  ...['transactions', 'chunks', 'settings', 'logs'].map((name) => ['config', name] as const),
];

/** Everything on which somebody may hold something: what is there, and what the server keeps for itself. */
export const TARGETS: readonly Target[] = [
  { kind: 'cluster' },
  ...[...Object.keys(COLLECTIONS), 'local', 'config'].map(databaseTarget),
  ...Object.entries(COLLECTIONS).flatMap(([db, names]) =>
    names.map((name) => collectionTarget({ db, collection: name })),
  ),
  ...SYSTEM.map(([db, name]) => collectionTarget({ db, collection: name })),
];

/** Every action that a way around takes, and some that none does. */
export const ACTIONS = [
  ...['find', 'insert', 'update', 'remove', 'createIndex', 'dropIndex', 'collMod', 'convertToCapped', 'dropCollection'],
  ...['createCollection', 'renameCollectionSameDB', 'dropDatabase', 'enableProfiler', 'bypassDocumentValidation'],
  ...['splitVector', 'planCacheRead', 'grantRole', 'revokeRole', 'createUser', 'dropUser', 'createRole', 'dropRole'],
  ...['changePassword', 'setAuthenticationRestriction', 'viewUser', 'listCollections', 'listIndexes', 'collStats'],
  ...['changeStream', 'dbStats', 'validate', 'useUUID', 'forceUUID', 'applyOps', 'getLog', 'setParameter', 'inprog'],
  ...['killop', 'killAnySession', 'fsync', 'shutdown', 'replSetStateChange', 'replSetConfigure', 'setDefaultRWConcern'],
  ...['serverStatus', 'listDatabases', 'hostInfo'],
] as const;

const RESOURCES: readonly Resource[] = [
  { cluster: true },
  { anyResource: true },
  ...['', 'audit', 'orders', 'shop', 'admin'].flatMap((db) =>
    ['', 'logs', 'items', 'system.js', 'system.views', 'system.profile'].map((name) => ({ db, collection: name })),
  ),
  { db: 'local', collection: 'oplog.rs' },
  { db: 'local', collection: '' },
  { db: 'config', collection: 'transactions' },
  { db: 'admin', collection: 'system.users' },
];

const BUILT_IN = [
  ...['readWriteAnyDatabase', 'readAnyDatabase', 'dbAdminAnyDatabase', 'clusterMonitor', 'clusterAdmin', 'hostManager'],
  ...['clusterManager', 'backup'],
].map((name) => `${name}@admin`);
const MIGHTY = ['root@admin', 'userAdminAnyDatabase@admin', 'restore@admin', '__system@admin'];
const OF_DATABASES = ['read', 'readWrite', 'dbAdmin', 'dbOwner', 'userAdmin'].flatMap((name) =>
  ['audit', 'orders', 'shop', 'admin'].map((db) => `${name}@${db}`),
);
const CUSTOM = ['team@admin', 'deep@admin', 'ops@admin', 'local@audit', 'local@orders'];
const USERS = ['ann@admin', 'bob@admin', 'eve@orders', 'joe@audit', 'CN=x@$external'];

const privileges = fc.array(
  fc.record({
    resource: fc.constantFrom(...RESOURCES),
    actions: fc.subarray([...ACTIONS], { minLength: 1, maxLength: 6 }),
    any: fc.integer({ min: 0, max: 40 }),
  }),
  { maxLength: 3 },
);

const sometimes = <T>(list: readonly T[], most: number): fc.Arbitrary<readonly T[]> =>
  fc.uniqueArray(fc.constantFrom(...list), { maxLength: most });

const clusters = fc
  .record({
    version: fc.constantFrom('4.4.4', '4.4.20', '5.0.9', '6.0.5', '7.0.2', '8.0.4', '8.3.1'),
    topology: fc.constantFrom('standalone', 'replicaSet', 'sharded'),
    capped: fc.boolean(),
    roles: fc.array(
      fc.record({
        privileges,
        inherits: sometimes([...BUILT_IN, ...OF_DATABASES, ...CUSTOM], 2),
        source: fc.boolean(),
      }),
      { minLength: CUSTOM.length, maxLength: CUSTOM.length },
    ),
    holds: fc.array(
      fc.record({
        some: sometimes([...BUILT_IN, ...OF_DATABASES, ...CUSTOM, ...CUSTOM], 3),
        mighty: fc.integer({ min: 0, max: 25 }),
      }),
      { minLength: USERS.length, maxLength: USERS.length },
    ),
  })
  .map(({ version, topology, capped, roles, holds }): ClusterState => {
    const made = roles.map(({ privileges: grants, inherits, source }, index): Role => {
      const { role, db } = ref(CUSTOM[index] as string);
      const earlier = new Set([...BUILT_IN, ...OF_DATABASES, ...CUSTOM.slice(0, index)]);
      const reaches = (resource: Resource): boolean => db === 'admin' || ('db' in resource && resource.db === db);
      return {
        role,
        db,
        privileges: grants
          .filter(({ resource }) => reaches(resource))
          .map(({ resource, actions, any }) => ({ resource, actions: any === 0 ? ['anyAction'] : actions })),
        roles: inherits.filter((name) => earlier.has(name) && (db === 'admin' || ref(name).db === db)).map(ref),
        ...(source ? { authenticationRestrictions: [{ clientSource: ['127.0.0.1'] }] } : {}),
      };
    });
    return state({
      server: { version, edition: 'community', topology },
      roles: made,
      users: USERS.map((name, index): User => {
        const { some = [], mighty = 1 } = holds[index] ?? {};
        const extra = mighty < MIGHTY.length ? [MIGHTY[mighty] as string] : [];
        const { role, db } = ref(name);
        return { user: role, db, roles: [...some, ...extra].map(ref), mechanisms: [] };
      }),
      databases: Object.entries(COLLECTIONS).map(([name, names]) => ({
        name,
        collections: names.map((each) => collection(each, { options: capped && each === 'logs' ? { capped } : {} })),
      })),
    });
  });

const OUTCOMES = ['read', 'insert', 'alter', 'destroy', 'unseal', 'suppress', 'administer', 'write'];

const policies = fc
  .record({
    restrictions: fc.array(
      fc.record({
        users: fc.oneof(
          { weight: 3, arbitrary: fc.constant('*') },
          {
            weight: 1,
            arbitrary: fc.constantFrom(
              '*@admin',
              'ann@admin',
              ...['readWriteAnyDatabase@admin', 'readWrite@audit', 'local@orders'].map((holding) => ({ holding })),
            ),
          },
        ),
        except: sometimes(USERS, 1),
        on: fc.constantFrom('audit.*', 'audit.logs', ['audit.logs', 'orders.*'], 'admin.things', 'shop.*'),
        deny: fc.oneof(
          fc.constant(['read', 'write', 'administer']),
          fc.uniqueArray(fc.constantFrom(...OUTCOMES), { minLength: 1, maxLength: 3 }),
        ),
        remedy: fc.constant('rewrite'),
      }),
      { minLength: 1, maxLength: 2 },
    ),
    exclusive: fc.boolean(),
    breakGlass: sometimes(USERS, 1),
  })
  .map(({ restrictions, exclusive, breakGlass }): Intent => {
    const data = {
      apiVersion: 'mongoward/v1',
      metadata: { name: 'p' },
      restrictions,
      ...(exclusive
        ? { collections: { 'shop.carts': { access: { read: ['ann@admin'], insert: [] }, remedy: 'rewrite' } } }
        : {}),
      breakGlass: breakGlass.map((user) => ({ user, reason: 'because', until: '2099-01-01' })),
    };
    const file = 'policy.yaml';
    const locate = () => ({ file, line: 1, column: 1, path: '' });
    const compiled = compilePolicy([
      { file, source: { file, text: JSON.stringify(data), data, locate }, problems: [] },
    ]);
    assert.deepEqual(compiled.problems, []);
    return compiled.intent as Intent;
  });

/** A policy of restrictions and the cluster that it comes to. */
export const brownfield = fc.record({ intent: policies, actual: clusters });

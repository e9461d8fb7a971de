/** Random roles, users and commands, all from one seed. */
import type { RoleRef } from '../../src/model/names.ts';
import type { Privilege } from '../../src/model/privilege.ts';
import type { Resource } from '../../src/model/resource.ts';

export interface Dice {
  below(n: number): number;
  pick<T>(list: readonly [T, ...T[]]): T;
  some<T>(list: readonly T[], most: number): T[];
}

/** Mulberry32 (public domain): small, and the same everywhere. */
export function dice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return {
    below,
    pick: (list) => list[below(list.length)] ?? list[0],
    some: (list, most) => list.filter(() => below(list.length) < most),
  };
}

/** The databases that everything happens in. */
export const DATABASES = ['conf_a', 'conf_b'] as const;
const COLLECTIONS = ['one', 'two', 'system.js'] as const;

const ACTIONS = [
  ...[
    'find',
    'insert',
    'update',
    'remove',
    'createCollection',
    'createIndex',
    'dropIndex',
    'dropCollection',
    'collMod',
  ],
  ...[
    'convertToCapped',
    'renameCollectionSameDB',
    'dropDatabase',
    'listCollections',
    'listIndexes',
    'collStats',
    'dbStats',
  ],
  ...['bypassDocumentValidation', 'planCacheRead', 'validate', 'reIndex', 'splitVector', 'enableProfiler', 'dbHash'],
  ...[
    'createUser',
    'dropUser',
    'createRole',
    'dropRole',
    'grantRole',
    'revokeRole',
    'viewUser',
    'viewRole',
    'changePassword',
  ],
  ...[
    'changeCustomData',
    'setAuthenticationRestriction',
    'killop',
    'inprog',
    'listDatabases',
    'getLog',
    'serverStatus',
  ],
  ...['hostInfo', 'useUUID', 'forceUUID', 'getParameter', 'changeStream', 'anyAction', 'emptycapped', 'compact'],
] as const;

const RESOURCES: readonly [Resource, ...Resource[]] = [
  { cluster: true },
  { anyResource: true },
  { db: '', collection: '' },
  ...['', ...COLLECTIONS].flatMap((collection) => ['', ...DATABASES].map((db) => ({ db, collection }))),
  { db: 'admin', collection: '' },
  { db: 'admin', collection: 'system.users' },
];

const BUILTIN: readonly RoleRef[] = [
  ...['read', 'readWrite', 'dbAdmin', 'userAdmin', 'dbOwner'].flatMap((role) => DATABASES.map((db) => ({ role, db }))),
  ...['readAnyDatabase', 'clusterMonitor', 'backup', 'restore', 'hostManager', 'dbAdminAnyDatabase'].map((role) => ({
    role,
    db: 'admin',
  })),
];

export function randomPrivileges({ pick, some, below }: Dice): Privilege[] {
  return Array.from({ length: 1 + below(4) }, () => ({
    resource: pick(RESOURCES),
    actions: some(ACTIONS, 6).filter((action) => action !== 'anyAction' || below(8) === 0),
  })).filter(({ actions }) => actions.length > 0);
}

export function randomBuiltins({ some, below }: Dice): RoleRef[] {
  return below(3) === 0 ? some(BUILTIN, 1) : [];
}

export interface Sent {
  readonly db: string;
  readonly command: Readonly<Record<string, unknown>>;
}

interface MergeMode {
  readonly whenMatched: string;
  readonly whenNotMatched: string;
}

/** The combinations that the server knows. */
const MERGE_MODES: readonly [MergeMode, ...MergeMode[]] = [
  { whenMatched: 'replace', whenNotMatched: 'insert' },
  { whenMatched: 'replace', whenNotMatched: 'discard' },
  { whenMatched: 'replace', whenNotMatched: 'fail' },
  { whenMatched: 'merge', whenNotMatched: 'insert' },
  { whenMatched: 'merge', whenNotMatched: 'discard' },
  { whenMatched: 'merge', whenNotMatched: 'fail' },
  { whenMatched: 'keepExisting', whenNotMatched: 'insert' },
  { whenMatched: 'fail', whenNotMatched: 'insert' },
];

/** A command that the server understands, whoever sends it; what it is about need not exist. */
export function randomCommand(roll: Dice): Sent {
  const { pick, below } = roll;
  const db: string = pick(DATABASES);
  const other: string = pick(DATABASES);
  const coll: string = pick(COLLECTIONS);
  const target: string = pick(['one', 'two', 'three']);
  const flag = (): boolean => below(2) === 0;
  const here = (command: Sent['command']): Sent => ({ db, command });
  const admin = (command: Sent['command']): Sent => ({ db: 'admin', command });
  const pipeline = (...stages: readonly object[]): Sent => here({ aggregate: coll, pipeline: stages, cursor: {} });
  const merge = pick(MERGE_MODES);
  const privileges = [{ resource: { db: other, collection: target }, actions: ['find'] }];
  const roles = [{ role: 'read', db: other }];
  return pick<() => Sent>([
    () => here({ find: coll, limit: 1 }),
    () => here({ count: coll }),
    () => here({ distinct: coll, key: 'a' }),
    () => here({ insert: coll, documents: [{ a: 1 }], bypassDocumentValidation: flag() }),
    () => here({ update: coll, updates: [{ q: { a: -1 }, u: { $set: { b: 1 } }, upsert: flag() }] }),
    () => here({ delete: coll, deletes: [{ q: { a: -1 }, limit: 0 }] }),
    () => here({ findAndModify: coll, query: { a: -1 }, update: { $set: { b: 1 } }, upsert: flag() }),
    () => here({ findAndModify: coll, query: { a: -1 }, remove: true }),
    () => pipeline({ $match: { a: 1 } }),
    () => pipeline({ $lookup: { from: target, localField: 'a', foreignField: 'a', as: 'x' } }),
    () => pipeline({ $unionWith: target }),
    () => pipeline({ $facet: { x: [{ $lookup: { from: target, pipeline: [], as: 'y' } }] } }),
    () => pipeline({ $collStats: { count: {} } }),
    () => pipeline({ $indexStats: {} }),
    () => pipeline({ $planCacheStats: {} }),
    () => pipeline({ $match: { a: -1 } }, { $merge: { into: { db: other, coll: target }, ...merge } }),
    () => here({ create: `new${below(1000)}`, ...(flag() ? { capped: true, size: 4096 } : {}) }),
    () => here({ create: `view${below(1000)}`, viewOn: target, pipeline: [] }),
    () =>
      here({
        createIndexes: coll,
        indexes: [{ key: { z: 1 }, name: 'z_1', ...(flag() ? { expireAfterSeconds: 999_999_999 } : {}) }],
      }),
    () => here({ dropIndexes: coll, index: 'none_1' }),
    () => here({ listIndexes: coll }),
    () => here({ collMod: coll, validationLevel: 'off' }),
    () => here({ drop: `none${below(1000)}` }),
    () => here({ convertToCapped: 'none', size: 4096 }),
    () => admin({ renameCollection: `${db}.none`, to: `${other}.${target}`, dropTarget: flag() }),
    () => here({ collStats: coll }),
    () => here({ dbStats: 1 }),
    () => here({ validate: 'one' }),
    () => here({ listCollections: 1, authorizedCollections: false }),
    () => admin({ listDatabases: 1, nameOnly: true, authorizedDatabases: false }),
    () => here({ createUser: `u${below(1e9)}`, pwd: 'x', roles: flag() ? [] : roles }),
    () => here({ updateUser: 'nobody', customData: { a: 1 } }),
    () => here({ updateUser: 'nobody', pwd: 'y' }),
    () => here({ grantRolesToUser: 'nobody', roles }),
    () => here({ revokeRolesFromUser: 'nobody', roles }),
    () => here({ dropUser: 'nobody' }),
    () => here({ createRole: `r${below(1e9)}`, privileges: [], roles: [] }),
    () => admin({ createRole: `r${below(1e9)}`, privileges: flag() ? privileges : [], roles: flag() ? roles : [] }),
    () => admin({ grantPrivilegesToRole: 'conf_none', privileges }),
    () => admin({ revokePrivilegesFromRole: 'conf_none', privileges }),
    () => here({ dropRole: 'norole' }),
    () => here({ usersInfo: 1 }),
    () => here({ usersInfo: { user: 'nobody', db: other } }),
    () => here({ rolesInfo: 1 }),
    () => here({ rolesInfo: { role: 'norole', db: other } }),
    () => here({ profile: -1 }),
    () => admin({ getLog: 'startupWarnings' }),
    () => admin({ serverStatus: 1 }),
    () => admin({ hostInfo: 1 }),
    () => admin({ currentOp: 1 }),
    () => admin({ getParameter: 1, quiet: 1 }),
    () => here({ dropDatabase: 1 }),
  ])();
}

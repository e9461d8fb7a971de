/** A random cluster as others have left it, with a policy of restrictions for it: everything from one seed. */
import { catalogueFor } from '../../src/model/catalogue.ts';
import { formatRole, formatUser, type RoleRef, type UserRef } from '../../src/model/names.ts';
import type { Privilege } from '../../src/model/privilege.ts';
import type { Resource } from '../../src/model/resource.ts';
import { type Dice, dice } from './generate.ts';

export interface Brownfield {
  readonly seed: number;
  /** What every name begins with, of databases and accounts alike. */
  readonly prefix: string;
  /** Each with `logs` and `other`. */
  readonly databases: readonly string[];
  readonly storage: Storage;
  readonly roles: readonly MadeRole[];
  /** They log in with their name. Those of `$external` can't. */
  readonly users: readonly (UserRef & { readonly roles: readonly RoleRef[] })[];
  readonly policy: Policy;
  /** Whether a policy is written from the cluster first, of which the restrictions become a part. */
  readonly adopted: boolean;
}

/** What `logs` are like in the first of the databases. */
export interface Storage {
  readonly expires: boolean;
  readonly capped: boolean;
  readonly view: boolean;
}

export interface MadeRole extends RoleRef {
  readonly privileges: readonly Privilege[];
  readonly roles: readonly RoleRef[];
  readonly authenticationRestrictions?: readonly { readonly clientSource: readonly string[] }[];
}

/** As it stands in the file. */
export interface Policy {
  readonly restrictions: readonly {
    readonly users: string | { readonly holding: string };
    readonly except: readonly string[];
    readonly on: string | readonly string[];
    readonly deny: readonly string[];
    readonly remedy: 'rewrite';
  }[];
  readonly collections?: Readonly<
    Record<string, { readonly access: Readonly<Record<string, readonly string[]>>; readonly remedy: 'rewrite' }>
  >;
  readonly breakGlass: readonly { readonly user: string; readonly reason: string; readonly until: string }[];
}

/** Those that a way around takes, more often than others. */
const ACTIONS = [
  ...['find', 'insert', 'update', 'remove', 'createIndex', 'dropIndex', 'collMod', 'convertToCapped', 'dropCollection'],
  ...['createCollection', 'renameCollectionSameDB', 'dropDatabase', 'enableProfiler', 'bypassDocumentValidation'],
  ...['splitVector', 'planCacheRead', 'listCollections', 'listIndexes', 'collStats', 'dbStats', 'validate'],
  ...['createUser', 'dropUser', 'createRole', 'dropRole', 'revokeRole', 'viewUser', 'viewRole', 'changeCustomData'],
  ...['setAuthenticationRestriction', 'changeStream', 'useUUID', 'forceUUID', 'getLog', 'setParameter', 'serverStatus'],
  ...['hostInfo', 'listDatabases', 'top', 'dbHash', 'indexStats', 'getParameter', 'getCmdLineOpts'],
] as const;
/** With these much is refused, or left to a person. */
const MIGHTY_ACTIONS = ['grantRole', 'changePassword', 'inprog', 'killop', 'killAnySession', 'fsync'] as const;

const ANYWHERE = ['readWriteAnyDatabase', 'readAnyDatabase', 'dbAdminAnyDatabase'];
const OF_CLUSTER = ['clusterMonitor', 'clusterAdmin', 'hostManager', 'clusterManager', 'backup'];
const MIGHTY = ['root', 'userAdminAnyDatabase', 'restore'];
const OF_DATABASES = ['read', 'readWrite', 'dbAdmin', 'dbOwner', 'enableSharding'];
const OUTCOMES = ['read', 'insert', 'alter', 'destroy', 'unseal', 'suppress', 'administer', 'write'];

/** Every cluster has names of its own, so that what one leaves behind is not taken for another's. */
export function brownfieldOf(seed: number): Brownfield {
  const roll = dice(seed);
  const prefix = `brown${seed.toString(36)}`;
  const databases = ['audit', 'orders', 'shop'].map((name) => `${prefix}_${name}`);
  const chance = (of: number): boolean => roll.below(of) === 0;
  const roles = rolesOf(roll, prefix, databases);
  const builtin = (): RoleRef => randomBuiltin(roll, databases);
  const holdings = (): RoleRef[] => {
    const held = [...roll.some(roles, 2).map(({ role, db }) => ({ role, db })), ...(chance(3) ? [] : [builtin()])];
    return [...held, ...(chance(3) ? [builtin()] : []), ...(chance(12) ? [inAdmin(roll.pick(list(MIGHTY)))] : [])];
  };
  const homes = ['admin', 'admin', databases[1] ?? '', databases[0] ?? '', '$external'];
  const users = homes.map((db, n) => ({ user: `${prefix}_u${n}`, db, roles: holdings() }));
  return {
    seed,
    prefix,
    databases,
    storage: { expires: chance(3), capped: chance(5), view: chance(3) },
    roles,
    users,
    policy: policyOf(roll, prefix, databases, roles, users),
    adopted: chance(3),
  };
}

function rolesOf(roll: Dice, prefix: string, databases: readonly string[]): MadeRole[] {
  const homes = ['admin', 'admin', 'admin', databases[0] ?? '', databases[1] ?? ''];
  const made: MadeRole[] = [];
  for (const [n, db] of homes.entries()) {
    const inherits = [
      ...roll.some(made, 1).map(({ role, db: home }) => ({ role, db: home })),
      ...(roll.below(3) === 0 ? [randomBuiltin(roll, databases)] : []),
    ].filter((ref) => db === 'admin' || ref.db === db);
    const restricted = roll.below(6) === 0;
    made.push({
      role: `${prefix}_r${n}`,
      db,
      privileges: randomPrivileges(roll, databases, db),
      roles: inherits,
      ...(restricted ? { authenticationRestrictions: [{ clientSource: ['127.0.0.1'] }] } : {}),
    });
  }
  return made;
}

function randomBuiltin(roll: Dice, databases: readonly string[]): RoleRef {
  const kind = roll.below(10);
  if (kind < 4) return inAdmin(roll.pick(list(ANYWHERE)));
  if (kind === 4) return inAdmin(roll.pick(list(OF_CLUSTER)));
  if (kind === 5) return { role: 'userAdmin', db: roll.pick(list(databases)) };
  return { role: roll.pick(list(OF_DATABASES)), db: roll.pick(list([...databases, 'admin', 'local', 'config'])) };
}

function inAdmin(role: string): RoleRef {
  return { role, db: 'admin' };
}

function randomPrivileges(roll: Dice, databases: readonly string[], home: string): Privilege[] {
  const names = ['', 'logs', 'other', 'system.js', 'system.views', 'system.profile'];
  const resources: Resource[] = [
    { cluster: true },
    ...['', ...databases, 'admin'].flatMap((db) => names.map((collection): Resource => ({ db, collection }))),
    ...(roll.below(6) === 0 ? [{ anyResource: true } as const] : []),
    ...(roll.below(4) === 0 ? RESERVED : []),
  ];
  const reachable = resources.filter((resource) => home === 'admin' || ('db' in resource && resource.db === home));
  const known = [...catalogueFor('4.4.4').actions].sort();
  return Array.from({ length: roll.below(4) }, () => {
    const some = [
      ...roll.some(ACTIONS, 5),
      ...(roll.below(8) === 0 ? [roll.pick(MIGHTY_ACTIONS)] : []),
      ...(roll.below(6) === 0
        ? roll.some(known, 3).filter((action) => action !== 'anyAction' && action !== 'internal')
        : []),
      ...(roll.below(20) === 0 ? ['anyAction'] : []),
    ];
    return { resource: roll.pick(list(reachable)), actions: [...new Set(some)] };
  }).filter(({ actions }) => actions.length > 0);
}

const RESERVED: readonly Resource[] = [
  { db: 'local', collection: '' },
  { db: 'local', collection: 'oplog.rs' },
  { db: 'config', collection: '' },
  { db: 'config', collection: 'transactions' },
  { db: 'admin', collection: 'system.users' },
  { db: 'mongoward', collection: '' },
];

function policyOf(
  roll: Dice,
  prefix: string,
  databases: readonly string[],
  roles: readonly MadeRole[],
  users: readonly UserRef[],
): Policy {
  const [audit = '', orders = '', shop = ''] = databases;
  const some = (most: number): string[] => roll.some(users, most).map(formatUser);
  const glass = roll.below(3) === 0 ? some(1) : [];
  const holding = roll.pick(list([...roles.map(formatRole), 'readWriteAnyDatabase@admin', 'dbAdminAnyDatabase@admin']));
  const restrictions = Array.from({ length: 1 + roll.below(2) }, () => ({
    users: roll.pick(
      list<Policy['restrictions'][number]['users']>([`${prefix}_*`, `${prefix}_*`, `${prefix}_*@admin`, { holding }]),
    ),
    except: roll.below(3) === 0 ? some(1) : [],
    on: roll.pick(
      list<string | readonly string[]>([
        `${audit}.*`,
        `${audit}.*`,
        `${audit}.logs`,
        [`${audit}.logs`, `${orders}.*`],
        `${shop}.*`,
      ]),
    ),
    deny:
      roll.below(2) === 0 ? ['read', 'write', 'administer'] : [roll.pick(list(OUTCOMES)), ...roll.some(OUTCOMES, 2)],
    remedy: 'rewrite' as const,
  })).map((each) => ({ ...each, deny: [...new Set(each.deny)] }));
  const own = roll.pick(list([shop, audit]));
  const access = { read: users.slice(0, 1).map(formatUser), insert: [`writer@${own}`] };
  return {
    restrictions,
    ...(roll.below(3) === 0 ? { collections: { [`${own}.logs`]: { access, remedy: 'rewrite' } } } : {}),
    breakGlass: glass.map(breakGlass),
  };
}

export function breakGlass(user: string): Policy['breakGlass'][number] {
  return { user, reason: 'it stays as it is', until: '2099-01-01' };
}

/** For {@link Dice.pick}, which wants to be sure that there is one. */
function list<T>(items: readonly T[]): readonly [T, ...T[]] {
  const [first, ...rest] = items;
  if (first === undefined) throw new Error('nothing to pick from');
  return [first, ...rest];
}

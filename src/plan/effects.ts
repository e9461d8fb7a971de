/** What operations give to accounts and take from them: the difference in effective privileges, account by account. */

import { gainedAccess } from '../access/gained.ts';
import { type RoleGraph, roleGraph } from '../model/graph.ts';
import { formatRole, formatUser, type RoleRef, roleKey, userKey } from '../model/names.ts';
import { compareText, sortedSet } from '../model/order.ts';
import type { Privilege } from '../model/privilege.ts';
import { formatResource } from '../model/resource.ts';
import { type Role, subtractRoleRefs, type User } from '../model/role.ts';
import type { ClusterState } from '../state/state.ts';
import type { Operation } from './operations/operation.ts';
import type { Rewrite } from './restrictions/access-change.ts';
import type { Loss } from './restrictions/losses.ts';

/** Actions on a resource that accounts gain or lose together. */
export interface AccessChange {
  readonly resource: string;
  readonly actions: readonly string[];
  /** `name@db`, sorted, the first ten. */
  readonly accounts: readonly string[];
  readonly accountCount: number;
}

export interface Effect {
  readonly gained: readonly AccessChange[];
  readonly lost: readonly AccessChange[];
}

const MAX_NAMED_ACCOUNTS = 10;

/**
 * The effect of each operation by its id, when they run in the order given. An operation that moves no access is left
 * out. What restrictions take from accounts (`rewrites`) has been worked out, and is not worked out again.
 */
export function effectsOf(
  state: ClusterState,
  operations: readonly Operation[],
  rewrites: readonly Rewrite[] = [],
): ReadonlyMap<string, Effect> {
  const world = makeWorld(state);
  const rewriteOf = new Map(
    rewrites.flatMap((rewrite) => rewrite.users.map((user) => [userKey(user), rewrite] as const)),
  );
  const effects = new Map<string, Effect>();
  for (const operation of operations) {
    const effect = rewriteEffect(operation, rewriteOf) ?? effectOf(operation, world);
    if (effect !== undefined && effect.gained.length + effect.lost.length > 0) effects.set(operation.id, effect);
  }
  return effects;
}

/** Roles and users while operations run. What follows from the roles is kept until one changes. */
interface World {
  readonly users: Map<string, User>;
  setRole(role: RoleRef, after: Role | undefined): void;
  holdersOf(role: RoleRef): readonly User[];
  /** Effective privileges by user. Users with the same roles share one answer. */
  privilegesOf(users: readonly User[]): ReadonlyMap<string, readonly Privilege[]>;
}

function makeWorld({ roles: known = [], users: people = [], server }: ClusterState): World {
  const roles = new Map(known.map((role) => [roleKey(role), role]));
  const users = new Map(people.map((user) => [userKey(user), user]));
  let graph: RoleGraph | undefined;
  const byRoles = new Map<string, readonly Privilege[]>();
  return {
    users,
    setRole: (role, after) => {
      if (after === undefined) roles.delete(roleKey(role));
      else roles.set(roleKey(role), after);
      graph = undefined;
      byRoles.clear();
    },
    holdersOf: (role) => holdersOf(role, roles, users.values()),
    privilegesOf: (holders) => {
      graph ??= roleGraph(roles.values(), server.version);
      const { privileges } = graph;
      return new Map(
        holders.map((user) => {
          const key = sortedSet(user.roles.map(formatRole)).join('\0');
          const found = byRoles.get(key) ?? privileges(user.roles);
          byRoles.set(key, found);
          return [userKey(user), found];
        }),
      );
    },
  };
}

/** An account that gets managed roles gains and loses what its rewrite says: the one as they come, the other as the old ones go. */
function rewriteEffect(operation: Operation, rewriteOf: ReadonlyMap<string, Rewrite>): Effect | undefined {
  if (operation.kind !== 'grantRolesToUser' && operation.kind !== 'revokeRolesFromUser') return undefined;
  const { before, after } = operation;
  const rewrite = rewriteOf.get(userKey(after));
  if (rewrite === undefined) return undefined;
  const accounts = [formatUser(after)];
  const told = (list: readonly Loss[]): Effect['lost'] =>
    list.map(({ on, actions }) => ({ resource: on, actions, accounts, accountCount: 1 }));
  if (operation.kind === 'grantRolesToUser') {
    const whole = sameRefs(subtractRoleRefs(after.roles, before.roles), rewrite.after);
    return whole ? { gained: told(rewrite.gains), lost: [] } : undefined;
  }
  if (!sameRefs(subtractRoleRefs(before.roles, after.roles), rewrite.before)) return undefined;
  return { gained: [], lost: told(rewrite.loses) };
}

function sameRefs(a: readonly RoleRef[], b: readonly RoleRef[]): boolean {
  return a.map(roleKey).join('\0') === b.map(roleKey).join('\0');
}

/** Carries the operation out, and says what that moved. */
function effectOf(operation: Operation, world: World): Effect | undefined {
  switch (operation.kind) {
    case 'createRole':
      world.setRole(operation.after, operation.after);
      return undefined;
    case 'grantPrivilegesToRole':
    case 'grantRolesToRole':
    case 'updateRole':
    case 'revokeRolesFromRole':
    case 'revokePrivilegesFromRole': {
      const { before, after } = operation;
      const holders = operation.kind === 'updateRole' ? [] : world.holdersOf(after);
      const had = world.privilegesOf(holders);
      world.setRole(before, after);
      return holders.length === 0 ? undefined : compare(holders, had, world.privilegesOf(holders));
    }
    case 'dropRole':
      world.setRole(operation.before, undefined);
      return undefined;
    case 'createUser':
    case 'grantRolesToUser':
    case 'updateUser':
    case 'revokeRolesFromUser':
    case 'dropUser': {
      const { before, after } = operation;
      const named = (after ?? before) as User;
      if (after === undefined) world.users.delete(userKey(named));
      else world.users.set(userKey(named), after);
      const had = world.privilegesOf(before === undefined ? [] : [before]);
      const has = world.privilegesOf(after === undefined ? [] : [after]);
      return compare([named], had, has);
    }
    case 'createCollection':
    case 'collMod':
    case 'createIndex':
    case 'dropIndex':
    case 'createDataKey':
    case 'rewrapDataKey':
    case 'rotatePassword':
    case 'recordObject':
    case 'forgetObject':
      return undefined;
  }
}

/** The users who hold the role, directly or through others. */
function holdersOf(role: RoleRef, roles: ReadonlyMap<string, Role>, users: Iterable<User>): User[] {
  const heirs = new Map<string, string[]>();
  for (const [key, candidate] of roles) {
    for (const ref of candidate.roles) heirs.set(roleKey(ref), [...(heirs.get(roleKey(ref)) ?? []), key]);
  }
  const reached = new Set([roleKey(role)]);
  for (const key of reached) for (const heir of heirs.get(key) ?? []) reached.add(heir);
  return [...users].filter((user) => user.roles.some((ref) => reached.has(roleKey(ref))));
}

function compare(
  users: readonly User[],
  had: ReadonlyMap<string, readonly Privilege[]>,
  has: ReadonlyMap<string, readonly Privilege[]>,
): Effect {
  const of = (side: ReadonlyMap<string, readonly Privilege[]>, user: User) => side.get(userKey(user)) ?? [];
  return {
    gained: group(users, (user) => gainedAccess(of(had, user), of(has, user))),
    lost: group(users, (user) => gainedAccess(of(has, user), of(had, user))),
  };
}

/** Accounts with the same change are told together. */
function group(users: readonly User[], changeOf: (user: User) => readonly Privilege[]): AccessChange[] {
  const groups = new Map<string, { resource: string; actions: readonly string[]; accounts: string[] }>();
  for (const user of users) {
    for (const { resource, actions } of changeOf(user)) {
      const name = formatResource(resource);
      const key = `${name}\0${actions.join(' ')}`;
      const entry = groups.get(key) ?? { resource: name, actions, accounts: [] };
      entry.accounts.push(formatUser(user));
      groups.set(key, entry);
    }
  }
  return [...groups.entries()]
    .sort(([a], [b]) => compareText(a, b))
    .map(([, { resource, actions, accounts }]) => ({
      resource,
      actions,
      accounts: accounts.sort(compareText).slice(0, MAX_NAMED_ACCOUNTS),
      accountCount: accounts.length,
    }));
}

/**
 * What every account of either state gains and loses from the first to the second, both with their roles and users known.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { accessBetween } from 'mongoward';
 *
 * const server = { version: '8.0.4', edition: 'community', topology: 'replicaSet' };
 * const before = {
 *   server,
 *   roles: [],
 *   users: [{ user: 'app', db: 'admin', roles: [{ role: 'read', db: 'audit' }] }],
 *   unreadable: [],
 * };
 * const after = {
 *   ...before,
 *   users: [{ user: 'app', db: 'admin', roles: [{ role: 'readWrite', db: 'audit' }] }],
 * };
 * const { gained, lost } = accessBetween(before, after);
 * const collections = gained.find(({ resource }) => resource === 'audit.*');
 * assert.ok(collections.actions.includes('remove'));
 * assert.deepEqual(collections.accounts, ['app@admin']);
 * assert.deepEqual(lost, []);
 * ```
 */
export function accessBetween(before: ClusterState, after: ClusterState): Effect {
  const old = makeWorld(before);
  const now = makeWorld(after);
  const everybody = [...new Map([...old.users, ...now.users]).values()];
  return compare(everybody, old.privilegesOf([...old.users.values()]), now.privilegesOf([...now.users.values()]));
}

/** What operations give to accounts and take from them: the difference in effective privileges, account by account. */

import { gainedAccess } from '../model/access.ts';
import { roleGraph } from '../model/graph.ts';
import { formatRole, formatUser, type RoleRef, roleKey, userKey } from '../model/names.ts';
import { compareText, sortedSet } from '../model/order.ts';
import type { Privilege } from '../model/privilege.ts';
import { formatResource } from '../model/resource.ts';
import type { Role, User } from '../model/role.ts';
import type { ClusterState } from '../state/state.ts';
import type { Operation } from './operation.ts';

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

/** The effect of each operation by its id, when they run in the order given. An operation that moves no access is left out. */
export function effectsOf(state: ClusterState, operations: readonly Operation[]): ReadonlyMap<string, Effect> {
  const roles = new Map((state.roles ?? []).map((role) => [roleKey(role), role]));
  const users = new Map((state.users ?? []).map((user) => [userKey(user), user]));
  const effects = new Map<string, Effect>();
  for (const operation of operations) {
    const effect = effectOf(operation, roles, users, state.server.version);
    if (effect !== undefined && effect.gained.length + effect.lost.length > 0) effects.set(operation.id, effect);
  }
  return effects;
}

/** Carries the operation out on the maps, and says what that moved. */
function effectOf(
  operation: Operation,
  roles: Map<string, Role>,
  users: Map<string, User>,
  version: string,
): Effect | undefined {
  switch (operation.kind) {
    case 'createRole':
      roles.set(roleKey(operation.after), operation.after);
      return undefined;
    case 'grantPrivilegesToRole':
    case 'grantRolesToRole':
    case 'updateRole':
    case 'revokeRolesFromRole':
    case 'revokePrivilegesFromRole': {
      const { before, after } = operation;
      const holders = holdersOf(after, roles, users.values());
      if (operation.kind === 'updateRole' || holders.length === 0) {
        roles.set(roleKey(after), after);
        return undefined;
      }
      const had = privilegesOf(holders, roles, version);
      roles.set(roleKey(before), after);
      return compare(holders, had, privilegesOf(holders, roles, version));
    }
    case 'dropRole':
      roles.delete(roleKey(operation.before));
      return undefined;
    case 'createUser':
    case 'grantRolesToUser':
    case 'updateUser':
    case 'revokeRolesFromUser':
    case 'dropUser': {
      const { before, after } = operation;
      const named = (after ?? before) as User;
      if (after === undefined) users.delete(userKey(named));
      else users.set(userKey(named), after);
      const had = privilegesOf(before === undefined ? [] : [before], roles, version);
      const has = privilegesOf(after === undefined ? [] : [after], roles, version);
      return compare([named], had, has);
    }
    case 'createCollection':
    case 'collMod':
    case 'createIndex':
    case 'dropIndex':
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

/** Effective privileges by user. Users with the same roles share one answer. */
function privilegesOf(
  users: readonly User[],
  roles: ReadonlyMap<string, Role>,
  version: string,
): ReadonlyMap<string, readonly Privilege[]> {
  const graph = roleGraph(roles.values(), version);
  const byRoles = new Map<string, readonly Privilege[]>();
  return new Map(
    users.map((user) => {
      const key = sortedSet(user.roles.map(formatRole)).join('\0');
      const known = byRoles.get(key) ?? graph.privileges(user.roles);
      byRoles.set(key, known);
      return [userKey(user), known];
    }),
  );
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

/** What every account of either state gains and loses from the first to the second; a part that is unknown counts as empty. */
export function accessBetween(before: ClusterState, after: ClusterState): Effect {
  const byKey = (state: ClusterState): Map<string, User> =>
    new Map((state.users ?? []).map((user) => [userKey(user), user]));
  const roleMap = (state: ClusterState): Map<string, Role> =>
    new Map((state.roles ?? []).map((role) => [roleKey(role), role]));
  const old = byKey(before);
  const now = byKey(after);
  const had = privilegesOf([...old.values()], roleMap(before), before.server.version);
  const has = privilegesOf([...now.values()], roleMap(after), after.server.version);
  return compare([...new Map([...old, ...now]).values()], had, has);
}

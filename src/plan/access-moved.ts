/** What changes of roles and users give to accounts and take from them: the difference in effective privileges, account by account. */

import { gainedAccess } from '../access/gained.ts';
import { type RoleGraph, roleGraph } from '../model/graph.ts';
import { withHeirs } from '../model/inheritance.ts';
import { compoundKey, getOrMake } from '../model/keyed.ts';
import { formatUser, type RoleRef, roleKey, userKey } from '../model/names.ts';
import { compareText } from '../model/order.ts';
import type { Privilege } from '../model/privilege.ts';
import { formatResource } from '../model/resource.ts';
import { type Role, roleSetKey, type User } from '../model/role.ts';
import type { ClusterState } from '../state/state.ts';

/** Actions on a resource that accounts gain or lose together. */
export interface AccessChange {
  readonly resource: string;
  readonly actions: readonly string[];
  /** `name@db`, sorted: all of them between two states, the first ten where one operation moves access. */
  readonly accounts: readonly string[];
  readonly accountCount: number;
}

export interface Effect {
  readonly gained: readonly AccessChange[];
  readonly lost: readonly AccessChange[];
}

/** Roles and users that change one after the other, and what each change moves. */
export interface AccessByRoles {
  /** The role is made or goes, or changes in what moves nobody's access. */
  defineRole(role: RoleRef, after: Role | undefined): Effect;
  changeRole(before: Role, after: Role): Effect;
  /** Absent `before`: the user is made; absent `after`: it goes. */
  changeUser(before: User | undefined, after: User | undefined): Effect;
}

export function accessByRoles(state: ClusterState): AccessByRoles {
  const { roles, users, changeRoles, privilegesOf } = privilegesIn(state);
  return {
    defineRole(role, after) {
      changeRoles(role, after);
      return NOTHING_MOVED;
    },
    changeRole(before, after) {
      const holders = holdersOf(after, roles, users.values());
      const had = privilegesOf(holders);
      changeRoles(before, after);
      return compare(holders, had, privilegesOf(holders), MAX_NAMED_ACCOUNTS);
    },
    changeUser(before, after) {
      const had = privilegesOf(before === undefined ? [] : [before]);
      const has = privilegesOf(after === undefined ? [] : [after]);
      const changed = after ?? before;
      if (changed === undefined) return NOTHING_MOVED;
      if (after === undefined) users.delete(userKey(changed));
      else users.set(userKey(after), after);
      return compare([changed], had, has, MAX_NAMED_ACCOUNTS);
    },
  };
}

const NOTHING_MOVED: Effect = { gained: [], lost: [] };

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
  const old = privilegesIn(before);
  const now = privilegesIn(after);
  const everybody = [...new Map([...old.users, ...now.users]).values()];
  return compare(everybody, old.privilegesOf(old.users.values()), now.privilegesOf(now.users.values()));
}

/** Effective privileges by user. */
type PrivilegesByUser = ReadonlyMap<string, readonly Privilege[]>;

/** The effective privileges of users, worked out anew only after a role has changed. Users with the same roles share one answer. */
function privilegesIn({ roles: known = [], users: people = [], server }: ClusterState) {
  const roles = new Map(known.map((role) => [roleKey(role), role]));
  const users = new Map(people.map((user) => [userKey(user), user]));
  let graph: RoleGraph | undefined;
  const byRoles = new Map<string, readonly Privilege[]>();
  return {
    roles,
    users,
    changeRoles(role: RoleRef, after: Role | undefined): void {
      if (after === undefined) roles.delete(roleKey(role));
      else roles.set(roleKey(role), after);
      graph = undefined;
      byRoles.clear();
    },
    privilegesOf(holders: Iterable<User>): PrivilegesByUser {
      graph ??= roleGraph(roles.values(), server.version);
      const { privileges } = graph;
      return new Map(
        [...holders].map((user) => [
          userKey(user),
          getOrMake(byRoles, roleSetKey(user.roles), () => privileges(user.roles)),
        ]),
      );
    },
  };
}

/** The users who hold the role, directly or through others. */
function holdersOf(role: RoleRef, roles: ReadonlyMap<string, Role>, users: Iterable<User>): User[] {
  const holding = withHeirs([role], roles.values());
  return [...users].filter((user) => user.roles.some((ref) => holding.has(ref)));
}

function compare(users: readonly User[], had: PrivilegesByUser, has: PrivilegesByUser, mostNamed?: number): Effect {
  const of = (side: PrivilegesByUser, user: User) => side.get(userKey(user)) ?? [];
  return {
    gained: toldTogether(users, (user) => gainedAccess(of(had, user), of(has, user)), mostNamed),
    lost: toldTogether(users, (user) => gainedAccess(of(has, user), of(had, user)), mostNamed),
  };
}

const MAX_NAMED_ACCOUNTS = 10;

/** Accounts with the same change are told together. */
function toldTogether(
  users: readonly User[],
  changeOf: (user: User) => readonly Privilege[],
  mostNamed?: number,
): AccessChange[] {
  const groups = new Map<string, { resource: string; actions: readonly string[]; accounts: string[] }>();
  for (const user of users) {
    for (const { resource: place, actions } of changeOf(user)) {
      const resource = formatResource(place);
      const key = compoundKey([resource, ...actions]);
      getOrMake(groups, key, () => ({ resource, actions, accounts: [] })).accounts.push(formatUser(user));
    }
  }
  return [...groups.values()]
    .sort((a, b) => compareText(a.resource, b.resource) || compareText(a.actions.join(' '), b.actions.join(' ')))
    .map(({ resource, actions, accounts }) => ({
      resource,
      actions,
      accounts: accounts.sort(compareText).slice(0, mostNamed),
      accountCount: accounts.length,
    }));
}

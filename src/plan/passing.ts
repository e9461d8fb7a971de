/**
 * What accounts can do for as long as operations are carried out, and neither before nor afterwards: a role is granted
 * and then narrowed, or given and taken back. A run that is cut off in between leaves it so.
 */
import { compoundKey, getOrMake, groupBy } from '../model/keyed.ts';
import { roleKey, userKey } from '../model/names.ts';
import { ascends } from '../model/order.ts';
import { canonicalRole, canonicalUser, type Role, type User } from '../model/role.ts';
import type { ClusterState } from '../state/state.ts';
import { type AccountChange, accountChanges, changedNames, opensLogins } from './account-changes.ts';
import type { Operation } from './operations/operation.ts';
import { putTogether, takeApart } from './operations/state-parts.ts';
import type { AccessAt } from './role-set-changes.ts';

export interface PassingGain {
  /** As {@link changedNames} has them. */
  readonly accounts: readonly string[];
  readonly gains: readonly AccessAt[];
  /** Whether the accounts can log in from more places meanwhile. */
  readonly logins: boolean;
}

/** `accounts`: what the operations mean for accounts in the end. Those that pass through the same, together. */
export function passingGains(
  before: ClusterState,
  operations: readonly Operation[],
  accounts: readonly AccountChange[],
): readonly PassingGain[] {
  if (!mayPass(operations)) return [];
  const lasting = new Map(accounts.flatMap((change) => changedNames(change).map((name) => [name, change] as const)));
  const groups = new Map<string, { readonly accounts: string[] } & Omit<PassingGain, 'accounts'>>();
  for (const change of accountChanges(before, widest(before, operations), [])) {
    for (const name of changedNames(change)) {
      const left = lasting.get(name);
      const gains = beyond(change.gains, left?.gains ?? []);
      const logins = opensLogins(change.logins) && !opensLogins(left?.logins);
      if (gains.length === 0 && !logins) continue;
      const key = compoundKey([String(logins), ...gains.flatMap(({ on, actions }) => [on, ...actions])]);
      getOrMake(groups, key, () => ({ accounts: [], gains, logins })).accounts.push(name);
    }
  }
  return [...groups.values()];
}

/**
 * A first look, for plans of many accounts: it takes a role that changes while somebody is given it or loses it, or an
 * account that changes in other steps than a grant and a revocation, between which it holds what it held and will hold.
 */
function mayPass(operations: readonly Operation[]): boolean {
  const kinds = new Set(operations.map(({ kind }) => kind));
  const has = (...some: readonly Operation['kind'][]): boolean => some.some((kind) => kinds.has(kind));
  return (
    has('revokePrivilegesFromRole', 'revokeRolesFromRole', 'updateRole', 'dropRole') ||
    (has('grantPrivilegesToRole', 'grantRolesToRole') && has('revokeRolesFromUser', 'dropUser')) ||
    hasDetour(operations)
  );
}

function hasDetour(operations: readonly Operation[]): boolean {
  const ofUsers = operations.filter(({ kind }) => kind.endsWith('User'));
  const ways = groupBy(ofUsers, ({ kind }) =>
    kind === 'grantRolesToUser' || kind === 'revokeRolesFromUser' ? kind : 'otherwise',
  );
  return [...ways.values()].some((list) => {
    const targets = list.map(({ target }) => target);
    return !ascends(targets) && new Set(targets).size < targets.length;
  });
}

/** Every role and user with all that any of its forms has: the operations between two of them may come in any order. */
function widest(before: ClusterState, operations: readonly Operation[]): ClusterState {
  const parts = takeApart(before);
  for (const { before: old, after } of operations) {
    for (const form of [old, after]) {
      if (form === undefined) continue;
      if ('privileges' in form) parts.roles.set(roleKey(form), widerRole(parts.roles.get(roleKey(form)), form));
      else if ('user' in form) parts.users.set(userKey(form), widerUser(parts.users.get(userKey(form)), form));
    }
  }
  return putTogether(before, parts);
}

function widerRole(role: Role | undefined, form: Role): Role {
  if (role === undefined) return form;
  return canonicalRole({
    ...role,
    privileges: [...role.privileges, ...form.privileges],
    roles: [...role.roles, ...form.roles],
    authenticationRestrictions: wider(role, form),
  });
}

function widerUser(user: User | undefined, form: User): User {
  if (user === undefined) return form;
  return canonicalUser({
    ...user,
    roles: [...user.roles, ...form.roles],
    authenticationRestrictions: wider(user, form),
  });
}

type Restricted = Pick<User, 'authenticationRestrictions'>;

/** One of them has to be met: more of them let in from more places, and none from anywhere. */
function wider(one: Restricted, other: Restricted): NonNullable<Restricted['authenticationRestrictions']> {
  const [left, right] = [one.authenticationRestrictions ?? [], other.authenticationRestrictions ?? []];
  return left.length === 0 || right.length === 0 ? [] : [...left, ...right];
}

/** What of these goes beyond those, place by place. */
function beyond(gains: readonly AccessAt[], lasting: readonly AccessAt[]): readonly AccessAt[] {
  const known = new Map(lasting.map(({ on, actions }) => [on, new Set(actions)]));
  return gains.flatMap((gain) => {
    const actions = gain.actions.filter((action) => known.get(gain.on)?.has(action) !== true);
    return actions.length === 0 ? [] : [{ ...gain, actions }];
  });
}

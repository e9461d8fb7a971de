/** Accounts and roles of a cluster that no policy declares, where a policy says that its inventory is closed. */
import { ofShardName, type Violation } from '../access/violations.ts';
import { formatRole, formatUser, roleKey, userKey } from '../model/names.ts';
import { sortedSet } from '../model/order.ts';
import type { Role, User } from '../model/role.ts';
import type { Plan } from '../plan/plan.ts';
import type { Intent } from '../policy/intent.ts';
import { isUnmanaged } from '../policy/selector.ts';
import { documentKey } from '../state/document.ts';
import { type Place, placesOf } from '../state/shards.ts';
import type { ClusterState } from '../state/state.ts';
import type { DriftFinding } from './finding.ts';

export interface Inventory {
  /** The policy that is reported on. */
  readonly intent: Intent;
  /** All policies of the run, this one among them. */
  readonly policies: readonly Intent[];
  readonly plan: Plan;
  /** What the state violates of all these policies. */
  readonly violations: readonly Violation[];
}

/**
 * One finding for each, with what it can do. Accounts under `unmanaged` are told, and are no drift. What the cluster's own
 * record says of other policies is believed of none: whoever can write it could hide an account there. A shard's own
 * accounts and roles count as declared only as far as they are what the cluster has by the same name.
 */
export function strangerFindings(inventory: Inventory, actual: ClusterState): DriftFinding[] {
  const { intent, policies, plan, violations } = inventory;
  if (intent.inventory !== 'closed') return [];
  const setting: Setting = {
    policies,
    breaks: breaking(violations),
    cluster: known(inventory, actual),
    exempt: new Set(policies.flatMap(({ breakGlass }) => breakGlass.map(({ user }) => userKey(user)))),
    // What has left the policy is told as orphaned.
    left: new Set(plan.orphans.map(({ kind, target }) => `${kind} ${target}`)),
  };
  return placesOf(actual).flatMap((place) => [...strangeUsers(place, setting), ...strangeRoles(place, setting)]);
}

interface Setting {
  readonly policies: readonly Intent[];
  readonly breaks: ReadonlyMap<string, string>;
  readonly cluster: Known;
  readonly exempt: ReadonlySet<string>;
  readonly left: ReadonlySet<string>;
}

/** What policies declare, each with how the cluster has it; nothing where it has none. */
interface Known {
  readonly users: ReadonlyMap<string, User | undefined>;
  readonly roles: ReadonlyMap<string, Role | undefined>;
}

function known({ policies, plan }: Inventory, { users = [], roles = [] }: ClusterState): Known {
  const usersThere = new Map(users.map((user) => [userKey(user), user]));
  const rolesThere = new Map(roles.map((role) => [roleKey(role), role]));
  const declaredUsers = policies.flatMap((policy) =>
    [...policy.users, ...policy.breakGlass].map(({ user }) => userKey(user)),
  );
  const declaredRoles = [...policies.flatMap((policy) => policy.roles), ...plan.managed].map(({ role }) =>
    roleKey(role),
  );
  return {
    users: new Map(declaredUsers.map((key) => [key, usersThere.get(key)])),
    roles: new Map(declaredRoles.map((key) => [key, rolesThere.get(key)])),
  };
}

function strangeUsers({ state: { users = [] }, shard }: Place, setting: Setting): readonly DriftFinding[] {
  const { cluster, exempt, left } = setting;
  const isKnown = (user: User): boolean => {
    const key = userKey(user);
    if (shard === undefined) return cluster.users.has(key) || left.has(`user ${formatUser(user)}`);
    const held = new Set(cluster.users.get(key)?.roles.map(roleKey));
    return exempt.has(key) || (cluster.users.has(key) && user.roles.every((role) => held.has(roleKey(role))));
  };
  return users.filter((user) => !isKnown(user)).map((user) => userFinding(user, shard, setting));
}

function strangeRoles({ state: { users = [], roles = [] }, shard }: Place, setting: Setting): readonly DriftFinding[] {
  const { cluster, left } = setting;
  const isKnown = (role: Role): boolean => {
    const key = roleKey(role);
    if (shard === undefined) return cluster.roles.has(key) || left.has(`role ${formatRole(role)}`);
    const there = cluster.roles.get(key);
    return there !== undefined && documentKey(there) === documentKey(role);
  };
  const holders = holdersOf(users);
  return roles
    .filter((role) => role.isBuiltin !== true && !isKnown(role))
    .map((role) => {
      const target = nameAt(formatRole(role), shard);
      const held = holders.get(formatRole(role)) ?? [];
      const by = held.length === 0 ? 'no account holds it' : `held by ${listed(held)}`;
      const advice = shard === undefined ? 'Declare it, or drop it' : `${ON_SHARD}: drop it there`;
      return stranger(target, ['role', ...sortedSet(held)], `no policy declares the role ${target}: ${by}. ${advice}`);
    });
}

const ON_SHARD = 'No migration changes what a shard has for itself';

function nameAt(name: string, shard: string | undefined): string {
  return shard === undefined ? name : ofShardName(name, shard);
}

function userFinding(user: User, shard: string | undefined, { policies, breaks }: Setting): DriftFinding {
  const target = nameAt(formatUser(user), shard);
  const roles = user.roles.length === 0 ? 'it holds no role' : `it holds ${listed(user.roles.map(formatRole))}`;
  const danger = breaks.get(target);
  const can = danger === undefined ? roles : `${roles}, and it can ${danger}`;
  const identity = ['user', ...sortedSet(user.roles.map(formatRole)), danger ?? ''];
  if (policies.some((policy) => isUnmanaged(policy, user))) {
    return { ...stranger(target, identity, `others manage ${target}: ${can}`), severity: 'info' };
  }
  const advice =
    shard === undefined
      ? 'Declare it, drop it, or name it under unmanaged'
      : `${ON_SHARD}: drop it there, or name it under breakGlass or unmanaged`;
  return stranger(target, identity, `no policy declares the account ${target}: ${can}. ${advice}`);
}

function stranger(target: string, identity: readonly string[], message: string): DriftFinding {
  return { kind: 'stranger', rule: 'inventory/stranger', severity: 'error', target, message, identity };
}

/** What an account can do that some policy rules out, in words. */
function breaking(violations: readonly Violation[]): ReadonlyMap<string, string> {
  const byTarget = new Map<string, string[]>();
  for (const { target, outcomes, on, vulnerability } of violations) {
    if (vulnerability || outcomes.length === 0) continue;
    byTarget.set(target, [...(byTarget.get(target) ?? []), `${outcomes.join(' and ')} ${on}`]);
  }
  return new Map([...byTarget].map(([target, list]) => [target, sortedSet(list).join(', ')]));
}

function holdersOf(users: readonly User[]): ReadonlyMap<string, readonly string[]> {
  const holders = new Map<string, string[]>();
  for (const user of users) {
    for (const ref of user.roles) {
      const list = holders.get(formatRole(ref)) ?? [];
      list.push(formatUser(user));
      holders.set(formatRole(ref), list);
    }
  }
  return holders;
}

const MOST_NAMED = 5;

function listed(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return `${names.slice(0, MOST_NAMED).join(', ')}${more}`;
}

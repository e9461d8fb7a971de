/** Accounts and roles of a cluster that no policy declares, where a policy says that its inventory is closed. */
import type { Violation } from '../access/violations.ts';
import { formatRole, formatUser, roleKey, userKey } from '../model/names.ts';
import { sortedSet } from '../model/order.ts';
import type { User } from '../model/role.ts';
import type { Plan } from '../plan/plan.ts';
import type { Intent } from '../policy/intent.ts';
import { isUnmanaged } from '../policy/selector.ts';
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
 * record says of other policies is believed of none: whoever can write it could hide an account there.
 */
export function strangerFindings(
  { intent, policies, plan, violations }: Inventory,
  actual: ClusterState,
): DriftFinding[] {
  if (intent.inventory !== 'closed') return [];
  const declaredUsers = new Set(
    policies.flatMap(({ users, breakGlass }) => [...users, ...breakGlass].map(({ user }) => userKey(user))),
  );
  const declaredRoles = new Set([
    ...policies.flatMap(({ roles }) => roles.map(({ role }) => roleKey(role))),
    ...plan.managed.map(({ role }) => roleKey(role)),
  ]);
  // What has left the policy is told as orphaned.
  const left = new Set(plan.orphans.map(({ kind, target }) => `${kind} ${target}`));
  const breaks = breaking(violations);
  const users = (actual.users ?? [])
    .filter((user) => !declaredUsers.has(userKey(user)) && !left.has(`user ${formatUser(user)}`))
    .map((user) => userFinding(user, policies, breaks));
  const holders = holdersOf(actual.users ?? []);
  const roles = (actual.roles ?? [])
    .filter((role) => role.isBuiltin !== true)
    .filter((role) => !declaredRoles.has(roleKey(role)) && !left.has(`role ${formatRole(role)}`))
    .map((role): DriftFinding => {
      const target = formatRole(role);
      const held = holders.get(target) ?? [];
      const by = held.length === 0 ? 'no account holds it' : `held by ${listed(held)}`;
      return stranger(
        target,
        ['role', ...sortedSet(held)],
        `no policy declares the role ${target}: ${by}. Declare it, or drop it`,
      );
    });
  return [...users, ...roles];
}

function userFinding(user: User, policies: readonly Intent[], breaks: ReadonlyMap<string, string>): DriftFinding {
  const target = formatUser(user);
  const roles = user.roles.length === 0 ? 'it holds no role' : `it holds ${listed(user.roles.map(formatRole))}`;
  const danger = breaks.get(target);
  const can = danger === undefined ? roles : `${roles}, and it can ${danger}`;
  const identity = ['user', ...sortedSet(user.roles.map(formatRole)), danger ?? ''];
  if (policies.some((policy) => isUnmanaged(policy, user))) {
    return { ...stranger(target, identity, `others manage ${target}: ${can}`), severity: 'info' };
  }
  return stranger(
    target,
    identity,
    `no policy declares the account ${target}: ${can}. Declare it, drop it, or name it under unmanaged`,
  );
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

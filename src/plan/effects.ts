/** What operations give to accounts and take from them. */

import { UserMap } from '../model/name-maps.ts';
import { formatUser, type RoleRef } from '../model/names.ts';
import { onceForPair } from '../model/once.ts';
import { roleSetKey, subtractRoleRefs } from '../model/role.ts';
import type { ClusterState } from '../state/state.ts';
import { accessByRoles, type Effect } from './access-moved.ts';
import type { AccountChange } from './account-changes.ts';
import { handlerOf } from './operations/handlers.ts';
import type { Operation } from './operations/operation.ts';
import type { Rewrite } from './restrictions/access-change.ts';
import type { AccessAt } from './role-set-changes.ts';

/**
 * The effect of each operation by its id, when they run in the order given. An operation that moves no access is left
 * out. What restrictions take from accounts (`rewrites`) has been worked out, as has what accounts gain in all
 * (`accounts`), and is not worked out again.
 */
export function effectsOf(
  state: ClusterState,
  operations: readonly Operation[],
  rewrites: readonly Rewrite[] = [],
  accounts: readonly AccountChange[] = [],
): ReadonlyMap<string, Effect> {
  const access = accessByRoles(state);
  const rewriteOf = new UserMap<Rewrite>();
  for (const rewrite of rewrites) for (const user of rewrite.users) rewriteOf.set(user, rewrite);
  const gainsOf = new Map(accounts.flatMap((change) => change.accounts.map((name) => [name, change.gains] as const)));
  const comeKey = onceForPair((from: readonly RoleRef[], to: readonly RoleRef[]) =>
    roleSetKey(subtractRoleRefs(to, from)),
  );
  const effects = new Map<string, Effect>();
  for (const operation of operations) {
    const effect =
      rewriteEffect(operation, { rewriteOf, gainsOf, comeKey }) ??
      handlerOf(operation.kind).effect?.(operation, access);
    if (effect !== undefined && effect.gained.length + effect.lost.length > 0) effects.set(operation.id, effect);
  }
  return effects;
}

interface Known {
  readonly rewriteOf: UserMap<Rewrite>;
  readonly gainsOf: ReadonlyMap<string, readonly AccessAt[]>;
  /** The key of the roles that come from one list to the other. */
  comeKey(from: readonly RoleRef[], to: readonly RoleRef[]): string;
}

/**
 * An account that gets managed roles gains what it can do in the end and could not before, as they come, and loses what
 * its rewrite says as the old ones go.
 */
function rewriteEffect(operation: Operation, { rewriteOf, gainsOf, comeKey }: Known): Effect | undefined {
  if (operation.kind !== 'grantRolesToUser' && operation.kind !== 'revokeRolesFromUser') return undefined;
  const { before, after } = operation;
  const rewrite = rewriteOf.get(after);
  if (rewrite === undefined) return undefined;
  const name = formatUser(after);
  const accounts = [name];
  const told = (losses: readonly AccessAt[]): Effect['lost'] =>
    losses.map(({ on, actions }) => ({ resource: on, actions, accounts, accountCount: 1 }));
  if (operation.kind === 'grantRolesToUser') {
    const whole = comeKey(before.roles, after.roles) === roleSetKey(rewrite.after);
    return whole ? { gained: told(gainsOf.get(name) ?? rewrite.gains), lost: [] } : undefined;
  }
  const whole = comeKey(after.roles, before.roles) === roleSetKey(rewrite.before);
  return whole ? { gained: [], lost: told(rewrite.loses) } : undefined;
}

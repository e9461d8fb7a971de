/**
 * Restrictions resolved to grants. MongoDB has no deny: to keep an account out it must hold other roles, which grant
 * everything else that it had. Pure: the same policy and the same state give the same roles.
 */

import type { Role, User } from '../../model/role.ts';
import type { Intent } from '../../policy/intent.ts';
import type { ClusterState } from '../../state/state.ts';
import type { Rewrite } from './access-change.ts';
import { type CollectOptions, collect } from './collect.ts';
import { describeRewrites } from './describe-rewrites.ts';
import { describeUndecided, type Undecided } from './describe-undecided.ts';
import type { ManagedRole } from './managed-roles.ts';
import { nameManagedRoles } from './name-managed-roles.ts';
import { refuse } from './refuse.ts';
import type { Refusal } from './restriction-refusal.ts';
import { solveAccounts } from './solve-accounts.ts';

export interface Restricted {
  /** The roles of the state and the managed ones, in no particular order. */
  readonly roles: readonly Role[];
  /** In the order of the state; who is not touched stays the very same object. */
  readonly users: readonly User[];
  readonly managed: readonly ManagedRole[];
  /** Who holds other roles than the cluster says today, and what that means. */
  readonly rewrites: readonly Rewrite[];
  /** What nothing closes short of taking away what is needed elsewhere: a person decides. */
  readonly undecided: readonly Undecided[];
  readonly refusals: readonly Refusal[];
}

/**
 * Resolves every demand whose remedy is `rewrite`, and gives accounts back what they held before where none is about
 * them any longer. `state`: the actual state with what the policy defines already in place; `actual`: what the cluster
 * has. Nothing if the policy demands nothing, or if there is nothing to resolve from.
 */
export function restrict(
  intent: Intent,
  state: ClusterState,
  actual: ClusterState,
  options: CollectOptions = {},
): Restricted | undefined {
  const collected = collect(intent, state, actual, options);
  if (collected === undefined) return undefined;
  const solved = solveAccounts(collected);
  const { managed, roles } = nameManagedRoles(collected, solved);
  return {
    roles,
    users: solved.resolutions.map(({ user }) => user),
    managed,
    rewrites: describeRewrites(collected, solved, { managed, roles }),
    undecided: describeUndecided(collected, solved),
    refusals: refuse(collected, solved, managed),
  };
}

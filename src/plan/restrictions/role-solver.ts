/** The roles that an account holds afterwards, worked out once for all accounts with the same roles and demands. */

import type { Demand } from '../../access/violations/demand.ts';
import { getOrMake, identityKeys } from '../../model/keyed.ts';
import { type RoleRef, roleKey } from '../../model/names.ts';
import type { Outcome } from '../../model/outcomes.ts';
import { canonicalRoleRefs, roleSetKey } from '../../model/role.ts';
import type { Narrower } from './managed-roles.ts';
import type { RestrictionSolver } from './restriction-solver.ts';
import { deniedOutcomes, type OpenTechnique, type Solution } from './revocation.ts';

export interface SolvedRoles {
  /** Canonical. */
  readonly roles: readonly RoleRef[];
  /** What these roles meet together. */
  readonly met: bigint;
  /** The techniques that are still open to whoever holds them. */
  readonly open: readonly OpenTechnique[];
  /** Of each role that was held, as far as something of it stays, what it still meets. */
  readonly remains: readonly Remains[];
}

export interface Remains {
  /** As it was held. */
  readonly of: RoleRef;
  readonly met: bigint;
}

export type RoleSolver = (held: readonly RoleRef[], demands: readonly Demand[]) => SolvedRoles;

export function roleSolver(solver: RestrictionSolver, narrower: Narrower, metBy: (ref: RoleRef) => bigint): RoleSolver {
  const keyOf = identityKeys<Demand>();
  const known = new Map<string, Map<string, SolvedRoles>>();
  // What replaces a role belongs to the solution it was asked for: the same rights and the same demands.
  const replaced = new Map<Solution, Map<string, readonly Held[]>>();
  /** What a role can't be kept from whatever is taken from it: it is left whole as far as that goes. */
  const beyond = (ref: RoleRef, demands: readonly Demand[]): ReadonlySet<Outcome> =>
    new Set(
      solver
        .solve(metBy(ref), demands)
        .unclosed.filter(({ technique }) => technique.kind === 'direct')
        .flatMap(deniedOutcomes),
    );

  return solve;

  /**
   * A role of which nothing is left takes no part any more in what the others are too much for: it is worked out again
   * without it, as the next plan would, which finds no trace of it.
   */
  function solve(held: readonly RoleRef[], demands: readonly Demand[]): SolvedRoles {
    const byRoles = getOrMake(known, keyOf(demands), () => new Map<string, SolvedRoles>());
    return getOrMake(byRoles, roleSetKey(held), () => {
      const roles = canonicalRoleRefs(held);
      const solution = solver.solve(
        roles.reduce((sum, ref) => sum | metBy(ref), 0n),
        demands,
      );
      const after = roles.map((ref) => ({ ref, stays: replaceOnce(ref, solution, demands) }));
      const remaining = after.filter(({ stays }) => stays.length > 0).map(({ ref }) => ref);
      return remaining.length < roles.length ? solve(remaining, demands) : settled(after, demands);
    });
  }

  function settled(after: readonly Replaced[], demands: readonly Demand[]): SolvedRoles {
    const remains = after.map(({ ref, stays }) => ({ of: ref, met: metTogether(stays) }));
    const met = metTogether(remains);
    const roles = canonicalRoleRefs(after.flatMap(({ stays }) => stays.map(({ ref }) => ref)));
    return { roles, met, open: solver.open(met, demands), remains };
  }

  function replaceOnce(ref: RoleRef, solution: Solution, demands: readonly Demand[]): readonly Held[] {
    const done = getOrMake(replaced, solution, () => new Map<string, readonly Held[]>());
    return getOrMake(done, roleKey(ref), () => replace(ref, solution.revocations, beyond(ref, demands)));
  }

  function replace(ref: RoleRef, revocations: Solution['revocations'], spared: ReadonlySet<Outcome>): readonly Held[] {
    const applied = [...revocations].flatMap(([revocation, outcomes]) =>
      [...outcomes].every((outcome) => spared.has(outcome)) ? [] : [revocation],
    );
    const narrowed = narrower.narrow(ref, applied);
    switch (narrowed.kind) {
      case 'kept':
        return [{ ref, met: metBy(ref) }];
      case 'gone':
        return [];
      case 'replaced':
        return [{ ref: narrowed.by.role, met: narrowed.by.met }];
    }
  }
}

interface Held {
  readonly ref: RoleRef;
  readonly met: bigint;
}

/** A role and what is held in its place. */
interface Replaced {
  readonly ref: RoleRef;
  readonly stays: readonly Held[];
}

function metTogether(parts: readonly { readonly met: bigint }[]): bigint {
  return parts.reduce((sum, { met }) => sum | met, 0n);
}

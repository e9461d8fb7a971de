/** The roles that an account holds afterwards, worked out once for all accounts with the same roles and demands. */

import type { Demand } from '../../access/violations/demand.ts';
import { type RoleRef, roleKey } from '../../model/names.ts';
import type { Outcome } from '../../model/outcomes.ts';
import { canonicalRoleRefs } from '../../model/role.ts';
import type { Narrower } from './managed-roles.ts';
import type { OpenTechnique, RestrictionSolver, Solution } from './revocations.ts';

export interface Solved {
  /** Canonical. */
  readonly roles: readonly RoleRef[];
  /** What these roles meet together. */
  readonly met: bigint;
  /** The ways that are still open to whoever holds them. */
  readonly open: readonly OpenTechnique[];
  /** Of each role that was held, as far as something of it stays, what it still meets. */
  readonly remains: readonly Remains[];
}

export interface Remains {
  /** As it was held. */
  readonly of: RoleRef;
  readonly met: bigint;
}

export type RoleSolver = (held: readonly RoleRef[], demands: readonly Demand[]) => Solved;

export function makeRoleSolver(
  solver: RestrictionSolver,
  narrower: Narrower,
  metBy: (ref: RoleRef) => bigint,
): RoleSolver {
  const known = new Map<string, Map<string, Solved>>();
  // An operation belongs to what it was asked about: the same rights and the same demands.
  const replaced = new Map<Solution, Map<string, readonly Held[]>>();
  const numbers = new Map<Demand, number>();
  const demandsKey = (demands: readonly Demand[]): string => {
    for (const demand of demands) if (!numbers.has(demand)) numbers.set(demand, numbers.size);
    return demands.map((demand) => numbers.get(demand)).join(' ');
  };
  /** What a role can't be kept from whatever is cut from it: it is left whole as far as that goes. */
  const beyond = (ref: RoleRef, demands: readonly Demand[]): ReadonlySet<Outcome> =>
    new Set(
      solver
        .solve(metBy(ref), demands)
        .stuck.filter(({ technique }) => technique.kind === 'direct')
        .flatMap(({ technique, demand }) => technique.outcomes.filter((outcome) => demand.deny.includes(outcome))),
    );

  return solve;

  /**
   * A role of which nothing is left takes no part any more in what the others are too much for: it is worked out again
   * without it, as the next plan would, which finds no trace of it.
   */
  function solve(held: readonly RoleRef[], demands: readonly Demand[]): Solved {
    const roles = canonicalRoleRefs(held);
    const key = roles.map(roleKey).join('\n');
    const byRoles = known.get(demandsKey(demands)) ?? new Map<string, Solved>();
    known.set(demandsKey(demands), byRoles);
    const before = byRoles.get(key);
    if (before !== undefined) return before;
    const met = roles.reduce((sum, ref) => sum | metBy(ref), 0n);
    const solution = solver.solve(met, demands);
    const after = roles.map((ref) => ({ ref, stays: replaceOnce(ref, solution, demands) }));
    const remaining = after.filter(({ stays }) => stays.length > 0);
    const solved =
      remaining.length < roles.length
        ? solve(
            remaining.map(({ ref }) => ref),
            demands,
          )
        : settled(after, demands);
    byRoles.set(key, solved);
    return solved;
  }

  function settled(after: readonly Replaced[], demands: readonly Demand[]): Solved {
    const remains = after.map(({ ref, stays }) => ({ of: ref, met: metTogether(stays) }));
    const met = metTogether(remains);
    const roles = canonicalRoleRefs(after.flatMap(({ stays }) => stays.map(({ ref }) => ref)));
    return { roles, met, open: solver.open(met, demands), remains };
  }

  function replaceOnce(ref: RoleRef, solution: Solution, demands: readonly Demand[]): readonly Held[] {
    const done = replaced.get(solution) ?? new Map<string, readonly Held[]>();
    replaced.set(solution, done);
    const held = done.get(roleKey(ref)) ?? replace(ref, solution.revocations, beyond(ref, demands));
    done.set(roleKey(ref), held);
    return held;
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

import type { RoleRef } from '../../model/names.ts';
import type { RestrictionSolver } from './restriction-solver.ts';
import type { OpenTechnique } from './revocation.ts';
import type { Remains } from './role-solver.ts';

/** The roles among these of which what remains serves one of the techniques. */
export function servingRoles(
  solver: RestrictionSolver,
  remains: readonly Remains[],
  open: readonly OpenTechnique[],
): readonly RoleRef[] {
  const needed = open
    .flatMap(({ technique }) => technique.requires)
    .reduce((sum, requirement) => sum | solver.bitsOf(requirement), 0n);
  return remains.filter(({ met }) => (met & needed) !== 0n).map(({ of }) => of);
}

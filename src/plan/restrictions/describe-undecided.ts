/** Accounts that stay able to do what a restriction denies, described for the person who has to decide. */

import { compoundKey, getOrMake } from '../../model/keyed.ts';
import type { RoleRef } from '../../model/names.ts';
import { canonicalRoleRefs, roleSetKey, type User } from '../../model/role.ts';
import { type Alternative, alternativeTo } from './alternative.ts';
import type { Collected } from './collect.ts';
import type { OpenTechnique } from './revocation.ts';
import { servingRoles } from './serving-roles.ts';
import type { SolvedAccounts } from './solve-accounts.ts';

/** An account that still can, although it should not, and by which techniques. */
export interface Undecided {
  readonly user: User;
  readonly open: readonly OpenTechnique[];
  /** The roles that it holds and that the techniques begin with. */
  readonly roles: readonly RoleRef[];
  /** What the account could hold in the place of each of them. */
  readonly alternatives: readonly Alternative[];
  /** Whether others manage the account, so that nothing was tried. */
  readonly unmanaged: boolean;
}

/** In the order of the accounts. */
export function describeUndecided(
  { graph, universe }: Collected,
  { resolutions, solver, bits }: SolvedAccounts,
): readonly Undecided[] {
  // Accounts with the same roles share their alternatives.
  const known = new Map<string, readonly Alternative[]>();
  return resolutions.flatMap((resolution) => {
    if (resolution.kind !== 'restricted' && resolution.kind !== 'unmanaged') return [];
    const { kind, user, open } = resolution;
    if (open.length === 0) return [];
    const remains =
      kind === 'restricted'
        ? resolution.remains
        : canonicalRoleRefs(user.roles).map((of) => ({ of, met: bits.of(of) }));
    const roles = servingRoles(solver, remains, open);
    const techniques = open.map(({ technique, demand }) => compoundKey([technique.id, demand.on]));
    const alternatives = getOrMake(known, compoundKey([roleSetKey(roles), ...techniques]), () =>
      roles.map((role) => alternativeTo(role, open, graph, universe)),
    );
    return [{ user, open, roles, alternatives, unmanaged: kind === 'unmanaged' }];
  });
}

/** Roles that somebody holds or inherits, changed as a migration's file says. */

import type { RoleRef } from '../../model/names.ts';
import { canonicalRoleRefs, subtractRoleRefs } from '../../model/role.ts';
import { refuseUnequal } from './chain-break.ts';

/** Throws a {@link ChainBreak} with the refusal if one of them is held already. */
export function withGranted(
  held: readonly RoleRef[],
  granted: readonly RoleRef[],
  refusal: string,
): readonly RoleRef[] {
  refuseUnequal(subtractRoleRefs(granted, held), canonicalRoleRefs(granted), refusal, 'roles');
  return [...held, ...granted];
}

/** Throws a {@link ChainBreak} with the refusal if one of them is not held. */
export function withoutRevoked(
  held: readonly RoleRef[],
  revoked: readonly RoleRef[],
  refusal: string,
): readonly RoleRef[] {
  refuseUnequal(subtractRoleRefs(revoked, held), [], refusal, 'roles');
  return subtractRoleRefs(held, revoked);
}

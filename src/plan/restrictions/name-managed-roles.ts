/** The third stage: the managed roles that are held afterwards, under the names by which the next plan finds them again. */

import { type RoleRef, roleKey } from '../../model/names.ts';
import { grantedRoles, type Role } from '../../model/role.ts';
import type { Collected } from './collect.ts';
import type { ManagedRole } from './managed-roles.ts';
import type { SolvedAccounts } from './solve-accounts.ts';

export interface NamedRoles {
  /** Sorted. */
  readonly managed: readonly ManagedRole[];
  /** The roles of the state and the managed ones, in no particular order. */
  readonly roles: readonly Role[];
}

export function nameManagedRoles({ roles }: Collected, { resolutions, keptUp, narrower }: SolvedAccounts): NamedRoles {
  const managed = inUse(narrower.managed(), [...resolutions.map(({ user }) => user), { roles: keptUp }]);
  const merged = new Map(roles.map((role) => [roleKey(role), role]));
  for (const { role } of managed) merged.set(roleKey(role), role);
  return { managed, roles: [...merged.values()] };
}

/** Those that are held, and those that they inherit; what was tried in vain is not made. */
function inUse(
  managed: readonly ManagedRole[],
  holders: readonly { readonly roles: readonly RoleRef[] }[],
): readonly ManagedRole[] {
  const byKey = new Map(managed.map((each) => [roleKey(each.role), each]));
  const used = new Set<ManagedRole>();
  const open = grantedRoles(holders).flatMap((ref) => byKey.get(roleKey(ref)) ?? []);
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    if (used.has(each)) continue;
    used.add(each);
    open.push(...each.role.roles.flatMap((ref) => byKey.get(roleKey(ref)) ?? []));
  }
  return managed.filter((each) => used.has(each));
}

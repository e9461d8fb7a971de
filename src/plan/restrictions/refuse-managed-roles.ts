import { isBuiltinRoleName } from '../../model/catalogue.ts';
import { formatRole, roleKey } from '../../model/names.ts';
import type { Role } from '../../model/role.ts';
import type { OwnedObject } from '../../state/state.ts';
import { type ManagedRole, sameGrants } from './managed-roles.ts';
import type { Refusal } from './restriction-refusal.ts';

/**
 * A role of the very name that a managed one needs, and that the record does not say is ours. One that grants the same is
 * taken into the record: a cluster may have been restored without it.
 */
export function takenNames(
  managed: readonly ManagedRole[],
  roles: readonly Role[],
  objects: readonly OwnedObject[],
): Refusal[] {
  const present = new Map(roles.map((role) => [roleKey(role), role]));
  const recorded = new Set(objects.filter(({ kind }) => kind === 'role').map(({ target }) => target));
  return managed.flatMap(({ role, replaces }) => {
    const target = formatRole(role);
    const there = present.get(roleKey(role));
    const isOurs = there === undefined || recorded.has(target) || sameGrants(there, role);
    if (!isBuiltinRoleName(role) && isOurs) return [];
    const message = `the role ${target} exists already, it grants something else than this plan would make, and the record does not say that it stands for ${formatRole(replaces)}. See who holds it, and drop it: the plan makes it anew for the accounts that are to hold it`;
    return [{ target, message }];
  });
}

/** A document of the server holds 16 MB at most; its own form of a role is a little smaller than the JSON. */
const LARGEST_ROLE = 15_000_000;

/** Below it no role comes near the limit. */
const MANY_PLACES = 2_000;

/** Managed roles that name more databases than one document can hold. */
export function tooLarge(managed: readonly ManagedRole[]): Refusal[] {
  return managed.flatMap(({ role, replaces, covers }) => {
    if (covers.length < MANY_PLACES || JSON.stringify(role).length < LARGEST_ROLE) return [];
    const message = `the role that stands for ${formatRole(replaces)} would have to name ${covers.length} databases and collections, more than a role can hold. Give its holders roles for the databases that they need`;
    return [{ target: formatRole(role), message }];
  });
}

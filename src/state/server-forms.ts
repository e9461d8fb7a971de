/** Forms in which a server answers and that it does not take itself, brought into the one form that is compared. */
import type { Privilege } from '../model/privilege.ts';
import type { AuthenticationRestriction } from '../model/role.ts';

/**
 * From 5.0 on `rolesInfo` answers the buckets of any time series as `{system_buckets: ""}`, without `db` (tried on 5.1 and
 * 8.3): that is any database.
 */
export function readPrivileges(privileges: readonly Privilege[]): readonly Privilege[] {
  if (!privileges.some(({ resource }) => lacksDatabase(resource))) return privileges;
  return privileges.map((privilege) =>
    lacksDatabase(privilege.resource)
      ? { ...privilege, resource: { db: '', system_buckets: privilege.resource.system_buckets } }
      : privilege,
  );
}

function lacksDatabase(resource: object): resource is { readonly system_buckets: string } {
  return 'system_buckets' in resource && !('db' in resource);
}

/** `rolesInfo` wraps restrictions into one list more than the stored document does, and than `createRole` takes. */
export function readRestrictions(
  list: readonly (AuthenticationRestriction | readonly AuthenticationRestriction[])[],
): readonly AuthenticationRestriction[] {
  return list.flat(1) as readonly AuthenticationRestriction[];
}

/** Built-in roles that a server defines otherwise than the catalogue: its own definition counts, and that is said. */
import { builtinRole, catalogueFor } from '../model/catalogue.ts';
import { canonicalPrivileges, type Privilege } from '../model/privilege.ts';
import { resourceKey } from '../model/resource.ts';
import type { ClusterState } from '../state/state.ts';

/**
 * One sentence, or nothing: the built-in roles that came with the state and grant something else than the catalogue of
 * the server's release, or than the nearest one there is.
 */
export function catalogueDifference({ server, roles }: ClusterState): string | undefined {
  const catalogue = catalogueFor(server.version);
  const differing = (roles ?? []).filter((role) => {
    if (role.isBuiltin !== true) return false;
    const known = builtinRole(catalogue, role);
    return known === undefined || key(known.privileges) !== key(role.privileges);
  });
  if (differing.length === 0) return undefined;
  const names = differing.map(({ role }) => role).join(', ');
  return `MongoDB ${server.version} defines otherwise than the catalogue of ${catalogue.version}, and its own definition counts: ${names}`;
}

function key(privileges: readonly Privilege[]): string {
  return canonicalPrivileges(privileges)
    .map(({ resource, actions }) => `${resourceKey(resource)} ${actions.join(' ')}`)
    .join('\n');
}

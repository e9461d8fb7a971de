/** What whoever asks about a state should know about the state itself: where it and what is known here differ. */
import { builtinRole, catalogueFor, isKnownAction, NEWEST_RELEASE, OLDEST_RELEASE } from '../model/catalogue.ts';
import { sortedSet } from '../model/order.ts';
import { canonicalPrivileges, type Privilege } from '../model/privilege.ts';
import { resourceKey } from '../model/resource.ts';
import { compareVersions, releaseLine } from '../model/version.ts';
import type { ClusterState } from '../state/state.ts';

/** What is not judged of the state, in sentences, for whoever reads one; none if there is nothing to say. */
export function releaseNotes(state: ClusterState): readonly string[] {
  return [releaseNote(state.server.version), unknownActions(state)].filter((note) => note !== undefined);
}

/** What whoever asks who can do something should know besides. */
export function stateNotes(state: ClusterState): readonly string[] {
  return [catalogueDifference(state)].filter((note) => note !== undefined);
}

/** As what a release is judged that is older or newer than those that are known; nothing for the others. */
export function releaseNote(version: string): string | undefined {
  const line = releaseLine(version);
  if (compareVersions(line, OLDEST_RELEASE) < 0) {
    return `MongoDB ${version} is older than ${OLDEST_RELEASE}, the oldest release that is known here. It is answered as MongoDB ${OLDEST_RELEASE}`;
  }
  if (compareVersions(line, NEWEST_RELEASE) > 0) {
    return `MongoDB ${version} is newer than ${NEWEST_RELEASE}, the newest release that is known here. Its own roles count, and what came with it was not judged`;
  }
  return undefined;
}

/** A newer server's actions: they are decided by name like any other, and no technique is known that uses them. */
function unknownActions({ roles }: ClusterState): string | undefined {
  const actions = new Set<string>();
  for (const { privileges } of roles ?? []) {
    for (const privilege of privileges) for (const action of privilege.actions) actions.add(action);
  }
  const unknown = sortedSet(actions).filter((action) => !isKnownAction(action));
  if (unknown.length === 0) return undefined;
  return `no release that is known here has these actions: ${unknown.join(', ')}; they are decided by name, and what else they allow is not known`;
}

/**
 * The built-in roles that came with the state and grant something else than the catalogue of the server's release, or
 * than the nearest one there is: the server's own definition counts.
 */
function catalogueDifference({ server, roles }: ClusterState): string | undefined {
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

/**
 * MongoDB's built-in roles and privilege actions, release by release, as data with its source. A live cluster's own
 * answer wins over it.
 */
import type { Catalogue } from './catalogue/read.ts';
import { CATALOGUE_4_4 } from './catalogue/v4_4.ts';
import { CATALOGUE_5_0 } from './catalogue/v5_0.ts';
import { CATALOGUE_6_0 } from './catalogue/v6_0.ts';
import { CATALOGUE_7_0 } from './catalogue/v7_0.ts';
import { CATALOGUE_8_0 } from './catalogue/v8_0.ts';
import { CATALOGUE_8_3 } from './catalogue/v8_3.ts';
import type { RoleRef } from './names.ts';
import { sortedSet } from './order.ts';
import type { Resource } from './resource.ts';
import type { Role } from './role.ts';
import { compareVersions, releaseLine } from './version.ts';

/** Oldest first. */
export const CATALOGUES: readonly [Catalogue, ...Catalogue[]] = [
  CATALOGUE_4_4,
  CATALOGUE_5_0,
  CATALOGUE_6_0,
  CATALOGUE_7_0,
  CATALOGUE_8_0,
  CATALOGUE_8_3,
];

/** The newest catalogue not newer than the version; for an older server the oldest there is. */
export function catalogueFor(version: string): Catalogue {
  const line = releaseLine(version);
  return CATALOGUES.findLast((catalogue) => compareVersions(catalogue.version, line) <= 0) ?? CATALOGUES[0];
}

function inDatabase(resource: Resource, db: string): Resource {
  return 'db' in resource && resource.db === '$db' ? { ...resource, db } : resource;
}

/** A built-in role of the catalogue, or nothing if there is none of that name in that database. */
export function builtinRole(catalogue: Catalogue, ref: RoleRef): Role | undefined {
  const inAdmin = ref.db === 'admin' ? catalogue.admin.get(ref.role) : undefined;
  const privileges = inAdmin ?? catalogue.database.get(ref.role);
  if (privileges === undefined) return undefined;
  return {
    role: ref.role,
    db: ref.db,
    isBuiltin: true,
    privileges: privileges.map(({ resource, actions }) => ({ resource: inDatabase(resource, ref.db), actions })),
    roles: [],
  };
}

/** Whether some release of MongoDB has a built-in role of that name in that database. */
export function isBuiltinRoleName(ref: RoleRef): boolean {
  return CATALOGUES.some((catalogue) => builtinRole(catalogue, ref) !== undefined);
}

/**
 * What MongoDB's own roles grant an action on: the cluster, or databases and collections. A role may combine any action
 * with any resource, and the server then looks for it where it never is. Nothing if no built-in role grants it.
 */
export function reachOfAction(action: string): 'cluster' | 'databases' | 'both' | undefined {
  const resources = CATALOGUES.flatMap(({ admin, database }) =>
    [...admin.values(), ...database.values()].flat().flatMap(({ resource, actions }) => {
      return 'anyResource' in resource || !actions.includes(action) ? [] : [resource];
    }),
  );
  const onCluster = resources.some((resource) => 'cluster' in resource);
  const onDatabases = resources.some((resource) => !('cluster' in resource));
  if (onCluster && onDatabases) return 'both';
  return onCluster ? 'cluster' : onDatabases ? 'databases' : undefined;
}

/** Every privilege action that some release knows, sorted. */
export function knownActions(): readonly string[] {
  return sortedSet(CATALOGUES.flatMap((catalogue) => [...catalogue.actions]));
}

/** Whether some release of MongoDB knows the privilege action; the server refuses others (FailedToParse). */
export function isKnownAction(action: string): boolean {
  known ??= new Set(CATALOGUES.flatMap((catalogue) => [...catalogue.actions]));
  return known.has(action);
}

let known: ReadonlySet<string> | undefined;

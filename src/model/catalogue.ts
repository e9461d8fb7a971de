/**
 * MongoDB's built-in roles and privilege actions, release by release, as data with its source. A live cluster's own
 * answer wins over it.
 */
import { type Catalogue, type Granted, grantedIn, readCatalogue } from './catalogue/read.ts';
import type { Release } from './catalogue/release.ts';
import { RELEASE_4_4 } from './catalogue/v4_4.ts';
import { RELEASE_4_4_9, RELEASE_4_4_10 } from './catalogue/v4_4_patches.ts';
import { RELEASE_5_0, RELEASE_5_0_4, RELEASE_5_0_6, RELEASE_5_1, RELEASE_5_2 } from './catalogue/v5_0.ts';
import { RELEASE_6_0 } from './catalogue/v6_0.ts';
import { RELEASE_7_0 } from './catalogue/v7_0.ts';
import { RELEASE_8_0, RELEASE_8_0_24, RELEASE_8_1, RELEASE_8_2 } from './catalogue/v8_0.ts';
import { RELEASE_8_3, RELEASE_8_3_3 } from './catalogue/v8_3.ts';
import { RELEASE_9_0 } from './catalogue/v9_0.ts';
import { databaseNameProblem, type RoleRef } from './names.ts';
import { once } from './once.ts';
import { sortedSet } from './order.ts';
import type { Resource } from './resource.ts';
import type { Role } from './role.ts';
import { compareVersions, releaseLine } from './version.ts';

export type { Catalogue } from './catalogue/read.ts';

const RELEASES: readonly [Release, ...Release[]] = [
  RELEASE_4_4,
  RELEASE_4_4_9,
  RELEASE_4_4_10,
  RELEASE_5_0,
  RELEASE_5_0_4,
  RELEASE_5_0_6,
  RELEASE_5_1,
  RELEASE_5_2,
  RELEASE_6_0,
  RELEASE_7_0,
  RELEASE_8_0,
  RELEASE_8_0_24,
  RELEASE_8_1,
  RELEASE_8_2,
  RELEASE_8_3,
  RELEASE_8_3_3,
  RELEASE_9_0,
];

const [oldest, ...later] = RELEASES;

/** Oldest first: release lines, and the patches from which on a line differs. */
export const CATALOGUES: readonly [Catalogue, ...Catalogue[]] = [readCatalogue(oldest), ...later.map(readCatalogue)];

/** The newest catalogue not newer than the version, whose missing parts count as 0; for an older server the oldest there is. */
export function catalogueFor(version: string): Catalogue {
  return CATALOGUES.findLast((catalogue) => compareVersions(catalogue.version, version) <= 0) ?? CATALOGUES[0];
}

function inDatabase(resource: Resource, db: string): Resource {
  return 'db' in resource && resource.db === '$db' ? { ...resource, db } : resource;
}

/** The oldest and the newest release lines that are known, `major.minor`. */
export const OLDEST_RELEASE = releaseLine(CATALOGUES[0].version);
export const NEWEST_RELEASE = releaseLine((CATALOGUES.at(-1) ?? CATALOGUES[0]).version);

/** A built-in role of the catalogue, or nothing if there is none of that name in that database. */
export function builtinRole(catalogue: Catalogue, ref: RoleRef): Role | undefined {
  const inAdmin = ref.db === 'admin' ? catalogue.admin.get(ref.role) : undefined;
  const privileges = inAdmin ?? catalogue.database.get(ref.role);
  if (privileges === undefined || !holdsBuiltinRoles(ref.db)) return undefined;
  return {
    role: ref.role,
    db: ref.db,
    isBuiltin: true,
    privileges: privileges().map(({ resource, actions }) => ({ resource: inDatabase(resource, ref.db), actions })),
    roles: [],
  };
}

/** Whether some release of MongoDB has a built-in role of that name in that database. */
export function isBuiltinRoleName(ref: RoleRef): boolean {
  const isName = CATALOGUES.some(
    ({ admin, database }) => (ref.db === 'admin' && admin.has(ref.role)) || database.has(ref.role),
  );
  return isName && holdsBuiltinRoles(ref.db);
}

/** “Could not find role: readWrite@$external”, and the same for what can be no database (tried on 5.1 and 8.3). */
function holdsBuiltinRoles(db: string): boolean {
  return db !== '$external' && databaseNameProblem(db) === undefined;
}

/** The names of the roles that some release has in `admin` alone, and of those that it has in every database, sorted. */
export function builtinRoleNames(): { readonly admin: readonly string[]; readonly database: readonly string[] } {
  return {
    admin: sortedSet(CATALOGUES.flatMap(({ admin }) => [...admin.keys()])),
    database: sortedSet(CATALOGUES.flatMap(({ database }) => [...database.keys()])),
  };
}

/**
 * What MongoDB's own roles grant an action on: the cluster, or databases and collections. A role may combine any action
 * with any resource, and the server then looks for it where it never is. Nothing if no built-in role grants it.
 */
export function reachOfAction(action: string): 'cluster' | 'databases' | 'both' | undefined {
  const onCluster = isGrantedOn('cluster', action);
  const onDatabases = isGrantedOn('databases', action);
  if (onCluster && onDatabases) return 'both';
  return onCluster ? 'cluster' : onDatabases ? 'databases' : undefined;
}

/** Whether one of MongoDB's own roles grants the action, wherever. */
export function isGranted(action: string): boolean {
  return GRANTED.some((granted) => granted().cluster.has(action) || granted().databases.has(action));
}

/** Whether MongoDB's own roles grant the action there, and nowhere else. */
export function isGrantedOnlyOn(place: keyof Granted, action: string): boolean {
  return !isGrantedOn(place === 'cluster' ? 'databases' : 'cluster', action) && isGrantedOn(place, action);
}

/** Whether some release has a role that grants the action there. Most are known from the oldest on. */
function isGrantedOn(place: keyof Granted, action: string): boolean {
  return GRANTED.some((granted) => granted()[place].has(action));
}

const GRANTED = RELEASES.map((release) => once(() => grantedIn(release)));

/**
 * Whether the server asks for the action on whole databases alone, so that a grant on a collection does nothing (manual,
 * "Privilege Actions": "apply this action to database resources"; each tried on 4.4 and 8.3: Unauthorized with the action
 * on a collection, on a collection of every database and on `system.users`, allowed with it on the database). Those that
 * only show something are {@link isShownOfDatabases}.
 */
export function isAskedOnDatabases(action: string): boolean {
  return OF_DATABASES.has(action);
}

const OF_DATABASES: ReadonlySet<string> = new Set([
  'changeCustomData',
  'changeOwnCustomData',
  'changeOwnPassword',
  'changePassword',
  'createRole',
  'createUser',
  'dropDatabase',
  'dropRole',
  'dropUser',
  'enableProfiler',
  'grantRole',
  'renameCollectionSameDB',
  'revokeRole',
  'setAuthenticationRestriction',
  'viewRole',
  'viewUser',
]);

/** The same of actions that only show something, and that MongoDB's own roles grant on `system.js` too (tried on 8.3). */
export function isShownOfDatabases(action: string): boolean {
  return SHOWN_OF_DATABASES.has(action);
}

const SHOWN_OF_DATABASES: ReadonlySet<string> = new Set(['dbHash', 'dbStats', 'listCollections']);

/** Whether the server asks for the action on every resource at once, `any`, and on nothing less (tried on 8.3). */
export function isAskedOnEverything(action: string): boolean {
  return action === 'dbCheck';
}

/** Every privilege action that some release knows, sorted. */
export const knownActions: () => readonly string[] = once(() =>
  sortedSet(CATALOGUES.flatMap((catalogue) => [...catalogue.actions])),
);

/** Whether some release of MongoDB knows the privilege action; the server refuses others (FailedToParse). */
export function isKnownAction(action: string): boolean {
  return knownActionSet().has(action);
}

const knownActionSet = once(() => new Set(knownActions()));

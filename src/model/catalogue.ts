/**
 * MongoDB's built-in roles, release by release, as data with its source. A live cluster's own answer wins over it.
 */

import { CATALOGUE_4_4 } from './catalogue/v4_4.ts';
import type { RoleRef } from './names.ts';
import type { Privilege } from './privilege.ts';
import type { Resource } from './resource.ts';
import type { Role } from './role.ts';
import { compareVersions, releaseLine } from './version.ts';

/** One release line. In `database`, `$db` stands for the database that the role is asked in. */
export interface Catalogue {
  /** `major.minor` */
  readonly version: string;
  /** `server`: a server of this release answered so. `source`, `manual`: read there. */
  readonly source: { readonly kind: 'server' | 'source' | 'manual'; readonly where: string };
  /** Roles that every database has. */
  readonly database: Readonly<Record<string, readonly Privilege[]>>;
  /** Roles of `admin` alone. */
  readonly admin: Readonly<Record<string, readonly Privilege[]>>;
}

const CATALOGUES: readonly Catalogue[] = [CATALOGUE_4_4];

/** The newest catalogue not newer than the version; for an older server the oldest there is. */
export function catalogueFor(version: string): Catalogue {
  const line = releaseLine(version);
  let best = CATALOGUES[0] as Catalogue;
  for (const catalogue of CATALOGUES) {
    if (compareVersions(catalogue.version, line) <= 0) best = catalogue;
  }
  return best;
}

function inDatabase(resource: Resource, db: string): Resource {
  return 'db' in resource && resource.db === '$db' ? { ...resource, db } : resource;
}

/** A built-in role of the catalogue, or nothing if there is none of that name in that database. */
export function builtinRole(catalogue: Catalogue, ref: RoleRef): Role | undefined {
  const own = (roles: Catalogue['admin']): readonly Privilege[] | undefined =>
    Object.hasOwn(roles, ref.role) ? roles[ref.role] : undefined;
  const privileges = (ref.db === 'admin' ? own(catalogue.admin) : undefined) ?? own(catalogue.database);
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

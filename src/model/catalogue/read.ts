/** One release's built-in roles and actions, made out of the form in which they are kept. */
import { canonicalPrivileges, type Privilege } from '../privilege.ts';
import { parseResource, type Resource } from '../resource.ts';
import type { CatalogueSource, Release, RoleDefinition, Words } from './release.ts';

/** One release. In `database`, `$db` stands for the database that the role is asked in. */
export interface Catalogue {
  /** `major.minor`, or `major.minor.patch` for what came with a patch. */
  readonly version: string;
  readonly source: CatalogueSource;
  /** Every privilege action that the release knows. */
  readonly actions: ReadonlySet<string>;
  /** Roles that every database has. */
  readonly database: ReadonlyMap<string, readonly Privilege[]>;
  /** Roles of `admin` alone. */
  readonly admin: ReadonlyMap<string, readonly Privilege[]>;
}

export function readCatalogue(release: Release): Catalogue {
  const { version, source, actions } = release;
  return {
    version,
    source,
    actions: new Set(actions),
    database: readRoles(release, 'database', '$db'),
    admin: readRoles(release, 'admin', 'admin'),
  };
}

function readRoles(release: Release, kind: 'database' | 'admin', db: string): Catalogue['admin'] {
  return new Map(
    Object.keys(release[kind]).map((name) => [name, canonicalPrivileges(privilegesOf(release, name, db))]),
  );
}

/** What a role grants in a database, with what it inherits. */
function privilegesOf(release: Release, name: string, db: string): Privilege[] {
  const { inherits = [], on = {} } = definitionOf(release, name);
  const own = Object.entries(on).map(([resource, words]) => ({
    resource: readResource(resource.replace('$db', db)),
    actions: spread(release, words),
  }));
  const inherited = inherits.flatMap((ref) => {
    const [role = '', of = db] = ref.split('@');
    return privilegesOf(release, role, of);
  });
  return [...own, ...inherited];
}

function definitionOf({ version, admin, database }: Release, name: string): RoleDefinition {
  const definition = admin[name] ?? database[name];
  if (definition === undefined) throw new Error(`the catalogue of ${version} has no role ${name}`);
  return definition;
}

function spread(release: Release, words: Words): string[] {
  return words.flatMap((word) => {
    if (!word.startsWith('...')) return [word];
    const list = release.lists[word.slice(3)];
    if (list === undefined) throw new Error(`the catalogue of ${release.version} has no list ${word}`);
    return spread(release, list);
  });
}

const BUCKETS = /^([^.]+)\.system\.buckets\.(.+)$/;

function readResource(on: string): Resource {
  const buckets = BUCKETS.exec(on);
  if (buckets !== null) {
    const [, db, collection] = buckets;
    return { db: db === '*' ? '' : (db ?? ''), system_buckets: collection === '*' ? '' : (collection ?? '') };
  }
  const resource = parseResource(on);
  if (resource === undefined) throw new Error(`not a resource: ${on}`);
  return resource;
}

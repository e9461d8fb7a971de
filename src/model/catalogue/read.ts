/** One release's built-in roles and actions, made out of the form in which they are kept. */
import { once } from '../once.ts';
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
  readonly database: RolesByName;
  /** Roles of `admin` alone. */
  readonly admin: RolesByName;
}

/** What each role grants, made when it is first asked for: most questions are about a few roles of one release. */
type RolesByName = ReadonlyMap<string, () => readonly Privilege[]>;

/** Each part is made when it is first asked for. */
export function readCatalogue(release: Release): Catalogue {
  const { version, source } = release;
  const actions = once(() => new Set(release.actions));
  const database = once(() => readRoles(release, 'database', '$db'));
  const admin = once(() => readRoles(release, 'admin', 'admin'));
  return {
    version,
    source,
    get actions() {
      return actions();
    },
    get database() {
      return database();
    },
    get admin() {
      return admin();
    },
  };
}

function readRoles(release: Release, kind: 'database' | 'admin', db: string): RolesByName {
  return new Map(
    Object.keys(release[kind]).map((name) => {
      let made: readonly Privilege[] | undefined;
      return [name, () => (made ??= canonicalPrivileges(privilegesOf(release, name, db)))];
    }),
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

/** The actions that a release's roles grant on the cluster, and on databases and collections. */
export type Granted = Readonly<Record<'cluster' | 'databases', ReadonlySet<string>>>;

export function grantedIn(release: Release): Granted {
  const { cluster, databases } = wordsIn(release);
  // Roles share their lists: each is spread once.
  return { cluster: new Set(spread(release, [...cluster])), databases: new Set(spread(release, [...databases])) };
}

/** The words that grant something on the cluster, and on databases and collections. */
function wordsIn({ admin, database }: Release): Granted {
  const words = { cluster: new Set<string>(), databases: new Set<string>() };
  for (const { on = {} } of [...Object.values(admin), ...Object.values(database)]) {
    for (const [resource, granting] of Object.entries(on)) {
      if (resource === 'any') continue;
      const place = resource === 'cluster' ? words.cluster : words.databases;
      for (const word of granting) place.add(word);
    }
  }
  return words;
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

/** One release line's built-in roles and actions, from the short form in which they are kept. */
import type { Privilege } from '../privilege.ts';
import { parseResource, type Resource } from '../resource.ts';

/** One release line. In `database`, `$db` stands for the database that the role is asked in. */
export interface Catalogue {
  /** `major.minor` */
  readonly version: string;
  readonly source: CatalogueSource;
  /** Every privilege action that the release knows. */
  readonly actions: ReadonlySet<string>;
  /** Roles that every database has. */
  readonly database: ReadonlyMap<string, readonly Privilege[]>;
  /** Roles of `admin` alone. */
  readonly admin: ReadonlyMap<string, readonly Privilege[]>;
}

interface CatalogueSource {
  /** `server`: a server of this release answered so. `source`, `manual`: read there. */
  readonly kind: 'server' | 'source' | 'manual';
  readonly where: string;
}

/** Resources in the form of a policy's `on`, actions separated by blanks. */
type WrittenRoles = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface WrittenCatalogue {
  readonly version: string;
  readonly source: CatalogueSource;
  readonly actions: string;
  readonly database: WrittenRoles;
  readonly admin: WrittenRoles;
}

export function readCatalogue({ version, source, actions, database, admin }: WrittenCatalogue): Catalogue {
  return {
    version,
    source,
    actions: new Set(actions.split(' ')),
    database: readRoles(database),
    admin: readRoles(admin),
  };
}

function readRoles(written: WrittenRoles): ReadonlyMap<string, readonly Privilege[]> {
  return new Map(
    Object.entries(written).map(([name, privileges]) => [
      name,
      Object.entries(privileges).map(([on, actions]) => ({ resource: readResource(on), actions: actions.split(' ') })),
    ]),
  );
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

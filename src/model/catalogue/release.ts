/**
 * A release as it is kept here, for people to review: its roles as MongoDB's own `builtin_roles.yml` has them, with the
 * lists of actions that they share, or no more than what has changed since the release before.
 */
import { once } from '../once.ts';

/** One release line, or the patch of one from which on something differs. */
export interface Release {
  /** `major.minor`, or `major.minor.patch` for what came with a patch. */
  readonly version: string;
  readonly source: CatalogueSource;
  /** Every privilege action that the release knows. */
  readonly actions: Words;
  /** Actions that several roles share: `...name` in a role or in another list stands for them. */
  readonly lists: Readonly<Record<string, Words>>;
  /** Roles that every database has. `$db` stands for the database that the role is asked in. */
  readonly database: Readonly<Record<string, RoleDefinition>>;
  /** Roles of `admin` alone. */
  readonly admin: Readonly<Record<string, RoleDefinition>>;
}

export interface CatalogueSource {
  /** `server`: a server of this release answered so. `source`, `manual`: read there. */
  readonly kind: 'server' | 'source' | 'manual';
  readonly where: string;
}

export interface RoleDefinition {
  /** `role`, of the same database, or `role@db`. */
  readonly inherits?: Words;
  /** Resources in the form of a policy's `on`; `db.system.buckets.name` for the buckets of a time series. */
  readonly on?: Readonly<Record<string, Words>>;
}

export type Words = readonly string[];

/** A release, told by what it changes: every word has a sign, `+` for what came and `-` for what went. */
export type Changes = Pick<Release, 'version' | 'source'> & Partial<Omit<Release, 'version' | 'source'>>;

/**
 * The release after another one, each part worked out when it is first asked for: a run is about one release or two.
 *
 * @throws Error, when the part is asked for, where a change contradicts what there was before, which is a mistake in the data
 */
export function changed(before: Release, { version, source, actions, lists, database, admin }: Changes): Release {
  const parts = {
    actions: once(() => changedWords(before.actions, actions, version)),
    lists: once(() => changedEach(before.lists, lists, (old, change) => changedWords(old ?? [], change, version))),
    database: once(() => changedRoles(before.database, database, version)),
    admin: once(() => changedRoles(before.admin, admin, version)),
  };
  return {
    version,
    source,
    get actions() {
      return parts.actions();
    },
    get lists() {
      return parts.lists();
    },
    get database() {
      return parts.database();
    },
    get admin() {
      return parts.admin();
    },
  };
}

function changedRoles(before: Release['admin'], changes: Release['admin'] | undefined, version: string) {
  return changedEach<RoleDefinition>(before, changes, (old, { inherits, on }) => ({
    inherits: changedWords(old?.inherits ?? [], inherits, version),
    on: changedEach(old?.on ?? {}, on, (words, change) => changedWords(words ?? [], change, version)),
  }));
}

function changedEach<T>(
  before: Readonly<Record<string, T>>,
  changes: Readonly<Record<string, T>> = {},
  change: (old: T | undefined, by: T) => T,
): Readonly<Record<string, T>> {
  const changedOnes = Object.entries(changes).map(([name, by]) => [name, change(before[name], by)] as const);
  return { ...before, ...Object.fromEntries(changedOnes) };
}

function changedWords(before: Words, changes: Words = [], version: string): Words {
  const words = new Set(before);
  for (const change of changes) {
    const word = change.slice(1);
    const comes = change.startsWith('+');
    if ((!comes && !change.startsWith('-')) || words.has(word) === comes) {
      throw new Error(`the catalogue of ${version} can't have the change ${change}`);
    }
    if (comes) words.add(word);
    else words.delete(word);
  }
  return [...words];
}

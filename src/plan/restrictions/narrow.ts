/** Privileges without what is taken from them: wildcards that reach too far are written out to what else they stand for. */
import { reaches } from '../../access/scope.ts';
import { compoundKey, getOrMake } from '../../model/keyed.ts';
import { canonicalPrivileges, type Privilege } from '../../model/privilege.ts';
import { bucketsOf, isNormalCollection, type Resource, resourceKey, seriesOf } from '../../model/resource.ts';
import { OWN_DATABASE } from '../../state/state.ts';
import type { Revocation } from './revocation.ts';
import type { Universe } from './universe.ts';

export interface NarrowedPrivileges {
  /** In canonical form. */
  readonly privileges: readonly Privilege[];
  /** Databases `db` and collections `db.collection` that a wildcard was written out to, sorted. */
  readonly covers: readonly string[];
}

const ANY_ACTION = 'anyAction';

export function narrowPrivileges(
  privileges: readonly Privilege[],
  revocations: readonly Revocation[],
  universe: Universe,
): NarrowedPrivileges {
  const covers = new Set<string>();
  const narrowed = privileges.flatMap((privilege) => {
    const groups = groupActions(privilege, revocations, universe);
    return groups.flatMap(({ actions, taken }) =>
      expand(privilege.resource, taken, universe, covers).map((resource) => ({ resource, actions })),
    );
  });
  return { privileges: canonicalPrivileges(narrowed), covers: [...covers].sort() };
}

/** What is taken away: an action, or whatever there is. */
interface Taken {
  readonly key: string;
  reaches(resource: Resource): boolean;
}

interface ActionGroup {
  readonly actions: string[];
  readonly taken: readonly Taken[];
}

/** The actions of a privilege, those together of which the same is taken. */
function groupActions(
  { resource, actions }: Privilege,
  revocations: readonly Revocation[],
  universe: Universe,
): ActionGroup[] {
  const reaching = revocations.filter(({ requirement }) => reaches(requirement.on, resource));
  const places = new Map(revocations.flatMap(({ on, all }) => (all?.(resource) === true ? [[on, all] as const] : [])));
  const everything = [...places].map(([on, all]): Taken => ({ key: `everything on ${on}`, reaches: all }));
  const groups = new Map<string, ActionGroup>();
  const open = actions.includes(ANY_ACTION) && reaching.length > 0 && everything.length === 0;
  for (const action of open ? universe.actions : actions) {
    const own = reaching.flatMap(({ key, requirement }): Taken[] =>
      requirement.action === action ? [{ key, reaches: (place) => reaches(requirement.on, place) }] : [],
    );
    const taken = [...own, ...everything];
    const key = compoundKey(taken.map((each) => each.key));
    getOrMake(groups, key, () => ({ actions: [], taken })).actions.push(action);
  }
  return [...groups.values()];
}

function expand(resource: Resource, taken: readonly Taken[], universe: Universe, covers: Set<string>): Resource[] {
  if (!taken.some((each) => each.reaches(resource))) return [resource];
  return pieces(resource, taken, universe).flatMap((piece) => {
    const kept = expand(piece, taken, universe, covers);
    for (const each of kept) note(resource, each, covers);
    return kept;
  });
}

/** What a later database or collection would have to be added to. */
function note(whole: Resource, piece: Resource, covers: Set<string>): void {
  if (!('db' in whole) || !('db' in piece) || piece.db === 'local' || piece.db === 'config') return;
  if (whole.db === '' && piece.db !== '') covers.add(piece.db);
  else if ('collection' in whole && whole.collection === '' && 'collection' in piece && piece.collection !== '') {
    covers.add(`${piece.db}.${piece.collection}`);
  } else if ('system_buckets' in whole && 'system_buckets' in piece && whole.system_buckets !== piece.system_buckets) {
    covers.add(`${piece.db}.${bucketsOf(piece.system_buckets)}`);
  }
}

/** The server's own collections that wildcards over collections do not reach. */
const SYSTEM_COLLECTIONS = [
  'system.healthlog',
  'system.indexes',
  'system.js',
  'system.keys',
  'system.namespaces',
  'system.profile',
  'system.replset',
  'system.roles',
  'system.sessions',
  'system.users',
  'system.version',
  'system.views',
];

const PIECES_OF_ANY: readonly Resource[] = [
  { cluster: true },
  { db: '', collection: '' },
  ...['local', 'config'].map((db) => ({ db, collection: '' })),
  ...SYSTEM_COLLECTIONS.map((collection) => ({ db: '', collection })),
  ...['replset.election', 'replset.minvalid', 'replset.oplogTruncateAfterPoint', 'replset.initialSyncId'].map(
    (collection) => ({ db: 'local', collection }),
  ),
];

/** What `anyResource` stands for, as far as other resources can say it. */
export function piecesOfAny({ buckets }: Universe): readonly Resource[] {
  return buckets ? [...PIECES_OF_ANY, { db: '', system_buckets: '' }] : PIECES_OF_ANY;
}

function pieces(resource: Resource, taken: readonly Taken[], universe: Universe): readonly Resource[] {
  if ('anyResource' in resource) return piecesOfAny(universe);
  if ('cluster' in resource) return [];
  const databases = universe.databases.filter((db) => db !== OWN_DATABASE);
  if (resource.db === '') {
    // {db: "", collection: ""} never reaches local and config; {db: "", collection: name} does, and so do buckets.
    const reserved = 'collection' in resource && resource.collection === '' ? [] : ['config', 'local'];
    return [...databases, ...reserved].map((db) => ({ ...resource, db }));
  }
  const { db } = resource;
  if ('system_buckets' in resource) {
    if (resource.system_buckets !== '') return [];
    return universe.collections(db).flatMap((name) => {
      const series = seriesOf(name);
      return series === undefined ? [] : { db, system_buckets: series };
    });
  }
  if (resource.collection !== '') return [];
  const collections = universe.collections(db).map((collection) => ({ db, collection }));
  return isAboutCollections(db, collections, taken) ? collections.filter(isNormalCollection) : [];
}

/** An action on the database itself (`dropDatabase`) is no use on its collections. */
function isAboutCollections(db: string, collections: readonly Resource[], taken: readonly Taken[]): boolean {
  const probes: readonly Resource[] = [{ db, collection: 'any' }, ...collections];
  return taken.some((each) => probes.some((probe) => each.reaches(probe)));
}

/** Whether the two say the same. Both in canonical form. */
export function samePrivileges(a: readonly Privilege[], b: readonly Privilege[]): boolean {
  if (a.length !== b.length) return false;
  return a.every((left, index) => {
    const right = b[index];
    return (
      right !== undefined &&
      resourceKey(left.resource) === resourceKey(right.resource) &&
      left.actions.join(' ') === right.actions.join(' ')
    );
  });
}

/** What somebody loses who holds one role instead of another: by place, wildcards told apart into what they reached. */
import { canonicalPrivileges, type Privilege } from '../model/privilege.ts';
import { formatResource, type Resource, resourceKey } from '../model/resource.ts';
import { OWN_DATABASE } from '../state/state.ts';
import { PIECES_OF_ANY, type Universe } from './narrow.ts';

export interface Loss {
  /** `audit.*`, `audit.logs`, `cluster`; `*.*, databases made later`; `audit.*, as a whole` if collections of it stay. */
  readonly on: string;
  readonly actions: readonly string[];
}

/** What `had` grants and `has` does not. Sorted. */
export function lossesBetween(had: readonly Privilege[], has: readonly Privilege[], universe: Universe): Loss[] {
  const held = new Map(
    canonicalPrivileges(has).map(({ resource, actions }) => [resourceKey(resource), new Set(actions)]),
  );
  const holds = (resource: Resource, action: string): boolean =>
    outers(resource).some((outer) => {
      const actions = held.get(resourceKey(outer));
      return actions !== undefined && (actions.has(action) || actions.has('anyAction'));
    });
  const lost = new Map<string, Set<string>>();
  for (const { resource, actions } of canonicalPrivileges(had)) {
    for (const action of actions) {
      for (const on of lostAt(resource, (place) => holds(place, action), universe)) {
        lost.set(on, (lost.get(on) ?? new Set()).add(action));
      }
    }
  }
  return sorted(lost);
}

function sorted(lost: ReadonlyMap<string, ReadonlySet<string>>): Loss[] {
  return [...lost].sort(([a], [b]) => (a < b ? -1 : 1)).map(([on, actions]) => ({ on, actions: [...actions].sort() }));
}

/** Everything that is lost in one of them, each place once. */
export function mergeLosses(lists: readonly (readonly Loss[])[]): readonly Loss[] {
  const filled = lists.filter((list) => list.length > 0);
  if (filled.length < 2) return filled[0] ?? [];
  const lost = new Map<string, Set<string>>();
  for (const { on, actions } of filled.flat()) {
    const known = lost.get(on) ?? new Set<string>();
    for (const action of actions) known.add(action);
    lost.set(on, known);
  }
  return sorted(lost);
}

/** The places of a resource that are lost: where a wildcard is, what is there of it, and what is not there yet. */
function lostAt(resource: Resource, holds: (place: Resource) => boolean, universe: Universe): string[] {
  if (holds(resource)) return [];
  const name = formatResource(resource);
  if ('anyResource' in resource) {
    return [...PIECES_OF_ANY.flatMap((piece) => lostAt(piece, holds, universe)), 'any other resource'];
  }
  if (!('db' in resource)) return [name];
  if (resource.db === '') {
    const wildcard = 'collection' in resource && resource.collection === '';
    const databases = [...universe.databases, OWN_DATABASE, ...(wildcard ? [] : ['config', 'local'])];
    const each = [...new Set(databases)].flatMap((db) => lostAt({ ...resource, db }, holds, universe));
    return [...each, `${name}, databases made later`];
  }
  if (!('collection' in resource) || resource.collection !== '') return [name];
  const collections = universe
    .collections(resource.db)
    .map((collection): Resource => ({ db: resource.db, collection }));
  const gone = collections.filter((place) => !holds(place));
  if (gone.length === collections.length) return [name];
  return [...gone.map(formatResource), `${name}, as a whole`];
}

/** Every resource that reaches all of this one. */
function outers(resource: Resource): Resource[] {
  const any: Resource = { anyResource: true };
  if ('anyResource' in resource || 'cluster' in resource) return [any, resource];
  if ('system_buckets' in resource) {
    const { db, system_buckets: name } = resource;
    return [any, ...['', db].flatMap((d) => ['', name].map((system_buckets) => ({ db: d, system_buckets })))];
  }
  const { db, collection } = resource;
  const everywhere: Resource[] =
    db === 'local' || db === 'config' || collection.startsWith('system.') ? [] : [{ db: '', collection: '' }];
  const inside: Resource[] = collection.startsWith('system.') ? [] : [{ db, collection: '' }];
  return [any, resource, { db: '', collection }, ...inside, ...everywhere];
}

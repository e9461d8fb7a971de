/** What somebody loses who holds one role instead of another: by place, a wildcard told apart where some of it stays. */
import type { RoleGraph } from '../../model/graph.ts';
import { getOrMake } from '../../model/keyed.ts';
import { RoleMap } from '../../model/name-maps.ts';
import type { RoleRef } from '../../model/names.ts';
import { canonicalPrivileges, type Privilege } from '../../model/privilege.ts';
import { formatResource, isNormalCollection, parseResource, type Resource, resourceKey } from '../../model/resource.ts';
import type { Role } from '../../model/role.ts';
import { OWN_DATABASE } from '../../state/state.ts';
import { grantsAt, grantsOf, type HeldGrants, outers } from './held-grants.ts';
import { piecesOfAny } from './narrow.ts';
import type { Universe } from './universe.ts';

export interface Loss {
  readonly actions: readonly string[];
  /**
   * `audit.*`, `audit.logs`, `cluster`; `*.*` if nothing of it stays, and else `*.*, databases made later`; `audit.*, as a
   * whole` if collections of it stay.
   */
  readonly on: string;
  readonly resource: Resource;
}

const MADE_LATER = ', databases made later';
const AS_A_WHOLE = ', as a whole';
const ANY_OTHER = 'any other resource';

/** The resource that such a text is about; nothing if it is no such text. */
export function resourceTold(on: string): Resource | undefined {
  if (on === ANY_OTHER) return { anyResource: true };
  const mark = [MADE_LATER, AS_A_WHOLE].find((each) => on.endsWith(each)) ?? '';
  return parseResource(on.slice(0, on.length - mark.length));
}

/** What `had` grants and `has` does not. Sorted. */
export function lossesBetween(had: readonly Privilege[], has: readonly Privilege[], universe: Universe): Loss[] {
  return lossesBeside(had, grantsOf(has), universe);
}

/** The same, of somebody who holds these grants. */
export function lossesBeside(had: readonly Privilege[], held: HeldGrants, universe: Universe): Loss[] {
  return collect(
    canonicalPrivileges(had).flatMap(({ resource, actions }) => lostAt(resource, actions, held, universe)),
  );
}

const ANY_ACTION = 'anyAction';

/** Each place once, sorted. */
function collect(losses: readonly Loss[]): Loss[] {
  const places = new Map<string, { readonly resource: Resource; readonly actions: Set<string> }>();
  for (const { on, resource, actions } of losses) {
    const known = places.get(on) ?? { resource, actions: new Set<string>() };
    for (const action of actions) known.actions.add(action);
    places.set(on, known);
  }
  return [...places]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([on, { resource, actions }]) => ({ on, resource, actions: [...actions].sort() }));
}

/** The places of a resource at which actions are lost: where a wildcard is, what is there of it, and what is not there yet. */
function lostAt(resource: Resource, actions: readonly string[], held: HeldGrants, universe: Universe): Loss[] {
  const beyond = beyondEveryDatabase(resource).flatMap((place) => lostAt(place, actions, held, universe));
  const gone = goneAt(resource, actions, held, universe);
  if (gone.length === 0) return beyond;
  const name = formatResource(resource);
  const as = (on: string, lost = gone): Loss[] => (lost.length === 0 ? [] : [{ on, resource, actions: lost }]);
  if ('anyResource' in resource) {
    const all = piecesOfAny(universe);
    const pieces = all.flatMap((piece) => lostAt(piece, gone, held, universe));
    return foldedInto(resource, gone, { all, pieces, rest: ANY_OTHER });
  }
  if (!('db' in resource)) return as(name);
  if (resource.db === '') {
    const all = databasesOf(universe).map((db) => ({ ...resource, db }));
    const pieces = [...all.flatMap((place) => lostAt(place, gone, held, universe)), ...beyond];
    const everywhere = [...all, ...beyondEveryDatabase(resource)];
    return foldedInto(resource, gone, { all: everywhere, pieces, rest: `${name}${MADE_LATER}` });
  }
  if (!('collection' in resource) || resource.collection !== '') return as(name);
  const places = inside(resource, universe).map((place) => ({ place, lost: missing(place, gone, held) }));
  const everywhere = gone.filter((action) => places.every(({ lost }) => lost.includes(action)));
  const parts = places.flatMap(({ place, lost }): Loss[] => {
    const here = lost.filter((action) => !everywhere.includes(action));
    return here.length === 0 ? [] : [{ on: formatResource(place), resource: place, actions: here }];
  });
  const partly = gone.filter((action) => !everywhere.includes(action));
  return [...as(name, everywhere), ...parts, ...as(`${name}${AS_A_WHOLE}`, partly)];
}

/** What a wildcard is taken apart into, and what is lost of that; `rest`: what else it stands for. */
interface Apart {
  readonly all: readonly Resource[];
  readonly pieces: readonly Loss[];
  readonly rest: string;
}

/** Actions that are lost in all of it are told of the wildcard itself, and not piece by piece. */
function foldedInto(resource: Resource, gone: readonly string[], { all, pieces, rest }: Apart): Loss[] {
  const lostIn = new Map(pieces.map(({ on, actions }) => [on, new Set(actions)]));
  const sets = all.map((place) => lostIn.get(formatResource(place)));
  const whole = new Set(gone.filter((action) => sets.every((set) => set?.has(action) === true)));
  const without = (actions: readonly string[]): readonly string[] => actions.filter((action) => !whole.has(action));
  return [
    { on: formatResource(resource), resource, actions: [...whole] },
    ...pieces.map((piece) => ({ ...piece, actions: without(piece.actions) })),
    { on: rest, resource, actions: without(gone) },
  ].filter(({ actions }) => actions.length > 0);
}

function databasesOf({ databases }: Universe): readonly string[] {
  return [...new Set([...databases, OWN_DATABASE])];
}

/** What the collection of a name in every database is in `config` and `local`, where what is granted on `*.*` does not reach. */
function beyondEveryDatabase(resource: Resource): readonly Resource[] {
  if (!('db' in resource) || resource.db !== '' || ('collection' in resource && resource.collection === '')) return [];
  return ['config', 'local'].map((db) => ({ ...resource, db }));
}

/** Who had every action lacks those that are not left, there or in a collection of it: they are told one by one. */
function goneAt(
  resource: Resource,
  actions: readonly string[],
  held: HeldGrants,
  universe: Universe,
): readonly string[] {
  const isWrittenOut =
    actions.includes(ANY_ACTION) &&
    [resource, ...inside(resource, universe)].some((place) => grantsAt(held, place).length > 0);
  return missing(resource, isWrittenOut ? universe.actions : actions, held);
}

function missing(place: Resource, actions: readonly string[], held: HeldGrants): readonly string[] {
  const grants = grantsAt(held, place);
  if (grants.length === 0) return actions;
  return actions.filter((action) => !grants.some((one) => one.has(action) || one.has(ANY_ACTION)));
}

/** What a wildcard over the collections of a database reaches; nothing of any other resource. */
function inside(resource: Resource, universe: Universe): readonly Resource[] {
  if (!('collection' in resource) || resource.collection !== '' || resource.db === '') return [];
  const { db } = resource;
  return universe
    .collections(db)
    .map((collection) => ({ db, collection }))
    .filter(isNormalCollection);
}

/** The privileges by which one of the losses would be none, or only a part, and which roles grant one of them. */
interface Near {
  /** Their actions, by the key of the resource. */
  readonly actions: ReadonlyMap<string, ReadonlySet<string>>;
  /** The databases of these resources: what is granted in any other is far. */
  readonly databases: ReadonlySet<string>;
  /** Whether one of the privileges is among those of the role itself. */
  readonly own: Map<Role, boolean>;
  /** The same with all that it inherits. */
  readonly roles: RoleMap<boolean>;
}

/**
 * Whether a role of the graph, or one that it inherits, grants a part of these losses: for all others nothing has to be
 * compared, and few reach anything of what is lost.
 */
export function nearness(graph: RoleGraph, universe: Universe): (losses: readonly Loss[], ref: RoleRef) => boolean {
  // Of roles that are narrowed, each has a list of its own, and most lists say the same.
  const lists = new Map<readonly Loss[], Near>();
  const texts = new Map<string, Near>();
  const nearOf = (losses: readonly Loss[]): Near =>
    getOrMake(lists, losses, () =>
      getOrMake(texts, JSON.stringify(losses), () => ({
        ...actionsNear(losses, universe),
        own: new Map<Role, boolean>(),
        roles: new RoleMap<boolean>(),
      })),
    );
  return (losses, ref) => {
    if (losses.length === 0) return false;
    const { actions: near, databases, own, roles } = nearOf(losses);
    const isNear = ({ resource, actions }: Privilege): boolean => {
      if (actions.includes(ANY_ACTION)) return true;
      if ('db' in resource && !databases.has(resource.db)) return false;
      const there = near.get(resourceKey(resource));
      return there !== undefined && (there.has(ANY_ACTION) || actions.some((action) => there.has(action)));
    };
    return getOrMake(roles, ref, () =>
      graph.closure([ref]).some((role) => getOrMake(own, role, () => role.privileges.some(isNear))),
    );
  };
}

/** Every privilege by which one of the losses would be none, or only a part. */
function actionsNear(losses: readonly Loss[], universe: Universe): Pick<Near, 'actions' | 'databases'> {
  const near = new Map<string, Set<string>>();
  const databases = new Set<string>();
  for (const { on, resource, actions } of losses) {
    const parts = on === formatResource(resource) ? everythingIn(resource, universe) : [];
    for (const each of [resource, ...parts].flatMap(outers)) {
      const there = getOrMake(near, resourceKey(each), () => new Set<string>());
      for (const action of actions) there.add(action);
      if ('db' in each) databases.add(each.db);
    }
  }
  return { actions: near, databases };
}

/** Whatever a wildcard is told apart into, the collections of its databases included. */
function everythingIn(resource: Resource, universe: Universe): readonly Resource[] {
  const pieces =
    'anyResource' in resource
      ? piecesOfAny(universe)
      : 'db' in resource && resource.db === ''
        ? [...databasesOf(universe).map((db) => ({ ...resource, db })), ...beyondEveryDatabase(resource)]
        : [];
  if (pieces.length === 0) return inside(resource, universe);
  return pieces.flatMap((piece) => [piece, ...everythingIn(piece, universe)]);
}

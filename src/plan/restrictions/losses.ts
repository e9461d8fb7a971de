/** What somebody loses who holds one role instead of another: by place, wildcards told apart into what they reached. */
import type { RoleGraph } from '../../model/graph.ts';
import { getOrMake } from '../../model/keyed.ts';
import type { RoleRef } from '../../model/names.ts';
import { canonicalPrivileges, type Privilege } from '../../model/privilege.ts';
import { formatResource, isNormalCollection, type Resource, resourceKey } from '../../model/resource.ts';
import { RoleMap } from '../../model/role-map.ts';
import { OWN_DATABASE } from '../../state/state.ts';
import { grantsAt, grantsOf, grantsTogether, type HeldGrants, holdsAt, outers } from './held-grants.ts';
import { piecesOfAny } from './narrow.ts';
import type { Universe } from './universe.ts';

export interface Loss extends Lost {
  readonly actions: readonly string[];
}

export interface Lost {
  /** `audit.*`, `audit.logs`, `cluster`; `*.*, databases made later`; `audit.*, as a whole` if collections of it stay. */
  readonly on: string;
  readonly resource: Resource;
}

/** What `had` grants and `has` does not. Sorted. */
export function lossesBetween(had: readonly Privilege[], has: readonly Privilege[], universe: Universe): Loss[] {
  return lossesBeside(had, grantsOf(has), universe);
}

/** The same, of somebody who holds these grants. */
export function lossesBeside(had: readonly Privilege[], held: HeldGrants, universe: Universe): Loss[] {
  return collect(
    canonicalPrivileges(had)
      .flatMap(({ resource, actions }) =>
        actions.flatMap((action) =>
          lostAt(resource, (place) => holdsAt(held, place, action), universe).map((lost) => ({
            ...lost,
            actions: action === ANY_ACTION ? missingAt(lost.resource, held, universe) : [action],
          })),
        ),
      )
      .filter(({ actions }) => actions.length > 0),
  );
}

const ANY_ACTION = 'anyAction';

/** What somebody who had every action there lacks now: where it is written out, action by action. */
function missingAt(place: Resource, held: HeldGrants, { actions }: Universe): readonly string[] {
  const kept = grantsAt(held, place);
  return kept.length === 0 ? [ANY_ACTION] : actions.filter((action) => !kept.some((one) => one.has(action)));
}

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

/** Everything that is lost in one of them, each place once. */
export function mergeLosses(lists: readonly (readonly Loss[])[]): readonly Loss[] {
  const filled = lists.filter((list) => list.length > 0);
  return filled.length < 2 ? (filled[0] ?? []) : collect(filled.flat());
}

/** The places of a resource that are lost: where a wildcard is, what is there of it, and what is not there yet. */
function lostAt(resource: Resource, holds: (place: Resource) => boolean, universe: Universe): Lost[] {
  if (holds(resource)) return [];
  const name = formatResource(resource);
  const as = (on: string): Lost => ({ on, resource });
  if ('anyResource' in resource) {
    return [...piecesOfAny(universe).flatMap((piece) => lostAt(piece, holds, universe)), as('any other resource')];
  }
  if (!('db' in resource)) return [as(name)];
  if (resource.db === '') {
    const wildcard = 'collection' in resource && resource.collection === '';
    const databases = [...universe.databases, OWN_DATABASE, ...(wildcard ? [] : ['config', 'local'])];
    const each = [...new Set(databases)].flatMap((db) => lostAt({ ...resource, db }, holds, universe));
    return [...each, as(`${name}, databases made later`)];
  }
  if (!('collection' in resource) || resource.collection !== '') return [as(name)];
  const collections = inside(resource.db, universe);
  const gone = collections.filter((place) => !holds(place));
  if (gone.length === collections.length) return [as(name)];
  return [...gone.map((place) => ({ on: formatResource(place), resource: place })), as(`${name}, as a whole`)];
}

/** What a wildcard over the collections of a database reaches. */
function inside(db: string, universe: Universe): readonly Resource[] {
  return universe
    .collections(db)
    .map((collection) => ({ db, collection }))
    .filter(isNormalCollection);
}

/** What of these losses is lost to whoever holds the roles afterwards: one may grant what another no longer does. */
export type LossFilter = (losses: readonly Loss[], after: readonly RoleRef[]) => readonly Loss[];

/** The privileges by which one of the losses would be none, or only a part, and which roles grant one of them. */
interface Near {
  readonly keys: ReadonlySet<string>;
  readonly roles: RoleMap<boolean>;
}

/** `graph`: with the roles that accounts hold afterwards. */
export function lossFilter(graph: RoleGraph, universe: Universe): LossFilter {
  // Of roles that are narrowed, each has a list of its own, and most lists say the same.
  const lists = new Map<readonly Loss[], Near>();
  const texts = new Map<string, Near>();
  const nearOf = (losses: readonly Loss[]): Near =>
    getOrMake(lists, losses, () =>
      getOrMake(texts, JSON.stringify(losses), () => ({
        keys: keysNear(losses, universe),
        roles: new RoleMap<boolean>(),
      })),
    );
  const grants = new RoleMap<HeldGrants>();
  // Few roles reach anything of what is lost: for all others nothing is compared.
  const reaches = (losses: readonly Loss[], ref: RoleRef): boolean => {
    const { keys, roles } = nearOf(losses);
    return getOrMake(roles, ref, () =>
      graph.closure([ref]).some(({ privileges }) =>
        privileges.some(({ resource, actions }) => {
          const key = resourceKey(resource);
          return actions.some((action) => keys.has(`${action} ${key}`) || action === 'anyAction');
        }),
      ),
    );
  };
  return (losses, after) => {
    if (losses.length === 0 || !after.some((ref) => reaches(losses, ref))) return losses;
    const held = grantsTogether(
      graph.closure(after).map((role) => getOrMake(grants, role, () => grantsOf(role.privileges))),
    );
    return collect(
      losses.flatMap((loss) =>
        loss.actions.flatMap((action) =>
          stillLost(loss, (place) => holdsAt(held, place, action), universe).map((lost) => ({
            ...lost,
            actions: [action],
          })),
        ),
      ),
    );
  };
}

/** What is lost of a wildcard over databases is listed beside it, place by place. */
function stillLost(loss: Lost, holds: (place: Resource) => boolean, universe: Universe): readonly Lost[] {
  const { on, resource } = loss;
  const overDatabases = 'anyResource' in resource || ('db' in resource && resource.db === '');
  if (overDatabases) return holds(resource) ? [] : [{ on, resource }];
  return lostAt(resource, holds, universe);
}

/** `find {…}` for every privilege by which one of the losses would be none, or only a part. */
function keysNear(losses: readonly Loss[], universe: Universe): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { on, resource, actions } of losses) {
    const whole =
      'collection' in resource && resource.collection === '' && resource.db !== '' && on === formatResource(resource);
    const parts = whole ? inside(resource.db, universe) : [];
    for (const each of [...outers(resource), ...parts]) {
      for (const action of actions) keys.add(`${action} ${resourceKey(each)}`);
    }
  }
  return keys;
}

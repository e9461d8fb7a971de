/** What is granted, by place: looked up by every resource that reaches it. */
import { getOrMake } from '../../model/keyed.ts';
import { canonicalPrivileges, type Privilege } from '../../model/privilege.ts';
import { isNormalCollection, type Resource, resourceKey } from '../../model/resource.ts';

/** The actions that are granted on each resource, by its key. */
export type HeldGrants = ReadonlyMap<string, ReadonlySet<string>>;

export function grantsOf(privileges: readonly Privilege[]): HeldGrants {
  return new Map(
    canonicalPrivileges(privileges).map(({ resource, actions }) => [resourceKey(resource), new Set(actions)]),
  );
}

export function grantsTogether(all: Iterable<HeldGrants>): HeldGrants {
  const together = new Map<string, ReadonlySet<string>>();
  const merged = new Map<string, Set<string>>();
  for (const grants of all) {
    for (const [key, actions] of grants) {
      const known = together.get(key);
      if (known === undefined) {
        together.set(key, actions);
        continue;
      }
      const both = getOrMake(merged, key, () => new Set(known));
      for (const action of actions) both.add(action);
      together.set(key, both);
    }
  }
  return together;
}

/** The actions that are granted on all of the place, by each resource that reaches it. */
export function grantsAt(grants: HeldGrants, place: Resource): readonly ReadonlySet<string>[] {
  const found: ReadonlySet<string>[] = [];
  for (const outer of outers(place)) {
    const actions = grants.get(resourceKey(outer));
    if (actions !== undefined) found.push(actions);
  }
  return found;
}

/** Every resource that reaches all of this one. */
export function outers(resource: Resource): Resource[] {
  const any: Resource = { anyResource: true };
  if ('anyResource' in resource || 'cluster' in resource) return [any, resource];
  if ('system_buckets' in resource) {
    const { db, system_buckets: name } = resource;
    return [any, ...['', db].flatMap((d) => ['', name].map((system_buckets) => ({ db: d, system_buckets })))];
  }
  const { db, collection } = resource;
  // {db: "", collection: ""} never reaches local and config, nor a database's wildcard the server's own collections.
  const normal = collection === '' || isNormalCollection(resource);
  const everywhere = normal && db !== 'local' && db !== 'config';
  return [
    any,
    resource,
    ...(collection === '' ? [] : [{ db: '', collection }]),
    ...(normal ? [{ db, collection: '' }] : []),
    ...(everywhere ? [{ db: '', collection: '' }] : []),
  ];
}

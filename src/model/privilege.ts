/** Privileges in their one canonical form, and sums and differences of them. */
import { ascends, hasFields, sortedSet } from './order.ts';
import { type Resource, resourceKey } from './resource.ts';

/** A set of actions on a resource, as `rolesInfo` shows it. */
export interface Privilege {
  readonly resource: Resource;
  readonly actions: readonly string[];
}

/**
 * Merged by resource and sorted, without empty ones. `admin.system.roles` keeps privileges as they were written, with
 * the same resource several times; `rolesInfo` merges them, and so must every comparison. Beside `anyAction` the server
 * keeps no other action (tried on 4.4.4).
 */
export function canonicalPrivileges(privileges: Iterable<Privilege>): Privilege[] {
  const list = [...privileges];
  if (ascends(list.map(({ resource }) => resourceKey(resource))) && list.every(hasSortedActions)) {
    return list.map((privilege) => (hasFields(privilege, FIELDS) ? privilege : plain(privilege)));
  }
  const byKey = new Map<string, { resource: Resource; actions: Set<string> }>();
  for (const { resource, actions } of list) {
    const key = resourceKey(resource);
    const entry = byKey.get(key) ?? { resource, actions: new Set<string>() };
    for (const action of actions) entry.actions.add(action);
    byKey.set(key, entry);
  }
  return [...byKey.entries()]
    .filter(([, entry]) => entry.actions.size > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, entry]) => ({
      resource: entry.resource,
      actions: entry.actions.has(ANY_ACTION) ? [ANY_ACTION] : sortedSet(entry.actions),
    }));
}

const ANY_ACTION = 'anyAction';

const FIELDS = ['resource', 'actions'];

function plain({ resource, actions }: Privilege): Privilege {
  return { resource, actions };
}

function hasSortedActions({ actions }: Privilege): boolean {
  return actions.length > 0 && ascends(actions) && (actions.length === 1 || !actions.includes(ANY_ACTION));
}

/** What `left` has and `right` lacks, resource by resource and action by action; wildcards are not interpreted. */
export function subtractPrivileges(left: Iterable<Privilege>, right: Iterable<Privilege>): Privilege[] {
  const taken = new Map(canonicalPrivileges(right).map((p) => [resourceKey(p.resource), new Set(p.actions)]));
  return canonicalPrivileges(
    canonicalPrivileges(left).map((p) => {
      const without = taken.get(resourceKey(p.resource));
      const all = without?.has(ANY_ACTION) === true;
      return { resource: p.resource, actions: all ? [] : p.actions.filter((action) => !without?.has(action)) };
    }),
  );
}

/**
 * The privileges of `after` that stand where `before` has `anyAction`. The server keeps no other action beside it, so
 * that revoking it leaves nothing there (tried on 4.4.4): these take `updateRole`.
 */
export function besideAnyAction(before: readonly Privilege[], after: readonly Privilege[]): readonly Privilege[] {
  const anything = new Set(
    before.filter(({ actions }) => actions.includes(ANY_ACTION)).map(({ resource }) => resourceKey(resource)),
  );
  return after.filter(({ resource, actions }) => anything.has(resourceKey(resource)) && !actions.includes(ANY_ACTION));
}

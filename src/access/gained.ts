/** Effective access of accounts, compared: what one has that the other has not, wildcards understood. */
import { canonicalPrivileges, type Privilege } from '../model/privilege.ts';
import { contains, type Resource, resourceKey } from '../model/resource.ts';

/** What `has` grants and `had` did not, by whatever pattern. In canonical form. */
export function gainedAccess(had: readonly Privilege[], has: readonly Privilege[]): Privilege[] {
  const byAction = new Map<string, Resource[]>();
  for (const { resource, actions } of had) {
    for (const action of actions) {
      const list = byAction.get(action);
      if (list === undefined) byAction.set(action, [resource]);
      else list.push(resource);
    }
  }
  const covered = (resource: Resource, action: string): boolean =>
    [action, 'anyAction'].some((held) => (byAction.get(held) ?? []).some((outer) => contains(outer, resource)));
  const known = new Map(had.map((privilege) => [resourceKey(privilege.resource), privilege]));
  const gained = has.filter((privilege) => known.get(resourceKey(privilege.resource)) !== privilege);
  return canonicalPrivileges(
    gained.map(({ resource, actions }) => ({
      resource,
      actions: actions.filter((action) => !covered(resource, action)),
    })),
  );
}

/** Which privilege actions one server has, by what it says of its own roles. */
import { CATALOGUES, type Catalogue, catalogueFor } from './catalogue.ts';
import type { Role } from './role.ts';
import { compareVersions } from './version.ts';

/**
 * The actions that a server of that version has. Which there are depends on the build and not on the release alone
 * (tried on 5.1 and 8.3 in development: `createRole` with an action that the build does not have is refused whole). So
 * where `roles` brings along the server's own built-in roles, an action counts that one of them names, and of the
 * catalogue's those that no built-in role need name.
 */
export function actionsOfServer(roles: Iterable<Role>, version: string): ReadonlySet<string> {
  const { actions } = catalogueFor(version);
  const named = new Set<string>();
  for (const role of roles) {
    if (role.isBuiltin === true)
      for (const privilege of role.privileges) for (const action of privilege.actions) named.add(action);
  }
  if (named.size === 0) return actions;
  const later = CATALOGUES.filter((catalogue) => compareVersions(catalogue.version, version) > 0);
  const decidable = (action: string): boolean =>
    [catalogueFor(version), ...later].every((catalogue) => !catalogue.actions.has(action) || isHeld(catalogue, action));
  return new Set([...named, ...[...actions].filter((action) => named.has(action) || !decidable(action))]);
}

/** Whether some built-in role names it. Some are kept for old roles' sake after the last of MongoDB's own has lost them. */
function isHeld({ admin, database }: Catalogue, action: string): boolean {
  return [...admin.values(), ...database.values()].some((privileges) =>
    privileges().some(({ actions }) => actions.includes(action)),
  );
}

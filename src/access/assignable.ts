/** Roles that matter although no user of the list holds them: those that a group could be given, and those that are unknown. */

import { type RoleGraph, roleGraph } from '../model/graph.ts';
import { RoleMap } from '../model/name-maps.ts';
import { formatRole, type RoleRef, roleKey } from '../model/names.ts';
import { onceFor } from '../model/once.ts';
import { sortedBy, sortedSet } from '../model/order.ts';
import { grantedRoles, type User } from '../model/role.ts';
import { placesOf } from '../state/shards.ts';
import type { ClusterState, Unreadable } from '../state/state.ts';
import type { Accounts } from './analysis.ts';

export interface Assignable {
  /**
   * Custom roles of `admin` that nobody holds or inherits: those that LDAP and OIDC groups are mapped to look just like
   * this. Each by a user who stands for whoever is given it, in `$external` because nobody could set its password.
   */
  readonly standIns: ReadonlyMap<User, RoleRef>;
  /** Roles that users or these stand-ins hold directly, each once. */
  readonly held: readonly RoleRef[];
}

/** `graph`: of the roles of these accounts. */
export function assignableRoles(accounts: Accounts, graph: RoleGraph): Assignable {
  const held = rolesGrantedTo(accounts.users);
  const standIns = standInsFor(accounts, graph, held);
  return { standIns, held: [...held, ...standIns.values()] };
}

/** The roles that are granted and defined nowhere, by accounts of the cluster and of its shards. */
export const unknownRoles: (state: ClusterState) => readonly Unreadable[] = onceFor((state) =>
  placesOf(state).flatMap(({ state: { roles, users, server }, shard }) => {
    if (roles === undefined || users === undefined) return [];
    const graph = roleGraph(roles, server.version);
    const granted = [...rolesGrantedTo(users), ...rolesGrantedTo(roles)];
    const unknown = granted.filter((ref) => graph.role(ref) === undefined);
    return sortedSet(unknown.map(formatRole)).map((name) => ({
      what: `${shard === undefined ? '' : `shards.${shard}.`}roles.${name}`,
      why: 'it is granted, and not defined in what was read',
    }));
  }),
);

/** Of a state's users and of its roles, each asked for several times. */
const rolesGrantedTo = onceFor(grantedRoles);

function standInsFor(
  { roles }: Accounts,
  graph: RoleGraph,
  heldByUsers: readonly RoleRef[],
): ReadonlyMap<User, RoleRef> {
  const taken = new RoleMap<true>();
  for (const ref of [...graph.closure(heldByUsers), ...rolesGrantedTo(roles)]) taken.set(ref, true);
  const alone = roles.filter((role) => role.db === 'admin' && role.isBuiltin !== true && !taken.has(role));
  return new Map(
    sortedBy(alone, roleKey).map(({ role, db }) => [
      { user: formatRole({ role, db }), db: '$external', roles: [{ role, db }] },
      { role, db },
    ]),
  );
}

/** Who and what counts beside the users of the list: roles that a group could be given, and roles that are unknown. */
import { type RoleGraph, roleGraph } from '../model/graph.ts';
import { RoleMap } from '../model/name-maps.ts';
import { formatRole, type RoleRef, roleKey } from '../model/names.ts';
import { onceFor } from '../model/once.ts';
import { sortedBy, sortedSet } from '../model/order.ts';
import { grantedRoles, type Role, type User } from '../model/role.ts';
import { placesOf } from '../state/shards.ts';
import type { ClusterState, Unreadable } from '../state/state.ts';
import { type Holdings, holdingsOf } from './analysis.ts';

export interface Everybody {
  /**
   * Custom roles of `admin` that nobody holds or inherits: those that LDAP and OIDC groups are mapped to look just like
   * this. Each by a user who stands for whoever is given it, in `$external` because nobody could set its password.
   */
  readonly standIns: ReadonlyMap<User, RoleRef>;
  /** What the users hold, in the order of the state, and after them the stand-ins. */
  readonly holdings: Holdings;
}

/** All who could act in a state, worked out once for each; nothing where its roles or users are unknown. */
export const everybodyIn: (state: ClusterState) => Everybody | undefined = onceFor(({ roles, users, server }) => {
  if (roles === undefined || users === undefined) return undefined;
  const graph = roleGraph(roles, server.version);
  const held = rolesGrantedTo(users);
  const standIns = standInsFor(roles, graph, held);
  const holdings = holdingsOf({ users: [...users, ...standIns.keys()] }, graph, [...held, ...standIns.values()]);
  return { standIns, holdings };
});

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
  roles: readonly Role[],
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

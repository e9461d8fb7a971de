/** Who can: every account of a state, and what no list shows. */
import { Failure } from '../failure.ts';
import { type Accounts, assess, type Principal } from '../model/assess.ts';
import { type RoleGraph, roleGraph } from '../model/graph.ts';
import { formatRole, formatUser, type RoleRef, roleKey } from '../model/names.ts';
import { sortedBy, sortedSet } from '../model/order.ts';
import { grantedRoles, type User } from '../model/role.ts';
import { RoleMap } from '../model/role-map.ts';
import { didYouMean } from '../policy/nearest.ts';
import type { ClusterState, Unreadable } from '../state/state.ts';
import type { Question } from './question.ts';

export interface WhoAnswer {
  /** Users in the order of the state, then roles that nobody holds and an external group could be given. */
  readonly principals: readonly AskedPrincipal[];
  /** Who can't be listed from here. */
  readonly unenumerable: readonly string[];
  /** What the answer rests on and could not be read. */
  readonly unreadable: readonly Unreadable[];
}

/** `role` is there where the principal is not a user but a role on its own. */
export type AskedPrincipal = Principal & { readonly role?: RoleRef };

/** Throws a Failure if roles or users are unknown: unknown is never taken for none. */
export function whoCan(state: ClusterState, { ways }: Question): WhoAnswer {
  const accounts = knownAccounts(state);
  const graph = roleGraph(accounts.roles, state.server.version);
  const held = grantedRoles(accounts.users);
  const inherited = grantedRoles(accounts.roles);
  const external = externalRoles(accounts, graph, held, inherited);
  const everybody = { roles: accounts.roles, users: [...accounts.users, ...external.keys()] };
  const granted = [...held, ...external.values()];
  const principals = assess(everybody, state.server.version, ways, granted).who(ways);
  return {
    principals: principals.map((principal) => withoutStandIn(principal, external)),
    unenumerable: unenumerable(state),
    unreadable: [...state.unreadable, ...undefinedRoles(graph, [...held, ...inherited])],
  };
}

/** Every way in which one user can; empty: it can't. Throws a Failure with the nearest name if there is no such user. */
export function canUser(state: ClusterState, name: string, { ways }: Question): readonly Principal[] {
  const accounts = knownAccounts(state);
  return assess(accounts, state.server.version, ways).can(findUser(accounts, name), ways);
}

/** The user named `name@db`. */
export function findUser({ users }: Accounts, name: string): User {
  const found = users.find((user) => formatUser(user) === name);
  if (found !== undefined) return found;
  throw new Failure(`there is no user ${name}${didYouMean(name, users.map(formatUser))}`, {
    advice: 'name it as name@db',
  });
}

/** Roles and users, both known. */
export function knownAccounts({ roles, users, unreadable }: ClusterState): Accounts {
  if (roles !== undefined && users !== undefined) return { roles, users };
  const missing = roles === undefined ? 'roles' : 'users';
  const why = unreadable.find(({ what }) => what === missing)?.why ?? 'the snapshot leaves them out';
  throw new Failure(`the ${missing} of the cluster are unknown: ${why}`, {
    advice: 'unknown is not none: read them first',
  });
}

/**
 * Custom roles of `admin` that no user holds: those that LDAP and OIDC groups are mapped to look just like this. Each is
 * asked about through a stand-in, in `$external` because nobody could set its password.
 */
function externalRoles(
  { roles }: Accounts,
  graph: RoleGraph,
  heldByUsers: readonly RoleRef[],
  inheritedByRoles: readonly RoleRef[],
): ReadonlyMap<User, RoleRef> {
  const taken = new RoleMap<true>();
  for (const ref of [...graph.closure(heldByUsers), ...inheritedByRoles]) taken.set(ref, true);
  const alone = roles.filter((role) => role.db === 'admin' && role.isBuiltin !== true && !taken.has(role));
  return new Map(
    sortedBy(alone, roleKey).map(({ role, db }) => [
      { user: formatRole({ role, db }), db: '$external', roles: [{ role, db }] },
      { role, db },
    ]),
  );
}

function withoutStandIn(principal: Principal, external: ReadonlyMap<User, RoleRef>): AskedPrincipal {
  const role = external.get(principal.user);
  return role === undefined ? principal : { ...principal, role, path: principal.path.slice(1) };
}

function unenumerable({ server, settings }: ClusterState): readonly string[] {
  const open = settings?.authorization === 'disabled' || settings?.authorization === 'transition';
  return [
    ...(open ? ['everybody: authorization is off, and clients that have not logged in may do everything'] : []),
    ...(server.topology === 'standalone'
      ? []
      : ['__system: whoever has the key file or a member certificate may do everything']),
    ...(server.topology === 'sharded' ? ['accounts made on a shard directly: they act on that shard past mongos'] : []),
    'members of LDAP and OIDC groups, and certificates with role extensions: a role that could be theirs is listed as a role',
  ];
}

/** Roles that somebody holds and that are defined nowhere in what was read: what they grant is unknown. */
function undefinedRoles(graph: RoleGraph, granted: readonly RoleRef[]): readonly Unreadable[] {
  const missing = sortedSet(granted.filter((ref) => graph.role(ref) === undefined).map(formatRole));
  return missing.map((name) => ({ what: `roles.${name}`, why: 'it is granted, and not defined in what was read' }));
}

/** Who can: every account of a state, and what no list shows. */
import { Failure } from '../failure.ts';
import { formatUser, type RoleRef, splitAt } from '../model/names.ts';
import type { User } from '../model/role.ts';
import { didYouMean } from '../policy/nearest.ts';
import { type Place, placesOf } from '../state/shards.ts';
import type { ClusterState, Unreadable } from '../state/state.ts';
import { type Accounts, assess, assessHoldings, type Principal } from './analysis.ts';
import { everybodyIn, unknownRoles } from './assignable.ts';
import { type Pair, readingPairs } from './pairs.ts';
import { askedOf, type Question } from './question.ts';

export interface WhoAnswer {
  /**
   * Users in the order of the state, then roles that nobody holds and an external group could be given. Then the same of
   * each shard.
   */
  readonly principals: readonly AskedPrincipal[];
  /** Accounts that can together and not alone; only for the outcome `read` of a collection. */
  readonly together: readonly Pair[];
  /** Who can't be listed from here. */
  readonly unenumerable: readonly string[];
  /** What the answer rests on and could not be read. */
  readonly unreadable: readonly Unreadable[];
}

/**
 * `role` is there where the principal is not a user but a role on its own; `shard` where it is of that shard alone, and
 * acts on it past every mongos.
 */
export type AskedPrincipal = Principal & { readonly role?: RoleRef; readonly shard?: string };

/** Throws a Failure if roles or users are unknown: unknown is never taken for none. */
export function whoCan(state: ClusterState, question: Question): WhoAnswer {
  knownAccounts(state);
  const answers = placesOf(state).map((place) => whoThere(place, question));
  return {
    principals: answers.flatMap(({ principals }) => principals),
    together: answers.flatMap(({ together }) => together),
    unenumerable: unenumerable(state),
    unreadable: [...state.unreadable, ...unknownRoles(state)],
  };
}

/** Nobody where accounts are unknown: of a shard `unenumerable` says so. */
function whoThere({ state, shard }: Place, question: Question): Pick<WhoAnswer, 'principals' | 'together'> {
  const { roles, users } = state;
  const everybody = everybodyIn(state);
  if (everybody === undefined || roles === undefined || users === undefined) return { principals: [], together: [] };
  const { action, subject, techniques } = shard === undefined ? question : askedOf(state, question);
  const { standIns, holdings } = everybody;
  const principals = assessHoldings(holdings, techniques).who(techniques);
  const alone = new Set(principals.map(({ user }) => user));
  const byPairs = action === 'read' && subject.kind === 'collection';
  const together = byPairs ? readingPairs({ roles, users }, state, subject, alone) : [];
  const here = shard === undefined ? {} : { shard };
  return {
    principals: principals.map((principal) => ({ ...withoutStandIn(principal, standIns), ...here })),
    together: together.map((pair) => ({ ...pair, ...here })),
  };
}

/** Every technique by which one user can; empty: it can't. Throws a Failure with the nearest name if there is no such user. */
export function canUser(state: ClusterState, name: string, { techniques }: Question): readonly Principal[] {
  const accounts = knownAccounts(state);
  return assess(accounts, state.server.version, techniques).can(findUser(accounts, name), techniques);
}

/** The user named `name@db`. */
export function findUser({ users }: Accounts, name: string): User {
  const { name: asked, db } = splitAt(name) ?? {};
  const found = users.find((user) => user.user === asked && user.db === db);
  if (found !== undefined) return found;
  throw new Failure(`there is no user ${name}${didYouMean(name, users.map(formatUser))}`, {
    advice: name.includes('@')
      ? 'mongoward cluster snapshot lists the users of a cluster, policy show those of a policy. The policy alone is asked where neither --cluster nor --snapshot is given'
      : 'name it as name@db',
  });
}

/** Roles and users, both known. */
export function knownAccounts({ roles, users, unreadable }: ClusterState): Accounts {
  if (roles !== undefined && users !== undefined) return { roles, users };
  const missing = roles === undefined ? 'roles' : 'users';
  const why = unreadable.find(({ what }) => what === missing)?.why ?? 'the snapshot leaves them out';
  throw new Failure(`the ${missing} of the cluster are unknown: ${why}`, {
    advice: 'ask as an account that may read them. mongoward cluster doctor tells which privileges that takes',
  });
}

function withoutStandIn(principal: Principal, standIns: ReadonlyMap<User, RoleRef>): AskedPrincipal {
  const role = standIns.get(principal.user);
  if (role === undefined) return principal;
  const also = principal.also.map((grant) => ({ ...grant, path: grant.path.slice(1) }));
  return { ...principal, role, path: principal.path.slice(1), also };
}

function unenumerable(state: ClusterState): readonly string[] {
  const { server, settings } = state;
  const open = settings?.authorization === 'disabled' || settings?.authorization === 'transition';
  return [
    ...(open ? ['everybody: authorization is off, and clients that have not logged in may do everything'] : []),
    ...(server.topology === 'standalone'
      ? []
      : ['__system: whoever has the key file or a member certificate may do everything']),
    ...unseenShards(state).map(({ what, why }) => `${what}: ${why}`),
    'members of LDAP and OIDC groups, and certificates with role extensions: a role that could be theirs is listed as a role',
  ];
}

/** Accounts that shards may have for themselves, where nobody could look. */
export function unseenShards({ server, shards }: ClusterState): readonly Unreadable[] {
  if (server.topology !== 'sharded') return [];
  if (shards === undefined) {
    return [{ what: 'accounts made on a shard directly', why: 'they act on that shard past mongos' }];
  }
  return shards.flatMap(({ name, users, why = 'they were not asked for' }) =>
    users === undefined ? [{ what: `accounts made on shard ${name} directly, which act on it past mongos`, why }] : [],
  );
}

/**
 * Restrictions resolved to grants. MongoDB has no deny: to keep an account out it must hold other roles, which grant
 * everything else that it had. Pure: the same policy and the same state give the same roles.
 */

import { requireAction, takeover } from '../../access/techniques.ts';
import { demandsOf } from '../../access/violations/demand.ts';
import { roleGraph } from '../../model/graph.ts';
import { formatUser, type RoleRef, roleKey, userKey } from '../../model/names.ts';
import { sortedSet } from '../../model/order.ts';
import { databaseTarget } from '../../model/resource.ts';
import { grantedRoles, type Role, type User } from '../../model/role.ts';
import { exemptionsOn } from '../../policy/exemptions.ts';
import type { Intent, IntentUser } from '../../policy/intent.ts';
import { rolesHeld } from '../../policy/selector.ts';
import type { ClusterState } from '../../state/state.ts';
import { groupRewrites, type Rewrite, type Rewritten } from './access-change.ts';
import { inheritedBits } from './inherited-bits.ts';
import { type Loss, lossesBetween, lossFilter, mergeLosses } from './losses.ts';
import { type ManagedRole, makeNarrower } from './managed-roles.ts';
import { coveredBy, ownersOf, recordedRoles, standingFor, universeOf, withOriginals } from './record.ts';
import { forgedRefusal, type Refusal, takenNames, takeoverRefusals, tooLarge, unknownCollections } from './refusal.ts';
import {
  type Resolution,
  resolveAccount,
  type SolverContext,
  sameRoles,
  type Undecided,
  undecidedOf,
} from './resolve-account.ts';
import { prepareSolver } from './revocations.ts';
import { makeRoleSolver } from './solver.ts';

export interface Restricted {
  /** The roles of the state and the managed ones, in no particular order. */
  readonly roles: readonly Role[];
  /** In the order of the state; who is not touched stays the very same object. */
  readonly users: readonly User[];
  readonly managed: readonly ManagedRole[];
  /** Who holds other roles than the cluster says today, and what that means. */
  readonly rewrites: readonly Rewrite[];
  /** What nothing closes short of taking away what is needed elsewhere: a person decides. */
  readonly undecided: readonly Undecided[];
  readonly refusals: readonly Refusal[];
}

export interface RestrictOptions {
  /** `YYYY-MM-DD`: the day that decides who is exempt. */
  readonly today?: string;
  /** Where the policy demands nothing any more, its managed roles have left it: they go, and are given back for, only then. */
  readonly prune?: boolean;
}

/**
 * Resolves every demand whose remedy is `rewrite`, and gives accounts back what they held before where none is about
 * them any longer. `state`: the actual state with what the policy defines already in place; `actual`: what the cluster
 * has. Nothing if the policy demands nothing, or if there is nothing to resolve from.
 */
export function restrict(
  intent: Intent,
  state: ClusterState,
  actual: ClusterState,
  { today, prune }: RestrictOptions = {},
): Restricted | undefined {
  const { roles, users, databases, objects = [], server } = state;
  if (roles === undefined || users === undefined || databases === undefined) return undefined;
  const graph = roleGraph(roles, server.version);
  const exemptions = exemptionsOn(intent, today);
  const demands = demandsOf(intent, state, rolesHeld(graph), exemptions).filter(
    ({ remedy, from }) => remedy === 'rewrite' || from === 'restriction',
  );
  const { recorded, forged, others } = recordedRoles(intent.policy, objects);
  if (demands.length === 0 && (prune !== true || recorded.length === 0)) return undefined;
  const rewriting = demands.filter(({ remedy }) => remedy === 'rewrite');
  const defined = new Map(intent.users.map((entry) => [userKey(entry.user), entry]));
  const original = withOriginals(recorded, graph);
  const accounts = users.map((user) => ({
    user,
    holder: defined.get(userKey(user))?.adopted === false ? user : original(user),
  }));
  const underneath = others.length === 0 ? [] : underneathOf(users, withOriginals([...recorded, ...others], graph));
  const homes = sortedSet(users.map(({ db }) => db)).filter((db) => db !== '$external');
  const solver = prepareSolver(demands, [...homes.map(takeover), GRANT]);
  const now = new Map((actual.users ?? []).map((user) => [userKey(user), user]));
  const held = grantedRoles([...accounts.map(({ holder }) => holder), ...underneath, ...users, ...now.values()]);
  const bits = inheritedBits(graph, held, (granted) => solver.metBy(granted));
  const universe = universeOf(intent, state);
  const narrower = makeNarrower({
    policy: intent.policy,
    graph,
    universe,
    met: bits.of,
    metBy: (granted) => solver.metBy(granted),
    selects: selectedRoles(intent),
    covered: coveredBy(objects),
    standing: standingFor(recorded, graph),
  });
  const roleSolver = makeRoleSolver(solver, narrower, bits.of);
  const context: SolverContext = {
    intent,
    exemptions,
    demands,
    solver,
    bits,
    graph,
    roleSolver,
    universe,
    ownerOf: ownersOf(intent.policy, objects),
    administering: solver.bitsOf(GRANT),
    alternatives: new Map(),
  };
  const resolutions = accounts.map(({ user, holder }) =>
    resolveAccount(context, user, holder, defined.get(userKey(user))),
  );

  const standing = new Set(recorded.map((each) => roleKey(each.managed)));
  const stoodOn = underneath.flatMap((user) =>
    roleSolver(
      user.roles,
      rewriting.filter((demand) => demand.covers(user)),
    ).roles.filter((ref) => standing.has(roleKey(ref))),
  );
  const managed = inUse(narrower.managed(), [...resolutions.map(({ user }) => user), { roles: stoodOn }]);
  const managedByKey = new Map(managed.map((each) => [roleKey(each.role), each]));
  const merged = new Map(roles.map((role) => [roleKey(role), role]));
  for (const { role } of managed) merged.set(roleKey(role), role);
  const after = roleGraph(merged.values(), server.version);
  const rewritten = resolutions.flatMap((resolution): Rewritten[] => {
    const before = now.get(userKey(resolution.user));
    const released = resolution.kind === 'released';
    if ((resolution.kind !== 'operated' && !released) || before === undefined) return [];
    if (sameRoles(before.roles, resolution.user.roles)) return [];
    const could = solver.open(bits.ofAll(before.roles), resolution.covering);
    const can = released ? [] : resolution.open;
    return [{ user: before, before: before.roles, after: resolution.user.roles, could, can, released }];
  });
  return {
    roles: [...merged.values()],
    users: resolutions.map(({ user }) => user),
    managed,
    rewrites: groupRewrites(rewritten, {
      between: (gone, come) => {
        const known = gone.map((ref) => losesWith(ref, come, managedByKey) ?? narrower.losesWhenGone(ref));
        // What stands for a role that is managed already is compared as it is.
        return known.every((loses) => loses !== undefined)
          ? mergeLosses(known.map((loses) => loses ?? []))
          : lossesBetween(graph.privileges(gone), after.privileges(come), universe);
      },
      filter: lossFilter(after, universe),
      // Only in the place of a role that stands for another can somebody be given more than before.
      regained: (gone, come) =>
        gone.some((ref) => standing.has(roleKey(ref)))
          ? lossesBetween(after.privileges(come), graph.privileges(gone), universe)
          : [],
      kept: lossFilter(graph, universe),
    }),
    undecided: resolutions.flatMap((resolution) => undecidedOf(context, resolution)),
    refusals: [
      ...resolutions.flatMap((resolution) => (resolution.kind === 'refused' ? resolution.refusals : [])),
      ...nobodyLeft(resolutions),
      ...operatorRefusals(resolutions, actual, defined),
      ...takeoverRefusals(resolutions, solver, homes),
      ...forged.map(forgedRefusal),
      ...takenNames(managed, roles, objects),
      ...tooLarge(managed),
      ...unknownCollections(rewriting, databases),
    ],
  };
}

/**
 * Accounts that hold what another policy made, as they would be if neither had: what that stands for may be a managed role
 * of this policy, which has to be kept up although nobody holds it.
 */
function underneathOf(users: readonly User[], original: (user: User) => User): readonly User[] {
  return users.flatMap((user) => {
    let under = original(user);
    if (under === user) return [];
    // Names of managed roles grow with what they stand for: this ends.
    for (let next = original(under); next !== under; next = original(under)) under = next;
    return [under];
  });
}

/** The roles by which restrictions choose whom they are about. */
function selectedRoles({ restrictions }: Intent): (role: RoleRef) => boolean {
  const selectors = restrictions.flatMap(({ users, remedy }) => (remedy === 'rewrite' ? users : []));
  const keys = new Set(selectors.flatMap((each) => (each.kind === 'holding' ? [roleKey(each.role)] : [])));
  return (role) => keys.has(roleKey(role));
}

/** The account that would carry it out must not take its own rights away while it does. */
function operatorRefusals(
  resolutions: readonly Resolution[],
  { operator, users = [] }: ClusterState,
  defined: ReadonlyMap<string, IntentUser>,
): readonly Refusal[] {
  const key = operator && userKey(operator);
  const resolution = resolutions.find(({ user }) => userKey(user) === key);
  const before = users.find((user) => userKey(user) === key);
  const touched =
    resolution?.kind === 'operated' && before !== undefined && !sameRoles(before.roles, resolution.user.roles);
  if (operator === undefined || !touched) return [];
  const demand = resolution.covering[0]?.origin();
  const line = defined.get(userKey(operator))?.origin();
  const where = line === undefined ? '' : ` (${line.file}:${line.line})`;
  const message = `the restriction covers its own operator, ${formatUser(operator)}${where}: name it under "except" or breakGlass, or run this by another account`;
  return [{ target: formatUser(operator), message, ...(demand && { at: demand }) }];
}

/** A restriction that every account which administers users falls under: carried out, nobody could mend anything. */
function nobodyLeft(resolutions: readonly Resolution[]): readonly Refusal[] {
  const mighty = resolutions.flatMap((resolution) =>
    resolution.kind === 'refused' && resolution.escalates ? [resolution] : [],
  );
  const [first] = mighty;
  const others = resolutions.some((resolution) => resolution.kind !== 'refused' && resolution.administers);
  if (first === undefined || others) return [];
  const names = mighty.slice(0, MOST_NAMED).map(({ user }) => formatUser(user));
  const message = `this restriction leaves nobody to administer users: name at least one of ${names.join(', ')} under breakGlass`;
  const at = first.refusals[0]?.at;
  return [{ target: 'cluster', message, ...(at && { at }) }];
}

const MOST_NAMED = 5;

/** What is lost with a role, if one of those that come stands for it. */
function losesWith(
  ref: RoleRef,
  come: readonly RoleRef[],
  managed: ReadonlyMap<string, ManagedRole>,
): readonly Loss[] | undefined {
  const stand = come
    .map((each) => managed.get(roleKey(each)))
    .find((each) => each && roleKey(each.replaces) === roleKey(ref));
  return stand?.loses;
}

/** Those that are held afterwards, and those that they inherit; what was tried in vain is not made. */
function inUse(
  managed: readonly ManagedRole[],
  holders: readonly { readonly roles: readonly RoleRef[] }[],
): readonly ManagedRole[] {
  const byKey = new Map(managed.map((each) => [roleKey(each.role), each]));
  const used = new Set<ManagedRole>();
  const open = grantedRoles(holders).flatMap((ref) => byKey.get(roleKey(ref)) ?? []);
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    if (used.has(each)) continue;
    used.add(each);
    open.push(...each.role.roles.flatMap((ref) => byKey.get(roleKey(ref)) ?? []));
  }
  return managed.filter((each) => used.has(each));
}

/** To administer users. */
const GRANT = requireAction('grantRole', databaseTarget('admin'));

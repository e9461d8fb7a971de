/** The second stage: for each account the roles by which nothing that is denied is open to it, or why there are none. */

import { type Requirement, requireAction, takeover } from '../../access/techniques.ts';
import { type RoleRef, roleKey } from '../../model/names.ts';
import { sortedSet } from '../../model/order.ts';
import { databaseTarget } from '../../model/resource.ts';
import { grantedRoles, type User } from '../../model/role.ts';
import type { Intent } from '../../policy/intent.ts';
import type { Collected } from './collect.ts';
import { type InheritedBits, inheritedBits } from './inherited-bits.ts';
import { makeNarrower, type Narrower } from './managed-roles.ts';
import { coveredBy, managedFor, ownersOf } from './record.ts';
import { type Resolution, resolveAccount } from './resolve-account.ts';
import { type RestrictionSolver, restrictionSolver } from './restriction-solver.ts';
import { roleSolver } from './role-solver.ts';

export interface SolvedAccounts {
  /** In the order of the accounts. */
  readonly resolutions: readonly Resolution[];
  /** The managed roles that managed roles of other policies stand for. */
  readonly keptUp: readonly RoleRef[];
  /** The databases in which passwords are kept, with the right to set them there. */
  readonly homes: readonly Home[];
  readonly solver: RestrictionSolver;
  readonly bits: InheritedBits;
  readonly narrower: Narrower;
}

export interface Home {
  readonly db: string;
  readonly takeover: Requirement;
}

export function solveAccounts(collected: Collected): SolvedAccounts {
  const { intent, exemptions, demands, accounts, underneath, graph, universe, objects, recorded } = collected;
  const homes = sortedSet(accounts.map(({ user }) => user.db))
    .filter((db) => db !== '$external')
    .map((db) => ({ db, takeover: takeover(db) }));
  const solver = restrictionSolver(demands, [...homes.map((home) => home.takeover), ADMINISTERING]);
  const held = grantedRoles(everyForm(collected));
  const bits = inheritedBits(graph, held, solver.metBy);
  const narrower = makeNarrower({
    policy: intent.policy,
    graph,
    universe,
    met: bits.of,
    metBy: solver.metBy,
    selects: selectedRoles(intent),
    covered: coveredBy(objects),
    managedFor: managedFor(recorded, graph),
  });
  const solve = roleSolver(solver, narrower, bits.of);
  const context = {
    intent,
    exemptions,
    demands,
    graph,
    solver,
    bits,
    solve,
    ownerOf: ownersOf(intent.policy, objects),
    administering: solver.bitsOf(ADMINISTERING),
  };
  const ours = new Set(recorded.map(({ managed }) => roleKey(managed)));
  return {
    resolutions: accounts.map((account) => resolveAccount(context, account)),
    keptUp: underneath.flatMap((user) => {
      const covering = demands.filter((demand) => demand.remedy === 'rewrite' && demand.covers(user));
      return solve(user.roles, covering).roles.filter((ref) => ours.has(roleKey(ref)));
    }),
    homes,
    solver,
    bits,
    narrower,
  };
}

/** Each account as it is, as it would be without managed roles, and as the cluster has it. */
function* everyForm({ accounts, underneath }: Collected): Iterable<User> {
  for (const { user, holder, today } of accounts) {
    yield user;
    if (holder !== user) yield holder;
    if (today !== undefined && today !== user) yield today;
  }
  yield* underneath;
}

/** What it takes to administer the users of the cluster. */
const ADMINISTERING = requireAction('grantRole', databaseTarget('admin'));

/** The roles by which restrictions choose whom they are about. */
function selectedRoles({ restrictions }: Intent): (role: RoleRef) => boolean {
  const selectors = restrictions.flatMap(({ users, remedy }) => (remedy === 'rewrite' ? users : []));
  const keys = new Set(selectors.flatMap((each) => (each.kind === 'holding' ? [roleKey(each.role)] : [])));
  return (role) => keys.has(roleKey(role));
}

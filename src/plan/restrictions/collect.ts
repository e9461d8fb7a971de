/** The first stage: everything that restrictions are worked out from. */

import { type Demand, demandsOf } from '../../access/violations/demand.ts';
import { type RoleGraph, roleGraph } from '../../model/graph.ts';
import { type UserRef, userKey } from '../../model/names.ts';
import type { Role, User } from '../../model/role.ts';
import { userFinder } from '../../model/user-finder.ts';
import { type Exemptions, exemptionsOn } from '../../policy/exemptions.ts';
import type { Intent, IntentUser } from '../../policy/intent.ts';
import { rolesHeld } from '../../policy/selector.ts';
import type { ClusterState, Database, OwnedObject, ServerInfo } from '../../state/state.ts';
import { type Recorded, recordedRoles, withOriginals } from './record.ts';
import { type Universe, universeOf } from './universe.ts';

export interface Collected {
  readonly intent: Intent;
  readonly exemptions: Exemptions;
  readonly roles: readonly Role[];
  readonly databases: readonly Database[];
  readonly server: ServerInfo;
  readonly objects: readonly OwnedObject[];
  readonly graph: RoleGraph;
  readonly universe: Universe;
  /** What accounts are kept from, and what is only reported of those that the policy defines. */
  readonly demands: readonly Demand[];
  /** In the order of the state. */
  readonly accounts: readonly Account[];
  /** The policy's managed roles by the record, and entries that are not believed. */
  readonly recorded: readonly Recorded[];
  readonly forged: readonly OwnedObject[];
  /**
   * Accounts that hold what another policy made, as they would be if neither had: what that stands for may be a managed
   * role of this policy, which has to be kept up although nobody holds it.
   */
  readonly underneath: readonly User[];
  readonly operator: UserRef | undefined;
}

export interface Account {
  readonly user: User;
  /** The same, with the roles in whose place it holds managed ones. */
  readonly holder: User;
  /** What the policy says of it, if it names it. */
  readonly entry: IntentUser | undefined;
  /** As the cluster has it today; nothing if it is about to be made. */
  readonly today: User | undefined;
}

export interface CollectOptions {
  /** `YYYY-MM-DD`: the day that decides who is exempt. */
  readonly today?: string;
  /** Where the policy demands nothing any more, its managed roles have left it: they go, and are given back for, only then. */
  readonly prune?: boolean;
}

/** Nothing if the policy demands nothing, or if there is nothing to resolve from. See `restrict` for the states. */
export function collect(
  intent: Intent,
  state: ClusterState,
  actual: ClusterState,
  { today, prune }: CollectOptions,
): Collected | undefined {
  const { roles, users, databases, objects = [], server } = state;
  if (roles === undefined || users === undefined || databases === undefined) return undefined;
  const graph = roleGraph(roles, server.version);
  const exemptions = exemptionsOn(intent, today);
  const { recorded, forged, others } = recordedRoles(intent.policy, objects);
  const original = withOriginals(recorded, graph);
  // Who writes where is asked of accounts as they were: what is found must be the same once they are rewritten.
  const before = recorded.length === 0 ? state : { ...state, users: users.map(original) };
  const demands = demandsOf(intent, before, rolesHeld(graph), exemptions).filter(
    ({ remedy, from }) => remedy === 'rewrite' || from === 'restriction',
  );
  if (demands.length === 0 && (prune !== true || recorded.length === 0)) return undefined;
  return {
    intent,
    exemptions,
    roles,
    databases,
    server,
    objects,
    graph,
    universe: universeOf(intent, state),
    demands,
    accounts: accountsOf(intent, users, actual.users ?? [], original),
    recorded,
    forged,
    underneath: others.length === 0 ? [] : underneathOf(users, withOriginals([...recorded, ...others], graph)),
    operator: actual.operator,
  };
}

function accountsOf(
  intent: Intent,
  users: readonly User[],
  today: readonly User[],
  original: (user: User) => User,
): readonly Account[] {
  const entries = new Map(intent.users.map((entry) => [userKey(entry.user), entry]));
  const findToday = userFinder(today);
  return users.map((user, at) => {
    const entry = entries.size === 0 ? undefined : entries.get(userKey(user));
    const holder = entry?.adopted === false ? user : original(user);
    return { user, holder, entry, today: findToday(user, at) };
  });
}

function underneathOf(users: readonly User[], original: (user: User) => User): readonly User[] {
  return users.flatMap((user) => {
    let under = original(user);
    if (under === user) return [];
    // Names of managed roles grow with what they stand for: this ends.
    for (let next = original(under); next !== under; next = original(under)) under = next;
    return [under];
  });
}

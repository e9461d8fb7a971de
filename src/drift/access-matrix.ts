/** Accounts against what a policy protects: who can bring about what there, through which grants, and whether it may. */
import { assessHoldings, type Holdings, type Principal } from '../access/analysis.ts';
import { circumstancesOf } from '../access/circumstances.ts';
import { grantPathOf } from '../access/grant-paths.ts';
import { EVERY_OUTCOME, simplestFirst, techniquesOn } from '../access/techniques.ts';
import { peopleOf } from '../access/violations/examination.ts';
import { ofShardName, type Violation } from '../access/violations.ts';
import { unseenShards } from '../access/who.ts';
import { formatNamespace, formatRole, formatUser, userKey } from '../model/names.ts';
import { sortedBy } from '../model/order.ts';
import type { Outcome } from '../model/outcomes.ts';
import { collectionTarget, databaseTarget, type Target } from '../model/resource.ts';
import type { User } from '../model/role.ts';
import { exemptionsOn } from '../policy/exemptions.ts';
import type { Intent } from '../policy/intent.ts';
import { isUnmanaged } from '../policy/selector.ts';
import { placesOf } from '../state/shards.ts';
import type { ClusterState } from '../state/state.ts';

/**
 * - `allowed`: the policy rules it out for nobody, or not for this account
 * - `broken`: the policy rules it out
 * - `exempt`: the account is exempt today, by `breakGlass`
 * - `release`: no grant allows it; the server's release lets it through
 */
export type Decision = 'allowed' | 'broken' | 'exempt' | 'release';

export interface Access {
  readonly outcome: Outcome;
  readonly decision: Decision;
  /** Whether the policy rules it out for this account, whatever lets it: a grant, or the server's release. */
  readonly isRuledOut: boolean;
  readonly kind: Principal['kind'];
  /** `app@admin`, `readWrite@audit`, `update on audit.*`; for a takeover the account that it becomes, and so on. */
  readonly path: readonly string[];
  /** What the account does, step by step, in sentences that begin after "can". */
  readonly steps: readonly string[];
}

/**
 * - `declared`: a policy declares the account
 * - `exempt`: an account of last resort, today
 * - `unmanaged`: others manage it
 * - `group`: a role that nobody holds, and that an LDAP or OIDC group could be given
 * - `shard`: an account that a shard has for itself, past every mongos: no policy declares it
 * - `other`: none of these
 */
export type Relation = 'declared' | 'exempt' | 'unmanaged' | 'group' | 'shard' | 'other';

export interface MatrixAccount {
  /** `name@db` of the account, or of the role that a group could be given; of a shard's own `name@db of shard s0`. */
  readonly account: string;
  readonly relation: Relation;
  /** The roles that it holds itself, `name@db`. */
  readonly holds: readonly string[];
  /** One for each of the matrix's places, in their order; the accesses in the order of {@link EVERY_OUTCOME}. */
  readonly cells: readonly (readonly Access[])[];
}

export interface AccessMatrix {
  /** `audit.logs`, or `audit.*` where a restriction is about a database of which the policy names no collection. */
  readonly places: readonly string[];
  /** By name. Empty where roles or users are unknown. */
  readonly accounts: readonly MatrixAccount[];
  /** Whose accounts could not be seen, and are missing here. */
  readonly unseen: readonly string[];
}

interface Place {
  readonly name: string;
  readonly target: Target;
}

export interface MatrixOptions {
  /** What the state violates of this policy, as `violationsOf` tells it. */
  readonly violations: readonly Violation[];
  /** `YYYY-MM-DD` */
  readonly today: string;
  /** All policies of the run: what one of them declares is declared. */
  readonly policies?: readonly Intent[];
}

/** Pure. */
export function accessMatrix(
  intent: Intent,
  actual: ClusterState,
  { violations, today, policies = [intent] }: MatrixOptions,
): AccessMatrix {
  const places = protectedPlaces(intent);
  const { isExempt } = exemptionsOn(intent, today);
  const setting = { places, isExempt, ...violatedAt(places, violations) };
  const relation = relations(policies, isExempt);
  const own = accountsOf(actual, { ...setting, nameOf: (name) => name, relation });
  // Where the cluster's own accounts are unknown nobody is listed: a part would be taken for all.
  const ofShards = (own === undefined ? [] : placesOf(actual)).flatMap(({ state, shard }) =>
    shard === undefined
      ? []
      : [
          accountsOf(state, {
            ...setting,
            nameOf: (name) => ofShardName(name, shard),
            relation: (user) => (isExempt(user) ? 'exempt' : 'shard'),
          }),
        ],
  );
  return {
    places: places.map(({ name }) => name),
    accounts: sortedBy(
      [own, ...ofShards].flatMap((accounts) => accounts ?? []),
      ({ account }) => account,
    ),
    unseen: [
      ...(own === undefined ? ['accounts or roles of the cluster'] : []),
      ...unseenShards(actual).map(({ what, why }) => `${what}: ${why}`),
    ],
  };
}

interface Setting {
  readonly places: readonly Place[];
  /** What grants let accounts do against the policy, by {@link keyOf}; and besides what only the server's release lets them. */
  readonly broken: ReadonlySet<string>;
  readonly ruledOut: ReadonlySet<string>;
  isExempt(user: User): boolean;
  /** How the matrix names what is called so in its own state. */
  nameOf(name: string): string;
  relation(user: User): Relation;
}

/** The accounts of one state; nothing where they are unknown. */
function accountsOf(actual: ClusterState, setting: Setting): readonly MatrixAccount[] | undefined {
  const { places, broken, ruledOut, isExempt, nameOf, relation } = setting;
  const people = peopleOf(actual);
  if (people === undefined) return undefined;
  const { everybody, standIns } = people;
  const named = (user: User): string => {
    const role = standIns.get(user);
    return nameOf(role === undefined ? formatUser(user) : formatRole(role));
  };
  const columns = places.map((place) => {
    const column = new Map<User, Access[]>();
    for (const { outcome, principal } of abilitiesAt(place, actual, everybody)) {
      const { user, kind, steps } = principal;
      const path = grantPathOf(principal).slice(standIns.has(user) ? 1 : 0);
      const key = keyOf(named(user), place.name, outcome);
      const standing = kind === 'server' ? 'release' : broken.has(key) ? 'broken' : 'allowed';
      const decision = isExempt(user) ? 'exempt' : standing;
      const isRuledOut = decision !== 'exempt' && ruledOut.has(key);
      const access: Access = { outcome, decision, isRuledOut, kind, path, steps };
      column.set(user, [...(column.get(user) ?? []), access]);
    }
    return column;
  });
  return everybody.users.map((user): MatrixAccount => {
    const isGroup = standIns.has(user);
    return {
      account: named(user),
      relation: isGroup ? 'group' : relation(user),
      holds: isGroup ? [] : user.roles.map(formatRole),
      cells: columns.map((column) => column.get(user) ?? []),
    };
  });
}

interface Ability {
  readonly outcome: Outcome;
  readonly principal: Principal;
}

/** By outcome, each account by its simplest way. */
function abilitiesAt({ target }: Place, actual: ClusterState, everybody: Holdings): readonly Ability[] {
  const techniques = techniquesOn(target, circumstancesOf(actual, target));
  const assessment = assessHoldings(everybody, techniques);
  return EVERY_OUTCOME.flatMap((outcome) =>
    assessment
      .who(simplestFirst(techniques.filter(({ outcomes }) => outcomes.includes(outcome))))
      .map((principal) => ({ outcome, principal })),
  );
}

/** Collections with a protection, an exclusive access or a restriction, in the policy's order; then databases of restrictions. */
function protectedPlaces({ collections, restrictions }: Intent): readonly Place[] {
  const restricted = new Set(restrictions.flatMap(({ on }) => on));
  const named = collections.filter(
    ({ ns, protection, access }) =>
      protection !== 'none' || access.size > 0 || restricted.has(formatNamespace(ns)) || restricted.has(`${ns.db}.*`),
  );
  const places = named.map(({ ns }): Place => ({ name: formatNamespace(ns), target: collectionTarget(ns) }));
  const known = new Set(places.map(({ name }) => name));
  const databases = new Set(named.map(({ ns }) => ns.db));
  for (const on of restricted) {
    const dot = on.indexOf('.');
    const [db, collection] = [on.slice(0, dot), on.slice(dot + 1)];
    if (collection === '*' ? databases.has(db) : known.has(on)) continue;
    places.push({ name: on, target: collection === '*' ? databaseTarget(db) : collectionTarget({ db, collection }) });
  }
  return places;
}

/** What violates the policy, by account, place and outcome; what holds for a database holds for its collections. */
function violatedAt(places: readonly Place[], violations: readonly Violation[]): Pick<Setting, 'broken' | 'ruledOut'> {
  const keys = (list: readonly Violation[]): ReadonlySet<string> =>
    new Set(
      list.flatMap(({ target, on, outcomes }) =>
        places
          .filter(({ name }) => name === on || (on.endsWith('.*') && name.startsWith(on.slice(0, -1))))
          .flatMap(({ name }) => outcomes.map((outcome) => keyOf(target, name, outcome))),
      ),
    );
  return { broken: keys(violations.filter(({ vulnerability }) => !vulnerability)), ruledOut: keys(violations) };
}

function keyOf(account: string, place: string, outcome: Outcome): string {
  return `${outcome}\0${place}\0${account}`;
}

function relations(policies: readonly Intent[], isExempt: (user: User) => boolean): (user: User) => Relation {
  const declared = new Set(policies.flatMap(({ users }) => users.map(({ user }) => userKey(user))));
  return (user) => {
    if (isExempt(user)) return 'exempt';
    if (declared.has(userKey(user))) return 'declared';
    return policies.some((policy) => isUnmanaged(policy, user)) ? 'unmanaged' : 'other';
  };
}

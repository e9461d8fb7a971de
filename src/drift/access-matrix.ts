/** Accounts against what a policy protects: who can bring about what there, through which grants, and whether it may. */
import { assessHoldings, type Holdings, type Principal } from '../access/analysis.ts';
import { circumstancesOf } from '../access/circumstances.ts';
import { EVERY_OUTCOME, simplestFirst, techniquesOn } from '../access/techniques.ts';
import { peopleOf } from '../access/violations/examination.ts';
import { violationsOf } from '../access/violations.ts';
import { formatNamespace, formatRole, formatUser, userKey } from '../model/names.ts';
import { sortedBy } from '../model/order.ts';
import type { Outcome } from '../model/outcomes.ts';
import { collectionTarget, databaseTarget, formatResource, type Target } from '../model/resource.ts';
import type { User } from '../model/role.ts';
import { exemptionsOn } from '../policy/exemptions.ts';
import type { Intent } from '../policy/intent.ts';
import { isUnmanaged } from '../policy/selector.ts';
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
 * - `other`: none of these
 */
export type Relation = 'declared' | 'exempt' | 'unmanaged' | 'group' | 'other';

export interface MatrixAccount {
  /** `name@db` of the account, or of the role that a group could be given. */
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
}

interface Place {
  readonly name: string;
  readonly target: Target;
}

/** `policies`: all of the run; what one of them declares is declared. `today`: `YYYY-MM-DD`. Pure. */
export function accessMatrix(
  intent: Intent,
  actual: ClusterState,
  today: string,
  policies: readonly Intent[] = [intent],
): AccessMatrix {
  const places = protectedPlaces(intent);
  const people = peopleOf(actual);
  if (people === undefined) return { places: places.map(({ name }) => name), accounts: [] };
  const { everybody, standIns } = people;
  const { isExempt } = exemptionsOn(intent, today);
  const nameOf = (user: User): string => {
    const role = standIns.get(user);
    return role === undefined ? formatUser(user) : formatRole(role);
  };
  const verdictOf = decisions(brokenBy(intent, actual, today), isExempt, nameOf);
  const columns = places.map((place) => {
    const column = new Map<User, Access[]>();
    for (const { outcome, principal } of abilitiesAt(place, actual, everybody)) {
      const { user, kind, steps } = principal;
      const path = pathOf(principal).slice(standIns.has(user) ? 1 : 0);
      const access = { outcome, decision: verdictOf(principal, place, outcome), kind, path, steps };
      column.set(user, [...(column.get(user) ?? []), access]);
    }
    return column;
  });
  const relation = relations(policies, isExempt);
  const accounts = everybody.users.map((user): MatrixAccount => {
    const isGroup = standIns.has(user);
    return {
      account: nameOf(user),
      relation: isGroup ? 'group' : relation(user),
      holds: isGroup ? [] : user.roles.map(formatRole),
      cells: columns.map((column) => column.get(user) ?? []),
    };
  });
  return { places: places.map(({ name }) => name), accounts: sortedBy(accounts, ({ account }) => account) };
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

function decisions(
  broken: ReadonlySet<string>,
  isExempt: (user: User) => boolean,
  nameOf: (user: User) => string,
): (principal: Principal, place: Place, outcome: Outcome) => Decision {
  return ({ user, kind }, { name }, outcome) => {
    if (isExempt(user)) return 'exempt';
    if (kind === 'server') return 'release';
    return broken.has(keyOf(nameOf(user), name, outcome)) ? 'broken' : 'allowed';
  };
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
function brokenBy(intent: Intent, actual: ClusterState, today: string): ReadonlySet<string> {
  const places = protectedPlaces(intent).map(({ name }) => name);
  return new Set(
    violationsOf([intent], actual, { today })
      .filter(({ vulnerability }) => !vulnerability)
      .flatMap(({ target, on, outcomes }) =>
        places
          .filter((name) => name === on || (on.endsWith('.*') && name.startsWith(on.slice(0, -1))))
          .flatMap((name) => outcomes.map((outcome) => keyOf(target, name, outcome))),
      ),
  );
}

function keyOf(account: string, place: string, outcome: Outcome): string {
  return `${outcome}\0${place}\0${account}`;
}

function pathOf({ path, steps, action, privilege }: Principal): readonly string[] {
  return steps.length > 1 ? path : [...path, `${action} on ${formatResource(privilege.resource)}`];
}

function relations(policies: readonly Intent[], isExempt: (user: User) => boolean): (user: User) => Relation {
  const declared = new Set(policies.flatMap(({ users }) => users.map(({ user }) => userKey(user))));
  return (user) => {
    if (isExempt(user)) return 'exempt';
    if (declared.has(userKey(user))) return 'declared';
    return policies.some((policy) => isUnmanaged(policy, user)) ? 'unmanaged' : 'other';
  };
}

/**
 * What policies keep accounts from that they do not define, compared. What these hold nobody knows without a cluster: only
 * that a plan would no longer take it from them.
 */
import { intentState } from '../access/intent-state.ts';
import { demandsOf } from '../access/violations/demand.ts';
import { roleGraph } from '../model/graph.ts';
import { getOrMake, groupBy } from '../model/keyed.ts';
import { formatNamespace, formatRole, formatUser, roleKey, type UserRef, userKey } from '../model/names.ts';
import { sortedSet } from '../model/order.ts';
import type { Outcome } from '../model/outcomes.ts';
import type { Role, User } from '../model/role.ts';
import { exemptionsOn } from '../policy/exemptions.ts';
import type { Intent, Remedy } from '../policy/intent.ts';
import { isUnmanaged, matchesPattern, rolesHeld } from '../policy/selector.ts';

export interface KeptOutDiff {
  /** `audit.*`, `audit.logs` */
  readonly on: string;
  readonly outcomes: readonly Outcome[];
  /** `ops@admin`, `accounts like app-*`, `holders of backup@admin`, `every other account` */
  readonly accounts: readonly string[];
  /** Whether they are no longer kept from it, or only now. */
  readonly opens: boolean;
  /** A plan takes nothing from them either way: whoever can do it is reported, or no longer. */
  readonly reported?: true;
}

/** `today`: `YYYY-MM-DD`, by which exemptions have ended. */
export function keptOutDiffs(before: Intent, after: Intent, today: string): readonly KeptOutDiff[] {
  const some = standIns(before, after);
  const roles = [...before.roles, ...after.roles].map(({ role }) => role);
  const moved = (remedies: readonly Remedy[]): readonly KeptOutDiff[] => {
    const [old, now] = [keeping(before, some, roles, today, remedies), keeping(after, some, roles, today, remedies)];
    return [
      ...keptOutLess(some, old, now).map((each) => ({ ...each, opens: true })),
      ...keptOutLess(some, now, old).map((each) => ({ ...each, opens: false })),
    ];
  };
  const rewritten = moved(['rewrite']);
  return [...rewritten, ...beyond(moved(['rewrite', 'report']), rewritten)];
}

/** What is forbidden at all, or no longer, and not told of yet. */
function beyond(all: readonly KeptOutDiff[], told: readonly KeptOutDiff[]): readonly KeptOutDiff[] {
  const key = ({ on, opens }: KeptOutDiff, outcome: Outcome, account: string): string =>
    JSON.stringify([on, opens, outcome, account]);
  const known = new Set(
    told.flatMap((each) =>
      each.outcomes.flatMap((outcome) => each.accounts.map((account) => key(each, outcome, account))),
    ),
  );
  return all.flatMap((each) => {
    const groups = groupBy(each.accounts, (account) =>
      JSON.stringify(each.outcomes.filter((outcome) => !known.has(key(each, outcome, account)))),
    );
    return [...groups].flatMap(([left, accounts]): KeptOutDiff[] => {
      const outcomes = each.outcomes.filter((outcome) => JSON.parse(left).includes(outcome));
      return outcomes.length === 0 ? [] : [{ ...each, outcomes, accounts, reported: true }];
    });
  });
}

/** One account for all that a policy means alike. */
interface StandIn {
  readonly name: string;
  readonly user: User;
  /** All that are meant. */
  readonly pattern?: string;
}

/** For whom the policies say something, and for everybody else. */
function standIns(before: Intent, after: Intent): readonly StandIn[] {
  const both = [before, after];
  const defined = new Set(both.flatMap(({ users }) => users.map(({ user }) => userKey(user))));
  const selectors = both.flatMap(({ restrictions }) => restrictions.flatMap(({ users }) => users));
  const patterns = [
    '*',
    ...selectors.flatMap((each) => (each.kind === 'pattern' ? [each.pattern] : [])),
    ...both.flatMap(({ unmanaged }) => unmanaged),
  ];
  const named: readonly UserRef[] = both.flatMap(({ restrictions, breakGlass, collections }) => [
    ...restrictions.flatMap(({ except }) => except),
    ...breakGlass.map(({ user }) => user),
    ...collections.flatMap(({ access }) => [...access.values()].flat()),
  ]);
  const all: readonly StandIn[] = [
    ...patterns.map((pattern): StandIn => {
      const at = pattern.lastIndexOf('@');
      const user = {
        user: at < 0 ? pattern : pattern.slice(0, at),
        db: at < 0 ? '' : pattern.slice(at + 1),
        roles: [],
      };
      if (!pattern.includes('*')) return { name: pattern, user };
      return { name: pattern === '*' ? 'every other account' : `accounts like ${pattern}`, user, pattern };
    }),
    ...selectors.flatMap((each): StandIn[] =>
      each.kind === 'holding'
        ? [{ name: `holders of ${formatRole(each.role)}`, user: { user: '', db: '', roles: [each.role] } }]
        : [],
    ),
    ...named.map(({ user, db }): StandIn => ({ name: formatUser({ user, db }), user: { user, db, roles: [] } })),
  ];
  return [...new Map(all.map((one) => [one.name, one])).values()].filter(({ user }) => !defined.has(userKey(user)));
}

/** What a policy keeps a user from, by place. */
interface Keeping {
  readonly places: readonly string[];
  of(user: User, place: string): ReadonlySet<Outcome>;
}

function keeping(
  intent: Intent,
  some: readonly StandIn[],
  roles: readonly Role[],
  today: string,
  remedies: readonly Remedy[],
): Keeping {
  const state = intentState(intent);
  const held = rolesHeld(roleGraph(roles, state.server.version));
  const rolesOf = (user: User) => new Set([...held(user), ...user.roles.map(roleKey)]);
  const users = [...(state.users ?? []), ...some.map(({ user }) => user)];
  const demands = demandsOf(intent, { ...state, users }, rolesOf, exemptionsOn(intent, today)).filter(({ remedy }) =>
    remedies.includes(remedy),
  );
  const isNamed = (user: User, place: string, outcome: Outcome): boolean =>
    intent.collections.some(
      ({ ns, access }) =>
        formatNamespace(ns) === place && access.get(outcome)?.some((each) => userKey(each) === userKey(user)) === true,
    );
  return {
    places: demands.map(({ on }) => on),
    of: (user, place) => {
      // Whom others manage is reported all the same.
      if (!remedies.includes('report') && isUnmanaged(intent, user)) return new Set();
      return new Set(
        demands
          .filter((demand) => demand.covers(user))
          .flatMap(({ on, db, deny }) => {
            if (on === place) return deny;
            // Whom a collection's access names is not kept from it by what is said of its database.
            return on === `${db}.*` && place.startsWith(`${db}.`)
              ? deny.filter((outcome) => !isNamed(user, place, outcome))
              : [];
          }),
      );
    },
  };
}

/** What the first keeps from somebody, and the second does not. */
function keptOutLess(some: readonly StandIn[], old: Keeping, now: Keeping): readonly Omit<KeptOutDiff, 'opens'>[] {
  const places = sortedSet([...old.places, ...now.places]);
  const less = (user: User, place: string): readonly Outcome[] => {
    const kept = now.of(user, place);
    return [...old.of(user, place)].filter((outcome) => !kept.has(outcome));
  };
  const found = new Map<string, { readonly on: string; readonly outcomes: readonly Outcome[]; accounts: string[] }>();
  for (const { name, user, pattern } of some) {
    const wider = some.filter(
      (one) => one.pattern !== undefined && one.pattern !== pattern && matchesPattern(one.pattern, user),
    );
    for (const on of places) {
      const [db = ''] = on.split('.', 1);
      const around = [
        ...wider.flatMap((one) => less(one.user, on)),
        ...(on === `${db}.*` ? [] : [user, ...wider.map((one) => one.user)].flatMap((one) => less(one, `${db}.*`))),
      ];
      const outcomes = sortedSet(less(user, on).filter((outcome) => !around.includes(outcome)));
      if (outcomes.length === 0) continue;
      getOrMake(found, JSON.stringify([on, outcomes]), () => ({ on, outcomes, accounts: [] })).accounts.push(name);
    }
  }
  return [...found.values()].map(({ accounts, ...rest }) => ({ ...rest, accounts: accounts.sort() }));
}

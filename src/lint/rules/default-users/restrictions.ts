/** Restrictions held against the accounts of the policy itself. */
import type { Principal } from '../../../access/analysis.ts';
import { formatNamespace, parseNamespace, roleKey, userKey } from '../../../model/names.ts';
import type { Outcome } from '../../../model/outcomes.ts';
import { CLUSTER, collectionTarget, databaseTarget, formatTarget, type Target } from '../../../model/resource.ts';
import type { User } from '../../../model/role.ts';
import type { Intent, IntentCollection, IntentRestriction, IntentUser, UserSelector } from '../../../policy/intent.ts';
import { RULED_OUT } from '../../../policy/presets.ts';
import { matchesPattern } from '../../../policy/selector.ts';
import type { LintContext } from '../../rule.ts';

/** What an account can do there although a restriction denies it. */
export interface Breach {
  readonly restriction: IntentRestriction;
  readonly entry: IntentUser;
  readonly principal: Principal;
  readonly outcomes: readonly Outcome[];
  /** `audit.logs`, or `audit.*` for whatever else may be in the database. */
  readonly on: string;
}

/**
 * Everybody of the policy who can do what a restriction denies, one entry for each account and collection. Who is named
 * by a collection's `access` for an outcome may do that: a restriction is about everybody else.
 */
export function breaches(context: LintContext): readonly Breach[] {
  const users = new Map(context.intent.users.map((entry) => [userKey(entry.user), entry]));
  return context.intent.restrictions.flatMap((restriction) =>
    targetsOf(restriction, context.intent).flatMap((target) => {
      const found = new Map<string, { principal: Principal; outcomes: Outcome[] }>();
      for (const outcome of restriction.deny) {
        const allowed = namedFor(outcome, target, context.intent);
        for (const principal of context.who(outcome, target)) {
          const { user } = principal;
          if (!covers(restriction, user, context) || allowed.has(userKey(user))) continue;
          const known = found.get(userKey(user));
          if (known === undefined) found.set(userKey(user), { principal, outcomes: [outcome] });
          else known.outcomes.push(outcome);
        }
      }
      return [...found].flatMap(([key, { principal, outcomes }]) => {
        const entry = users.get(key);
        return entry === undefined ? [] : [{ restriction, entry, principal, outcomes, on: nameOf(target) }];
      });
    }),
  );
}

function nameOf(target: Target): string {
  return target.kind === 'database' ? `${target.db}.*` : formatTarget(target);
}

/** Whether the restriction binds the account: selected, not excepted, and not break-glass today. */
function covers({ users, except }: IntentRestriction, user: User, context: LintContext): boolean {
  if (context.isBreakGlass(user) || except.some((one) => userKey(one) === userKey(user))) return false;
  return users.some((selector) => selects(selector, user, context));
}

function selects(selector: UserSelector, user: User, { graph }: LintContext): boolean {
  if (selector.kind === 'pattern') return matchesPattern(selector.pattern, user);
  const key = roleKey(selector.role);
  return graph.closure(user.roles).some((role) => roleKey(role) === key);
}

/**
 * `db.*` is every collection that the policy defines there, `db.*` itself for whatever else a wildcard reaches, and the
 * database for what is granted by name.
 */
function targetsOf({ on }: IntentRestriction, { collections }: Intent): readonly Target[] {
  return on.flatMap((written): Target[] => {
    const ns = parseNamespace(written);
    if (ns === undefined) return [];
    if (ns.db !== '*' && ns.collection !== '*') return [collectionTarget(ns)];
    const known = collections
      .filter((entry) => ns.db === '*' || entry.ns.db === ns.db)
      .filter((entry) => ns.collection === '*' || entry.ns.collection === ns.collection)
      .map((entry) => collectionTarget(entry.ns));
    if (ns.db !== '*') return [...known, collectionTarget(ns), databaseTarget(ns.db)];
    return ns.collection === '*' ? [CLUSTER] : known;
  });
}

/** Who is named for the outcome by `access` of the collection, or of any collection of the database. */
function namedFor(outcome: Outcome, target: Target, { collections }: Intent): ReadonlySet<string> {
  const entries = collections.filter(({ ns }) =>
    target.kind === 'database' ? ns.db === target.db : formatNamespace(ns) === formatTarget(target),
  );
  return new Set(entries.flatMap(({ access }) => access.get(outcome) ?? []).map(userKey));
}

/**
 * What restrictions or the collection's own remedy take from an adopted account is no fault of the policy: the account
 * is rewritten.
 */
export function isRewritten(
  context: LintContext,
  user: User,
  { ns, remedy, protection, access }: IntentCollection,
  outcomes: readonly Outcome[],
): boolean {
  const rewriting = context.intent.restrictions.filter((restriction) => restriction.remedy === 'rewrite');
  if (remedy !== 'rewrite' && rewriting.length === 0) return false;
  const key = userKey(user);
  if (context.intent.users.find((one) => userKey(one.user) === key)?.adopted !== true) return false;
  const kept = [...access].flatMap(([outcome, users]) => (users.some((one) => userKey(one) === key) ? [] : [outcome]));
  const taken = rewriting
    .filter((restriction) => covers(restriction, user, context))
    .filter(({ on }) => on.some((each) => each === formatNamespace(ns) || each === `${ns.db}.*` || each === '*.*'))
    .flatMap(({ deny }) => deny)
    .concat(remedy === 'rewrite' ? [...RULED_OUT[protection], ...kept] : []);
  return outcomes.every((outcome) => taken.includes(outcome));
}

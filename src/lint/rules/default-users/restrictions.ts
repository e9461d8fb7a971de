/** Restrictions held against the accounts of the policy itself. */
import type { Principal } from '../../../model/assess.ts';
import {
  formatNamespace,
  formatUser,
  type Namespace,
  parseNamespace,
  roleKey,
  type UserRef,
  userKey,
} from '../../../model/names.ts';
import type { Outcome } from '../../../model/outcomes.ts';
import { CLUSTER, collectionTarget, databaseTarget, formatTarget, type Target } from '../../../model/resource.ts';
import type { User } from '../../../model/role.ts';
import type { Intent, IntentRestriction, IntentUser, UserSelector } from '../../../policy/intent.ts';
import { RULED_OUT } from '../../../policy/presets.ts';
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
  if (selector.kind === 'pattern') return matches(selector.pattern, user);
  const key = roleKey(selector.role);
  return graph.closure(user.roles).some((role) => roleKey(role) === key);
}

/** `*` stands for anything, the `@` included. */
function matches(pattern: string, user: UserRef): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(formatUser(user));
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

/** What a restriction or a collection takes from an adopted account is no fault of the policy: the account is rewritten. */
export function isRewritten(context: LintContext, user: User, ns: Namespace, outcomes: readonly Outcome[]): boolean {
  const { collections, restrictions, users } = context.intent;
  const place = formatNamespace(ns);
  const keeping = collections.filter((entry) => entry.remedy === 'rewrite' && formatNamespace(entry.ns) === place);
  const rewriting = restrictions.filter(({ remedy }) => remedy === 'rewrite');
  if (keeping.length === 0 && rewriting.length === 0) return false;
  const entry = users.find((one) => userKey(one.user) === userKey(user));
  if (entry?.adopted !== true) return false;
  return (
    keeping.some(({ protection, access }) =>
      outcomes.every((outcome) => RULED_OUT[protection].includes(outcome) || access.has(outcome)),
    ) ||
    rewriting.some(
      (restriction) =>
        covers(restriction, user, context) &&
        restriction.on.some((on) => on === place || on === `${ns.db}.*` || on === '*.*') &&
        outcomes.every((outcome) => restriction.deny.includes(outcome)),
    )
  );
}

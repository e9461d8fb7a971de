import { isBuiltinRoleName } from '../../../model/catalogue.ts';
import {
  formatNamespace,
  formatRole,
  formatUser,
  parseNamespace,
  type RoleRef,
  splitAt,
  type UserRef,
} from '../../../model/names.ts';
import { once, onceFor } from '../../../model/once.ts';
import { emptyIntent, type Intent, type IntentRestriction, type Origin } from '../../../policy/intent.ts';
import { soleNearest } from '../../../policy/nearest.ts';
import { meantBuiltin } from '../../../policy/references.ts';
import { matchesText } from '../../../policy/selector.ts';
import { namesOf, unmanagedPatterns } from '../../names.ts';
import type { LintContext, LintRule, RuleFinding } from '../../rule.ts';
import { partOf } from '../entry-place.ts';

/**
 * A policy may be about accounts and databases that only the cluster knows: names that no policy defines are told only
 * if they are nearly those of something that a policy names, or in a database in which no account can be.
 */
export const matchesNothing: LintRule = {
  kind: 'checks',
  name: 'document/matches-nothing',
  description: 'A selector of accounts, roles or collections matches nothing, most likely because it is misspelt',
  recommended: 'warning',
  strict: 'error',
  source: 'a restriction for nobody restricts nobody, and an exemption for nobody leaves a name free to be taken',
  check: (context) => {
    const known = knownIn(context.policies);
    return [
      ...context.intent.restrictions.flatMap((restriction) => ofRestriction(context, restriction, known)),
      ...context.intent.breakGlass.flatMap(({ user, origin }) =>
        tell('the exemption of', account(user, known), partOf(context, origin, ['user'])),
      ),
      ...unmanagedPatterns(context.files).flatMap(({ text, origin }) =>
        tell('unmanaged', pattern(text, known), origin),
      ),
    ];
  },
};

interface Known {
  readonly accounts: ReadonlySet<string>;
  /** The same by their names in lower case. */
  readonly byLowerCase: () => ReadonlyMap<string, string>;
  /** In which accounts are. */
  readonly databases: ReadonlySet<string>;
  readonly roles: ReadonlySet<string>;
  readonly places: ReadonlySet<string>;
}

/** Where accounts are on most clusters (manual, "Users": authentication database). */
const USUAL = ['admin', '$external'];

const knownIn = onceFor((policies: readonly Intent[]): Known => {
  const users = policies.flatMap((intent) => intent.users.map(({ user }) => user));
  const named = policies.flatMap(({ collections }) => collections.flatMap(({ access }) => [...access.values()].flat()));
  const places = policies
    .flatMap(({ collections, roles }) => namesOf({ ...emptyIntent(''), collections, roles }))
    .filter(({ kind }) => kind === 'database' || kind === 'collection');
  const accounts = [...users, ...named].map(formatUser);
  return {
    accounts: new Set(accounts),
    byLowerCase: once(() => new Map(accounts.map((name) => [name.toLowerCase(), name]))),
    databases: new Set([...USUAL, ...users.map(({ db }) => db)]),
    roles: new Set(policies.flatMap(({ roles }) => roles.map(({ role }) => formatRole(role)))),
    places: new Set(places.map(({ text }) => text)),
  };
});

/** What is written, and what is most likely meant; nothing if it may well be right. */
interface Miss {
  readonly written: string;
  readonly meant?: string | undefined;
}

function ofRestriction(
  context: LintContext,
  { users, except, on, origin }: IntentRestriction,
  known: Known,
): RuleFinding[] {
  const at = (...path: readonly (string | number)[]): Origin => partOf(context, origin, path);
  return [
    ...(users.length === 0 ? [{ message: emptyText('users', 'nobody'), at: at('users') }] : []),
    ...(on.length === 0 ? [{ message: emptyText('on', 'nothing'), at: at('on') }] : []),
    ...users.flatMap((selector, index) =>
      tell(
        'users',
        selector.kind === 'pattern' ? pattern(selector.pattern, known) : heldRole(selector.role, known),
        at('users', index),
      ),
    ),
    ...except.flatMap((user, index) => tell('except', account(user, known), at('except', index))),
    ...on.flatMap((text, index) => tell('on', place(text, known), at('on', index))),
  ];
}

function emptyText(key: string, whom: string): string {
  return `${key} is empty, so that the restriction is about ${whom} and has no effect. Name what is meant, or remove the restriction`;
}

function pattern(text: string, known: Known): Miss | undefined {
  const parts = splitAt(text);
  if (!text.includes('*')) return parts && account({ user: parts.name, db: parts.db }, known);
  if ([...known.accounts].some((name) => matchesText(text, name))) return undefined;
  const lowered = text.toLowerCase();
  const inOtherCase = [...known.byLowerCase()].find(([name]) => matchesText(lowered, name));
  if (inOtherCase !== undefined) return { written: text, meant: inOtherCase[1] };
  if (parts === undefined || parts.db.includes('*') || known.databases.has(parts.db)) return undefined;
  const meant = soleNearest(parts.db, known.databases);
  return { written: text, ...(meant !== undefined && { meant: `${parts.name}@${meant}` }) };
}

function account(user: UserRef, { accounts, databases }: Known): Miss | undefined {
  const written = formatUser(user);
  if (accounts.has(written)) return undefined;
  const db = databases.has(user.db) ? undefined : soleNearest(user.db, databases);
  const meant = soleNearest(written, accounts) ?? (db === undefined ? undefined : `${user.user}@${db}`);
  return meant === undefined ? undefined : { written, meant };
}

function heldRole(role: RoleRef, { roles }: Known): Miss | undefined {
  const written = formatRole(role);
  if (roles.has(written) || isBuiltinRoleName(role)) return undefined;
  const meant = soleNearest(written, roles) ?? meantName(role);
  return meant === undefined ? undefined : { written, meant };
}

function meantName(role: RoleRef): string | undefined {
  const meant = meantBuiltin(role);
  return meant && formatRole(meant);
}

function place(written: string, { places }: Known): Miss | undefined {
  const ns = parseNamespace(written);
  if (ns === undefined) return undefined;
  const text = ns.collection === '*' ? ns.db : formatNamespace(ns);
  if (places.has(text)) return undefined;
  const found = soleNearest(text, places);
  if (found === undefined) return undefined;
  return { written, meant: ns.collection === '*' ? `${found}.*` : found };
}

function tell(what: string, miss: Miss | undefined, at: Origin): RuleFinding[] {
  if (miss === undefined) return [];
  const { written, meant } = miss;
  const hint = meant === undefined ? '' : ` (did you mean "${meant}"?)`;
  const message = `${what} "${written}" matches nothing that the policies know${hint}. It has no effect now, and it covers whatever gets that name later. Correct it, or define what is meant`;
  return [{ message, at }];
}

/** Protected collections against every account: who can what nobody may. */

import { assessHoldings, type Holdings, holdingsOf, type Principal } from '../model/assess.ts';
import { formatNamespace, formatUser, userKey } from '../model/names.ts';
import type { Outcome } from '../model/outcomes.ts';
import { collectionTarget, formatResource } from '../model/resource.ts';
import { simplestFirst, waysAround } from '../model/ways.ts';
import type { Intent, IntentCollection, Protection } from '../policy/intent.ts';
import { circumstancesOf } from '../state/circumstances.ts';
import type { ClusterState } from '../state/state.ts';
import type { DriftFinding } from './finding.ts';

/** An account that can do what nobody may, or nobody but those who are named. */
export interface Violation {
  readonly rule: 'protection/append-only' | 'protection/read-only' | 'protection/access';
  /** By a weakness of the release, not of a grant. */
  readonly weakness: boolean;
  readonly collection: IntentCollection;
  readonly outcomes: readonly Outcome[];
  /** The account, and the first way by which it can. */
  readonly principal: Principal;
  /** The way as a path that a person can follow: `app@admin`, `readWrite@audit`, `remove on audit.*`. */
  readonly path: readonly string[];
  readonly message: string;
}

/** What a protection rules out for everybody. */
export const RULED_OUT: Readonly<Record<Exclude<Protection, 'none'>, readonly Outcome[]>> = {
  'append-only': ['alter', 'destroy'],
  'read-only': ['insert', 'alter', 'destroy'],
};

/** Everything in a state that breaks a protection, an exclusive `access` or a dedicated database, as findings. */
export function protectionFindings(intent: Intent, actual: ClusterState, today: string): DriftFinding[] {
  const findings = protectionViolations(intent, actual, today).map(
    ({ rule, weakness, collection, principal, path, message }): DriftFinding => ({
      kind: weakness ? 'server' : 'protection',
      rule,
      severity: weakness ? 'warning' : 'error',
      target: formatUser(principal.user),
      message,
      path,
      origin: collection.origin,
    }),
  );
  return [...findings, ...intent.collections.flatMap((entry) => strangers(entry, actual))];
}

/**
 * Everybody who can do what a protection or an exclusive `access` rules out, with the way. Break-glass accounts whose
 * date has not passed are exempt. Without roles or users nothing can be said: the state's `unreadable` tells why.
 */
export function protectionViolations(
  intent: Intent,
  actual: ClusterState,
  today: string,
  held?: () => Holdings,
): Violation[] {
  const { roles, users } = actual;
  if (roles === undefined || users === undefined || intent.collections.length === 0) return [];
  const holdings = held?.() ?? holdingsOf({ roles, users }, actual.server.version);
  const exempt = new Set(intent.breakGlass.filter(({ until }) => until >= today).map(({ user }) => userKey(user)));
  return intent.collections.flatMap((entry) => {
    // What is neither protected nor anybody's own, nobody can break.
    if (entry.protection === 'none' && entry.access.size === 0) return [];
    const ways = waysAround(collectionTarget(entry.ns), circumstancesOf(actual, entry.ns));
    const assessment = assessHoldings(holdings, ways);
    const able = (outcome: Outcome): readonly Principal[] =>
      assessment
        .who(simplestFirst(ways.filter((way) => way.outcomes.includes(outcome))))
        .filter(({ user }) => !exempt.has(userKey(user)));
    return [...violations(entry, able), ...intruders(entry, able)];
  });
}

function violations(entry: IntentCollection, able: (outcome: Outcome) => readonly Principal[]): Violation[] {
  if (entry.protection === 'none') return [];
  const outcomes = RULED_OUT[entry.protection];
  const offences = outcomes.flatMap((outcome) => able(outcome).map((principal) => ({ principal, outcome })));
  return byAccount(entry, offences, `protection/${entry.protection}`);
}

/** `access` is exclusive: for each outcome that it names, whoever is not named there is an intruder. */
function intruders(entry: IntentCollection, able: (outcome: Outcome) => readonly Principal[]): Violation[] {
  const offences = [...entry.access].flatMap(([outcome, users]) => {
    const named = new Set(users.map(userKey));
    const others = able(outcome).filter(({ user }) => !named.has(userKey(user)));
    return others.map((principal) => ({ principal, outcome }));
  });
  return byAccount(entry, offences, 'protection/access');
}

/** One finding for each account and kind of way: a weakness of the release does not hide what a grant allows. */
function byAccount(
  entry: IntentCollection,
  offences: readonly { readonly principal: Principal; readonly outcome: Outcome }[],
  rule: Violation['rule'],
): Violation[] {
  const groups = new Map<string, Offence>();
  for (const { principal, outcome } of offences) {
    const key = `${userKey(principal.user)}\0${principal.kind === 'server'}`;
    const group = groups.get(key) ?? { principal, outcomes: [], does: new Set<string>(), roles: new Set<string>() };
    group.outcomes.push(outcome);
    group.does.add(principal.steps.join(', then '));
    group.roles.add(principal.path[1] ?? '');
    groups.set(key, group);
  }
  return [...groups.values()].map((offence) => violation(entry, offence, rule));
}

/** What one account can bring about, by which way first, and everything that it does for it. */
interface Offence {
  readonly principal: Principal;
  readonly outcomes: Outcome[];
  readonly does: Set<string>;
  /** The roles that it holds and that the ways begin with. */
  readonly roles: Set<string>;
}

function violation(
  collection: IntentCollection,
  { principal, outcomes, does, roles }: Offence,
  rule: Violation['rule'],
): Violation {
  const target = formatNamespace(collection.ns);
  const weakness = principal.kind === 'server';
  const verdict = `${formatUser(principal.user)} can ${outcomes.join(' and ')} ${target}: it can ${[...does].join('; and ')}`;
  const remedy = weakness
    ? `this release lets it: ${principal.way.remedy ?? 'upgrade'}`
    : `revoke ${[...roles].join(' and ')} from it, or name it under breakGlass`;
  return {
    rule,
    weakness,
    collection,
    outcomes,
    principal,
    path: wayOf(principal),
    message: `${verdict}; ${remedy}`,
  };
}

function wayOf({ path, privilege, action, steps }: Principal): readonly string[] {
  return steps.length > 1 ? path : [...path, `${action} on ${formatResource(privilege.resource)}`];
}

/** Whatever else lives in a database that is dedicated to one collection. */
function strangers(entry: IntentCollection, actual: ClusterState): DriftFinding[] {
  const database = actual.databases?.find((candidate) => candidate.name === entry.ns.db);
  const target = formatNamespace(entry.ns);
  const others = (database?.collections ?? []).filter(
    ({ name }) => name !== entry.ns.collection && !name.startsWith('system.'),
  );
  if (!entry.dedicatedDatabase || others.length === 0) return [];
  return [
    {
      kind: 'protection',
      rule: 'protection/dedicated-database',
      severity: 'error',
      target: entry.ns.db,
      message: `${entry.ns.db} is for ${target} alone, and holds ${others.map(({ name }) => name).join(', ')} too`,
      origin: entry.origin,
    },
  ];
}

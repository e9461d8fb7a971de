/** Protected collections against every account: who can what nobody may. */

import { assess, type Principal } from '../model/assess.ts';
import { formatNamespace, formatUser, userKey } from '../model/names.ts';
import type { Outcome } from '../model/outcomes.ts';
import { collectionTarget, formatResource } from '../model/resource.ts';
import { waysAround } from '../model/ways.ts';
import type { Intent, IntentCollection } from '../policy/intent.ts';
import { RULED_OUT } from '../policy/presets.ts';
import { circumstancesOf } from '../state/circumstances.ts';
import type { ClusterState } from '../state/state.ts';
import type { DriftFinding } from './finding.ts';

/**
 * Everybody who can do what a protection or an exclusive `access` rules out, with the way. Break-glass accounts whose
 * date has not passed are exempt. Without roles or users nothing can be said: the state's `unreadable` tells why.
 */
export function protectionFindings(intent: Intent, actual: ClusterState, today: string): DriftFinding[] {
  const { roles, users } = actual;
  if (roles === undefined || users === undefined) return [];
  const exempt = new Set(intent.breakGlass.filter(({ until }) => until >= today).map(({ user }) => userKey(user)));
  return intent.collections.flatMap((entry) => {
    const ways = waysAround(collectionTarget(entry.ns), circumstancesOf(actual, entry.ns));
    const assessment = assess({ roles, users }, actual.server.version, ways);
    const able = (outcome: Outcome): readonly Principal[] =>
      assessment
        .who(ways.filter((way) => way.outcomes.includes(outcome)))
        .filter(({ user }) => !exempt.has(userKey(user)));
    return [
      ...violations(entry, RULED_OUT[entry.protection], able),
      ...intruders(entry, able),
      ...strangers(entry, actual),
    ];
  });
}

function violations(
  entry: IntentCollection,
  outcomes: readonly Outcome[],
  able: (outcome: Outcome) => readonly Principal[],
): DriftFinding[] {
  const offences = outcomes.flatMap((outcome) => able(outcome).map((principal) => ({ principal, outcome })));
  return byAccount(entry, offences, `protection/${entry.protection}`);
}

/** `access` is exclusive: for each outcome that it names, whoever is not named there is an intruder. */
function intruders(entry: IntentCollection, able: (outcome: Outcome) => readonly Principal[]): DriftFinding[] {
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
  rule: string,
): DriftFinding[] {
  const groups = new Map<string, Offence>();
  for (const { principal, outcome } of offences) {
    const key = `${userKey(principal.user)}\0${principal.kind === 'server'}`;
    const group = groups.get(key) ?? { principal, outcomes: [], does: new Set<string>(), roles: new Set<string>() };
    group.outcomes.push(outcome);
    group.does.add(principal.steps.join(', then '));
    group.roles.add(principal.path[1] ?? '');
    groups.set(key, group);
  }
  return [...groups.values()].map((offence) => finding(entry, offence, rule));
}

/** What one account can bring about, by which way first, and everything that it does for it. */
interface Offence {
  readonly principal: Principal;
  readonly outcomes: Outcome[];
  readonly does: Set<string>;
  /** The roles that it holds and that the ways begin with. */
  readonly roles: Set<string>;
}

function finding(entry: IntentCollection, { principal, outcomes, does, roles }: Offence, rule: string): DriftFinding {
  const target = formatNamespace(entry.ns);
  const path = wayOf(principal);
  const weakness = principal.kind === 'server';
  const verdict = `${formatUser(principal.user)} can ${outcomes.join(' and ')} ${target}: it can ${[...does].join('; and ')}`;
  const remedy = weakness
    ? `this release lets it: ${principal.way.remedy ?? 'upgrade'}`
    : `revoke ${[...roles].join(' and ')} from it, or name it under breakGlass`;
  return {
    kind: weakness ? 'server' : 'protection',
    rule,
    severity: weakness ? 'warning' : 'error',
    target: formatUser(principal.user),
    message: `${verdict}; ${remedy}`,
    path,
    origin: entry.origin,
  };
}

/** The way as a path that a person can follow: `app@admin`, `readWrite@audit`, `remove on audit.*`. */
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

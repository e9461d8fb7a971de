/** Protected collections against every account: who can what nobody may. */

import { formatNamespace, formatRole, formatUser, type RoleRef, roleKey, userKey } from '../../model/names.ts';
import type { Outcome } from '../../model/outcomes.ts';
import { collectionTarget, formatResource } from '../../model/resource.ts';
import { exemptionsOn } from '../../policy/exemptions.ts';
import type { Intent, IntentCollection } from '../../policy/intent.ts';
import { RULED_OUT } from '../../policy/presets.ts';
import type { ClusterState } from '../../state/state.ts';
import { assessHoldings, holdingsOf, type Principal } from '../analysis.ts';
import { assignableRoles } from '../assignable.ts';
import { circumstancesOf } from '../circumstances.ts';
import { simplestFirst, techniquesOn } from '../techniques.ts';

/** An account that can do what nobody may, or nobody but those who are named. */
export interface Violation {
  readonly rule: 'protection/append-only' | 'protection/read-only' | 'protection/access';
  /** By a weakness of the release, not of a grant. */
  readonly vulnerability: boolean;
  /** A weakness, and a role that somebody could be given, are warnings: whether either is used, no list shows. */
  readonly severity: 'error' | 'warning';
  readonly collection: IntentCollection;
  readonly outcomes: readonly Outcome[];
  /** The account, and the first way by which it can. */
  readonly principal: Principal;
  /** `name@db` of the account, or of the role that a group could be given. */
  readonly target: string;
  /** The way as a path that a person can follow: `app@admin`, `readWrite@audit`, `remove on audit.*`. */
  readonly path: readonly string[];
  readonly message: string;
}

/**
 * Everybody who can do what a protection or an exclusive `access` rules out, with the way. Break-glass accounts whose
 * date has not passed are exempt. Roles that a group could be given count as the accounts of whoever is given them.
 * Without roles or users nothing can be said: the state's `unreadable` tells why.
 */
export function protectionViolations(intent: Intent, actual: ClusterState, today: string): Violation[] {
  const { roles, users } = actual;
  if (roles === undefined || users === undefined || intent.collections.length === 0) return [];
  const { isExempt } = exemptionsOn(intent, today);
  const { standIns, held } = assignableRoles({ roles, users }, actual.server.version);
  const everybody = holdingsOf({ roles, users: [...users, ...standIns.keys()] }, actual.server.version, held);
  const own = new Set(intent.roles.map(({ role }) => roleKey(role)));
  // Whom the policy itself means to give what its roles allow, no list can name.
  const intended = ({ user }: Principal): boolean => {
    const role = standIns.get(user);
    return role !== undefined && own.has(roleKey(role));
  };
  return intent.collections.flatMap((entry) => {
    // What is neither protected nor anybody's own, nobody can break.
    if (entry.protection === 'none' && entry.access.size === 0) return [];
    const subject = collectionTarget(entry.ns);
    const techniques = techniquesOn(subject, circumstancesOf(actual, subject));
    const assessment = assessHoldings(everybody, techniques);
    const able: Able = (outcome) =>
      assessment
        .who(simplestFirst(techniques.filter((technique) => technique.outcomes.includes(outcome))))
        .filter(({ user }) => !isExempt(user));
    const intruding = intruders(entry, able).filter(({ principal }) => !intended(principal));
    const offences = [
      ...(entry.protection === 'none'
        ? []
        : groupOffences(offenders(RULED_OUT[entry.protection], able), `protection/${entry.protection}`)),
      ...groupOffences(intruding, 'protection/access'),
    ];
    return offences.map((offence) => violation(entry, offence, standIns.get(offence.principal.user)));
  });
}

interface Ability {
  readonly principal: Principal;
  readonly outcome: Outcome;
}

type Able = (outcome: Outcome) => readonly Principal[];

function offenders(outcomes: readonly Outcome[], able: Able): readonly Ability[] {
  return outcomes.flatMap((outcome) => able(outcome).map((principal) => ({ principal, outcome })));
}

/** `access` is exclusive: for each outcome that it names, whoever is not named there is an intruder. */
function intruders(entry: IntentCollection, able: Able): readonly Ability[] {
  return [...entry.access].flatMap(([outcome, users]) => {
    const named = new Set(users.map(userKey));
    const others = able(outcome).filter(({ user }) => !named.has(userKey(user)));
    return others.map((principal) => ({ principal, outcome }));
  });
}

/** What one account can bring about, by which way first, and everything that it does for it. */
interface Offence {
  readonly rule: Violation['rule'];
  readonly principal: Principal;
  readonly outcomes: Outcome[];
  readonly does: Set<string>;
  /** The roles that it holds and that the ways begin with. */
  readonly roles: Set<string>;
}

/** One for each account and kind of way: a weakness of the release does not hide what a grant allows. */
function groupOffences(abilities: readonly Ability[], rule: Violation['rule']): readonly Offence[] {
  const groups = new Map<string, Offence>();
  for (const { principal, outcome } of abilities) {
    const key = `${userKey(principal.user)}\0${principal.kind === 'server'}`;
    const group = groups.get(key) ?? { rule, principal, outcomes: [], does: new Set(), roles: new Set() };
    group.outcomes.push(outcome);
    group.does.add(principal.steps.join(', then '));
    group.roles.add(principal.path[1] ?? '');
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** `assigned`: the role of which the account is only a stand-in for whoever is given it. */
function violation(collection: IntentCollection, offence: Offence, assigned: RoleRef | undefined): Violation {
  const { principal, outcomes, does, roles, rule } = offence;
  const role = assigned && formatRole(assigned);
  const target = role ?? formatUser(principal.user);
  const who = role === undefined ? target : `whoever is given the role ${role} (an LDAP or OIDC group, a certificate)`;
  const vulnerability = principal.kind === 'server';
  const fact = `${who} can ${outcomes.join(' and ')} ${formatNamespace(collection.ns)}: it can ${[...does].join('; and ')}`;
  const mend =
    role === undefined
      ? `revoke ${[...roles].join(' and ')} from it, or name it under ${rule === 'protection/access' ? 'access or ' : ''}breakGlass`
      : 'narrow the role, or drop it if nothing uses it';
  return {
    rule,
    vulnerability,
    severity: vulnerability || role !== undefined ? 'warning' : 'error',
    collection,
    outcomes,
    principal,
    target,
    path: role === undefined ? wayOf(principal) : wayOf(principal).slice(1),
    message: `${fact}; ${vulnerability ? `this release lets it: ${principal.technique.remedy ?? 'upgrade'}` : mend}`,
  };
}

function wayOf({ path, privilege, action, steps }: Principal): readonly string[] {
  return steps.length > 1 ? path : [...path, `${action} on ${formatResource(privilege.resource)}`];
}

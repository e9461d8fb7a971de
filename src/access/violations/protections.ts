/** Protected collections against every account: who can what nobody may, or nobody but those who are named. */

import { formatNamespace, roleKey, userKey } from '../../model/names.ts';
import type { Outcome } from '../../model/outcomes.ts';
import { collectionTarget } from '../../model/resource.ts';
import type { IntentCollection } from '../../policy/intent.ts';
import { RULED_OUT } from '../../policy/presets.ts';
import { assessHoldings, type Principal } from '../analysis.ts';
import { circumstancesOf } from '../circumstances.ts';
import { simplestFirst, techniquesOn } from '../techniques.ts';
import type { Examination } from './examination.ts';
import {
  groupOffences,
  listed,
  named,
  type Offence,
  type Violation,
  type ViolationRule,
  violationBy,
} from './violation.ts';

/**
 * Everybody who can do what a protection or an exclusive `access` rules out. Roles that a group could be given count as
 * the accounts of whoever is given them.
 */
export function protectionViolations(examination: Examination): Violation[] {
  const { intent, state, standIns, isExempt, isAsked } = examination;
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
    const techniques = techniquesOn(subject, circumstancesOf(state, subject));
    const assessment = assessHoldings(examination.everybody, techniques);
    const able: Able = (outcome) =>
      assessment.who(
        simplestFirst(techniques.filter((technique) => technique.outcomes.includes(outcome))),
        (user) => isAsked(user) && !isExempt(user),
      );
    const intruding = intruders(entry, able).filter(({ principal }) => !intended(principal));
    const told = (rule: ViolationRule, abilities: readonly Ability[]): Violation[] =>
      violationsAt(examination, entry, rule, groupOffences(abilities));
    return [
      ...(entry.protection === 'none'
        ? []
        : told(`protection/${entry.protection}`, offenders(RULED_OUT[entry.protection], able))),
      ...told('protection/access', intruding),
    ];
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
    const allowed = new Set(users.map(userKey));
    const others = able(outcome).filter(({ user }) => !allowed.has(userKey(user)));
    return others.map((principal) => ({ principal, outcome }));
  });
}

function violationsAt(
  { intent, standIns, mendOf }: Examination,
  { ns, origin }: IntentCollection,
  rule: ViolationRule,
  offences: readonly Offence[],
): Violation[] {
  const on = formatNamespace(ns);
  const violators = new Set(offences.map(({ principal }) => principal.user));
  return offences.map(({ principal, outcomes, does, roles }) => {
    const assigned = standIns.get(principal.user);
    const { target, who, path } = named(principal, assigned);
    const exempting = rule === 'protection/access' ? 'access or breakGlass' : 'breakGlass';
    const narrowing = `Revoke ${listed(roles)}, or name ${target} under ${exempting}`;
    const dropping = 'Narrow the role, or drop it if nothing uses it';
    return violationBy({ principal, outcomes }, () => mendOf(principal, violators), {
      rule,
      policy: intent.policy,
      origin,
      severity: assigned === undefined ? 'error' : 'warning',
      target,
      on,
      path,
      fact: `${who} can ${listed(outcomes)} ${on}${assigned === undefined ? ` through ${listed(roles)}` : ''}. It can ${listed(does)}`,
      advice: assigned === undefined ? narrowing : dropping,
    });
  });
}

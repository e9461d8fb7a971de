/** Restrictions against every account: who can what they deny. */

import { getOrMake } from '../../model/keyed.ts';
import { sortedSet } from '../../model/order.ts';
import type { Outcome } from '../../model/outcomes.ts';
import type { User } from '../../model/role.ts';
import { type Assessment, assessHoldings } from '../analysis.ts';
import { simplestFirst, type Technique } from '../techniques.ts';
import { type Demand, demandsOfRestrictions, placeText } from './demand.ts';
import type { Examination } from './examination.ts';
import { groupOffences, listed, named, type Violation, violationBy } from './violation.ts';

/** One for each account and place. Accounts whose exemption has ended are looked at like any other. */
export function restrictionViolations(examination: Examination): Violation[] {
  const { intent, state, rolesOf, exemptions } = examination;
  if (intent.restrictions.length === 0) return [];
  // Demands about the same place have the same list of techniques.
  const assessed = new Map<Demand['techniques'], Assessed>();
  const assessedFor = ({ techniques, vulnerabilities }: Demand): Assessed =>
    getOrMake(assessed, techniques, () => {
      const all = simplestFirst([...techniques, ...vulnerabilities]);
      return { all, assessment: assessHoldings(examination.everybody, all) };
    });
  return demandsOfRestrictions(intent, state, rolesOf, exemptions).flatMap((demand) =>
    violationsOfDemand(demand, examination, () => assessedFor(demand)),
  );
}

interface Assessed {
  /** The techniques, the simplest first. */
  readonly all: readonly Technique[];
  readonly assessment: Assessment;
}

function violationsOfDemand(
  demand: Demand,
  { intent, everybody, standIns, mendOf, isAsked }: Examination,
  assessed: () => Assessed,
): Violation[] {
  const { on, deny, origin } = demand;
  const covered = new Map<User, boolean>();
  const isCovered = (user: User): boolean => {
    // Whoever is given a role by a group is no account that a restriction could select.
    const known = covered.get(user) ?? (isAsked(user) && !standIns.has(user) && demand.covers(user));
    covered.set(user, known);
    return known;
  };
  if (!everybody.users.some(isCovered)) return [];
  const { all, assessment } = assessed();
  const offences = groupOffences(
    deny.flatMap((outcome: Outcome) =>
      assessment
        .who(
          all.filter((technique) => technique.outcomes.includes(outcome)),
          isCovered,
        )
        .map((principal) => ({ principal, outcome })),
    ),
  );
  const violators = new Set(offences.map(({ principal }) => principal.user));
  return offences.map(({ principal, outcomes, does, roles }) => {
    const { target, path } = named(principal, undefined);
    const can = listed(sortedSet(outcomes));
    return violationBy({ principal, outcomes }, () => mendOf(principal, violators), {
      rule: 'protection/restriction',
      policy: intent.policy,
      origin,
      severity: 'error',
      target,
      on,
      path,
      fact: `${target} can ${can} ${placeText(demand)} through ${listed(roles)}, although the restriction denies it. It can ${listed(does)}`,
      advice: `Revoke ${listed(roles)}, or except ${target} from the restriction`,
    });
  });
}

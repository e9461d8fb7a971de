/** Restrictions against every account: who can what they deny. */

import { sortedSet } from '../../model/order.ts';
import type { Outcome } from '../../model/outcomes.ts';
import type { User } from '../../model/role.ts';
import { assessHoldings } from '../analysis.ts';
import { simplestFirst } from '../techniques.ts';
import { type Demand, demandsOfRestrictions, placeText } from './demand.ts';
import type { Examination } from './examination.ts';
import { groupOffences, listed, named, type Violation, violationBy } from './violation.ts';

/** One for each account and place. Accounts whose exemption has ended are looked at like any other. */
export function restrictionViolations(examination: Examination): Violation[] {
  const { intent, state, rolesOf, exemptions } = examination;
  if (intent.restrictions.length === 0) return [];
  return demandsOfRestrictions(intent, state, rolesOf, exemptions).flatMap((demand) =>
    violationsOfDemand(demand, examination),
  );
}

function violationsOfDemand(
  demand: Demand,
  { intent, everybody, standIns, mendOf, isAsked }: Examination,
): Violation[] {
  const { on, deny, origin } = demand;
  const all = simplestFirst([...demand.techniques, ...demand.vulnerabilities]);
  const assessment = assessHoldings(everybody, all);
  const covered = new Map<User, boolean>();
  const isCovered = (user: User): boolean => {
    // Whoever is given a role by a group is no account that a restriction could select.
    const known = covered.get(user) ?? (isAsked(user) && !standIns.has(user) && demand.covers(user));
    covered.set(user, known);
    return known;
  };
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

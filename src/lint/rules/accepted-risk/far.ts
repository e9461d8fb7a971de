import { yearsLater } from '../../../policy/dates.ts';
import type { LintRule } from '../../rule.ts';

/** In years. What is accepted for longer is no exception, and belongs into the policy. */
const LONGEST = 1;

export const acceptedRiskFar: LintRule = {
  kind: 'checks',
  name: 'accepted-risk/far',
  description: 'A finding is accepted for so long that nobody will think it over',
  recommended: 'warning',
  source: 'ISO/IEC 27005, risk acceptance: a decision that somebody makes, for a time, and reviews',
  check: ({ intent: { acceptedRisks }, today }) => {
    const last = yearsLater(today, LONGEST);
    return acceptedRisks
      .filter(({ until }) => until > last)
      .map(({ rule, target, until, origin }) => ({
        message: `${rule} on ${target} is accepted until ${until}: until then no report counts it, whatever becomes of it. End it within a year, and renew it then`,
        at: origin,
      }));
  },
};

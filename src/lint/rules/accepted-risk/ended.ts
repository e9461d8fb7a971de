import type { LintRule } from '../../rule.ts';

export const acceptedRiskEnded: LintRule = {
  kind: 'checks',
  name: 'accepted-risk/ended',
  description: 'The acceptance of a finding has ended',
  recommended: 'warning',
  source: 'ISO/IEC 27005, risk acceptance: a decision that somebody makes, for a time, and reviews',
  check: ({ intent: { acceptedRisks }, today }) =>
    acceptedRisks
      .filter(({ until }) => until < today)
      .filter(
        ({ rule, target, fingerprint }) =>
          !acceptedRisks.some(
            (other) =>
              other.until >= today &&
              other.rule === rule &&
              other.target === target &&
              other.fingerprint === fingerprint,
          ),
      )
      .map(({ rule, target, until, origin }) => ({
        message: `the acceptance of ${rule} on ${target} ended on ${until}: drift report counts it again. Mend it, or renew the entry with a reason that holds`,
        at: origin,
      })),
};

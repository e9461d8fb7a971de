import { durationSeconds } from '../../../policy/presets.ts';
import { reviewProblem } from '../../../policy/review.ts';
import type { LintRule } from '../../rule.ts';

export const overdue: LintRule = {
  kind: 'checks',
  name: 'attestations/overdue',
  description: 'The review of a declared control is overdue, lies in the future, or comes too seldom',
  recommended: 'warning',
  strict: 'error',
  source: 'the audit-trail guide: access restricted and policies regularly reviewed; ISO 27001 A.5.36',
  check: ({ intent, today }) =>
    intent.attestations.flatMap((entry) => {
      const { control, reviewEvery, origin } = entry;
      const problem = reviewProblem(entry, today);
      if (problem !== undefined) return [{ message: problem, at: origin }];
      if (durationSeconds(reviewEvery) <= durationSeconds('366d')) return [];
      const message = `${control} is reviewed only every ${reviewEvery}. Review it at least once a year`;
      return [{ message, at: origin }];
    }),
};

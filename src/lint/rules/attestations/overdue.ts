import { durationSeconds } from '../../../policy/presets.ts';
import type { LintRule } from '../../rule.ts';

const DAY = 86_400_000;

export const overdue: LintRule = {
  kind: 'checks',
  name: 'attestations/overdue',
  description: 'The review of a declared control is overdue, lies in the future, or comes too seldom',
  recommended: 'warning',
  strict: 'error',
  source: 'the audit-trail guide: access restricted and policies regularly reviewed; ISO 27001 A.5.36',
  check: ({ intent, today }) =>
    intent.attestations.flatMap(({ control, owner, reviewedOn, reviewEvery, origin }) => {
      const reviewed = Date.parse(reviewedOn);
      const due = new Date(reviewed + Math.floor(durationSeconds(reviewEvery) / 86_400) * DAY);
      if (reviewedOn > today) {
        const message = `${control} was reviewed on ${reviewedOn}, which is still to come: nothing tells that it holds today; ${owner} states the day of the last review`;
        return [{ message, at: origin }];
      }
      if (durationSeconds(reviewEvery) > durationSeconds('366d')) {
        const message = `${control} is looked at again after ${reviewEvery} only: by then nobody remembers what it was for; review it once a year at least`;
        return [{ message, at: origin }];
      }
      if (Number.isNaN(due.getTime()) || due.toISOString().slice(0, 10) >= today) return [];
      const message = `the review of ${control} was due on ${due.toISOString().slice(0, 10)}: nobody knows whether it still holds; ${owner} looks again and sets reviewedOn`;
      return [{ message, at: origin }];
    }),
};

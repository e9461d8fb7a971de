/** Reviews of what a policy declares under `attestations`. */
import type { IntentAttestation } from './intent.ts';
import { durationSeconds } from './presets.ts';

const DAY = 86_400;

/** What is wrong with the day of the last review, seen from `today` (`YYYY-MM-DD`); nothing if it still holds. */
export function reviewProblem(entry: IntentAttestation, today: string): string | undefined {
  const { control, owner, reviewedOn } = entry;
  if (reviewedOn > today) {
    return `${control} was reviewed on ${reviewedOn}, which is in the future. Nobody knows whether ${control} holds today. ${owner} has to state the day of the last review`;
  }
  const due = reviewDue(entry);
  if (due === undefined || due >= today) return undefined;
  return `the review of ${control} was due on ${due}. Nobody knows whether ${control} still holds. ${owner} has to review it and set reviewedOn`;
}

/** The last day on which the review holds, `YYYY-MM-DD`; nothing where that is beyond any calendar. */
export function reviewDue({
  reviewedOn,
  reviewEvery,
}: Pick<IntentAttestation, 'reviewedOn' | 'reviewEvery'>): string | undefined {
  const days = Math.floor(durationSeconds(reviewEvery) / DAY);
  const due = new Date(Date.parse(reviewedOn) + days * DAY * 1000);
  return Number.isNaN(due.getTime()) ? undefined : due.toISOString().slice(0, 10);
}

/** What people declare because MongoDB can't show it: nothing of it is observed, but a review may be overdue. */
import type { Intent } from '../policy/intent.ts';
import { reviewProblem } from '../policy/review.ts';
import type { DriftFinding } from './finding.ts';

export function attestationFindings({ attestations }: Intent, today: string): DriftFinding[] {
  return attestations.flatMap((entry): DriftFinding[] => {
    const message = reviewProblem(entry, today);
    if (message === undefined) return [];
    const { control: target, origin } = entry;
    return [{ kind: 'attestation', rule: 'attestations/overdue', severity: 'warning', target, message, origin }];
  });
}

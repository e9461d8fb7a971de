/** Days that come: until when accounts are exempt, and when what people declare is due for review. */
import { groupBy } from '../model/keyed.ts';
import { formatUser, userKey } from '../model/names.ts';
import { sortedBy } from '../model/order.ts';
import type { Intent, IntentAttestation } from '../policy/intent.ts';
import { reviewDue } from '../policy/review.ts';

export interface Exemption {
  /** `name@db` */
  readonly account: string;
  readonly reason: string;
  /** Its last day, `YYYY-MM-DD`. */
  readonly until: string;
  /** 0 on its last day, below 0 once it has ended. */
  readonly daysLeft: number;
}

export interface Review {
  readonly control: string;
  readonly attestation: IntentAttestation;
  /** The day by which it is due, `YYYY-MM-DD`. */
  readonly due: string;
  /** 0 on that day, below 0 once it is overdue. */
  readonly daysLeft: number;
}

/** By the day on which they end, the first first. Of several of one account the one that ends last counts. `today`: `YYYY-MM-DD`. */
export function exemptionsAt({ breakGlass }: Intent, today: string): readonly Exemption[] {
  const last = [...groupBy(breakGlass, ({ user }) => userKey(user)).values()].map(
    (entries) => sortedBy(entries, ({ until }) => until).at(-1) ?? entries[0],
  );
  return sortedBy(
    last.map(({ user, reason, until }) => ({
      account: formatUser(user),
      reason,
      until,
      daysLeft: daysBetween(today, until),
    })),
    ({ until, account }) => `${until}\0${account}`,
  );
}

/** By the day on which they are due, the first first. One whose day is too far to be told is left out. */
export function reviewsAt({ attestations }: Intent, today: string): readonly Review[] {
  const reviews = attestations.flatMap((attestation): Review[] => {
    const due = reviewDue(attestation);
    if (due === undefined) return [];
    return [{ control: attestation.control, attestation, due, daysLeft: daysBetween(today, due) }];
  });
  return sortedBy(reviews, ({ due, control }) => `${due}\0${control}`);
}

/** The days in which there is still time to renew what ends, or to do without it. */
export const NEAR_END_DAYS = 14;

/** The days in which there is still time to act without haste. */
export const SOON_DAYS = 30;

const DAY_MS = 86_400_000;

/** Negative if `to` is before `from`; both `YYYY-MM-DD`. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

/** Who is exempt by `breakGlass` on a day: the one place that decides when an exemption has ended. */
import { isAmong, type UserRef, userKey } from '../model/names.ts';
import type { Intent, IntentBreakGlass } from './intent.ts';

export interface Exemptions {
  isExempt(user: UserRef): boolean;
  /** How many accounts are exempt. */
  readonly count: number;
  /** The entry of an account whose exemption has ended; of several the one that ended last. */
  endedFor(user: UserRef): IntentBreakGlass | undefined;
  /** These entries, in the order of the policy. */
  readonly ended: readonly IntentBreakGlass[];
}

/** `today`: `YYYY-MM-DD`; an entry holds on its last day too. Without it, which is for tests, none has ended. */
export function exemptionsOn({ breakGlass }: Intent, today?: string): Exemptions {
  const current = new Set<string>();
  const past = new Map<string, IntentBreakGlass>();
  for (const entry of breakGlass) {
    const key = userKey(entry.user);
    if (today === undefined || entry.until >= today) current.add(key);
    else if (entry.until > (past.get(key)?.until ?? '')) past.set(key, entry);
  }
  for (const key of current) past.delete(key);
  return {
    isExempt: isAmong(current),
    count: current.size,
    endedFor: (user) => (past.size === 0 ? undefined : past.get(userKey(user))),
    ended: breakGlass.filter((entry) => past.get(userKey(entry.user)) === entry),
  };
}

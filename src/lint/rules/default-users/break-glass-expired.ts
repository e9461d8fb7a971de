import { formatUser, userKey } from '../../../model/names.ts';
import type { IntentBreakGlass } from '../../../policy/intent.ts';
import type { LintRule, RuleFinding } from '../../rule.ts';

export const breakGlassExpired: LintRule = {
  kind: 'checks',
  name: 'default-users/break-glass-expired',
  description: 'The exemption of a break-glass account has ended, or is stated twice',
  recommended: 'error',
  source: 'NIST SP 800-53 AC-2(2): emergency accounts end on a date, and are renewed or removed then',
  check: ({ intent: { breakGlass }, today }) =>
    breakGlass.flatMap((entry, index) => judge(entry, index, breakGlass, today)),
};

function judge(
  { user, until, origin }: IntentBreakGlass,
  index: number,
  all: readonly IntentBreakGlass[],
  today: string,
): RuleFinding[] {
  const name = formatUser(user);
  const others = all.filter((other, at) => at !== index && userKey(other.user) === userKey(user));
  const longest = others.find((other) => other.until >= until && other.until >= today);
  if (until < today && longest === undefined) {
    const message = `the exemption of ${name} ended on ${until}. The protections hold for it again, and its roles break them. Renew the exemption with a reason, or revoke the roles`;
    return [{ message, at: origin }];
  }
  // Of two that end on the same day the first stays.
  const repeated = others.some((other) => other.until > until || (other.until === until && all.indexOf(other) < index));
  if (!repeated) return [];
  const message = `${name} has a second exemption, until ${longest?.until ?? until}. Whoever ends this one leaves the account exempt. Keep one entry`;
  return [{ message, at: origin, severity: 'warning', fix: [{ kind: 'remove', at: origin() }] }];
}

import { formatUser } from '../../../model/names.ts';
import { yearsLater } from '../../../policy/dates.ts';
import type { LintRule } from '../../rule.ts';

/** In years: an exemption that outlasts this is none that somebody thinks over. */
const LONGEST = 2;

export const breakGlassFar: LintRule = {
  kind: 'checks',
  name: 'default-users/break-glass-far',
  description: 'The exemption of a break-glass account ends so late that nobody reviews it',
  recommended: 'warning',
  source: 'NIST SP 800-53 AC-2(2): emergency accounts are reviewed, and end on a date',
  check: ({ intent, today }) => {
    const last = yearsLater(today, LONGEST);
    return intent.breakGlass
      .filter(({ until }) => until > last)
      .map(({ user, until, origin }) => ({
        message: `${formatUser(user)} is exempt until ${until}. Until then nobody is reminded of the account, and whoever has its password can alter every trail. End the exemption within ${LONGEST} years, and renew it then`,
        at: origin,
      }));
  },
};

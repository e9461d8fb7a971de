import { holdEveryAddress } from '../../../model/address.ts';
import { formatRole, formatUser } from '../../../model/names.ts';
import type { AuthenticationRestriction } from '../../../model/role.ts';
import type { LintRule } from '../../rule.ts';

export const openRestriction: LintRule = {
  kind: 'checks',
  name: 'credentials/open-restriction',
  description: 'An authentication restriction admits every address',
  recommended: 'warning',
  strict: 'error',
  source: "MongoDB's manual, “Authentication Restrictions”; CIS MongoDB benchmark on limiting network exposure",
  check: ({ intent }) => [
    ...intent.users.flatMap(({ user, origin }) =>
      isOpen(user.authenticationRestrictions) ? [{ message: say(formatUser(user)), at: origin }] : [],
    ),
    ...intent.roles.flatMap(({ role, origin }) =>
      isOpen(role.authenticationRestrictions) ? [{ message: say(formatRole(role)), at: origin }] : [],
    ),
  ],
};

/** A login must meet one of them. */
export function isOpen(restrictions: readonly AuthenticationRestriction[] = []): boolean {
  return holdEveryAddress(
    restrictions.flatMap(({ clientSource, serverAddress }) => (serverAddress === undefined && clientSource) || []),
  );
}

function say(name: string): string {
  return `the clientSource of ${name} admits every address, so it restricts nothing. A leaked password works from anywhere. Name the networks that logins come from`;
}

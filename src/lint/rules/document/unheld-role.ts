import { formatRole, type RoleRef } from '../../../model/names.ts';
import type { LintRule } from '../../rule.ts';
import { isSettled } from '../entry-place.ts';

export const unheldRole: LintRule = {
  kind: 'checks',
  name: 'document/unheld-role',
  description: 'Nobody holds a role of the policy',
  recommended: 'warning',
  source: 'CIS MongoDB benchmark, “Review custom roles”: a role that nobody needs is access waiting to be granted',
  check: (context) => {
    const { intent, isHeld } = context;
    // Without users the policy leaves it to somebody else who holds its roles.
    if (intent.users.length === 0 || !isSettled(context)) return [];
    return intent.roles
      .filter(({ role }) => !isGroup(role) && !isHeld(role))
      .map(({ role, origin }) => ({
        message: `nobody holds ${formatRole(role)}. Whoever may grant roles can give its access to any account without a review. Grant it to the account that needs it, or remove it`,
        at: origin,
      }));
  },
};

/**
 * Roles named after an LDAP group's distinguished name, or `prefix/group` for OIDC, are held by whoever is in the group
 * (manual, “LDAP Authorization”, “OpenID Connect”).
 */
function isGroup({ role, db }: RoleRef): boolean {
  return db === 'admin' && /[=/]/.test(role);
}

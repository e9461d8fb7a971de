import { formatRole, formatUser } from '../../../model/names.ts';
import type { LintRule } from '../../rule.ts';

export const roleRestrictions: LintRule = {
  kind: 'checks',
  name: 'release/role-restrictions',
  description: 'The authentication restrictions of one role gate everything else that its holder may do',
  recommended: 'warning',
  source: 'tried on a MongoDB 4.4 server: granting such a role empties the open session and refuses the next login',
  check: ({ intent, graph }) => {
    if (!intent.roles.some(({ role }) => (role.authenticationRestrictions ?? []).length > 0)) return [];
    return intent.users.flatMap(({ user, grants }) => {
      const held = grants.filter((grant) => grant.kind === 'role');
      if (held.length < 2) return [];
      return held.flatMap(({ role, origin }) => {
        const gate = graph.closure([role]).find((one) => (one.authenticationRestrictions ?? []).length > 0);
        const others = held.filter((other) => {
          return !graph.closure([other.role]).some((one) => (one.authenticationRestrictions ?? []).length > 0);
        });
        if (gate === undefined || others.length === 0) return [];
        const rest = others.map((other) => formatRole(other.role)).join(', ');
        const message = `${formatRole(gate)} restricts where its holder may log in from, and MongoDB holds that against the whole account. ${formatUser(user)} can't use ${rest} from elsewhere either. Put the restriction on the user, or give ${formatRole(role)} to an account of its own`;
        return [{ message, at: origin }];
      });
    });
  },
};

/** Where a violation is to be mended: at the account, or further down its grant path. */

import { formatRole, roleKey } from '../../model/names.ts';
import type { Role, User } from '../../model/role.ts';
import type { Holdings, Principal } from '../analysis.ts';
import type { Mend } from './violation.ts';

/** Answers for violators of one demand; who holds which role is collected once for all. */
export type MendOf = (principal: Principal, violators: ReadonlySet<User>) => Mend;

/** `roles`: those that can be changed; a built-in role is always held rightly by somebody. */
export function mends(holdings: Holdings, roles: readonly Role[]): MendOf {
  const own = new Map(roles.filter(({ isBuiltin }) => isBuiltin !== true).map((role) => [formatRole(role), role]));
  const byRole = new Map<string, readonly User[]>();
  const holdersOf = (name: string, role: Role): readonly User[] => {
    const known = byRole.get(name) ?? collectHolders(holdings, role);
    byRole.set(name, known);
    return known;
  };
  return ({ path }, violators) => {
    let depth = 0;
    for (const name of path.slice(1)) {
      const role = own.get(name);
      if (role === undefined || holdersOf(name, role).some((user) => !violators.has(user))) break;
      depth += 1;
    }
    return { depth };
  };
}

function collectHolders({ users, granted, held }: Holdings, role: Role): readonly User[] {
  const start = granted.roles.findIndex((one) => roleKey(one) === roleKey(role));
  const reached = new Set([start]);
  for (const at of reached) for (const heir of granted.heirs[at] ?? []) reached.add(heir);
  return users.filter((_user, at) => held[at]?.some((number) => reached.has(number)));
}

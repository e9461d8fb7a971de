/** protection: nothing in a policy may break what the policy itself protects. */
import { intentState } from '../drift/intent-state.ts';
import { protectionFindings } from '../drift/protection.ts';
import { formatRole, formatUser } from '../model/names.ts';
import type { Intent, Origin } from '../policy/intent.ts';
import type { LintRule } from './rule.ts';

export const protection: LintRule = {
  name: 'protection',
  description: 'A user of the policy can do to a protected collection what the policy rules out.',
  check: (intent, today) => {
    const lines = linesByName(intent);
    return protectionFindings(intent, intentState(intent), today).flatMap(
      ({ rule, severity, message, path, origin }) => {
        const where = path?.map((name) => lines.get(name)).findLast((found) => found !== undefined) ?? origin;
        return where === undefined ? [] : [{ rule, severity, message, ...where() }];
      },
    );
  },
};

function linesByName({ roles, users }: Intent): ReadonlyMap<string, Origin> {
  return new Map([
    ...users.map(({ user, origin }): [string, Origin] => [formatUser(user), origin]),
    ...roles.map(({ role, origin }): [string, Origin] => [formatRole(role), origin]),
  ]);
}

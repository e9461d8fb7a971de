/** protection: nothing in a policy may break what the policy itself protects. */
import { protectionFindings } from '../drift/protection.ts';
import { formatRole, formatUser } from '../model/names.ts';
import { lowestVersion } from '../model/version.ts';
import type { Intent, Origin } from '../policy/intent.ts';
import type { ClusterState } from '../state/state.ts';
import type { LintRule } from './rule.ts';

export const protection: LintRule = {
  name: 'protection',
  description: 'A user of the policy can do to a protected collection what the policy rules out.',
  check: (intent, today) => {
    const lines = linesByName(intent);
    return protectionFindings(intent, stateOf(intent), today).flatMap(({ rule, severity, message, path, origin }) => {
      const where = path?.map((name) => lines.get(name)).findLast((found) => found !== undefined) ?? origin;
      return where === undefined ? [] : [{ rule, severity, message, ...where() }];
    });
  },
};

/** A cluster that has what the policy says and nothing else, of the oldest release that it admits. */
function stateOf({ roles, users, cluster }: Intent): ClusterState {
  const version = lowestVersion(cluster.version ?? '') ?? NEWEST_KNOWN;
  return {
    server: { version, edition: 'community', topology: 'replicaSet' },
    roles: roles.map(({ role }) => role),
    users: users.map(({ user }) => user),
    unreadable: [],
  };
}

/** Where a policy says nothing about versions, nothing is held against it that newer releases have mended. */
const NEWEST_KNOWN = '8.0.0';

function linesByName({ roles, users }: Intent): ReadonlyMap<string, Origin> {
  return new Map([
    ...users.map(({ user, origin }): [string, Origin] => [formatUser(user), origin]),
    ...roles.map(({ role, origin }): [string, Origin] => [formatRole(role), origin]),
  ]);
}

import { formatNamespace, formatUser, userKey } from '../../../model/names.ts';
import { CLUSTER, collectionTarget } from '../../../model/resource.ts';
import type { IntentUser } from '../../../policy/intent.ts';
import type { LintContext, LintRule, RuleFinding } from '../../rule.ts';
import { isTrail } from '../guided-trail.ts';
import { isOpen } from './open-restriction.ts';

export const noAuthenticationRestriction: LintRule = {
  kind: 'checks',
  name: 'credentials/no-authentication-restriction',
  description: 'A privileged account may log in from anywhere',
  recommended: 'info',
  strict: 'warning',
  source: "MongoDB's manual, “Authentication Restrictions”; CIS MongoDB benchmark on limiting network exposure",
  check: (context) => {
    const administrators = new Set(context.who('administer', CLUSTER, 'escalation').map(({ user }) => userKey(user)));
    // An account that should not write at all is told by protection/*.
    const writers = new Map(
      context.intent.collections.filter(isTrail).flatMap(({ ns }) =>
        context
          .who('insert', collectionTarget(ns))
          .filter(({ user, kind }) => kind === 'direct' && !context.isIntruder(user))
          .map(({ user }): [string, string] => [userKey(user), formatNamespace(ns)]),
      ),
    );
    return context.intent.users.flatMap((entry) => {
      if (isRestricted(context, entry)) return [];
      if (administrators.has(userKey(entry.user))) return [finding(entry, 'can make itself root')];
      const trail = writers.get(userKey(entry.user));
      return trail === undefined ? [] : [{ ...finding(entry, `writes ${trail}`), severity: 'info' as const }];
    });
  },
};

/** A role's restrictions gate every account that holds it. */
function isRestricted({ graph }: LintContext, { user }: IntentUser): boolean {
  return [user, ...graph.closure(user.roles)].some(
    ({ authenticationRestrictions: list = [] }) => list.length > 0 && !isOpen(list),
  );
}

function finding({ user, origin }: IntentUser, power: string): RuleFinding {
  const message = `${formatUser(user)} ${power} and may log in from any address. Whoever gets its credentials can use them from anywhere. Give it a clientSource with the networks that it works from`;
  return { message, at: origin };
}

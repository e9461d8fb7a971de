import type { Principal } from '../../../access/analysis.ts';
import { formatUser } from '../../../model/names.ts';
import { CLUSTER } from '../../../model/resource.ts';
import type { Origin } from '../../../policy/intent.ts';
import type { LintRule } from '../../rule.ts';
import { asFound } from './exposed.ts';

/** By a role of the policy's own: built-in ones, anyAction and anyResource have rules of their own. */
export const becomesRoot: LintRule = {
  kind: 'checks',
  name: 'least-privilege/becomes-root',
  description: 'An account in daily use can make itself root',
  recommended: 'error',
  source: "MongoDB's manual, “Built-In Roles”: grantRole on admin is superuser access; tried on a MongoDB 4.4 server",
  check: (context) => {
    const told = context.isTold;
    const lines = new Map(
      context
        .privilegeLines()
        .filter(({ privilege: { actions, resource }, at }) => {
          return !actions.includes('anyAction') && !('anyResource' in resource) && !told(at);
        })
        .map(({ at, entry }) => [at, entry]),
    );
    const byLine = new Map<Origin, Principal[]>();
    for (const principal of context.who('administer', CLUSTER, 'escalation')) {
      if (principal.kind === 'server' || context.isBreakGlass(principal.user)) continue;
      const at = context.grantOf(principal);
      if (lines.has(at)) byLine.set(at, [...(byLine.get(at) ?? []), principal]);
    }
    return [...byLine].flatMap(([at, principals]) => {
      const [first] = principals;
      const entry = lines.get(at);
      if (first === undefined || entry === undefined) return [];
      const who = principals.map(({ user }) => formatUser(user)).join(', ');
      const message = `${who} can ${first.steps.join(', then ')} through the action ${first.action}. Revoke the action, or keep the account for emergencies under breakGlass`;
      return [{ message, at, grantPath: first.path, ...asFound(entry) }];
    });
  },
};

import type { Principal } from '../../../model/assess.ts';
import { formatUser } from '../../../model/names.ts';
import { CLUSTER } from '../../../model/resource.ts';
import type { LintRule } from '../../rule.ts';
import { placeKey, privilegeLines, toldByProtection } from './exposed.ts';

/** By a role of the policy's own: built-in ones, anyAction and anyResource have rules of their own. */
export const becomesRoot: LintRule = {
  kind: 'checks',
  name: 'least-privilege/becomes-root',
  description: 'An account in daily use can make itself root',
  recommended: 'error',
  source: "MongoDB's manual, “Built-In Roles”: grantRole on admin is superuser access; tried on a MongoDB 4.4 server",
  check: (context) => {
    const told = toldByProtection(context);
    const lines = new Map(
      privilegeLines(context)
        .filter(({ privilege: { actions, resource }, at }) => {
          return !actions.includes('anyAction') && !('anyResource' in resource) && !told(at);
        })
        .map(({ at }) => [placeKey(at), at]),
    );
    const byLine = new Map<string, Principal[]>();
    for (const principal of context.who('administer', CLUSTER)) {
      if (principal.kind === 'server' || context.isBreakGlass(principal.user)) continue;
      const key = placeKey(context.grantOf(principal));
      if (lines.has(key)) byLine.set(key, [...(byLine.get(key) ?? []), principal]);
    }
    return [...byLine].flatMap(([key, principals]) => {
      const at = lines.get(key);
      const [first] = principals;
      if (at === undefined || first === undefined) return [];
      const who = principals.map(({ user }) => formatUser(user)).join(', ');
      const message = `${who} can ${first.steps.join(', then ')}: ${first.action} opens a way to everything; take it away, or keep the account for emergencies under breakGlass`;
      return [{ message, at, way: first.path }];
    });
  },
};

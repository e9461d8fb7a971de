import type { Principal } from '../../../access/analysis.ts';
import type { Violation } from '../../../access/violations.ts';
import { sortedSet } from '../../../model/order.ts';
import { releaseLine } from '../../../model/version.ts';
import type { LintRule } from '../../rule.ts';
import { partOf, topLevel } from '../entry-place.ts';

/** What a grant allows is told by protection/*; here is what only the server's own fault does. */
export const voidsProtection: LintRule = {
  kind: 'checks',
  name: 'release/voids-protection',
  description: 'The oldest release that the policy admits has a weakness that voids a protection',
  recommended: 'warning',
  strict: 'error',
  source: 'SERVER-36263 and CVE-2026-18696; tried on a MongoDB 4.4 server',
  check: (context) => {
    const byTechnique = new Map<string, (Violation & { readonly principal: Principal })[]>();
    for (const { violation } of context.violations()) {
      const { principal, vulnerability } = violation;
      if (principal === undefined || !vulnerability) continue;
      const { id } = principal.technique;
      byTechnique.set(id, [...(byTechnique.get(id) ?? []), { ...violation, principal }]);
    }
    const cluster = topLevel(context, 'cluster');
    const stated = cluster && context.intent.cluster.version !== undefined;
    return [...byTechnique.values()].flatMap((violations) => {
      const [first] = violations;
      if (first === undefined) return [];
      const { principal, on } = first;
      const targets = sortedSet(violations.map((one) => one.target));
      const outcomes = sortedSet(violations.flatMap((one) => one.outcomes)).join(' and ');
      const message = `MongoDB ${releaseLine(context.version)}, which the policy admits, lets ${targets.join(', ')} ${outcomes} ${on}, whatever roles grant. ${targets.length === 1 ? 'It' : 'They'} can ${principal.steps.join(', then ')}. To mend this, ${principal.technique.remedy ?? 'upgrade'}, and raise cluster.version`;
      const at = stated ? partOf(context, cluster, ['version']) : context.grantOf(principal);
      return [{ message, at, grantPath: first.path }];
    });
  },
};

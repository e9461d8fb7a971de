/** What managed roles do not cover, which somebody made since. */

import { formatRole } from '../model/names.ts';
import type { Plan } from '../plan/plan.ts';
import type { ClusterState } from '../state/state.ts';
import type { DriftFinding } from './finding.ts';

/** What there is now and managed roles do not name yet: their holders could use it before, and can't. */
export function uncoveredFindings(plan: Plan, actual: ClusterState): DriftFinding[] {
  const recorded = new Map(actual.objects?.map(({ kind, target, covers }) => [`${kind} ${target}`, covers ?? []]));
  return plan.managed.flatMap(({ role, replaces, covers }): DriftFinding[] => {
    const target = formatRole(role);
    const known = recorded.get(`role ${target}`);
    const missing = known === undefined ? [] : covers.filter((name) => !known.includes(name));
    if (missing.length === 0) return [];
    const message = `not covered: ${missing.join(', ')}; accounts hold ${target} in the place of ${formatRole(replaces)}, which reached it: migrate apply covers it`;
    return [{ kind: 'uncovered', rule: 'restriction/uncovered', severity: 'error', target, message }];
  });
}

/** What a state violates, as findings. */
import { type Violation, type ViolationRule, violationText } from '../access/violations.ts';
import { sortedSet } from '../model/order.ts';
import type { Intent } from '../policy/intent.ts';
import type { DriftFinding } from './finding.ts';

/** What breaks a protection, an exclusive `access`, a dedicated database or a restriction of this policy. */
export function violationFindings({ policy }: Intent, violations: readonly Violation[]): DriftFinding[] {
  return ofPolicy(violations, policy).map(violationFinding);
}

/** Those of one policy among those of a run. */
export function ofPolicy(violations: readonly Violation[], policy: string): readonly Violation[] {
  return violations.filter((violation) => violation.policy === policy);
}

export function violationFinding(violation: Violation): DriftFinding {
  const { rule, vulnerability, severity, target, path, principal, origin, on, outcomes, objects } = violation;
  return {
    kind: kindOf(rule, vulnerability),
    rule: rule === 'protection/restriction' ? 'restriction/reach' : rule,
    severity,
    target,
    message: violationText(violation),
    identity: [kindOf(rule, vulnerability), on, ...sortedSet(outcomes), ...sortedSet(objects)],
    ...(principal && { path }),
    origin,
  };
}

function kindOf(rule: ViolationRule, vulnerability: boolean): DriftFinding['kind'] {
  if (vulnerability) return 'server';
  return rule === 'protection/restriction' ? 'restriction' : 'protection';
}

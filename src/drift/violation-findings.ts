/** What a state violates, as findings. */
import { type Violation, type ViolationRule, violationsOf, violationText } from '../access/violations.ts';
import type { Intent } from '../policy/intent.ts';
import type { ClusterState } from '../state/state.ts';
import type { DriftFinding } from './finding.ts';

/** Everything in a state that breaks a protection, an exclusive `access`, a dedicated database or a restriction. */
export function violationFindings(intent: Intent, actual: ClusterState, today: string): DriftFinding[] {
  return violationsOf([intent], actual, { today }).map(violationFinding);
}

export function violationFinding(violation: Violation): DriftFinding {
  const { rule, vulnerability, severity, target, path, principal, origin } = violation;
  return {
    kind: kindOf(rule, vulnerability),
    rule: rule === 'protection/restriction' ? 'restriction/reach' : rule,
    severity,
    target,
    message: violationText(violation),
    ...(principal && { path }),
    origin,
  };
}

function kindOf(rule: ViolationRule, vulnerability: boolean): DriftFinding['kind'] {
  if (vulnerability) return 'server';
  return rule === 'protection/restriction' ? 'restriction' : 'protection';
}

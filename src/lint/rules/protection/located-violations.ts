/**
 * The one finding behind the rules about violations. What a release lets through, whatever is granted, is told by
 * release/voids-protection, where the release is named.
 */
import { type ViolationRule, violationText } from '../../../access/violations.ts';
import type { LocatedViolation } from '../../linted-policies.ts';
import type { LintContext, RuleFinding } from '../../rule.ts';

export function violationFindings(context: LintContext, rule: ViolationRule): readonly RuleFinding[] {
  return context
    .violations()
    .filter(({ violation }) => violation.rule === rule && !violation.vulnerability)
    .map((located) => ({
      message: `${violationText(located.violation)}${besides(context, located)}`,
      severity: located.fate === 'undecided' ? 'warning' : located.violation.severity,
      at: located.at,
      grantPath: located.violation.path,
    }));
}

/** Which other policy it violates, and on which release, in brackets; nothing where that goes without saying. */
export function besides({ intent }: LintContext, { violation, release }: LocatedViolation): string {
  const other =
    violation.policy === intent.policy ? [] : [`of the policy "${violation.policy}", ${placeOf(violation)}`];
  const newer = release === undefined ? [] : [`on MongoDB ${release}, which the policy admits too`];
  return [...other, ...newer].map((part) => ` (${part})`).join('');
}

function placeOf({ origin }: LocatedViolation['violation']): string {
  const { file, line } = origin();
  return `${file}:${line}`;
}

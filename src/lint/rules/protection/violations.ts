/**
 * The one check behind the rules that hold every account against a protection or an exclusive `access`. What a
 * release lets through, whatever is granted, is told by release/voids-protection, where the release is named.
 */
import type { Violation } from '../../../access/violations/protections.ts';
import type { LintContext, RuleFinding } from '../../rule.ts';
import { isRewritten } from '../default-users/restrictions.ts';

export function violationFindings(context: LintContext, rule: Violation['rule']): readonly RuleFinding[] {
  return context
    .violations()
    .filter((violation) => violation.rule === rule && !violation.vulnerability)
    .filter(({ principal, collection, outcomes }) => !isRewritten(context, principal.user, collection, outcomes))
    .map(({ principal, severity, message, path }) => ({
      message,
      severity,
      at: context.grantOf(principal),
      grantPath: path,
    }));
}

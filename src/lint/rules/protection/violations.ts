/** The one check behind the rules that hold every account against a protection or an exclusive `access`. */
import type { Violation } from '../../../drift/protection.ts';
import type { LintContext, RuleFinding } from '../../rule.ts';

export function violationFindings(context: LintContext, rule: Violation['rule']): readonly RuleFinding[] {
  return context
    .violations()
    .filter((violation) => violation.rule === rule)
    .map(({ principal, weakness, message, path }) => ({
      message,
      at: context.grantOf(principal),
      way: path,
      ...(weakness && { severity: 'warning' as const }),
    }));
}

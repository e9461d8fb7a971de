import { listed } from '../../../access/violations.ts';
import type { LocatedViolation } from '../../linted-policies.ts';
import type { LintContext, LintRule, RuleFinding } from '../../rule.ts';
import { besides } from './located-violations.ts';
import { unsealers } from './unseal.ts';

export const restriction: LintRule = {
  kind: 'checks',
  name: 'protection/restriction',
  description: 'An account that the policy itself defines can do what a restriction denies it',
  recommended: 'error',
  source: 'the audit-trail guide: default users can’t access, update or delete audit logs',
  check: (context) => {
    const unsealing = new Set(unsealers(context).map(({ principal }) => context.grantOf(principal)));
    const found = context.violations().filter(({ violation, at, fate }) => {
      // What a person has to decide is told by default-users/unenforceable.
      if (violation.rule !== 'protection/restriction' || fate === 'undecided') return false;
      const unseals = violation.outcomes.every((outcome) => outcome === 'unseal') && unsealing.has(at);
      return !context.isTold(at) && !unseals;
    });
    return groupPlaces(found).map((group) => finding(context, group));
  },
};

/** What one line lets one account do against one restriction is told once, whatever the places. */
function groupPlaces(found: readonly LocatedViolation[]): readonly (readonly LocatedViolation[])[] {
  const groups: LocatedViolation[][] = [];
  for (const located of found) {
    const group = groups.find(
      ([first]) =>
        first?.at === located.at &&
        first.release === located.release &&
        first.violation.target === located.violation.target &&
        first.violation.origin === located.violation.origin,
    );
    if (group === undefined) groups.push([located]);
    else group.push(located);
  }
  return groups;
}

function finding(context: LintContext, group: readonly LocatedViolation[]): RuleFinding {
  const [first] = group;
  if (first === undefined) throw new Error('a group of no violations');
  const { violation, at } = first;
  const { file, line } = violation.origin();
  const where = file === at().file ? `line ${line}` : `${file}:${line}`;
  const places = group.map(({ violation: { on } }) => on).join(' and ');
  const does = violation.principal?.steps.join(', then ') ?? '';
  return {
    message: `${violation.target} can ${listed(violation.outcomes)} ${places}, although the restriction in ${where} denies it. It can ${does}. ${violation.advice}${besides(context, first)}`,
    at,
    grantPath: violation.path,
    severity: violation.severity,
  };
}

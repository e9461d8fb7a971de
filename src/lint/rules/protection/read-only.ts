import type { LintRule } from '../../rule.ts';
import { violationFindings } from './located-violations.ts';

export const readOnly: LintRule = {
  kind: 'checks',
  name: 'protection/read-only',
  description: 'An account that is not break-glass can insert into, alter or destroy a read-only collection',
  recommended: 'error',
  source: "MongoDB's manual, “Role-Based Access Control”: a user has the privileges of all roles, there is no deny",
  check: (context) => violationFindings(context, 'protection/read-only'),
};

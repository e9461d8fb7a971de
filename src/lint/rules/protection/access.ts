import type { LintRule } from '../../rule.ts';
import { violationFindings } from './located-violations.ts';

export const access: LintRule = {
  kind: 'checks',
  name: 'protection/access',
  description: 'An account can do what the access of a collection keeps for others',
  recommended: 'error',
  source: 'the audit-trail guide: only dedicated credentials with exclusive access to the collection',
  check: (context) => violationFindings(context, 'protection/access'),
};

import type { LintRule } from '../../rule.ts';
import { violationFindings } from './located-violations.ts';

export const appendOnly: LintRule = {
  kind: 'checks',
  name: 'protection/append-only',
  description: 'An account that is not break-glass can alter or destroy an append-only collection',
  recommended: 'error',
  source: "the audit-trail guide: once stored, the trail can't be altered, deleted or tampered with",
  check: (context) => violationFindings(context, 'protection/append-only'),
};

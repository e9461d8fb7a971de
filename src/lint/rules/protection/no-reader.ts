import type { LintRule } from '../../rule.ts';
import { isTrail } from '../guided-trail.ts';
import { unserved } from './no-writer.ts';

export const noReader: LintRule = {
  kind: 'checks',
  name: 'protection/no-reader',
  description: 'No account of the policy can read an append-only or read-only collection',
  recommended: 'warning',
  source: 'OWASP Logging Cheat Sheet; the audit-trail guide’s checklist: logs that nobody reviews warn nobody',
  check: (context) =>
    context.intent.collections
      .filter((entry) => isTrail(entry) || entry.protection === 'read-only')
      .flatMap((entry) =>
        unserved(context, entry, 'read', 'find', {
          nobody: 'Only accounts of last resort could review it, and it is there to watch them',
          mend: 'Define the account that reviews it, with a role of read-only',
        }),
      ),
};

import { formatNamespace } from '../../../model/names.ts';
import type { LintRule } from '../../rule.ts';
import { topLevel } from '../entry-place.ts';

export const noBreakGlass: LintRule = {
  kind: 'checks',
  name: 'default-users/no-break-glass',
  description: 'The policy shuts accounts out and names none of last resort',
  recommended: 'info',
  strict: 'warning',
  source: 'NIST SP 800-53 AC-2 and the audit-trail guide: emergency accounts are named, reviewed and exempt by intent',
  check: (context) => {
    const { breakGlass, collections, restrictions } = context.intent;
    const shut = collections.find(({ protection }) => protection !== 'none');
    const first = shut ?? restrictions.find(({ remedy }) => remedy === 'rewrite');
    if (breakGlass.length > 0 || first === undefined) return [];
    const what = shut === undefined ? 'the restrictions' : `the protection of ${formatNamespace(shut.ns)}`;
    const message = `no account is exempt from ${what}, not even the owner of the cluster. In an emergency somebody has to switch the policy off. Name an account under breakGlass, with a reason and a date`;
    return [{ message, at: topLevel(context, 'breakGlass') ?? first.origin }];
  },
};

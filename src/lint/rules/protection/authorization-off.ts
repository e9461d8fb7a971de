import type { LintRule } from '../../rule.ts';
import { partOf, topLevel } from '../entry-place.ts';

export const authorizationOff: LintRule = {
  kind: 'checks',
  name: 'protection/authorization-off',
  description: 'The policy wants a deployment without authorization',
  recommended: 'error',
  source: "MongoDB's manual, “Enable Access Control”; CIS MongoDB benchmark, “Ensure authentication is configured”",
  check: (context) => {
    const at = topLevel(context, 'cluster');
    if (context.intent.cluster.authorization !== 'disabled' || at === undefined) return [];
    const message =
      'without authorization every client may do everything, and the roles of this policy have no effect. Set authorization to enabled';
    return [{ message, at: partOf(context, at, ['authorization']) }];
  },
};

import { formatNamespace } from '../../../model/names.ts';
import { RULED_OUT } from '../../../policy/presets.ts';
import type { LintRule } from '../../rule.ts';
import { partOf } from '../entry-place.ts';

export const contradiction: LintRule = {
  kind: 'checks',
  name: 'protection/contradiction',
  description: 'A collection’s access names who may do what its protection rules out for everybody',
  recommended: 'error',
  source: 'the policy language: a protection is an invariant over every account; only break-glass accounts are exempt',
  check: (context) =>
    context.intent.collections.flatMap(({ ns, protection, access, origin }) => {
      if (protection === 'none') return [];
      return RULED_OUT[protection]
        .filter((outcome) => (access.get(outcome) ?? []).some((user) => !context.isBreakGlass(user)))
        .map((outcome) => ({
          message: `${formatNamespace(ns)} is ${protection}, so nobody may ${outcome}, although access names accounts for it. Take ${outcome} out of access, or choose another protection`,
          at: partOf(context, origin, ['access', outcome]),
        }));
    }),
};

import { formatNamespace, formatRole, formatUser, type RoleRef, roleKey } from '../../../model/names.ts';
import type { Outcome } from '../../../model/outcomes.ts';
import { collectionTarget } from '../../../model/resource.ts';
import type { Intent } from '../../../policy/intent.ts';
import { RULED_OUT } from '../../../policy/presets.ts';
import type { LintContext, LintRule, RuleFinding } from '../../rule.ts';

/**
 * What accounts hold is told by the rules on violations, and so is a role of admin, which a group could be given. Any
 * other role waits for whoever may grant roles on its database.
 */
export const unheldRole: LintRule = {
  kind: 'checks',
  name: 'protection/unheld-role',
  description: 'A role that nobody holds yet breaks a protection for whoever is given it',
  recommended: 'warning',
  strict: 'error',
  source: 'the policy language: a protection is an invariant over every account, those of tomorrow included',
  check: (context) =>
    context.policies.flatMap((policy) =>
      policy.collections.flatMap((collection) => ofCollection(context, policy, collection)),
    ),
};

function ofCollection(
  { intent, policies, unheldRolesThat }: LintContext,
  policy: Intent,
  { ns, protection, origin }: Intent['collections'][number],
): readonly RuleFinding[] {
  const target = collectionTarget(ns);
  const found = new Map<string, { readonly does: string; readonly outcomes: Outcome[] }>();
  for (const outcome of RULED_OUT[protection]) {
    for (const { role, does } of unheldRolesThat(outcome, target)) {
      const known = found.get(roleKey(role));
      if (known === undefined) found.set(roleKey(role), { does, outcomes: [outcome] });
      else known.outcomes.push(outcome);
    }
  }
  return intent.roles.flatMap(({ role, origin: at }): readonly RuleFinding[] => {
    const breaks = found.get(roleKey(role));
    if (breaks === undefined) return [];
    const { file, line } = origin();
    const where = policy === intent ? `line ${line}` : `the policy "${policy.policy}", ${file}:${line},`;
    const message = `${formatRole(role)} lets whoever is given it ${breaks.outcomes.join(' and ')} ${formatNamespace(ns)}, which ${where} makes ${protection}: it can ${breaks.does}. ${holderText(role, policies)}. Narrow it, or remove it`;
    return [{ message, at }];
  });
}

/** An account of another policy may hold what that one calls by the same name. */
function holderText(role: RoleRef, policies: readonly Intent[]): string {
  for (const { policy, users } of policies) {
    const holder = users.find(({ user }) => user.roles.some((held) => roleKey(held) === roleKey(role)));
    if (holder) return `${formatUser(holder.user)} of the policy "${policy}" holds a role of that name`;
  }
  return 'Nobody holds the role yet';
}

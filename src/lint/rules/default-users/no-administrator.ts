import { formatUser, userKey } from '../../../model/names.ts';
import { CLUSTER } from '../../../model/resource.ts';
import { exemptionsOn } from '../../../policy/exemptions.ts';
import type { LintContext, LintRule, RuleFinding } from '../../rule.ts';

/** Only where the policy could know: accounts that it does not define may administer as well. */
export const noAdministrator: LintRule = {
  kind: 'checks',
  name: 'default-users/no-administrator',
  description: 'Once the policy is carried out, nobody is left to administer users',
  recommended: 'error',
  source:
    "MongoDB's manual, “Enable Access Control”: a deployment needs a user administrator; without one only a restart without authorization helps",
  check: (context) => [...rewrittenAway(context), ...powerless(context)],
};

/** A restriction that takes administration from everybody, and nobody exempt. */
function rewrittenAway({ intent, today }: LintContext): RuleFinding[] {
  if (exemptionsOn(intent, today).count > 0) return [];
  return intent.restrictions
    .filter(({ users, except, deny, remedy }) => {
      const everybody = users.some((selector) => selector.kind === 'pattern' && /^\*(@\*)?$/.test(selector.pattern));
      return everybody && except.length === 0 && remedy === 'rewrite' && deny.includes('administer');
    })
    .map(({ origin }) => ({
      message:
        'this restriction takes the administration of users from every account, and no break-glass account keeps it. Nobody could grant anything any more. Name an account under breakGlass or except',
      at: origin,
    }));
}

/** All accounts of last resort are the policy's own, and none of them may administer. */
function powerless(context: LintContext): RuleFinding[] {
  const { intent, today } = context;
  const { isExempt } = exemptionsOn(intent, today);
  const current = intent.breakGlass.filter(({ user }) => isExempt(user));
  const defined = new Set(intent.users.map(({ user }) => userKey(user)));
  const [first] = current;
  if (first === undefined || !current.every(({ user }) => defined.has(userKey(user)))) return [];
  const able = new Set(context.who('administer', CLUSTER).map(({ user }) => userKey(user)));
  if (current.some(({ user }) => able.has(userKey(user)))) return [];
  const names = current.map(({ user }) => formatUser(user)).join(', ');
  const message = `no break-glass account can administer users: ${names}. Nobody could mend a lost password or a wrong grant. Grant one of them userAdminAnyDatabase or root, or name another account`;
  return [{ message, at: first.origin, severity: 'warning' }];
}

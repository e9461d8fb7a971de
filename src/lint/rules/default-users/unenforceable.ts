import { requirementText } from '../../../access/techniques.ts';
import { formatNamespace, formatUser, splitAt, userKey } from '../../../model/names.ts';
import type { IntentRestriction } from '../../../policy/intent.ts';
import type { LintContext, LintRule, RuleFinding } from '../../rule.ts';

export const unenforceable: LintRule = {
  kind: 'checks',
  name: 'default-users/unenforceable',
  description: 'A restriction can’t be enforced on an account that it names',
  recommended: 'warning',
  strict: 'error',
  source:
    "MongoDB's manual, “Role-Based Access Control”: there is no deny; a restriction is enforced by narrowing grants",
  check: (context) => [
    ...context.intent.restrictions.flatMap((restriction) => named(context, restriction)),
    ...withoutNarrower(context),
  ],
};

/** Accounts that a restriction names one by one, and does not reach. Patterns that reach others too are well. */
function named(context: LintContext, restriction: IntentRestriction): RuleFinding[] {
  const { intent } = context;
  return restriction.users.flatMap((selector): RuleFinding[] => {
    if (selector.kind !== 'pattern') return [];
    const { pattern } = selector;
    const say = (why: string): RuleFinding[] => [
      { message: `this restriction does nothing to ${pattern}, because ${why}`, at: restriction.origin },
    ];
    if (pattern.includes('*')) return [];
    if (splitAt(pattern) === undefined)
      return say('an account is written as name@db, and no other pattern matches it. Add the database, or a *');
    const user = { user: splitAt(pattern)?.name ?? '', db: splitAt(pattern)?.db ?? '' };
    if (formatUser(user) === '__system@local') {
      return say('members of the cluster authenticate with the key file, and no grant limits them. Guard the key file');
    }
    const glass = intent.breakGlass.find((entry) => userKey(entry.user) === userKey(user));
    if (glass !== undefined && context.isBreakGlass(user)) {
      return say(`it is break-glass until ${glass.until}. End the exemption, or take the account out of users`);
    }
    if (restriction.except.some((one) => userKey(one) === userKey(user))) {
      return say('the same restriction excepts it. Take the account out of users or of except');
    }
    const kept = intent.collections.find(
      ({ ns, access }) =>
        restriction.on.some((on) => matchesNamespace(on, formatNamespace(ns))) &&
        restriction.deny.some((outcome) => access.get(outcome)?.some((one) => userKey(one) === userKey(user))),
    );
    if (kept === undefined) return [];
    return say(
      `access of ${formatNamespace(kept.ns)} names it for what is denied here. Take the account out of one of the two`,
    );
  });
}

function matchesNamespace(on: string, ns: string): boolean {
  return on === ns || (on.endsWith('.*') && ns.startsWith(on.slice(0, -1)));
}

/** Accounts that the plan rewrites, and that stay able all the same: what they need the grant for has nothing narrower. */
function withoutNarrower(context: LintContext): RuleFinding[] {
  const seen = new Set<string>();
  return context.violations().flatMap(({ violation, at, fate }): RuleFinding[] => {
    const { principal, target, outcomes, on, path } = violation;
    if (
      violation.rule !== 'protection/restriction' ||
      fate !== 'undecided' ||
      principal === undefined ||
      seen.has(target)
    )
      return [];
    seen.add(target);
    const role = principal.path.at(-1) ?? '';
    const needed = principal.technique.requires.map(requirementText).join(' and ');
    const message = `${target} can ${outcomes.join(' and ')} ${on} by ${needed}, which ${role} grants. MongoDB has no narrower grant, so that ${target} can't be kept out with all of ${role}. Name ${target} under except, or give it another role`;
    return [{ message, at, grantPath: path }];
  });
}

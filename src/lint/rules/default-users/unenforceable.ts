import { scopeText } from '../../../access/scope.ts';
import { requirementText } from '../../../access/techniques.ts';
import { formatNamespace, formatUser, splitAt, userKey } from '../../../model/names.ts';
import type { IntentRestriction } from '../../../policy/intent.ts';
import type { LintContext, LintRule, RuleFinding } from '../../rule.ts';
import { breaches } from './restrictions.ts';

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
      { message: `this restriction does nothing to ${pattern}: ${why}`, at: restriction.origin },
    ];
    if (pattern.includes('*')) return [];
    if (splitAt(pattern) === undefined)
      return say('an account is written as name@db, and no other pattern matches it; add the database, or a *');
    const user = { user: splitAt(pattern)?.name ?? '', db: splitAt(pattern)?.db ?? '' };
    if (formatUser(user) === '__system@local') {
      return say(
        'members of the cluster authenticate by the key file, and no grant narrows what they may; guard the key file',
      );
    }
    const glass = intent.breakGlass.find((entry) => userKey(entry.user) === userKey(user));
    if (glass !== undefined && context.isBreakGlass(user)) {
      return say(`it is break-glass until ${glass.until}; end the exemption, or leave it out here`);
    }
    if (restriction.except.some((one) => userKey(one) === userKey(user))) {
      return say('the same restriction excepts it; take it out of users or of except');
    }
    const kept = intent.collections.find(
      ({ ns, access }) =>
        restriction.on.some((on) => matchesNamespace(on, formatNamespace(ns))) &&
        restriction.deny.some((outcome) => access.get(outcome)?.some((one) => userKey(one) === userKey(user))),
    );
    if (kept === undefined) return [];
    return say(`access of ${formatNamespace(kept.ns)} names it for what is denied here; take it out of one of the two`);
  });
}

function matchesNamespace(on: string, ns: string): boolean {
  return on === ns || (on.endsWith('.*') && ns.startsWith(on.slice(0, -1)));
}

/** Accounts whose grants are to be rewritten, and whose way is an action that has nothing narrower. */
function withoutNarrower(context: LintContext): RuleFinding[] {
  const seen = new Set<string>();
  return breaches(context).flatMap(({ restriction, entry, principal, outcomes, on }): RuleFinding[] => {
    if (!entry.adopted || restriction.remedy !== 'rewrite') return [];
    const needed = principal.technique.requires.find(({ on }) => ['cluster', 'local.oplog.rs'].includes(scopeText(on)));
    const name = formatUser(entry.user);
    if (needed === undefined || principal.steps.length > 1 || seen.has(name)) return [];
    seen.add(name);
    const role = principal.path.at(-1) ?? '';
    const message = `${name} can ${outcomes.join(' and ')} ${on} by ${requirementText(needed)}, which ${role} grants, and MongoDB has nothing narrower: it can't keep ${role} whole and be kept out; except it here, or give it another role`;
    return [{ message, at: context.grantOf(principal), grantPath: principal.path }];
  });
}

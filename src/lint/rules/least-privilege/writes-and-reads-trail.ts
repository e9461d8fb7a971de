import { formatUser, userKey } from '../../../model/names.ts';
import { collectionTarget } from '../../../model/resource.ts';
import type { IntentCollection } from '../../../policy/intent.ts';
import type { LintContext, LintRule, RuleFinding } from '../../rule.ts';
import { isTrail } from '../guided-trail.ts';

export const writesAndReadsTrail: LintRule = {
  kind: 'checks',
  name: 'least-privilege/writes-and-reads-trail',
  description: 'One account both writes and reads an audit trail',
  recommended: 'warning',
  source: 'the audit-trail guide: a user with roles that allow only insert or read; OWASP Logging Cheat Sheet',
  check: (context) => context.intent.collections.filter(isTrail).flatMap((entry) => both(context, entry)),
};

function both(context: LintContext, { ns }: IntentCollection): RuleFinding[] {
  const target = collectionTarget(ns);
  const told = context.isTold;
  const direct = (outcome: 'insert' | 'read') =>
    context.who(outcome, target).filter(({ user, kind }) => kind === 'direct' && !context.isBreakGlass(user));
  const writers = new Map(direct('insert').map((principal) => [userKey(principal.user), principal]));
  return direct('read').flatMap((reader) => {
    const writer = writers.get(userKey(reader.user));
    const at = context.grantOf(reader);
    if (writer === undefined || told(at) || told(context.grantOf(writer))) return [];
    const name = formatUser(reader.user);
    const message = `${name} can ${writer.steps.join(', then ')} and ${reader.steps.join(', then ')}. Whoever takes over that service can read the trail and forge records that fit. Read the trail with another account`;
    return [{ message, at, grantPath: reader.path }];
  });
}

import { formatNamespace, formatUser, userKey } from '../../../model/names.ts';
import type { Outcome } from '../../../model/outcomes.ts';
import { collectionTarget } from '../../../model/resource.ts';
import type { IntentCollection, Origin } from '../../../policy/intent.ts';
import type { LintContext, LintRule, RuleFinding } from '../../rule.ts';
import { isSettled, partOf } from '../entry-place.ts';
import { isTrail } from '../guided-trail.ts';

export const noWriter: LintRule = {
  kind: 'checks',
  name: 'protection/no-writer',
  description: 'No account of the policy can write to an append-only collection',
  recommended: 'warning',
  source:
    'the audit-trail guide: dedicated credentials write the trail; where they are missing, it stays empty unnoticed',
  check: (context) =>
    context.intent.collections.filter(isTrail).flatMap((entry) =>
      unserved(context, entry, 'insert', 'insert', {
        nobody: 'Nothing is recorded there, unless an account that no policy knows does it',
        mend: 'Define the account that writes it, with a role of insert-only',
      }),
    ),
};

/** Shared with protection/no-reader: nobody of the policy can, or one who is named by `access` can't. */
export function unserved(
  context: LintContext,
  entry: IntentCollection,
  outcome: Outcome,
  action: string,
  words: { readonly nobody: string; readonly mend: string },
): RuleFinding[] {
  const { intent } = context;
  // Without users the policy leaves it to another one who holds its roles.
  if (intent.users.length === 0 || !isSettled(context)) return [];
  const ns = formatNamespace(entry.ns);
  const named = entry.access.get(outcome) ?? [];
  // An empty list says so: nobody but break-glass accounts.
  if (entry.access.has(outcome) && named.length === 0) return [];
  const defined = new Set(intent.users.map(({ user }) => userKey(user)));
  const able = context.who(outcome, collectionTarget(entry.ns)).filter(({ kind }) => kind === 'direct');
  const ableKeys = new Set(able.map(({ user }) => userKey(user)));
  const unable = named.flatMap((user, index): RuleFinding[] => {
    if (!defined.has(userKey(user)) || ableKeys.has(userKey(user))) return [];
    const at: Origin = partOf(context, entry.origin, ['access', outcome, index]);
    const message = `access of ${ns} names ${formatUser(user)} for ${outcome}, but none of its roles grants ${action} there. The server will refuse its requests. Grant it a role that does, or take the name out`;
    return [{ message, at }];
  });
  if (unable.length > 0) return unable;
  const elsewhere = named.some((user) => !defined.has(userKey(user)));
  if (elsewhere || able.some(({ user }) => !context.isBreakGlass(user))) return [];
  const message = `no account of this policy can ${outcome === 'insert' ? 'insert into' : outcome} ${ns}. ${words.nobody}. ${words.mend}`;
  return [{ message, at: entry.origin, unsaid: true }];
}

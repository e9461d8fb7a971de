import type { Principal } from '../../../access/analysis.ts';
import { formatNamespace, formatUser, userKey } from '../../../model/names.ts';
import { collectionTarget } from '../../../model/resource.ts';
import type { IntentCollection } from '../../../policy/intent.ts';
import type { LintContext, LintRule, RuleFinding } from '../../rule.ts';

/** Of collections that have a validator to get past, and that are protected or sealed. */
export const unseal: LintRule = {
  kind: 'checks',
  name: 'protection/unseal',
  description: 'An account can get plaintext past the validator of a protected collection, or take the validator away',
  recommended: 'error',
  source:
    'the audit-trail guide: encryption of sensitive fields at rest; each technique was tried on a MongoDB 4.4 server',
  check: (context) => unsealers(context).map(({ entry, principal }) => finding(context, entry, principal)),
};

interface Unsealer {
  readonly entry: IntentCollection;
  readonly principal: Principal;
}

/** Who can, and is neither exempt nor told of by another protection at the same line. */
export function unsealers(context: LintContext): readonly Unsealer[] {
  const told = context.isTold;
  return context.intent.collections.flatMap((entry) => {
    const validated = entry.validation !== undefined || entry.encryption !== undefined;
    const guarded = entry.protection !== 'none' || entry.encryption !== undefined;
    if (!validated || !guarded) return [];
    const named = new Set((entry.access.get('unseal') ?? []).map(userKey));
    return context
      .who('unseal', collectionTarget(entry.ns))
      .filter(({ user, kind }) => kind !== 'server' && !context.isBreakGlass(user) && !named.has(userKey(user)))
      .filter((principal) => isWorthIt(context, entry, principal) && !told(context.grantOf(principal)))
      .map((principal) => ({ entry, principal }));
  });
}

/** An account that administers a collection which is sealed, but not protected, has to change its validator. */
function isWorthIt(context: LintContext, entry: IntentCollection, { user, technique }: Principal): boolean {
  if (!context.canOnceRewritten(user, 'unseal', entry.ns)) return false;
  return entry.protection !== 'none' || technique.id.startsWith('validation-bypass');
}

function finding(context: LintContext, { ns }: IntentCollection, principal: Principal): RuleFinding {
  const message = `${formatUser(principal.user)} can unseal ${formatNamespace(ns)} through ${principal.path[1] ?? ''}. It can ${principal.steps.join(', then ')}, so that the server stores plaintext and incomplete documents. Revoke ${principal.path[1] ?? ''}, or name ${formatUser(principal.user)} under breakGlass`;
  return { message, at: context.grantOf(principal), grantPath: principal.path };
}

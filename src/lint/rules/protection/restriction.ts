import { formatUser } from '../../../model/names.ts';
import type { LintRule } from '../../rule.ts';
import { type Breach, breaches } from '../default-users/restrictions.ts';
import { placeKey, toldByProtection } from '../least-privilege/exposed.ts';

export const restriction: LintRule = {
  kind: 'checks',
  name: 'protection/restriction',
  description: 'An account that the policy itself defines can do what a restriction denies it',
  recommended: 'error',
  source: 'the audit-trail guide: default users can’t access, update or delete audit logs',
  check: (context) => {
    const told = toldByProtection(context);
    const seen = new Map<string, { readonly breach: Breach; readonly on: string[] }>();
    for (const breach of breaches(context)) {
      // An adopted account is rewritten, and stays what it was until then.
      if (breach.entry.adopted && breach.restriction.remedy === 'rewrite') continue;
      const at = context.grantOf(breach.principal);
      if (told(at)) continue;
      const key = `${placeKey(at)} ${placeKey(breach.restriction.origin)} ${formatUser(breach.entry.user)}`;
      const known = seen.get(key);
      if (known === undefined) seen.set(key, { breach, on: [breach.on] });
      else if (!known.on.includes(breach.on)) known.on.push(breach.on);
    }
    return [...seen.values()].map(
      ({
        breach: {
          restriction: { origin },
          principal,
          outcomes,
          entry,
        },
        on,
      }) => {
        const { file, line } = origin();
        const at = context.grantOf(principal);
        const where = file === at().file ? `line ${line}` : `${file}:${line}`;
        const weakness = principal.kind === 'server';
        const remedy = weakness
          ? `this release lets it: ${principal.way.remedy ?? 'upgrade'}`
          : `revoke ${principal.path[1] ?? ''} from it, or except it from the restriction`;
        return {
          message: `${formatUser(entry.user)} can ${outcomes.join(' and ')} ${on.join(' and ')}, which the restriction in ${where} denies it: it can ${principal.steps.join(', then ')}; ${remedy}`,
          at,
          way: principal.path,
          ...(weakness && { severity: 'warning' as const }),
        };
      },
    );
  },
};

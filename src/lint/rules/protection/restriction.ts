import { formatUser } from '../../../model/names.ts';
import type { Origin } from '../../../policy/intent.ts';
import type { LintRule } from '../../rule.ts';
import { type Breach, breaches } from '../default-users/restrictions.ts';
import { toldByProtection } from '../least-privilege/exposed.ts';
import { unsealers } from './unseal.ts';

export const restriction: LintRule = {
  kind: 'checks',
  name: 'protection/restriction',
  description: 'An account that the policy itself defines can do what a restriction denies it',
  recommended: 'error',
  source: 'the audit-trail guide: default users can’t access, update or delete audit logs',
  check: (context) => {
    const told = toldByProtection(context);
    const unsealing = new Set(unsealers(context).map(({ principal }) => context.grantOf(principal)));
    const seen: { readonly breach: Breach; readonly at: Origin; readonly on: string[] }[] = [];
    for (const breach of breaches(context)) {
      // An adopted account is rewritten, and stays what it was until then.
      if (breach.entry.adopted && breach.restriction.remedy === 'rewrite') continue;
      const at = context.grantOf(breach.principal);
      const unseals = breach.outcomes.every((outcome) => outcome === 'unseal') && unsealing.has(at);
      if (told(at) || unseals) continue;
      const known = seen.find(
        (one) => one.at === at && one.breach.entry === breach.entry && one.breach.restriction === breach.restriction,
      );
      if (known === undefined) seen.push({ breach, at, on: [breach.on] });
      else if (!known.on.includes(breach.on)) known.on.push(breach.on);
    }
    return seen.map(
      ({
        breach: {
          restriction: { origin },
          principal,
          outcomes,
          entry,
        },
        at,
        on,
      }) => {
        const { file, line } = origin();
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

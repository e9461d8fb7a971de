import { formatUser } from '../../../model/names.ts';
import { releaseLine } from '../../../model/version.ts';
import type { Origin } from '../../../policy/intent.ts';
import type { LintContext, LintRule } from '../../rule.ts';
import { type Breach, breaches } from '../default-users/restrictions.ts';
import { unsealers } from './unseal.ts';

interface Found {
  readonly breach: Breach;
  /** The release that lets it, if it is not the oldest one. */
  readonly release: string | undefined;
}

/** Those on the oldest release that the policy admits, and what only the newest lets a grant do. */
function allBreaches(context: LintContext): readonly Found[] {
  const oldest = breaches(context);
  const { newest } = context;
  if (newest === undefined) return oldest.map((breach) => ({ breach, release: undefined }));
  const later = breaches(newest).flatMap((breach): Found[] => {
    const known = oldest
      .filter((one) => one.entry === breach.entry && one.restriction === breach.restriction && one.on === breach.on)
      .flatMap((one) => one.outcomes);
    const outcomes = breach.outcomes.filter((outcome) => !known.includes(outcome));
    if (outcomes.length === 0 || breach.principal.kind === 'server') return [];
    return [{ breach: { ...breach, outcomes }, release: releaseLine(newest.version) }];
  });
  return [...oldest.map((breach) => ({ breach, release: undefined })), ...later];
}

export const restriction: LintRule = {
  kind: 'checks',
  name: 'protection/restriction',
  description: 'An account that the policy itself defines can do what a restriction denies it',
  recommended: 'error',
  source: 'the audit-trail guide: default users can’t access, update or delete audit logs',
  check: (context) => {
    const told = context.isTold;
    const unsealing = new Set(unsealers(context).map(({ principal }) => context.grantOf(principal)));
    const seen: (Found & { readonly at: Origin; readonly on: string[] })[] = [];
    for (const { breach, release } of allBreaches(context)) {
      // An adopted account is rewritten, and stays what it was until then.
      if (breach.entry.adopted && breach.restriction.remedy === 'rewrite') continue;
      const at = context.grantOf(breach.principal);
      const unseals = breach.outcomes.every((outcome) => outcome === 'unseal') && unsealing.has(at);
      if (told(at) || unseals) continue;
      const known = seen.find(
        (one) =>
          one.at === at &&
          one.release === release &&
          one.breach.entry === breach.entry &&
          one.breach.restriction === breach.restriction,
      );
      if (known === undefined) seen.push({ breach, release, at, on: [breach.on] });
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
        release,
        at,
        on,
      }) => {
        const { file, line } = origin();
        const where = file === at().file ? `line ${line}` : `${file}:${line}`;
        const vulnerability = principal.kind === 'server';
        const remedy = vulnerability
          ? `this release lets it: ${principal.technique.remedy ?? 'upgrade'}`
          : `revoke ${principal.path[1] ?? ''} from it, or except it from the restriction`;
        return {
          message: `${formatUser(entry.user)} can ${outcomes.join(' and ')} ${on.join(' and ')}, which the restriction in ${where} denies it: it can ${principal.steps.join(', then ')}; ${remedy}${release === undefined ? '' : ` (on MongoDB ${release}, which the policy admits too)`}`,
          at,
          grantPath: principal.path,
          ...(vulnerability && { severity: 'warning' as const }),
        };
      },
    );
  },
};

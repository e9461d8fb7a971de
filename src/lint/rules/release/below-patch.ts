import { mendedIn, VULNERABILITIES, type Vulnerability } from '../../../access/vulnerabilities.ts';
import { compareVersions, releaseLine } from '../../../model/version.ts';
import type { LintRule } from '../../rule.ts';
import { partOf, topLevel } from '../entry-place.ts';

/** Those by which somebody gets what no role gives. */
const REPORTED: readonly Vulnerability[] = [
  VULNERABILITIES.applyOpsUnchecked,
  VULNERABILITIES.applyOpsByUuid,
  VULNERABILITIES.accountMechanisms,
  VULNERABILITIES.profileFilter,
];

export const belowPatch: LintRule = {
  kind: 'checks',
  name: 'release/below-patch',
  description: 'The policy admits a patch release from before a reported vulnerability was mended',
  recommended: 'warning',
  strict: 'error',
  source: 'SERVER-36263, CVE-2026-18696, CVE-2026-6915 and CVE-2026-25609',
  check: (context) => {
    const { cluster } = context.intent;
    const at = topLevel(context, 'cluster');
    // A range that names no patch, such as ">=5.0", says which features are needed and not which server runs.
    const patch = /(?:^|\s)(?:>=|=|>)?\d+\.\d+\.[1-9]/.test(cluster.version ?? '');
    if (!patch || at === undefined) return [];
    const line = releaseLine(context.version);
    const told = new Set(
      context
        .violations()
        .flatMap(({ violation: { vulnerability, principal } }) => (vulnerability ? [principal?.technique.remedy] : [])),
    );
    const open = REPORTED.flatMap((vulnerability) => {
      const mended = vulnerability.mended[line];
      if (mended === undefined || mendedIn(vulnerability, context.version) || told.has(vulnerability.remedy)) return [];
      return [{ ...vulnerability, in: mended }];
    });
    const last = open
      .map((vulnerability) => vulnerability.in)
      .sort(compareVersions)
      .at(-1);
    if (last === undefined) return [];
    const list = open
      .map((vulnerability) => `${vulnerability.id}, by which ${vulnerability.harm} (mended in ${vulnerability.in})`)
      .join('; ');
    const message = `MongoDB ${context.version}, which the policy admits, has ${list}. Raise cluster.version to ${last}`;
    return [{ message, at: partOf(context, at, ['version']) }];
  },
};

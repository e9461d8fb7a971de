import { mendedIn, VULNERABILITIES } from '../../../access/vulnerabilities.ts';
import { releaseLine } from '../../../model/version.ts';
import type { LintRule } from '../../rule.ts';
import { partOf, topLevel } from '../entry-place.ts';

export const accountMechanisms: LintRule = {
  kind: 'checks',
  name: 'release/account-mechanisms',
  description: 'The oldest release that the policy admits lets any account weaken how another one logs in',
  recommended: 'off',
  strict: 'warning',
  source: 'CVE-2026-6915 (SERVER-119679); tried on a MongoDB 4.4 server',
  check: (context) => {
    const { intent, version } = context;
    const cluster = topLevel(context, 'cluster');
    const logins = intent.users.some(({ user }) => user.db !== '$external');
    if (cluster === undefined || intent.cluster.version === undefined || !logins) return [];
    // A patch release of a mended line is told by release/below-patch.
    const patched = VULNERABILITIES.accountMechanisms.mended;
    const told = /\d+\.\d+\.\d+/.test(intent.cluster.version) && releaseLine(version) in patched;
    if (told || mendedIn(VULNERABILITIES.accountMechanisms, version)) return [];
    const message = `on MongoDB ${releaseLine(version)}, which the policy admits, whoever can log in can take SCRAM-SHA-256 away from any other account by updateUser. That shuts a service out, or leaves it with SCRAM-SHA-1. To mend this, ${VULNERABILITIES.accountMechanisms.remedy}, and raise cluster.version`;
    return [{ message, at: partOf(context, cluster, ['version']) }];
  },
};

/** What the deployment itself must be, and exemptions that have ended. */
import { formatUser } from '../model/names.ts';
import { meetsTls } from '../model/tls.ts';
import { satisfies } from '../model/version.ts';
import { exemptionsOn } from '../policy/exemptions.ts';
import type { Intent } from '../policy/intent.ts';
import type { ClusterState } from '../state/state.ts';
import { exemptionsAt, NEAR_END_DAYS } from './deadlines.ts';
import { type ClusterRule, canJudge, DEPLOYMENT_DEMANDS } from './deployment-demands.ts';
import type { DriftFinding } from './finding.ts';

/** `cluster` of the policy (or what the cluster's entry says instead) against the settings. Unknown settings are not judged. */
export function demandFindings({ cluster, collections }: Intent, actual: ClusterState, today: string): DriftFinding[] {
  const { server, settings } = actual;
  const findings: DriftFinding[] = [];
  const demand = (rule: ClusterRule, message: string): void => {
    findings.push({ kind: 'demand', rule: `cluster/${rule}`, severity: 'error', target: 'cluster', message });
  };
  if (cluster.version !== undefined && !satisfies(server.version, cluster.version)) {
    demand('version', `the server is MongoDB ${server.version}, and the policy wants ${cluster.version}`);
  }
  const authorization = settings?.authorization;
  // Without authorization no protection holds, whatever the policy demands of the deployment.
  const needed = cluster.authorization === 'enabled' || collections.some(({ protection }) => protection !== 'none');
  if (needed && authorization !== undefined && authorization !== 'enabled') {
    const how = authorization === 'transition' ? ' (transitionToAuth)' : '';
    demand('authorization', `clients that have not logged in may read and write${how}: turn authorization on`);
  }
  if (cluster.tls !== undefined && settings?.tls !== undefined && !meetsTls(settings.tls, cluster.tls)) {
    demand('tls', `net.tls.mode is ${settings.tls}, and the policy wants ${cluster.tls}`);
  }
  for (const each of DEPLOYMENT_DEMANDS) {
    const { rule } = each;
    if (cluster[each.demand] === undefined || !canJudge(each, cluster, actual)) continue;
    const message = each.problem(cluster, settings ?? {}, server, today);
    if (message !== undefined) demand(rule, message);
  }
  return findings;
}

/** Break-glass entries whose last day has passed: the account is an account like any other again. */
export function expiredFindings(intent: Intent, today: string): DriftFinding[] {
  return exemptionsOn(intent, today).ended.map(({ user, until, origin }) => ({
    kind: 'break-glass',
    rule: 'break-glass/expired',
    severity: 'error',
    target: formatUser(user),
    message: `the exemption of ${formatUser(user)} ended on ${until}: renew it with a reason, or take the account's rights away`,
    origin,
  }));
}

/** Exemptions that hold today and end soon. */
export function endingFindings(intent: Intent, today: string): DriftFinding[] {
  return exemptionsAt(intent, today)
    .filter(({ daysLeft }) => daysLeft >= 0 && daysLeft <= NEAR_END_DAYS)
    .map(({ account, until }) => ({
      kind: 'break-glass',
      rule: 'break-glass/near-end',
      severity: 'warning',
      target: account,
      message: `the exemption of ${account} ends on ${until}: renew it with a reason, or take the account's rights away before`,
    }));
}

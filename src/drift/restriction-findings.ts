/** Restrictions against every account: who can what they deny, and what managed roles do not cover. */

import { assess } from '../access/analysis.ts';
import { type Demand, demandsOf, placeText } from '../access/violations/demand.ts';
import { roleGraph } from '../model/graph.ts';
import { formatRole, formatUser, roleKey } from '../model/names.ts';
import { sortedSet } from '../model/order.ts';
import type { Outcome } from '../model/outcomes.ts';
import type { Plan } from '../plan/plan.ts';
import { exemptionsOn } from '../policy/exemptions.ts';
import type { Intent } from '../policy/intent.ts';
import type { ClusterState } from '../state/state.ts';
import type { DriftFinding } from './finding.ts';

/** One finding for each account and place. Accounts whose exemption has ended are looked at like any other. */
export function restrictionFindings(intent: Intent, actual: ClusterState, today: string): DriftFinding[] {
  const { roles, users } = actual;
  if (roles === undefined || users === undefined || intent.restrictions.length === 0) return [];
  const graph = roleGraph(roles, actual.server.version);
  const held = (user: { readonly roles: Parameters<typeof graph.closure>[0] }): ReadonlySet<string> =>
    new Set(graph.closure(user.roles).map(roleKey));
  return demandsOf(intent, actual, held, exemptionsOn(intent, today))
    .filter(({ from }) => from === 'restriction')
    .flatMap((demand) => violations(demand, { roles, users }, actual.server.version));
}

function violations(demand: Demand, accounts: Parameters<typeof assess>[0], version: string): DriftFinding[] {
  const assessment = assess(accounts, version, demand.techniques);
  const byUser = new Map<
    string,
    { readonly outcomes: Outcome[]; readonly does: Set<string>; path: readonly string[] }
  >();
  for (const outcome of demand.deny) {
    const techniques = demand.techniques.filter((technique) => technique.outcomes.includes(outcome));
    for (const { user, steps, path } of assessment.who(techniques)) {
      if (!demand.covers(user)) continue;
      const known = byUser.get(formatUser(user)) ?? { outcomes: [], does: new Set<string>(), path };
      known.outcomes.push(outcome);
      known.does.add(steps.join(', then '));
      byUser.set(formatUser(user), known);
    }
  }
  return [...byUser].map(([target, { outcomes, does, path }]) => ({
    kind: 'restriction',
    rule: 'restriction/reach',
    severity: 'error',
    target,
    message: `${target} can ${sortedSet(outcomes).join(' and ')} ${placeText(demand)}, which the restriction denies it: it can ${[...does].join('; and ')}`,
    path,
    origin: demand.origin,
  }));
}

/** What there is now and managed roles do not name yet: their holders could use it before, and can't. */
export function uncoveredFindings(plan: Plan, actual: ClusterState): DriftFinding[] {
  const recorded = new Map(actual.objects?.map(({ kind, target, covers }) => [`${kind} ${target}`, covers ?? []]));
  return plan.managed.flatMap(({ role, replaces, covers }): DriftFinding[] => {
    const target = formatRole(role);
    const known = recorded.get(`role ${target}`);
    const missing = known === undefined ? [] : covers.filter((name) => !known.includes(name));
    if (missing.length === 0) return [];
    const message = `not covered: ${missing.join(', ')}; accounts hold ${target} in the place of ${formatRole(replaces)}, which reached it: migrate apply covers it`;
    return [{ kind: 'uncovered', rule: 'restriction/uncovered', severity: 'error', target, message }];
  });
}

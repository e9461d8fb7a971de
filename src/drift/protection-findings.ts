/** Protected collections against every account, as findings: who can what nobody may. */
import { protectionViolations } from '../access/violations/protections.ts';
import { formatNamespace } from '../model/names.ts';
import type { Intent, IntentCollection } from '../policy/intent.ts';
import type { ClusterState } from '../state/state.ts';
import type { DriftFinding } from './finding.ts';

/** Everything in a state that breaks a protection, an exclusive `access` or a dedicated database, as findings. */
export function protectionFindings(intent: Intent, actual: ClusterState, today: string): DriftFinding[] {
  const findings = protectionViolations(intent, actual, today).map(
    ({ rule, vulnerability, severity, collection, target, path, message }): DriftFinding => ({
      kind: vulnerability ? 'server' : 'protection',
      rule,
      severity,
      target,
      message,
      path,
      origin: collection.origin,
    }),
  );
  return [...findings, ...intent.collections.flatMap((entry) => strangers(entry, actual))];
}

/** Whatever else lives in a database that is dedicated to one collection. */
function strangers(entry: IntentCollection, actual: ClusterState): DriftFinding[] {
  const database = actual.databases?.find((candidate) => candidate.name === entry.ns.db);
  const target = formatNamespace(entry.ns);
  const others = (database?.collections ?? []).filter(
    ({ name }) => name !== entry.ns.collection && !name.startsWith('system.'),
  );
  if (!entry.dedicatedDatabase || others.length === 0) return [];
  return [
    {
      kind: 'protection',
      rule: 'protection/dedicated-database',
      severity: 'error',
      target: entry.ns.db,
      message: `${entry.ns.db} is for ${target} alone, and holds ${others.map(({ name }) => name).join(', ')} too`,
      origin: entry.origin,
    },
  ];
}

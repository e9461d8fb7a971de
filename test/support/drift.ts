/** A drift report's document on a state, as the command line puts it together. */
import { violationsOf } from '../../src/access/violations.ts';
import { type AccessMatrix, accessMatrix } from '../../src/drift/access-matrix.ts';
import { driftReport } from '../../src/drift/report.ts';
import { ofPolicy } from '../../src/drift/violation-findings.ts';
import type { Intent } from '../../src/policy/intent.ts';
import { type DocumentInput, type DriftDocument, driftDocument } from '../../src/report/drift/document.ts';
import { evidenceOf } from '../../src/report/evidence.ts';
import type { ClusterState } from '../../src/state/state.ts';

export const DRIFT_TODAY = '2026-11-23';

type More = Partial<Omit<DocumentInput, 'intent' | 'actual' | 'evidence'>> & {
  readonly now?: Date;
  readonly scan?: Parameters<typeof driftReport>[2]['scan'];
};

export function drifted(intent: Intent, actual: ClusterState, { now, scan, ...more }: More = {}): DriftDocument {
  const { cluster = 'prod', policies = [intent], today = DRIFT_TODAY } = more;
  const violations = violationsOf(policies, actual, { today });
  return driftDocument({
    cluster,
    intent,
    policies,
    actual,
    report: driftReport(intent, actual, { today, policies, violations, scan }),
    violations,
    version: '1.2.3',
    today,
    evidence: evidenceOf({
      now,
      today,
      tool: 'mongoward 1.2.3',
      policies,
      sources: [{ kind: 'cluster', name: cluster, state: actual }],
    }),
    ...more,
  });
}

export function matrixOf(intent: Intent, actual: ClusterState): AccessMatrix {
  const violations = ofPolicy(violationsOf([intent], actual, { today: DRIFT_TODAY }), intent.policy);
  return accessMatrix(intent, actual, { violations, today: DRIFT_TODAY });
}

/** The drift report, by the day on which it is asked for. */
import { type DriftReport, type DriftOptions as Options, driftReport as report } from '../drift/report.ts';
import type { Intent } from '../policy/intent.ts';
import type { ClusterState } from '../state/state.ts';

export type DriftOptions = Omit<Options, 'scan'>;

/**
 * Everything in which a state is not as a policy says: objects that are missing or changed, accounts that can do what a
 * protection or a restriction rules out, demands on the deployment that are not met. What the state does not know is
 * named in `unreadable`. Throws nothing.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { compilePolicy, driftReport, parsePolicyFile } from 'mongoward';
 *
 * const text = `
 * apiVersion: mongoward/v1
 * metadata: { name: trail }
 * collections:
 *   audit.logs: { protection: append-only }
 * `;
 * const { intent } = compilePolicy([parsePolicyFile({ file: 'trail.yaml', text })]);
 * const state = {
 *   server: { version: '8.0.4', edition: 'community', topology: 'replicaSet' },
 *   roles: [],
 *   users: [{ user: 'app', db: 'admin', roles: [{ role: 'readWrite', db: 'audit' }] }],
 *   databases: [{ name: 'audit', collections: [{ name: 'logs', type: 'collection', options: {}, indexes: [] }] }],
 *   objects: [{ kind: 'collection', target: 'audit.logs', policy: 'trail', created: false }],
 *   unreadable: [],
 * };
 * const { findings } = driftReport(intent, state, { today: '2026-11-23' });
 * assert.deepEqual(
 *   findings.map(({ rule, severity, target }) => [rule, severity, target]),
 *   [['protection/append-only', 'error', 'app@admin']],
 * );
 * assert.equal(findings[0].origin().line, 5);
 * ```
 */
export function driftReport(intent: Intent, state: ClusterState, options: DriftOptions): DriftReport {
  return report(intent, state, options);
}

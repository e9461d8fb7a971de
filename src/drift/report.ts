/** The drift report: everything in which a cluster is not as its policy says. */

import { type Violation, violationsOf } from '../access/violations.ts';
import { formatNamespace } from '../model/names.ts';
import { sortedBy } from '../model/order.ts';
import { makePlan } from '../plan/plan.ts';
import { exemptionsOn } from '../policy/exemptions.ts';
import type { Intent, IntentAttestation } from '../policy/intent.ts';
import type { ClusterState, Unreadable } from '../state/state.ts';
import { type AcceptedFinding, acceptRisks } from './accepted-risks.ts';
import { attestationFindings } from './attestation-findings.ts';
import { demandFindings, endingFindings, expiredFindings } from './demand-findings.ts';
import { differences } from './differences.ts';
import type { DriftFinding } from './finding.ts';
import { keyVaultFindings } from './key-vault-findings.ts';
import { migrationFindings, type NoteOnMigration } from './migration-findings.ts';
import { ownRecordFindings } from './own-record-findings.ts';
import { type ScanResult, scanFindings } from './scan-findings.ts';
import { strangerFindings } from './strangers.ts';
import { uncoveredFindings } from './uncovered-findings.ts';
import { unseenParts } from './unseen.ts';
import { violationFindings } from './violation-findings.ts';

export interface DriftReport {
  readonly policy: string;
  /** Errors first, then by target. */
  readonly findings: readonly DriftFinding[];
  /** What the policy accepts today, which is not among the findings. By target. */
  readonly accepted: readonly AcceptedFinding[];
  readonly unreadable: readonly Unreadable[];
  /** What people declare, and nothing here has observed. */
  readonly declared: readonly IntentAttestation[];
  /** The accounts that are exempt today. */
  readonly breakGlass: number;
  /** What is stored in sealed fields, if that was looked at. */
  readonly scan?: ScanResult;
}

function orderOf({ severity, target, rule, message }: DriftFinding): string {
  return `${SEVERITIES.indexOf(severity)}\0${target}\0${rule}\0${message}`;
}

const SEVERITIES = ['error', 'warning', 'info'];

export interface DriftOptions {
  /** `YYYY-MM-DD`: by it exemptions have ended, reviews are due, and data encryption keys are too old. */
  readonly today: string;
  /** What was found in sealed fields, if that was looked at. */
  readonly scan?: ScanResult | undefined;
  /** What `violationsOf` says of all these policies, for a caller that has asked already. */
  readonly violations?: readonly Violation[];
  /** All policies of the run, the policy among them: what one of them declares is no stranger. */
  readonly policies?: readonly Intent[];
  /** What is to be said of the migrations that are meant for the cluster. */
  readonly migrations?: readonly NoteOnMigration[] | undefined;
  /** What could not be seen besides the state: the folder of migrations, the journal. */
  readonly unseen?: readonly Unreadable[];
}

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
export function driftReport(
  intent: Intent,
  actual: ClusterState,
  {
    today,
    scan,
    policies = [intent],
    migrations,
    unseen = [],
    violations = violationsOf(policies, actual, { today }),
  }: DriftOptions,
): DriftReport {
  const scanned = intent.collections.find(({ ns }) => formatNamespace(ns) === scan?.ns);
  const plan = makePlan(intent, actual, { today });
  const found = [
    ...differences(plan),
    ...uncoveredFindings(plan, actual),
    ...strangerFindings({ intent, policies, plan, violations }, actual),
    ...ownRecordFindings(intent, actual, today),
    ...violationFindings(intent, violations),
    ...keyVaultFindings(intent, actual, today),
    ...demandFindings(intent, actual, today),
    ...expiredFindings(intent, today),
    ...endingFindings(intent, today),
    ...attestationFindings(intent, today),
    ...migrationFindings(migrations ?? []),
    ...(scanned && scan ? scanFindings(scanned, scan) : []),
  ];
  const unreadable = [...unseenParts(intent, actual), ...unseen];
  // What nobody could look at may be there all the same.
  const { findings, accepted } = acceptRisks(
    sortedBy(found, orderOf),
    intent.acceptedRisks,
    today,
    ({ rule, target }) =>
      unreadable.length === 0 &&
      (!rule.startsWith('encryption/scan-') || target === scan?.ns) &&
      (!rule.startsWith('migration/') || migrations !== undefined),
  );
  return {
    policy: intent.policy,
    findings: sortedBy(findings, orderOf),
    accepted,
    unreadable,
    declared: intent.attestations,
    breakGlass: exemptionsOn(intent, today).count,
    ...(scan && { scan }),
  };
}

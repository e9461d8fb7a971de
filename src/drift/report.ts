/** The drift report: everything in which a cluster is not as its policy says. */

import { formatNamespace } from '../model/names.ts';
import { sortedBy } from '../model/order.ts';
import { makePlan } from '../plan/plan.ts';
import { exemptionsOn } from '../policy/exemptions.ts';
import type { Intent, IntentAttestation } from '../policy/intent.ts';
import type { ClusterState, Unreadable } from '../state/state.ts';
import { attestationFindings } from './attestations.ts';
import { demandFindings, expiredFindings } from './demands.ts';
import { differences } from './differences.ts';
import type { DriftFinding } from './finding.ts';
import { keyVaultFindings } from './key-vaults.ts';
import { ownRecordFindings } from './own-records.ts';
import { type ScanResult, scanFindings } from './scan-findings.ts';
import { strangerFindings } from './strangers.ts';
import { uncoveredFindings } from './uncovered-findings.ts';
import { unseenParts } from './unseen.ts';
import { violationFindings } from './violation-findings.ts';

export interface DriftReport {
  readonly policy: string;
  /** Errors first, then by target. */
  readonly findings: readonly DriftFinding[];
  readonly unreadable: readonly Unreadable[];
  /** What people declare, and nothing here has observed. */
  readonly declared: readonly IntentAttestation[];
  /** The accounts that are exempt today. */
  readonly breakGlass: number;
  /** What is stored in sealed fields, if that was looked at. */
  readonly scan?: ScanResult;
}

const SEVERITIES = ['error', 'warning', 'info'];

export interface DriftOptions {
  /** `YYYY-MM-DD`: by it exemptions have ended, reviews are due, and data encryption keys are too old. */
  readonly today: string;
  /** What was found in sealed fields, if that was looked at. */
  readonly scan?: ScanResult | undefined;
  /** All policies of the run, the policy among them: what one of them declares is no stranger. */
  readonly policies?: readonly Intent[];
}

/** Compares the policy with the state. Pure. */
export function driftReport(
  intent: Intent,
  actual: ClusterState,
  { today, scan, policies = [intent] }: DriftOptions,
): DriftReport {
  const scanned = intent.collections.find(({ ns }) => formatNamespace(ns) === scan?.ns);
  const plan = makePlan(intent, actual, { today });
  const findings = [
    ...differences(plan),
    ...uncoveredFindings(plan, actual),
    ...strangerFindings({ intent, policies, plan, today }, actual),
    ...ownRecordFindings(intent, actual, today),
    ...violationFindings(intent, actual, today),
    ...keyVaultFindings(intent, actual, today),
    ...demandFindings(intent, actual),
    ...expiredFindings(intent, today),
    ...attestationFindings(intent, today),
    ...(scanned && scan ? scanFindings(scanned, scan) : []),
  ];
  return {
    policy: intent.policy,
    findings: sortedBy(
      findings,
      ({ severity, target, rule, message }) => `${SEVERITIES.indexOf(severity)}\0${target}\0${rule}\0${message}`,
    ),
    unreadable: unseenParts(intent, actual),
    declared: intent.attestations,
    breakGlass: exemptionsOn(intent, today).count,
    ...(scan && { scan }),
  };
}

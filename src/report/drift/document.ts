/** What a drift report has to show of one cluster, in whichever form. */
import type { Violation } from '../../access/violations.ts';
import { type AccessMatrix, accessMatrix } from '../../drift/access-matrix.ts';
import { type ChecklistPoint, checklist } from '../../drift/checklist.ts';
import { type Exemption, exemptionsAt, type Review, reviewsAt } from '../../drift/deadlines.ts';
import type { DriftFinding } from '../../drift/finding.ts';
import type { Changes } from '../../drift/past-report.ts';
import type { DriftReport } from '../../drift/report.ts';
import { ofPolicy } from '../../drift/violation-findings.ts';
import type { Intent } from '../../policy/intent.ts';
import type { ClusterState, ServerInfo } from '../../state/state.ts';
import type { Evidence } from '../evidence.ts';

export interface DriftDocument {
  /** For people: the cluster's name in the configuration with its hosts, or these alone; of a snapshot the file. */
  readonly cluster: string;
  /** What tells it apart from others for programs, the same whether it can be read or not: its name in the configuration. */
  readonly id: string;
  readonly server: ServerInfo;
  readonly report: DriftReport;
  readonly matrix: AccessMatrix;
  readonly checklist: readonly ChecklistPoint[];
  readonly exemptions: readonly Exemption[];
  readonly reviews: readonly Review[];
  /** The policy's files. */
  readonly files: readonly string[];
  /** Of the program. */
  readonly version: string;
  /** `YYYY-MM-DD` */
  readonly today: string;
  /** What the report is made from. */
  readonly evidence: Evidence;
  readonly since?: Since;
  readonly baseline?: Baseline;
}

/** What is new and what is gone since the report of that file. */
export interface Since extends Pick<Changes, 'added' | 'gone'> {
  readonly file: string;
  /** The file says nothing of this cluster, so that everything is new. */
  readonly absent: boolean;
}

/** What the report of that file, which somebody has accepted, covers. The report's own findings are without it. */
export interface Baseline {
  readonly file: string;
  readonly accepted: readonly DriftFinding[];
  /** How many of its findings are there no more. */
  readonly gone: number;
  /** The file says nothing of this cluster, so that it accepts nothing. */
  readonly absent: boolean;
}

export interface DocumentInput {
  readonly cluster: string;
  /** Absent: it is told apart by what it is shown as. */
  readonly id?: string;
  readonly intent: Intent;
  readonly policies: readonly Intent[];
  readonly actual: ClusterState;
  readonly report: DriftReport;
  /** What the state violates of all these policies. */
  readonly violations: readonly Violation[];
  readonly version: string;
  readonly today: string;
  readonly evidence: Evidence;
  readonly since?: Since | undefined;
  readonly baseline?: Baseline | undefined;
}

/** Computes what the report itself leaves out: who can what, the checklist, the days that come. Pure. */
export function driftDocument(input: DocumentInput): DriftDocument {
  const { cluster, intent, policies, actual, report, version, today, evidence, since, baseline } = input;
  const violations = ofPolicy(input.violations, intent.policy);
  const matrix = accessMatrix(intent, actual, { violations, today, policies });
  return {
    cluster,
    id: input.id ?? cluster,
    server: actual.server,
    report,
    matrix,
    checklist: checklist({ intent, actual, report: withAll(report, baseline), matrix, today }),
    exemptions: exemptionsAt(intent, today),
    reviews: reviewsAt(intent, today),
    files: intent.files,
    version,
    today,
    evidence,
    ...(since && { since }),
    ...(baseline && { baseline }),
  };
}

/** What somebody has accepted is so all the same. */
function withAll(report: DriftReport, baseline: Baseline | undefined): DriftReport {
  const accepted = [...report.accepted.map(({ finding }) => finding), ...(baseline?.accepted ?? [])];
  return accepted.length === 0 ? report : { ...report, findings: [...report.findings, ...accepted] };
}

/** A drift report as findings, for the forms that other programs read. */
import type { DriftFinding } from '../../drift/finding.ts';
import { fingerprintOf } from '../../drift/finding-fingerprint.ts';
import type { DriftReport } from '../../drift/report.ts';
import type { Facts, FindingsReport, ReportedFinding } from '../findings.ts';

export function driftFindings(
  report: DriftReport,
  cluster: string,
  files: readonly string[],
  facts: Facts,
): FindingsReport {
  return {
    ...facts,
    command: 'drift report',
    subject: `policy "${report.policy}" and ${cluster}`,
    findings: report.findings.map(reportedFinding),
    unseen: report.unreadable.map(({ what, why }) => `${what}: ${why}`),
    files,
  };
}

export function reportedFinding(finding: DriftFinding): ReportedFinding {
  const { rule, severity, target, message, path, origin } = finding;
  return {
    rule,
    severity,
    target,
    message,
    fingerprint: fingerprintOf(finding),
    ...(path && { grantPath: path }),
    ...(origin && { at: origin() }),
  };
}

/** The CRUD Service against the policy, as text, as JSON and for other programs. */
import type { EnvironmentFinding } from '../crud-service/deployment.ts';
import type { CrudServiceReport as ReportJson } from '../generated/output-policy-crud-service.ts';
import { paintDiffLine } from './diff-line.ts';
import { type Evidence, evidenceText } from './evidence.ts';
import { type Facts, type FindingsReport, findingsSummary } from './findings.ts';
import { countSeverities, findingText } from './findings-text.ts';
import { count, wrap } from './layout.ts';
import type { Paint } from './paint.ts';

export interface CrudServiceReport {
  readonly policy: string;
  readonly folder: string;
  /** In the order in which they are shown. */
  readonly findings: readonly EnvironmentFinding[];
  /** What `--write` would do, or has done. */
  readonly changes: readonly { readonly file: string; readonly diff: string }[];
  readonly written: boolean;
  /** What could not be looked at, and why. */
  readonly unreadable: readonly { readonly what: string; readonly why: string }[];
  /** The files that were looked at. */
  readonly files: readonly string[];
}

export function crudServiceText(report: CrudServiceReport, evidence: Evidence, paint: Paint): string {
  const { findings, changes, written, unreadable } = report;
  const blocks = findings.map(({ at, ...finding }) =>
    findingText({ ...finding, ...(at && { where: `${at.file}:${at.line}:${at.column}` }) }, paint),
  );
  const diffs = changes.flatMap(({ diff }) => diff.trimEnd().split('\n'));
  const shown = diffs.map((line) => paintDiffLine(line, paint)).join('\n');
  const unseen = unreadable.map(({ what, why }) => wrap(`not read: ${what}: ${why}`, 2, paint.width));
  const changed = count(changes.length, 'definition');
  const last = [
    ...(changes.length === 0 ? [] : [written ? `${changed} written` : `${changed} to be written: add --write`]),
    findingsSummary({ findings, unseen: unreadable.map(({ what }) => what) }),
  ].join('; ');
  const clean = changes.length + findings.length + unreadable.length === 0;
  const closing = clean
    ? paint('green', wrap(`${report.folder} is as the policy "${report.policy}" says.`, 0, paint.width))
    : paint('bold', wrap(`${last}.`, 0, paint.width));
  return [...blocks, ...(shown === '' ? [] : [shown]), ...unseen, evidenceText(evidence, paint), closing].join('\n\n');
}

export function crudServiceJson(
  { findings, changes, written, unreadable }: CrudServiceReport,
  evidence: Evidence,
): ReportJson {
  return {
    evidence,
    findings: findings.map(({ rule, severity, message, at }) => ({
      rule,
      severity,
      message,
      ...(at && { file: at.file, line: at.line, column: at.column, path: at.path }),
    })),
    changes: [...changes],
    written,
    unreadable: [...unreadable],
    summary: countSeverities(findings),
  };
}

export function crudServiceFindings(report: CrudServiceReport, facts: Facts): FindingsReport {
  return {
    ...facts,
    command: 'policy crud-service',
    subject: `policy "${report.policy}" and the CRUD Service's definitions in ${report.folder}`,
    findings: report.findings,
    unseen: report.unreadable.map(({ what, why }) => `${what}: ${why}`),
    files: report.files,
  };
}

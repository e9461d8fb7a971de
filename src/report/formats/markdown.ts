/** Markdown for a comment on a pull request or a job's summary: a table of findings, the summary first. */
import { loweredText } from '../evidence.ts';
import { type FindingsReport, findingsSummary, type ReportedFinding } from '../findings.ts';
import { code, evidenceBlock, table, text } from './markdown-parts.ts';

export function markdownFormat(report: FindingsReport): string {
  const { command, subject, findings, unseen, evidence } = report;
  const lowered = loweredText(evidence);
  const told = findings.filter(({ suppressed }) => suppressed === undefined);
  const held = findings.filter(({ suppressed }) => suppressed !== undefined);
  const blocks = [
    `### mongoward ${command}`,
    `**${text(findingsSummary(report))}** — ${text(subject)}`,
    ...(lowered === '' ? [] : [text(lowered)]),
    ...(unseen.length === 0 ? [] : [unseen.map((what) => `- **not seen**: ${text(what)}`).join('\n')]),
    ...(told.length === 0 ? [] : [table(['', 'Rule', 'Where', 'What'], told.map(row))]),
    ...(held.length === 0 ? [] : [table(['Suppressed', 'Where', 'Why'], held.map(heldRow))]),
    evidenceBlock(evidence),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function row({ rule, severity, message, grantPath, ...finding }: ReportedFinding): string[] {
  const by = grantPath === undefined ? '' : `<br>by ${text(grantPath.join(' → '))}`;
  return [severity, code(rule), where(finding), `${text(message)}${by}`];
}

function heldRow({ rule, suppressed, ...finding }: ReportedFinding): string[] {
  return [code(rule), where(finding), text(suppressed ?? '')];
}

function where({ at, target }: Pick<ReportedFinding, 'at' | 'target'>): string {
  if (at !== undefined) return code(`${at.file}:${at.line}`);
  return target === undefined ? '' : code(target);
}

/** Markdown for a comment on a pull request or a job's summary: a table of findings, the summary first. */
import { type Evidence, evidenceLines } from '../evidence.ts';
import { type FindingsReport, findingsSummary, type ReportedFinding } from '../findings.ts';

export function markdownFormat(report: FindingsReport): string {
  const { command, subject, findings, unseen, evidence } = report;
  const told = findings.filter(({ suppressed }) => suppressed === undefined);
  const held = findings.filter(({ suppressed }) => suppressed !== undefined);
  const blocks = [
    `### mongoward ${command}`,
    `**${text(findingsSummary(report))}** — ${text(subject)}`,
    ...(unseen.length === 0 ? [] : [unseen.map((what) => `- **not seen**: ${text(what)}`).join('\n')]),
    ...(told.length === 0 ? [] : [table(['', 'Rule', 'Where', 'What'], told.map(row))]),
    ...(held.length === 0 ? [] : [table(['Suppressed', 'Where', 'Why'], held.map(heldRow))]),
    evidenceBlock(evidence),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** What the report is made from; what could not be seen stands above the findings. */
export function evidenceBlock(evidence: Evidence): string {
  const lines = evidenceLines(evidence)
    .filter(({ label }) => label !== 'not seen')
    .map(({ label, text: said, alarming }) => `- ${alarming ? `**${label}**` : label}: ${text(said)}`);
  return ['#### Evidence', '', ...lines].join('\n');
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

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Nothing in a text may become markup, a mention or another cell. */
function text(raw: string): string {
  return raw
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_{}[\]()#|~!]/g, '\\$&')
    .replaceAll('@', '&#64;')
    .replaceAll(/\r?\n/g, '<br>');
}

/** In backquotes, of which there are more around it than in it. A bar would end the cell even there. */
function code(raw: string): string {
  const longest = Math.max(0, ...[...raw.matchAll(/`+/g)].map(([run]) => run.length));
  const quotes = '`'.repeat(longest + 1);
  const gap = raw.startsWith('`') || raw.endsWith('`') ? ' ' : '';
  return `${quotes}${gap}${raw.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')}${gap}${quotes}`;
}

/**
 * Workflow commands of GitHub Actions, which become annotations at the lines of a pull request (GitHub's documentation,
 * "Workflow commands for GitHub Actions", and how its toolkit escapes them).
 */
import type { FindingsReport, ReportedFinding } from '../findings.ts';

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' } as const;

export function githubFormat({ findings, unseen, command }: FindingsReport): string {
  const lines = [
    ...unseen.map((what) => `::error title=${property(command)}::${data(`not seen: ${what}`)}`),
    ...findings.filter(({ suppressed }) => suppressed === undefined).map(annotation),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function annotation({ rule, severity, message, at, grantPath }: ReportedFinding): string {
  const place = at === undefined ? '' : `file=${property(at.file)},line=${at.line},col=${at.column},`;
  const text = grantPath === undefined ? message : `${message}\nby ${grantPath.join(' → ')}`;
  return `::${COMMANDS[severity]} ${place}title=${property(rule)}::${data(text)}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** Findings for people, the same for the linter and for drift: what is wrong, where, through which grants. */

import { shownDiff } from './diff-line.ts';
import { count, wrap } from './layout.ts';
import type { Paint } from './paint.ts';

export interface FindingText {
  readonly severity: 'error' | 'warning' | 'info';
  readonly rule: string;
  readonly message: string;
  /** `file:line:column`, where there is one. */
  readonly where?: string;
  /** The grant path: user, roles, privilege. */
  readonly grantPath?: readonly string[];
  readonly diff?: readonly string[];
  /** The line that it is about, as it is shown. */
  readonly frame?: readonly string[];
}

export const SEVERITY_STYLES = { error: 'red', warning: 'yellow', info: 'cyan' } as const;

export function findingText(
  { severity, rule, message, where, grantPath, diff, frame }: FindingText,
  paint: Paint,
): string {
  const head = `${paint(SEVERITY_STYLES[severity], severity)} ${paint('dim', rule)}${where === undefined ? '' : ` ${where}`}`;
  return [
    head,
    `  ${wrap(message, 2, paint.width)}`,
    ...(grantPath === undefined ? [] : [`  ${paint('dim', wrap(`by ${grantPath.join(' → ')}`, 4, paint.width))}`]),
    ...(frame ?? []).map((line) => `  ${line}`),
    ...shownDiff(diff ?? [], paint),
  ].join('\n');
}

export interface SeverityCounts {
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
}

export function countSeverities(findings: readonly { readonly severity: FindingText['severity'] }[]): SeverityCounts {
  const of = (severity: FindingText['severity']): number =>
    findings.filter((finding) => finding.severity === severity).length;
  return { errors: of('error'), warnings: of('warning'), infos: of('info') };
}

/** `2 errors, 1 warning`, or nothing to say. */
export function severitySummary({ errors, warnings, infos }: SeverityCounts): string {
  const parts = [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
    ...(infos > 0 ? [count(infos, 'note')] : []),
  ];
  return parts.join(', ');
}

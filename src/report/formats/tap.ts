/** TAP 14 (testanything.org), a line for each thing that was tried, and a YAML block under what did not pass. */
import type { FindingsReport, ReportedCase, ReportedFinding } from '../findings.ts';

export function tapFormat({ findings, unseen, cases = [] }: FindingsReport): string {
  const ofCases = new Set(cases.flatMap((each) => each.findings));
  const others = findings
    .filter((finding) => !ofCases.has(finding))
    .map((finding): Point => ({ name: finding.rule, at: finding.at, findings: [finding] }));
  const points: readonly Point[] = [
    ...cases,
    ...others,
    ...unseen.map((what) => ({ name: `not seen: ${what}`, at: undefined, findings: [], fails: true })),
  ];
  return [
    'TAP version 14',
    `1..${points.length}`,
    ...points.flatMap((point, index) => pointLines(point, index + 1)),
    '',
  ].join('\n');
}

interface Point extends Omit<ReportedCase, 'at'> {
  readonly at: ReportedCase['at'] | undefined;
  readonly fails?: boolean;
}

function pointLines({ name, at, findings, fails = false }: Point, number: number): readonly string[] {
  const failed = fails || findings.some(({ severity }) => severity === 'error');
  const place = at === undefined ? '' : ` (${at.file}:${at.line})`;
  const head = `${failed ? 'not ok' : 'ok'} ${number} - ${escaped(`${name}${place}`)}`;
  return findings.length === 0 ? [head] : [head, '  ---', ...findings.flatMap(yamlLines), '  ...'];
}

function yamlLines({ rule, severity, message, grantPath }: ReportedFinding): readonly string[] {
  const by = grantPath === undefined ? {} : { by: grantPath.join(' → ') };
  return Object.entries({ message, ...by, rule, severity }).map(
    ([key, value], index) => `  ${index === 0 ? '- ' : '  '}${key}: ${JSON.stringify(value)}`,
  );
}

/** A number sign would begin a directive, such as one to skip. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('#', '\\#')
    .replaceAll(/[\r\n]/g, ' ');
}

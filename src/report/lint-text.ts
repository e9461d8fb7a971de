/** What the linter found, for people. */
import type { Problem } from '../policy/problem.ts';
import { countSeverities, findingText, severityVerdict } from './findings-text.ts';
import { count, wrap } from './layout.ts';
import type { Paint } from './paint.ts';

/** `policies` names what was linted: the verdict of a clean run. */
export function lintText(
  findings: readonly Problem[],
  policies: readonly string[],
  files: number,
  paint: Paint,
): string {
  const blocks = findings.map((finding) =>
    findingText({ ...finding, where: `${finding.file}:${finding.line}:${finding.column}` }, paint),
  );
  const counts = countSeverities(findings);
  const verdict = severityVerdict(counts);
  const names = policies.map((name) => `"${name}"`).join(', ');
  const last =
    verdict === ''
      ? paint('green', wrap(`Clean: policy ${names} in ${count(files, 'file')}.`, 0))
      : paint(counts.errors > 0 ? 'red' : 'yellow', `${verdict} in ${count(files, 'file')}.`);
  return [...blocks, last].join('\n\n');
}

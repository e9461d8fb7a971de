/** What the linter found, for people. */
import type { LintFinding, LintReport } from '../lint/lint.ts';
import { codeFrame } from './code-frame.ts';
import { type Evidence, evidenceText } from './evidence.ts';
import { countSeverities, findingText, severitySummary } from './findings-text.ts';
import { count, wrap } from './layout.ts';
import type { Paint } from './paint.ts';

/** The linter may see a whole estate of policies at once. */
const MOST_EVIDENCE = 12;

/** `linesOf` gives a file's lines, for the frames; the names of the policies are what a clean run says. */
export function lintText(
  { findings, suppressed, policies, files }: LintReport,
  linesOf: (file: string) => readonly string[],
  evidence: Evidence,
  paint: Paint,
): string {
  const secret = new Set([...findings, ...suppressed].filter((finding) => finding.secret).map(lineKey));
  const frameOf = (finding: LintFinding): readonly string[] =>
    secret.has(lineKey(finding)) ? [] : codeFrame(linesOf(finding.file), finding, paint);
  const blocks = findings.map((finding) =>
    findingText(
      {
        ...finding,
        where: `${finding.file}:${finding.line}:${finding.column}`,
        frame: frameOf(finding),
      },
      paint,
    ),
  );
  const counts = countSeverities(findings);
  const closing = severitySummary(counts);
  const names = policies.map((name) => `"${name}"`).join(', ');
  const held = suppressed.length === 0 ? '' : `, ${suppressed.length} suppressed`;
  const last =
    closing === ''
      ? paint('green', wrap(`Clean: policy ${names} in ${count(files, 'file')}${held}.`, 0, paint.width))
      : paint(counts.errors > 0 ? 'red' : 'yellow', `${closing}${held} in ${count(files, 'file')}.`);
  return [...blocks, evidenceText(evidence, paint, MOST_EVIDENCE), last].join('\n\n');
}

function lineKey({ file, line }: LintFinding): string {
  return `${file}\0${line}`;
}

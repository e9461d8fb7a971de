/** What the linter found, for people: the worst last, where the eye is, then how often each rule found something. */
import type { LintFinding, LintReport } from '../lint/lint.ts';
import { groupBy } from '../model/keyed.ts';
import { codeFrame } from './code-frame.ts';
import { type Evidence, evidenceText, loweredText } from './evidence.ts';
import { countSeverities, findingText, SEVERITY_STYLES, severitySummary } from './findings-text.ts';
import { count, wrap } from './layout.ts';
import type { Paint } from './paint.ts';

export interface LintTextOptions {
  /** Errors alone; how much else there is, is said. */
  readonly quiet?: boolean;
  /** Every finding of a rule, however many. */
  readonly full?: boolean;
}

type LinesOf = (file: string) => readonly string[];

const WEIGHTS = ['info', 'warning', 'error'] as const;

/** The linter may see a whole estate of policies at once. */
const MOST_EVIDENCE = 12;

/** More findings of one rule than this are told together, without the lines that they are about. */
const MOST_ALONE = 3;
const MOST_TOGETHER = 20;

/** More rules than this are counted at the end. */
const MOST_RULES = 3;

/** `linesOf` gives a file's lines, for the frames; the names of the policies are what a clean run says. */
export function lintText(
  report: LintReport,
  linesOf: LinesOf,
  evidence: Evidence,
  paint: Paint,
  { quiet = false, full = false }: LintTextOptions = {},
): string {
  const { findings } = report;
  const shown = quiet ? findings.filter(({ severity }) => severity === 'error') : findings;
  const frameOf = framesFor(report, linesOf, paint);
  const blocks = WEIGHTS.flatMap((weight) => {
    const weighted = shown.filter(({ severity }) => severity === weight);
    return [...groupBy(weighted, ({ rule }) => rule).values()]
      .sort((a, b) => weighted.indexOf(a[0]) - weighted.indexOf(b[0]))
      .flatMap((group) =>
        group.length > MOST_ALONE
          ? [groupText(group, paint, full)]
          : group.map((finding) =>
              findingText({ ...finding, where: placeOf(finding), frame: frameOf(finding) }, paint),
            ),
      );
  });
  return [
    ...blocks,
    ...(quiet ? [] : [evidenceText(evidence, paint, MOST_EVIDENCE)]),
    ...ruleCounts(shown, paint),
    closing(report, quiet, loweredText(evidence, ['suppression']), paint),
  ].join('\n\n');
}

function placeOf({ file, line, column }: LintFinding): string {
  return `${file}:${line}:${column}`;
}

/** No line is shown that holds a secret, whichever finding is about it. */
function framesFor({ findings, suppressed }: LintReport, linesOf: LinesOf, paint: Paint) {
  const lineKey = ({ file, line }: LintFinding): string => `${file}\0${line}`;
  const secret = new Set([...findings, ...suppressed].filter((finding) => finding.secret).map(lineKey));
  return (finding: LintFinding): readonly string[] =>
    secret.has(lineKey(finding)) ? [] : codeFrame(linesOf(finding.file), finding, paint);
}

/** What one rule found in many places. */
function groupText(group: readonly [LintFinding, ...LintFinding[]], paint: Paint, full: boolean): string {
  const [{ rule, severity }] = group;
  const shown = full ? group : group.slice(0, MOST_TOGETHER);
  const rest = group.length - shown.length;
  return [
    `${paint(SEVERITY_STYLES[severity], severity)} ${paint('dim', rule)} ${count(group.length, 'time')}`,
    ...shown.flatMap((finding) => [
      `  ${placeOf(finding)}`,
      `    ${wrap(finding.message, 4, paint.width)}`,
      ...(finding.grantPath === undefined
        ? []
        : [`    ${paint('dim', wrap(`by ${finding.grantPath.join(' → ')}`, 6, paint.width))}`]),
    ]),
    ...(rest === 0 ? [] : [paint('dim', `  and ${rest} more; --full shows all`)]),
  ].join('\n');
}

/** `  12 warnings least-privilege/wide-builtin`, those with the most first. */
function ruleCounts(shown: readonly LintFinding[], paint: Paint): readonly string[] {
  const rules = [...groupBy(shown, ({ rule, severity }) => `${severity} ${rule}`).values()];
  if (rules.length <= MOST_RULES) return [];
  const lines = rules
    .sort((a, b) => b.length - a.length || (a[0].rule < b[0].rule ? -1 : 1))
    .map((group) => `${String(group.length).padStart(6)} ${group[0].severity.padEnd(7)} ${group[0].rule}`);
  return [lines.map((line) => paint('dim', line)).join('\n')];
}

function closing(
  { findings, suppressed, policies, files }: LintReport,
  quiet: boolean,
  lowered: string,
  paint: Paint,
): string {
  const low = lowered === '' ? '' : ` ${lowered}`;
  const counts = countSeverities(findings);
  const held = suppressed.length === 0 ? '' : `, ${suppressed.length} suppressed`;
  const said = severitySummary(counts);
  if (said === '') {
    const names = policies.map((name) => `"${name}"`).join(', ');
    return paint(
      'green',
      wrap(
        `Clean: ${names === '' ? 'no policy' : `policy ${names}`} in ${count(files, 'file')}${held}.${low}`,
        0,
        paint.width,
      ),
    );
  }
  const hidden = quiet && counts.warnings + counts.infos > 0 ? ' --quiet shows errors alone.' : '';
  return paint(counts.errors > 0 ? 'red' : 'yellow', `${said}${held} in ${count(files, 'file')}.${low}${hidden}`);
}

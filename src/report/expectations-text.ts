/** A run of expectations for people: what failed with its line, what is not exercised, and the sum of it last. */
import { type Coverage, type CoverageItem, percentOf } from '../expect/coverage.ts';
import { countCovered, findingsOf, summaryOf, type TestReport } from '../expect/report.ts';
import type { FileResult } from '../expect/run.ts';
import { DISAGREEMENT, type ProofFinding } from '../expect/trial-result.ts';
import { codeFrame } from './code-frame.ts';
import type { Facts, FindingsReport, ReportedFinding } from './findings.ts';
import { findingText } from './findings-text.ts';
import { count, wrap } from './layout.ts';
import type { Paint } from './paint.ts';

export interface TestTextOptions {
  readonly linesOf: (file: string) => readonly string[];
  /** Name everything that is not exercised, and not only the first few. */
  readonly all: boolean;
  readonly paint: Paint;
}

export function testText(report: TestReport, { linesOf, all, paint }: TestTextOptions): string {
  const { files, coverage, server } = report;
  const blocks = [
    ...(server === undefined ? [] : [serverText(server, paint)]),
    files.map((file) => fileText(file, paint)).join('\n'),
    ...findingsOf(report).map((finding) => proofText(finding, linesOf, paint)),
    ...coverage.map((one) => coverageText(one, all, paint)),
    closing(report, paint),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

function serverText({ label, version, simulated, notes }: NonNullable<TestReport['server']>, paint: Paint): string {
  const what = simulated ? `Simulated, on ${label}.` : `On ${label}, MongoDB ${version}.`;
  return [
    paint('bold', wrap(what, 0, paint.width)),
    ...notes.map((note) => paint('dim', `  ${wrap(`${note}.`, 2, paint.width)}`)),
  ].join('\n');
}

function fileText({ file, results, problems }: FileResult, paint: Paint): string {
  const passed = results.filter(({ status }) => status === 'passed').length;
  const trials = results.reduce((sum, result) => sum + result.trials.length, 0);
  const whole = passed === results.length && problems.length === 0;
  const mark = whole ? paint('green', 'ok  ') : paint('red', 'FAIL');
  const told = `${passed} of ${count(results.length, 'expectation')}, ${count(trials, 'trial')}`;
  return `${mark} ${file.file}  ${paint('dim', `policy "${file.policy}": ${told}`)}`;
}

function proofText(finding: ProofFinding, linesOf: (file: string) => readonly string[], paint: Paint): string {
  const { file, line, column, rule, message } = finding;
  const frame = codeFrame(linesOf(file), finding, paint);
  const shown = { ...finding, message: rule === DISAGREEMENT ? paint('bold', message) : message };
  return findingText({ ...shown, where: `${file}:${line}:${column}`, frame }, paint);
}

/** The rest is told as a number: --format json has all of it. */
const MOST_SHOWN = 5;

function coverageText({ policy, items }: Coverage, all: boolean, paint: Paint): string {
  const [grants, protections] = [countCovered(items, 'grant'), countCovered(items, 'protection')];
  const percent = percentOf(items);
  const head = `Coverage of "${policy}": ${percent} % (${grants.covered} of ${count(grants.total, 'grant')}, ${protections.covered} of ${count(protections.total, 'protection')})`;
  const open = items.filter(({ covered }) => !covered);
  const shown = all ? open : open.slice(0, MOST_SHOWN);
  const more = open.length - shown.length;
  return [
    paint(percent === 100 ? 'green' : 'yellow', head),
    ...shown.map((item) => `  ${wrap(uncoveredText(item), 4, paint.width)}`),
    ...(more > 0 ? [paint('dim', `  and ${more} more: --coverage names them`)] : []),
  ].join('\n');
}

function uncoveredText({ kind, what, at }: CoverageItem): string {
  return `${at.file}:${at.line}: ${kind === 'grant' ? 'not exercised' : 'not tried'}: ${what}`;
}

function closing(report: TestReport, paint: Paint): string {
  const { expectations, passed, errors, warnings, disagreements, untried = 0 } = summaryOf(report);
  const told = [
    `${passed} of ${count(expectations, 'expectation')} hold${passed === 1 ? 's' : ''}`,
    ...(disagreements > 0
      ? [`model and server disagree ${disagreements === 1 ? 'once' : `${disagreements} times`}`]
      : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
    ...(untried > 0 ? [`${count(untried, 'trial')} by the model alone`] : []),
    ...(report.server?.simulated === true ? ['simulated'] : []),
  ];
  return paint(errors > 0 ? 'red' : warnings > 0 ? 'yellow' : 'green', wrap(`${told.join(', ')}.`, 0, paint.width));
}

/** The same for other programs: each expectation is a case. */
export function testFindings(report: TestReport, facts: Facts): FindingsReport {
  const { files } = report;
  const reported = new Map<ProofFinding, ReportedFinding>(
    findingsOf(report).map((finding) => {
      const { rule, severity, message, grantPath } = finding;
      return [finding, { rule, severity, message, at: finding, ...(grantPath && { grantPath }) }];
    }),
  );
  return {
    ...facts,
    command: 'policy test',
    subject: files.map(({ file }) => `policy "${file.policy}"`).join(', '),
    findings: [...reported.values()],
    cases: files.flatMap(({ results }) =>
      results.map(({ expectation, findings }) => ({
        name: expectation.sentence,
        at: expectation.origin(),
        findings: findings.flatMap((finding) => reported.get(finding) ?? []),
      })),
    ),
    unseen: [],
    files: files.map(({ file }) => file.file),
  };
}

/**
 * JUnit's XML, as CI servers read it: a suite for each file, a case for each finding, or for each thing that was tried, a
 * failure for each error, a skipped case where one is suppressed.
 */
import { type Evidence, evidenceLines } from '../evidence.ts';
import type { FindingsReport, ReportedCase, ReportedFinding } from '../findings.ts';

export function junitFormat(report: FindingsReport): string {
  const { command, subject, unseen, files, evidence, cases = [] } = report;
  const ofCases = new Set(cases.flatMap((each) => each.findings));
  const findings = report.findings.filter((finding) => !ofCases.has(finding));
  const nowhere = findings.filter(({ at }) => at === undefined);
  const elsewhere = findings.flatMap(({ at }) => at?.file ?? []);
  const parts = [
    ...(nowhere.length + unseen.length === 0 ? [] : [{ name: subject, found: nowhere, unseen, tried: [] }]),
    ...[...new Set([...files, ...elsewhere])].sort().map((file) => ({
      name: file,
      found: findings.filter(({ at }) => at?.file === file),
      unseen: [],
      tried: cases.filter(({ at }) => at.file === file),
    })),
  ];
  const suites = parts.map((part, index) => suite(part, index === 0 ? evidence : undefined));
  const failures = report.findings.filter(isFailure).length;
  const tests = suites.reduce((sum, { tests: inSuite }) => sum + inSuite, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: `mongoward ${command}`, tests, failures, errors: unseen.length })}>`,
    ...suites.flatMap(({ lines }) => lines),
    '</testsuites>',
    '',
  ].join('\n');
}

function isFailure({ severity, suppressed }: ReportedFinding): boolean {
  return severity === 'error' && suppressed === undefined;
}

interface Part {
  readonly name: string;
  readonly found: readonly ReportedFinding[];
  readonly unseen: readonly string[];
  readonly tried: readonly ReportedCase[];
}

function suite(
  { name, found, unseen, tried }: Part,
  evidence: Evidence | undefined,
): { readonly tests: number; readonly lines: readonly string[] } {
  const cases = [
    ...unseen.map((what) => ({
      name: 'everything can be seen',
      body: `<error${attributes({ message: what })}/>`,
    })),
    ...found.map((finding) => ({ name: caseName(finding), body: outcome(finding) })),
    ...tried.map((one) => ({
      name: `${one.name} (line ${one.at.line})`,
      body: one.findings.map(outcome).join(''),
    })),
  ];
  const shown = cases.length === 0 ? [{ name: 'nothing to say', body: '' }] : cases;
  const all = [...found, ...tried.flatMap((one) => one.findings)];
  const failures = all.filter(isFailure).length;
  const skipped = all.filter(({ suppressed }) => suppressed !== undefined).length;
  const counts = { name, tests: shown.length, failures, errors: unseen.length, skipped };
  return {
    tests: shown.length,
    lines: [
      `  <testsuite${attributes(counts)}>`,
      ...(evidence === undefined ? [] : properties(evidence)),
      ...shown.map((one) => `    <testcase${attributes({ classname: name, name: one.name })}>${one.body}</testcase>`),
      '  </testsuite>',
    ],
  };
}

/** The evidence is the first suite's: the form has no place for properties of a whole report. */
function properties(evidence: Evidence): readonly string[] {
  const lines = evidenceLines(evidence).map(
    ({ label, text }) => `      <property${attributes({ name: label, value: text })}/>`,
  );
  return ['    <properties>', ...lines, '    </properties>'];
}

function caseName({ rule, at, target }: ReportedFinding): string {
  if (at !== undefined) return `${rule} ${at.line}:${at.column}`;
  return target === undefined ? rule : `${rule} ${target}`;
}

function outcome({ rule, severity, message, suppressed, at, grantPath }: ReportedFinding): string {
  if (suppressed !== undefined) return `<skipped${attributes({ message: suppressed })}/>`;
  const place = at === undefined ? '' : `${at.file}:${at.line}:${at.column}: `;
  const text = xml(`${place}${message}${grantPath === undefined ? '' : `\nby ${grantPath.join(' → ')}`}`);
  return severity === 'error'
    ? `<failure${attributes({ type: rule, message })}>${text}</failure>`
    : `<system-out>${severity}: ${text}</system-out>`;
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${xml(String(value)).replaceAll('\n', '&#10;')}"`)
    .join('');
}

/** XML 1.0 can't hold most control characters nor half a surrogate pair, not even escaped. */
function xml(text: string): string {
  return text
    .replaceAll(/(?![\t\n\r])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

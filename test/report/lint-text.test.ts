/** The linter on a whole estate: what is told together, what comes last, what is left out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LintFinding, type LintReport, lintPolicies } from '../../src/lint/lint.ts';
import { parsePolicyFile } from '../../src/policy/compile.ts';
import { lintText } from '../../src/report/lint-text.ts';
import { plain } from '../../src/report/paint.ts';
import { inFolder, mongoward } from '../cli/terminal.ts';
import { policyText } from '../support/build.ts';
import { NO_EVIDENCE, TODAY } from './cases.ts';

const finding = (rule: string, severity: LintFinding['severity'], line: number): LintFinding => ({
  rule,
  severity,
  message: `what is wrong with ${line}`,
  file: 'p.yaml',
  line,
  column: 1,
  path: '',
});

const report = (findings: readonly LintFinding[]): LintReport => ({
  findings,
  suppressed: [],
  crashes: [],
  policies: ['p'],
  intents: [],
  broken: [],
  files: 1,
});

test('many findings of one rule are told together, errors last, each rule counted', () => {
  const many = [1, 2, 3, 4].map((line) => finding('family/many', 'error', line));
  const others = ['a', 'b', 'c'].map((rule, at) => finding(`family/${rule}`, 'warning', 10 + at));
  assert.equal(
    lintText(report([...many, ...others]), () => [], NO_EVIDENCE, plain),
    `warning family/a p.yaml:10:1
  what is wrong with 10

warning family/b p.yaml:11:1
  what is wrong with 11

warning family/c p.yaml:12:1
  what is wrong with 12

error family/many 4 times
  p.yaml:1:1
    what is wrong with 1
  p.yaml:2:1
    what is wrong with 2
  p.yaml:3:1
    what is wrong with 3
  p.yaml:4:1
    what is wrong with 4

made      by mongoward 1.2.3

     4 error   family/many
     1 warning family/a
     1 warning family/b
     1 warning family/c

4 errors, 3 warnings in 1 file.`,
  );
});

test('a rule with very many findings shows the first and counts the rest, unless all is wanted', () => {
  const many = report(Array.from({ length: 50 }, (_, at) => finding('family/many', 'error', at + 1)));
  const text = (full: boolean): string => lintText(many, () => [], NO_EVIDENCE, plain, { full });
  assert.match(text(false), /\n {2}p\.yaml:20:1\n.*\n {2}and 30 more; --full shows all\n/);
  assert.match(text(true), /\n {2}p\.yaml:50:1\n/);
});

const ESTATE = `apiVersion: mongoward/v1
metadata: { name: x }
collections:
  audit.logs: { protection: append-only }
users:
  a@admin: { roles: [readWrite@audit] }
`;

test('--quiet shows errors alone, and says so', async () => {
  await inFolder({ 'policies/p.yaml': ESTATE }, async (cwd) => {
    const run = (...args: readonly string[]) => mongoward(['policy', 'lint', '--quiet', ...args], { cwd });
    const { code, out } = await run();
    assert.equal(code, 1);
    assert.deepEqual(out.match(/^(?:error|warning|info) \S+/gm), ['error protection/append-only']);
    assert.match(out, /\n1 error, \d notes in 1 file\. --quiet shows errors alone\.\n$/);
    const { findings } = JSON.parse((await run('--format', 'json')).out);
    assert.deepEqual(
      findings.map(({ severity }: { severity: string }) => severity),
      ['error'],
    );
  });
});

test('where a collection is defined more than once, what is found about it is told once', () => {
  const twice = ['1.yaml', '2.yaml'].map((file) =>
    parsePolicyFile({ file, text: policyText('collections: {audit.logs: {protection: append-only}}\n') }),
  );
  const users = parsePolicyFile({ file: '3.yaml', text: policyText('users: {a@admin: {roles: [readWrite@audit]}}\n') });
  const { findings } = lintPolicies([...twice, users], ['3.yaml'], { today: TODAY });
  const places = findings.map(({ rule, file, line, column, message }) => [rule, file, line, column, message].join(' '));
  assert.deepEqual(places, [...new Set(places)]);
  assert.equal(findings.filter(({ rule }) => rule === 'protection/append-only').length, 1);
});

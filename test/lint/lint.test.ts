import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { LevelOptions } from '../../src/lint/levels.ts';
import { lintPolicies } from '../../src/lint/lint.ts';
import { parsePolicyFile } from '../../src/policy/compile.ts';
import { policyText } from '../support/build.ts';

const TODAY = '2026-11-23';

/** The rules that the tests of the engine ask, each of which has a page that tests it by itself. */
const ASKED = ['protection/append-only', 'release/voids-protection'];

function lint(
  files: Readonly<Record<string, string>>,
  given: readonly string[] = Object.keys(files),
  asked: LevelOptions = { only: ASKED },
) {
  const parsed = Object.entries(files).map(([file, text]) => parsePolicyFile({ file, text }));
  const {
    findings,
    crashes,
    suppressed,
    policies,
    files: count,
  } = lintPolicies(parsed, given, { today: TODAY, ...asked });
  assert.deepEqual([crashes, suppressed], [[], []]);
  return {
    policies,
    files: count,
    findings: findings.map(
      ({ file, line, column, severity, rule, message }) => `${file}:${line}:${column} ${severity} ${rule}: ${message}`,
    ),
  };
}

test('the shipped policy is clean', () => {
  const text = readFileSync(new URL('../../policies/audit-trail.yaml', import.meta.url), 'utf8');
  const report = lint({ 'audit-trail.yaml': text }, ['audit-trail.yaml'], {});
  assert.deepEqual(report, { findings: [], policies: ['audit-trail'], files: 1 });
});

test('an account that a policy found and rewrites is no fault of the policy', () => {
  const policy = (remedy: string): string =>
    policyText(
      `collections: {audit.logs: {protection: append-only, access: {read: []}, remedy: ${remedy}}}
users: {app@audit: {roles: [readWrite@audit], adopted: true}}`,
    );
  const rules = (remedy: string): string[] =>
    lint({ 'p.yaml': policy(remedy) }, ['p.yaml'], {
      only: ['protection/append-only', 'protection/access'],
    }).findings.map((finding) => finding.replace(/:.*? error/, '').replace(/:.*/, ''));
  assert.deepEqual(
    [rules('report'), rules('rewrite')],
    [['p.yaml protection/append-only', 'p.yaml protection/access'], []],
  );
});

test('a grant too wide that a policy found is a warning: the migration that narrows it must not be refused for it', () => {
  const severities = (adopted: boolean): string[] =>
    lint(
      {
        'p.yaml': policyText(`roles:
  catalogue@admin: {privileges: [{on: any, allow: [find]}], adopted: ${adopted}}
  backups@admin: {privileges: [{on: any, allow: [anyAction]}], adopted: ${adopted}}
  desk@admin: {privileges: [{on: admin.*, allow: [grantRole]}], adopted: ${adopted}}
users:
  root@admin: {roles: [root@admin], adopted: ${adopted}}
  one@admin: {roles: [catalogue@admin], adopted: ${adopted}}
  two@admin: {roles: [backups@admin], adopted: ${adopted}}
  three@admin: {roles: [desk@admin], adopted: ${adopted}}
`),
      },
      ['p.yaml'],
      {
        only: [
          'least-privilege/any-resource',
          'least-privilege/any-action',
          'least-privilege/becomes-root',
          'least-privilege/wide-builtin',
        ],
      },
    ).findings.map((finding) => finding.split(' ').slice(1, 3).join(' '));
  const rules = ['any-resource', 'any-action', 'becomes-root', 'wide-builtin'];
  const expected = (severity: string): string[] => rules.map((rule) => `${severity} least-privilege/${rule}:`);
  assert.deepEqual([severities(true), severities(false)], [expected('warning'), expected('error')]);
});

test('a database that an adopted role misspells is a warning: it is what the cluster has', () => {
  const found = (adopted: boolean): string[] =>
    lint(
      {
        'p.yaml': policyText(`collections: {audit.logs: {}}
roles: {old@admin: {privileges: [{on: Audit.logs, allow: [find]}], adopted: ${adopted}}}
`),
      },
      ['p.yaml'],
      { only: ['document/name-case'] },
    ).findings.map((finding) => finding.split(' ').slice(0, 2).join(' '));
  assert.deepEqual([found(true), found(false)], [['p.yaml:4:34 warning'], ['p.yaml:4:34 error']]);
});

const WRITER = `
roles:
  writer@audit: {privileges: [{on: audit.logs, allow: [insert, remove]}]}
users:
  service@admin: {roles: [writer@audit], password: {fromEnv: P}}
`;
const PROTECTED = 'collections: {audit.logs: {protection: append-only}}\n';
const CAN_ALTER =
  'service@admin can alter audit.logs through writer@audit. It can delete documents of audit.logs. Revoke writer@audit, or name service@admin under breakGlass';

test('a grant that breaks what the policy protects is an error at the role that holds it', () => {
  assert.deepEqual(lint({ 'p.yaml': policyText(WRITER + PROTECTED) }).findings, [
    `p.yaml:5:31 error protection/append-only: ${CAN_ALTER}`,
  ]);
});

test('a built-in role is an error at the user that holds it', () => {
  const users = 'users:\n  service@admin: {roles: [readWrite@audit], password: {fromEnv: P}}\n';
  assert.deepEqual(
    lint({ 'p.yaml': policyText(users + PROTECTED) }).findings.map((text) => text.slice(0, 42)),
    ['p.yaml:4:27 error protection/append-only: '],
  );
});

test('a break-glass account is no finding until its exemption ends', () => {
  const exempt = (until: string) => `breakGlass: [{user: service@admin, reason: owner, until: ${until}}]\n`;
  assert.deepEqual(lint({ 'p.yaml': policyText(WRITER + PROTECTED + exempt(TODAY)) }).findings, []);
  assert.equal(lint({ 'p.yaml': policyText(WRITER + PROTECTED + exempt('2026-11-22')) }).findings.length, 1);
});

test('the oldest release that the policy admits counts: what only it lets through is a warning', () => {
  const inserter = WRITER.replace('insert, remove', 'insert') + PROTECTED;
  const of = (range: string) => lint({ 'p.yaml': policyText(`${inserter}cluster: {version: "${range}"}\n`) }).findings;
  assert.deepEqual(of('>=5.0'), []);
  assert.deepEqual(
    of('>=4.4').map((text) => text.split(':')[2]),
    ['11 warning release/voids-protection'],
  );
  assert.deepEqual(lint({ 'p.yaml': policyText(inserter) }).findings, []);
});

test('a policy is linted whole, if one of its files is given; other policies are left alone', () => {
  const files = {
    'a.yaml': policyText(WRITER),
    'b.yaml': policyText(PROTECTED),
    'other.yaml': policyText('xyzzy: 1\n', 'other'),
  };
  const expected = {
    findings: [`a.yaml:5:31 error protection/append-only: ${CAN_ALTER}`],
    policies: ['p'],
    files: 2,
  };
  assert.deepEqual(lint(files, ['b.yaml']), expected);
  assert.deepEqual(lint(files, ['a.yaml']), expected);
});

test('a file that can not be read is reported if it was given', () => {
  const files = { 'a.yaml': policyText(''), 'broken.yaml': 'a: [\n' };
  assert.deepEqual(lint(files, ['a.yaml']), { findings: [], policies: ['p'], files: 1 });
  const both = lint(files);
  assert.deepEqual(both.policies, ['p']);
  assert.equal(both.files, 2);
  assert.equal(both.findings.length, 1);
  assert.match(both.findings[0] ?? '', /^broken\.yaml:2:1 error document\/syntax: not valid YAML: /);
});

test('a file that can not be read may define the roles that the others name: they are not unknown', () => {
  const files = {
    'a.yaml': policyText('users: {u@admin: {roles: [b@admin]}}\n'),
    'b.yaml': policyText('roles: {b@admin: {}}\nx: [1\n'),
  };
  assert.deepEqual(lint(files).findings, [
    'b.yaml:5:1 error document/syntax: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
  ]);
});

test('findings of several policies are in the order of files and lines', () => {
  const files = { 'b.yaml': policyText('xyzzy: 1\nplugh: 2\n', 'two'), 'a.yaml': policyText('xyzzy: 1\n', 'one') };
  assert.deepEqual(lint(files), {
    findings: [
      'a.yaml:3:1 error document/schema: unknown key "xyzzy"',
      'b.yaml:3:1 error document/schema: unknown key "xyzzy"',
      'b.yaml:4:1 error document/schema: unknown key "plugh"',
    ],
    policies: ['one', 'two'],
    files: 2,
  });
});

test('roles that each inherit all others are looked at once, not by every way from one to another', () => {
  const roles = Array.from({ length: 150 }, (_, at) => {
    const inherited = Array.from({ length: at }, (__, other) => `r${other}@admin`);
    return `  r${at}@admin: {roles: [${inherited.join(', ')}], privileges: [{on: shop.orders, allow: [find]}]}`;
  });
  const { findings } = lint({ 'p.yaml': policyText(`roles:\n${roles.join('\n')}`) }, ['p.yaml'], {
    only: ['document/shadowed-privilege'],
  });
  // Of the lines of r2 to r149 all but one, and the privileges of r1 to r149.
  assert.equal(findings.length, (148 * 149) / 2 + 149);
});

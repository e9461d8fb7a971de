import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LintOptions, lintPolicies } from '../../src/lint/lint.ts';
import type { LintRule } from '../../src/lint/rule.ts';
import { REPORTED } from '../../src/lint/rules/reported.ts';
import { parsePolicyFile } from '../../src/policy/compile.ts';
import { policyText } from '../support/build.ts';

/** A rule that has something against every grant and every user. */
const EVERYTHING: LintRule = {
  kind: 'checks',
  name: 'protection/append-only',
  description: 'A grant',
  recommended: 'error',
  source: 'this test',
  check: ({ intent }) =>
    [...intent.users, ...intent.users.flatMap(({ grants }) => grants)].map(({ origin }) => ({
      message: 'no',
      at: origin,
    })),
};

function lint(lines: string, options: Partial<LintOptions> = {}) {
  const file = parsePolicyFile({ file: 'p.yaml', text: policyText(lines) });
  const { findings, suppressed } = lintPolicies([file], ['p.yaml'], {
    today: '2026-11-23',
    table: [...REPORTED, EVERYTHING],
    ...options,
  });
  return {
    findings: findings.map(({ line, rule, severity, message }) =>
      rule === EVERYTHING.name ? `${line}` : `${line} ${severity} ${rule}: ${message}`,
    ),
    suppressed: suppressed.map((finding) => `${finding.line} ${finding.suppressed}`),
  };
}

const IGNORE = '# mongoward-ignore protection/append-only';

test('a suppression at the end of a line covers what begins there, with everything in it', () => {
  assert.deepEqual(
    lint(`users:\n  u@admin: ${IGNORE}: known\n    roles:\n      - read@a\n  v@admin: {roles: [read@a]}\n`),
    {
      findings: ['7', '7'],
      suppressed: ['4 known', '6 known'],
    },
  );
  assert.deepEqual(lint(`users:\n  u@admin:\n    roles:\n      - read@a ${IGNORE}: known\n      - read@b\n`), {
    findings: ['4', '7'],
    suppressed: ['6 known'],
  });
});

test('a suppression on lines of its own covers what begins below', () => {
  assert.deepEqual(
    lint(`users:\n  ${IGNORE}: known\n  # and more\n\n  u@admin:\n    roles: [read@a]\n  v@admin: {roles: [read@a]}\n`),
    { findings: ['9', '9'], suppressed: ['7 known', '8 known'] },
  );
});

test('what looks like a suppression inside a text is none', () => {
  assert.deepEqual(lint(`users:\n  u@admin: {roles: [read@a], description: "${IGNORE}: x"}\n`).suppressed, []);
});

test('a suppression holds until its date, that day included; later it is a warning and has no effect', () => {
  const until = (date: string) => lint(`users:\n  u@admin: {} ${IGNORE}: migrated in Q2, until ${date}\n`);
  assert.deepEqual(until('2026-11-23'), { findings: [], suppressed: ['4 migrated in Q2'] });
  assert.deepEqual(until('2026-11-22'), {
    findings: [
      '4',
      '4 warning suppression/expired: this suppression of protection/append-only ended on 2026-11-22, and has no effect any more: mend what it covers, or give a new reason and date',
    ],
    suppressed: [],
  });
});

const NO_FORM =
  'suppression/no-reason: this suppression has no effect, because it names no rule or gives no reason: write it as "# mongoward-ignore family/what: reason", if you like with ", until 2027-03-01"';

const NO_SUPPRESSIONS: Readonly<Record<string, string>> = {
  '# mongoward-ignore protection/append-only': NO_FORM,
  '# mongoward-ignore protection/append-only:': NO_FORM,
  '# mongoward-ignore protection/append-only: until 2027-03-01': NO_FORM,
  '# mongoward-ignore': NO_FORM,
  '# mongoward-ignore-next-line protection/append-only: x': NO_FORM,
  '# mongoward-ignore protection/append-only: x, until 2027-02-30':
    'suppression/no-reason: this suppression has no effect: there is no day 2027-02-30',
  '# mongoward-ignore protection/append-only: -': NO_FORM,
  '# mongoward-ignore protection/append-onyl: x':
    'suppression/unknown-rule: there is no rule "protection/append-onyl" (did you mean "protection/append-only"?): this suppression has no effect',
};

for (const [comment, finding] of Object.entries(NO_SUPPRESSIONS)) {
  test(`${comment} is an error, and suppresses nothing`, () => {
    assert.deepEqual(lint(`users:\n  u@admin: {} ${comment}\n`), {
      findings: ['4', `4 error ${finding}`],
      suppressed: [],
    });
  });
}

const ENDS = [
  'until 2026-01-01.',
  'until 2026-01-01 (ticket 4711)',
  'until: 2026-01-01',
  'UNTIL 2026-01-01',
  'till 2026-01-01',
  'until 2026/01/01',
  'until 01.01.2026',
  'until 1/1/26',
  'until 1st January 2026',
  'until Jan 1, 2026',
  'until the end of 2026',
  'expires on 2026-01-01',
  'until 2026‐01‐01',
  'until “2026-01-01”',
  'until 2026-01-01 until 2027-01-01',
];

test('a day that looks like the end of a suppression and is not read as one is an error, and suppresses nothing', () => {
  for (const end of ENDS) {
    const { findings, suppressed } = lint(`users:\n  u@admin: {} ${IGNORE}: x, ${end}\n`);
    const [first, about = ''] = findings;
    assert.deepEqual([first, suppressed], ['4', []], end);
    assert.match(
      about,
      /^4 error suppression\/no-reason: this suppression has no effect, because ".+" looks like/,
      end,
    );
  }
});

test('a day in a reason that is no end, and an end that is no day, are a part of the reason', () => {
  for (const reason of ['agreed on 2026-01-01', 'until the 5 services have moved', 'until release 2 of 2026']) {
    assert.deepEqual(lint(`users:\n  u@admin: {} ${IGNORE}: ${reason}\n`).suppressed, [`4 ${reason}`]);
  }
});

test('a suppression at an anchor covers nothing that takes the same by an alias elsewhere', () => {
  const users = `users:\n  u@admin: &x { roles: [read@a] } ${IGNORE}: known\n  v@admin: *x\n`;
  assert.deepEqual(lint(users), { findings: ['5'], suppressed: ['4 known', '4 known'] });
});

const UNUSED = `roles: {} ${IGNORE}: nothing here\n`;
const NO_EFFECT =
  '3 warning suppression/without-effect: this suppression suppresses nothing: protection/append-only has no finding there, remove it';

test('a suppression of nothing is a warning, if its rule ran and could see everything', () => {
  assert.deepEqual(lint(UNUSED).findings, [NO_EFFECT]);
  assert.deepEqual(lint(UNUSED, { rules: { 'protection/append-only': 'off' } }).findings, []);
  assert.deepEqual(lint(UNUSED, { only: ['suppression/without-effect'] }).findings, []);
  assert.equal(lint(`${UNUSED}xyzzy: 1\n`).findings.length, 1);
});

test('what keeps a policy from compiling is not suppressed', () => {
  assert.deepEqual(lint('# mongoward-ignore document/schema: please\nxyzzy: 1\n').findings, [
    "3 warning suppression/without-effect: document/schema can't be suppressed: the policy can't be compiled as long as it is broken",
    '4 error document/schema: unknown key "xyzzy"',
  ]);
});

test('severities are configured, and only the wanted rules run', () => {
  assert.deepEqual(lint('users: {u@admin: {}}\n', { rules: { 'protection/append-only': 'off' } }).findings, []);
  assert.deepEqual(lint('users: {u@admin: {}}\n', { only: ['suppression/expired'] }).findings, []);
  assert.deepEqual(lint('users: {u@admin: {}}\n', { only: ['protection/append-only'] }).findings, ['3']);
});

test('a rule that fails is reported, and the others run all the same', () => {
  const broken: LintRule = {
    ...EVERYTHING,
    name: 'protection/broken',
    check: () => {
      throw new Error('oh');
    },
  };
  const file = parsePolicyFile({ file: 'p.yaml', text: policyText('users: {u@admin: {}}\n') });
  const report = lintPolicies([file], ['p.yaml'], { today: '2026-11-23', table: [broken, EVERYTHING] });
  assert.deepEqual(report.crashes, [{ rule: 'protection/broken', policy: 'p', error: new Error('oh') }]);
  assert.equal(report.findings.length, 1);
});

test('a role that two policies define is a note: they may be for different clusters', () => {
  const files = {
    'a.yaml': policyText('roles: {r@admin: {}}\n', 'one'),
    'b.yaml': policyText('roles: {r@admin: {}}\n', 'two'),
  };
  const parsed = Object.entries(files).map(([file, text]) => parsePolicyFile({ file, text }));
  const { findings } = lintPolicies(parsed, ['a.yaml'], { today: '2026-11-23', table: REPORTED });
  assert.deepEqual(
    findings.map(({ file, line, severity, rule, message }) => `${file}:${line} ${severity} ${rule}: ${message}`),
    [
      'a.yaml:3 info document/owned-twice: the policy "two" defines the role r@admin too, in b.yaml:3: on one cluster only one of them can own it, and the other is refused',
    ],
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixAll } from '../../src/lint/fix.ts';
import { lintPolicies } from '../../src/lint/lint.ts';
import type { Edit, LintRule } from '../../src/lint/rule.ts';
import { REPORTED } from '../../src/lint/rules/reported.ts';
import { parsePolicyFile } from '../../src/policy/compile.ts';
import type { Position } from '../../src/policy/problem.ts';
import { policyText } from '../support/build.ts';

function editOf(role: string, at: Position): Edit | undefined {
  if (role === 'read') return { kind: 'remove', at };
  return role === 'dbAdmin' ? { kind: 'replace', at, value: 'readWrite@a' } : undefined;
}

/** Wants every grant of `read` away, and every grant of `write@a` to be one of `readWrite@a`. */
const RULE: LintRule = {
  kind: 'checks',
  name: 'protection/append-only',
  description: 'A grant',
  recommended: 'error',
  source: 'this test',
  check: ({ intent }) =>
    intent.users.flatMap(({ grants }) =>
      grants.flatMap((grant) => {
        if (grant.kind !== 'role') return [];
        const edit = editOf(grant.role.role, grant.origin());
        return edit === undefined ? [] : [{ message: 'no', at: grant.origin, fix: [edit] }];
      }),
    ),
};

function fix(text: string, file = 'p.yaml') {
  const { files, count } = fixAll([parsePolicyFile({ file, text })], (given) =>
    lintPolicies(given, [file], { today: '2026-11-23', table: [...REPORTED, RULE] }),
  );
  return { text: files[0]?.text ?? '', count };
}

/** Users as lines, before and after. */
const CASES: Readonly<Record<string, readonly [before: string, after: string]>> = {
  'an item of a list on one line, with the comma behind it': [
    '  u@x: { roles: [read@a, readWrite@b] } # stays\n',
    '  u@x: { roles: [readWrite@b] } # stays\n',
  ],
  'the last item, with the comma before it': [
    '  u@x: { roles: [ readWrite@b, read@a ] }\n',
    '  u@x: { roles: [ readWrite@b ] }\n',
  ],
  'several items, in several rounds': [
    '  u@x: { roles: [read@a, read@b, readWrite@b, read@c] }\n',
    '  u@x: { roles: [readWrite@b] }\n',
  ],
  'an item on a line of its own, with its comment; the one above stays': [
    '  u@x:\n    roles:\n      # why\n      - read@a # old\n      - readWrite@b # new\n',
    '  u@x:\n    roles:\n      # why\n      - readWrite@b # new\n',
  ],
  'an item over several lines': [
    '  u@x:\n    roles:\n      - name: read\n        db: a\n      - readWrite@b\n',
    '  u@x:\n    roles:\n      - readWrite@b\n',
  ],
  'lines that end in CR LF': [
    '  u@x:\r\n    roles:\r\n      - read@a\r\n      - readWrite@b\r\n',
    '  u@x:\r\n    roles:\r\n      - readWrite@b\r\n',
  ],
  'another text, in the quotes that were there': [
    '  u@x: { roles: [dbAdmin@a, \'dbAdmin@b\', "dbAdmin@c"] }\n',
    '  u@x: { roles: [readWrite@a, \'readWrite@a\', "readWrite@a"] }\n',
  ],
  'not the only item of a list': ['  u@x: { roles: [read@a] }\n', '  u@x: { roles: [read@a] }\n'],
  'not where a comment stands in between': [
    '  u@x:\n    roles: [\n      read@a, # why\n      readWrite@b ]\n',
    '  u@x:\n    roles: [\n      read@a, # why\n      readWrite@b ]\n',
  ],
  'not what is used in several places': [
    '  u@x: { roles: &both [read@a, readWrite@b] }\n  v@x: { roles: *both }\n',
    '  u@x: { roles: &both [read@a, readWrite@b] }\n  v@x: { roles: *both }\n',
  ],
  'a suppression without effect': [
    '  # mongoward-ignore protection/append-only: gone\n  u@x: {} # mongoward-ignore protection/append-only: gone\n',
    '  u@x: {}\n',
  ],
};

for (const [what, [before, after]] of Object.entries(CASES)) {
  test(`fixes ${what}`, () => {
    const once = fix(policyText(`users:\n${before}`)).text;
    assert.equal(once, policyText(`users:\n${after}`));
    assert.deepEqual(fix(once), { text: once, count: 0 });
  });
}

test('a byte order mark does not move the places', () => {
  const text = `\ufeff${policyText('users:\n  u@x: { roles: [read@a, readWrite@b] }\n')}`;
  assert.equal(fix(text).text, text.replace('read@a, ', ''));
});

test('JSON stays JSON', () => {
  const json = {
    apiVersion: 'mongoward/v1',
    metadata: { name: 'p' },
    users: { 'u@x': { roles: ['readWrite@b', 'read@a'] } },
  };
  const { text } = fix(JSON.stringify(json, undefined, 2), 'p.json');
  assert.deepEqual(JSON.parse(text).users['u@x'].roles, ['readWrite@b']);
});

test('what holds a variable is left alone', () => {
  const text = policyText(`variables: {role: dbAdmin}\nusers:\n  u@x: { roles: ["\${role}@a"] }\n`);
  assert.deepEqual(fix(text), { text, count: 0 });
});

test('a file with a syntax error is never touched', () => {
  const text = policyText('users: {u@x: {roles: [read@a, read@b]}\n');
  assert.deepEqual(fix(text), { text, count: 0 });
});

test('an action that can only be another one misspelt is mended; the others stay as they are', () => {
  const text = policyText('roles:\n  r@a: { privileges: [{ on: a.b, allow: [insrt, xyzzy, remov] }] } # why\n');
  assert.equal(fix(text).text, text.replace('insrt', 'insert').replace('remov', 'remove'));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSource } from '../../src/policy/source.ts';
import { policyText } from '../support/build.ts';
import { said } from './said.ts';

const EMPTY = '1:1 document/syntax: the file is empty: a policy begins with "apiVersion: mongoward/v1"';
const STAR =
  '6:15 document/syntax: "*.*" without quotes is a YAML alias, and there is no anchor "&.*": quote it as "*.*"';

const ASTERISK = 'document/syntax: an asterisk without quotes begins a YAML alias: quote it as "*"';

/** Each list is made of nine of the one before it: 9^7 in all. */
const BOMB = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...pairs('abcdefg').map(([from, to]) => `${to}: &${to} [${nine(from)}]`),
];

function pairs(letters: string): readonly (readonly [string, string])[] {
  return [...letters].slice(1).map((letter, index) => [letters.charAt(index), letter]);
}

function nine(name: string): string {
  return Array(9).fill(`*${name}`).join(', ');
}

const SYNTAX: Readonly<Record<string, readonly [text: string, ...said: readonly string[]]>> = {
  'an empty file': ['', EMPTY],
  'a file of comments': ['# nothing\n', EMPTY],
  'a merge conflict': [
    'a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> other\n',
    '2:1 document/syntax: a merge conflict was left here: settle it, and take the lines with <<<<<<<, ======= and >>>>>>> out',
  ],
  'a file that is null': ['~\n', '1:1 document/schema: the file must be a map, but it is empty'],
  'a list': ['- a\n', '1:1 document/schema: the file must be a map, but it is a list'],
  'a text': ['hello\n', '1:1 document/schema: the file must be a map, but it is a text'],
  'several documents': [
    'a: 1\n---\nb: 2\n',
    '2:1 document/syntax: the file holds several YAML documents: put each into a file of its own',
  ],
  'a tab as indentation': ['a:\n\tb: 1\n', '2:1 document/syntax: not valid YAML: Tabs are not allowed as indentation'],
  'a wrong indentation': [
    'a:\n    b: 1\n  c: 2\n',
    '3:1 document/syntax: not valid YAML: All mapping items must start at the same column',
  ],
  'an open quote': ['a: "x\n', '2:1 document/syntax: not valid YAML: Missing closing "quote'],
  'the same key twice': ['a: 1\nb: 2\na: 3\n', '3:1 document/syntax: this key stands here twice: keep one'],
  'the same key twice, as JSON': ['{"a": 1, "a": 2}', '1:10 document/syntax: this key stands here twice: keep one'],
  'a map as a key': ['? {a: 1}\n: b\n', '1:3 document/syntax: this key is not a text: quote it'],
  'an asterisk without quotes': [
    policyText('roles:\n  a@admin:\n    privileges:\n      - { on: *.*, allow: [find] }\n'),
    STAR,
  ],
  'an asterisk alone': [policyText('users: *\n'), `3:8 ${ASTERISK}`],
  'an asterisk alone in a list': [policyText('restrictions:\n  - users: [*]\n'), `4:13 ${ASTERISK}`],
  'an asterisk alone, with more behind it': [
    policyText('restrictions: [{users: *, on: a.b, deny: [read]}]\n'),
    `3:24 ${ASTERISK}`,
  ],
  'a collection of any database without quotes': [
    policyText('roles:\n  a@admin:\n    privileges:\n      - on: *.logs\n        allow: [find]\n'),
    '6:13 document/syntax: "*.logs" without quotes is a YAML alias, and there is no anchor "&.logs": quote it as "*.logs"',
  ],
  'aliases that multiply': [
    BOMB.join('\n'),
    '1:1 document/syntax: aliases (*name) expand to too much: write the repeated parts out',
  ],
};

for (const [what, [text, ...expected]] of Object.entries(SYNTAX)) {
  test(`${what} is told with its position`, () => {
    assert.deepEqual(said(text), expected);
  });
}

test('anchors, JSON, a byte order mark and CRLF line ends are read', () => {
  const anchors = 'roles:\n  a@admin: &a {privileges: [{on: a.b, allow: [find]}]}\n  b@admin: *a\n';
  assert.deepEqual(said(policyText(anchors)), []);
  assert.deepEqual(said('{"apiVersion": "mongoward/v1", "metadata": {"name": "p"}}'), []);
  assert.deepEqual(said(`\uFEFF${policyText('')}`), []);
  assert.deepEqual(said(policyText('xyzzy: 1\n').replaceAll('\n', '\r\n')), [
    '3:1 document/schema: unknown key "xyzzy"',
  ]);
});

test('a path is located at the key of a map and the item of a list, a missing part at its parent', () => {
  const { source } = parseSource('p.yaml', 'roles:\n  a/b@admin:\n    roles: [x, y]\n') as {
    source: NonNullable<Extract<ReturnType<typeof parseSource>, { source: unknown }>['source']>;
  };
  const located = (...path: (string | number)[]) => {
    const { line, column, path: pointer } = source.locate(path);
    return `${line}:${column} ${pointer}`;
  };
  assert.equal(located(), '1:1 ');
  assert.equal(located('roles'), '1:1 /roles');
  assert.equal(located('roles', 'a/b@admin'), '2:3 /roles/a~1b@admin');
  assert.equal(located('roles', 'a/b@admin', 'roles', 1), '3:16 /roles/a~1b@admin/roles/1');
  assert.equal(located('roles', 'a/b@admin', 'roles', 7), '3:5 /roles/a~1b@admin/roles/7');
  assert.equal(located('users', 'x'), '1:1 /users/x');
});

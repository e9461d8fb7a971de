import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lintPolicies } from '../../src/lint/lint.ts';
import { disguise, skeleton } from '../../src/lint/look-alike.ts';
import { parsePolicyFile } from '../../src/policy/compile.ts';
import { policyText } from '../support/build.ts';

/** `file:line:column severity rule` of what the rules on names find. */
function found(files: Readonly<Record<string, string>>, ...only: readonly string[]): readonly string[] {
  const parsed = Object.entries(files).map(([file, text]) => parsePolicyFile({ file, text }));
  const { findings, crashes } = lintPolicies(parsed, Object.keys(files), { today: '2026-11-23', only });
  assert.deepEqual(crashes, []);
  return findings.map(({ file, line, column, severity, rule }) => `${file}:${line}:${column} ${severity} ${rule}`);
}

const NAMES = ['document/mixed-script', 'document/look-alike'];

test('a protected name with a Cyrillic letter is found, and so is the granted name that it looks like', () => {
  const lines = `collections:\n  "audit.l\u043egs": { protection: append-only }\nroles:\n  w@audit:\n    privileges: [{ on: audit.logs, allow: [insert, remove] }]\n`;
  assert.deepEqual(found({ 'p.yaml': policyText(lines) }, ...NAMES), [
    'p.yaml:4:3 error document/mixed-script',
    'p.yaml:4:3 error document/look-alike',
  ]);
});

test('names of all policies of a run are held against each other', () => {
  const files = {
    'a.yaml': policyText('collections: { audit.logs: {} }\n', 'a'),
    'b.yaml': policyText('collections: { audit.1ogs: {} }\n', 'b'),
  };
  assert.deepEqual(found(files, ...NAMES), ['b.yaml:3:16 warning document/look-alike']);
});

/** Where a name that looks like another one stands. */
const PLACES: Readonly<Record<string, readonly [lines: string, place: string]>> = {
  'a database': ['roles: { a@audit: {} }\nusers: { "u@\u0430udit": {} }\n', '4:10'],
  'a role that is granted': [
    'roles: { app@admin: {}, "\u0430pp@admin": {} }\nusers: { u@admin: { roles: ["\u0430pp@admin"] } }\n',
    '3:25',
  ],
  'an account that is exempt': [
    'users: { root@admin: {} }\nbreakGlass: [{ user: "r\u043eot@admin", reason: x, until: 2027-01-01 }]\n',
    '4:14',
  ],
  'an account that is excepted': [
    'users: { app@admin: {} }\nrestrictions: [{ users: "*", except: ["\u0430pp@admin"], on: a.*, deny: [read] }]\n',
    '4:39',
  ],
  'an account that access names': [
    'users: { app@admin: {} }\ncollections: { a.b: { access: { read: ["\u0430pp@admin"] } } }\n',
    '4:40',
  ],
  'what a restriction is about': [
    'collections: { audit.logs: {} }\nrestrictions: [{ users: "*", on: "\u0430udit.*", deny: [read] }]\n',
    '4:16',
  ],
  'the same letters in another composition': ['roles: { "caf\u00e9@a": {}, "cafe\u0301@a": {} }\n', '3:24'],
  'an invisible character': ['roles: { app@a: {}, "a\\u200bpp@a": {} }\n', '3:21'],
  'a space at the end': ['roles: { app@a: {}, "app @a": {} }\nusers: { "u@a": { roles: ["app @a"] } }\n', '3:21'],
};

for (const [what, [lines, place]] of Object.entries(PLACES)) {
  test(`${what} that looks like another one is found`, () => {
    assert.match(found({ 'p.yaml': policyText(lines) }, 'document/look-alike').join(), new RegExp(`^p.yaml:${place} `));
  });
}

test('names that look alike have the same skeleton', () => {
  const alike: readonly (readonly [string, string])[] = [
    ['audit.logs', 'аudіt.lоgѕ'],
    ['paypal', 'ｐａｙｐａｌ'],
    ['admin', '𝐚𝐝𝐦𝐢𝐧'],
    ['modern', 'modem'],
    ['l0g', 'IOg'],
    ['a b', 'a\u00a0 b'],
  ];
  for (const [a, b] of alike) assert.equal(skeleton(a), skeleton(b), `${a} ${b}`);
  for (const [a, b] of [
    ['logs', 'Logs'],
    ['logs1', 'logs2'],
    ['журнал', 'журналы'],
  ] as const) {
    assert.notEqual(skeleton(a), skeleton(b));
  }
});

/** Names of another collection than the protected one, which a hasty reader takes for it, and names that nobody does. */
const BESIDE: readonly (readonly [name: string, isTold: boolean])[] = [
  ...['l0gs', 'log5', 'Logs', 'LOGS', 'logs.', 'łogs', 'logʂ', 'lọgs', 'lo\u0331gs'].map(
    (name) => [name, true] as const,
  ),
  ...['logs', 'logs1', 'logs2024', 'logs_', 'log', 'old.logs', 'blogs'].map((name) => [name, false] as const),
];

for (const [name, isTold] of BESIDE) {
  test(`a grant on audit.${name} beside the protected audit.logs is ${isTold ? 'told' : 'no finding'}`, () => {
    const grant = `roles: { w@audit: { privileges: [{ on: "audit.${name}", allow: [insert] }] } }\n`;
    const told = (entry: string): readonly string[] =>
      found({ 'p.yaml': policyText(`collections: { audit.logs: ${entry} }\n${grant}`) }, 'document/look-alike');
    const expected = isTold ? ['p.yaml:4:34 warning document/look-alike'] : [];
    assert.deepEqual(told('{ protection: append-only }'), expected);
    assert.deepEqual(told('{ access: { read: [] } }'), expected);
    assert.deepEqual(told('{}'), []);
  });
}

test('two protected collections whose names differ by case are meant so, and so are those of two databases', () => {
  const lines =
    'collections: { audit.logs: { protection: append-only }, audit.Logs: { protection: read-only }, shop.Logs: {} }\n';
  assert.deepEqual(found({ 'p.yaml': policyText(lines) }, 'document/look-alike'), []);
});

const DISGUISED: Readonly<Record<string, string | undefined>> = {
  'audit.lоgs': 'the word "lоgs" mixes letters of Latin and Cyrillic: U+043E (о)',
  'αdmin@a': 'the word "αdmin" mixes letters of Greek and Latin: U+0064 (d)',
  'ａdmin@a': 'U+FF41 (ａ) is only another form of "a"',
  'adm\u00adin@a': 'it holds U+00AD, which nobody sees',
  'audit.сору': 'every letter of "сору" looks like a Latin one: U+0441 (с)',
  'audit.журнал': undefined,
  'журнал.события': undefined,
  'größe@naïve': undefined,
  'audit.ログlogs': undefined,
  'audit.データ': undefined,
  'audit.〆切': undefined,
  'обʼєкт.журнал': undefined,
  'ʻokina@admin': undefined,
  'שלום@admin': undefined,
  'audit.logs': undefined,
  'audit.logs ': 'it ends with a space, which nobody sees',
  ' admin': 'it begins with a space, which nobody sees',
  'audit.old logs': undefined,
};

for (const [name, why] of Object.entries(DISGUISED)) {
  test(`${name}: ${why ?? 'what it looks like'}`, () => {
    assert.equal(disguise(name)?.why, why);
  });
}

/** The line, which is the third, and where something matches nothing. */
const SELECTORS: readonly (readonly [line: string, ...places: readonly string[]])[] = [
  ['restrictions: [{ users: "*@amdin", on: a.b, deny: [read] }]', '3:18'],
  ['restrictions: [{ users: [{ holding: wrtier@shop }], on: a.b, deny: [read] }]', '3:26'],
  ['restrictions: [{ users: "*", except: [app@admn], on: a.b, deny: [read] }]', '3:39'],
  ['restrictions: [{ users: "*", on: shpo.*, deny: [read] }]', '3:30'],
  ['restrictions: [{ users: "*", on: [a.b, shop.ordrs], deny: [read] }]', '3:40'],
  ['unmanaged: ["*@extrenal", "x@admin"]', '3:13'],
  ['breakGlass: [{ user: rooot@admin, reason: x, until: 2027-01-01 }]', '3:16'],
  ['restrictions: [{ users: ["*", "*@admin", "a*@shop", other@admin], on: a.*, deny: [read] }]'],
  ['unmanaged: ["mms*@admin", "*@$external", backup@legacy]'],
  ['breakGlass: [{ user: last@admin, reason: x, until: 2027-01-01 }]'],
];

for (const [line, ...places] of SELECTORS) {
  test(`${line}: ${places.length === 0 ? 'may well match' : 'matches nothing'}`, () => {
    const rest =
      'roles: { writer@shop: {} }\nusers: { root@admin: {}, app@admin: {}, u@shop: { roles: [writer@shop] } }\ncollections: { shop.orders: {} }\n';
    assert.deepEqual(
      found({ 'p.yaml': policyText(`${line}\n${rest}`) }, 'document/matches-nothing'),
      places.map((place) => `p.yaml:${place} warning document/matches-nothing`),
    );
  });
}

test('an action where MongoDB never asks for it', () => {
  const told = (on: string, ...allow: readonly string[]): readonly string[] =>
    found(
      { 'p.yaml': policyText(`roles: { r@admin: { privileges: [{ on: ${on}, allow: [${allow.join(', ')}] }] } }\n`) },
      'document/idle-action',
    );
  assert.equal(told('"*.*"', 'listDatabases', 'find').length, 1);
  assert.equal(told('a.b', 'useUUID').length, 1);
  assert.equal(told('shop.*', 'serverStatus').length, 1);
  assert.equal(told('cluster', 'find').length, 1);
  for (const on of ['any', 'cluster']) assert.deepEqual(told(on, 'serverStatus', 'listDatabases'), []);
  assert.deepEqual(told('"*.*"', 'find', 'listCollections', 'enableSharding'), []);
  const weights = (on: string, ...allow: readonly string[]): readonly string[] =>
    told(on, ...allow).flatMap((line) => line.split(' ').slice(1, 2));
  assert.deepEqual(weights('shop.a', 'find', 'dbStats', 'dbHash'), ['info']);
  assert.deepEqual(weights('a.system.js', 'find', 'dbStats'), []);
  for (const on of ['shop.*', 'shop.a', '"*.*"', 'cluster']) assert.deepEqual(weights(on, 'dbCheck'), ['warning'], on);
  assert.deepEqual(weights('any', 'dbCheck'), []);
  for (const on of ['cluster', 'any', 'shop.*', 'shop.a']) {
    assert.deepEqual(weights(on, 'createDatabase', 'closeAllDatabases'), ['warning'], on);
  }
  assert.deepEqual(weights('shop.*', 'find', 'killCursors'), []);
});

test('a key vault in a database that is written in another case', () => {
  const lines = 'collections: { keys.a: {}, shop.b: { encryption: { keyVault: Keys.vault, fields: {} } } }\n';
  assert.deepEqual(found({ 'p.yaml': policyText(lines) }, 'document/name-case'), [
    'p.yaml:3:52 error document/name-case',
  ]);
});

/** The line, which is the third, and where a pattern is taken for a name. */
const LITERAL: readonly (readonly [line: string, ...found: readonly string[]])[] = [
  ['collections: { "audit.*": {} }', '3:16 error'],
  ['collections: { "*.logs": {} }', '3:16 error'],
  ['collections: { "audit.logs_*": {}, "audit.logs": {} }', '3:16 error'],
  ['collections: { "audit.logs?": {} }', '3:16 warning'],
  [
    'collections: { "audit.logs[0-9]": {}, "audit.{a,b}": {}, "audit.log%": {}, "a%.b": {} }',
    '3:16 warning',
    '3:39 warning',
    '3:58 warning',
    '3:76 warning',
  ],
  ['collections: { "audit.{a}": {}, "audit.[]": {}, "audit.a-b_c.d": {} }'],
  ['collections: { a.b: { encryption: { keyVault: "keys.*", kms: { provider: local }, fields: {} } } }', '3:37 error'],
  ['collections: { a.b: { access: { read: ["app*@admin"] } } }', '3:40 error'],
  [
    'roles: { r@admin: { privileges: [{ on: "shop.?", allow: [find] }, { on: "s%.*", allow: [find] }] } }',
    '3:36 warning',
    '3:69 warning',
  ],
  ['roles: { r@admin: { adopted: true, privileges: [{ on: "shop.l*", allow: [find] }] } }', '3:51 warning'],
  ['roles: { "r*@admin": {} }', '3:10 error'],
  ['users: { "app*@admin": { roles: [] } }', '3:10 error'],
  ['users: { "app*@admin": { adopted: true, roles: [] } }', '3:10 warning'],
  ['breakGlass: [{ user: "*@admin", reason: x, until: 2027-01-01 }]', '3:14 error'],
  ['restrictions: [{ users: "app?@admin", on: a.*, deny: [read] }]', '3:16 warning'],
  [
    'restrictions: [{ users: "*@admin", except: ["a*@admin"], on: "a.l?", deny: [read] }]',
    '3:45 error',
    '3:58 warning',
  ],
  ['unmanaged: ["mms*@admin", "mms?@admin"]', '3:27 warning'],
];

for (const [line, ...places] of LITERAL) {
  test(`${line}: ${places.length === 0 ? 'holds no pattern' : 'holds a pattern that is taken literally'}`, () => {
    assert.deepEqual(
      found({ 'p.yaml': policyText(`${line}\n`) }, 'document/no-wildcard'),
      places.map((place) => `p.yaml:${place} document/no-wildcard`),
    );
  });
}

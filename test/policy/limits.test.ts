import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policyText } from '../support/build.ts';
import { scaled } from '../support/scaled.ts';
import { said } from './said.ts';

function lines(count: number, line: (n: number) => string): string {
  return Array.from({ length: count }, (_, n) => line(n)).join('');
}

const TOO_LARGE: Readonly<Record<string, readonly [lines: string, said: string]>> = {
  'a file of many megabytes': [
    `# ${'x'.repeat(5 * 1024 * 1024)}\n`,
    '1:1 document/schema: 5.0 MB are too much for a policy to be checked in time. 4.0 MB is the most. Split the policy',
  ],
  'users by the ten thousand': [
    `users:\n${lines(20_001, (n) => `  u${n}@a: {}\n`)}`,
    '3:1 document/schema: 20,001 entries of users are too many to be checked. 20,000 is the most. Split the policy',
  ],
  'exemptions by the hundred': [
    `breakGlass:\n${lines(501, (n) => `  - { user: u${n}@a, reason: x, until: 2027-06-30 }\n`)}`,
    '3:1 document/schema: 501 entries of breakGlass are too many to be checked. 500 is the most. Split the policy',
  ],
  'privileges of one role': [
    `roles:\n  r@admin:\n    privileges:\n${lines(10_001, (n) => `      - { on: d${n}.c, allow: [find] }\n`)}`,
    '5:5 document/schema: 10,001 entries of privileges are too many to be checked. 10,000 is the most. Split the policy',
  ],
  'what a restriction is about': [
    `restrictions:\n  - users: "*"\n    deny: [read]\n    on: [${lines(1_001, (n) => `d${n}.c, `)}]\n`,
    '6:5 document/schema: 1,001 entries of on are too many to be checked. 1,000 is the most. Split the policy',
  ],
  'sealed fields': [
    `collections:\n  a.b:\n    encryption:\n      keyVault: e.k\n      fields:\n${lines(1_001, (n) => `        f${n}: { bsonType: string, algorithm: random, keyAltName: k }\n`)}`,
    '7:7 document/schema: 1,001 entries of encryption.fields are too many to be checked. 1,000 is the most. Split the policy',
  ],
  'many users by many collections': [
    `users:\n${lines(2_001, (n) => `  u${n}@a: {}\n`)}collections:\n${lines(1_000, (n) => `  d${n}.c: {}\n`)}`,
    '1:1 document/schema: 2,001 roles and users by 1,000 collections and restrictions are more than can be checked in time. Split what is unrelated into several policies',
  ],
  'a variable that is put in often': [
    `variables: { v: ${'x'.repeat(100_000)} }\nroles:\n  r@a: { description: "${`\${v}`.repeat(100_000)}" }\n`,
    '1:1 document/schema: with its variables replaced the file is larger than 4 MB. Split the policy',
  ],
  'a name as long as a book': [
    `roles:\n  ? "${'r'.repeat(100_000)}@a"\n  : {}\n`,
    '4:5 document/schema: a name or pattern has at most 1024 characters',
  ],
  'a pattern as long as a book': [
    `unmanaged: ["${'*a'.repeat(100_000)}"]\n`,
    '3:13 document/schema: a name or pattern has at most 1024 characters',
  ],
};

for (const [what, [text, expected]] of Object.entries(TOO_LARGE)) {
  test(`${what}: too large, with the place and the limit`, () => {
    assert.deepEqual(said(policyText(text)), [expected]);
  });
}

test('the limits count over all files of a policy', () => {
  const users = (from: number): string => policyText(`users:\n${lines(15_000, (n) => `  u${from + n}@a: {}\n`)}`);
  assert.deepEqual(said({ 'a.yaml': users(0), 'b.yaml': users(15_000) }), [
    'b.yaml:3:1 document/schema: 30,000 entries of users are too many to be checked. 20,000 is the most. Split the policy',
  ]);
});

test('what is wrong many times is told a hundred times, and hints are given for the first few', () => {
  const wrong = said(policyText(`users:\n${lines(50_000, (n) => `  u${n}@a: []\n`)}`));
  assert.equal(wrong.length, 1);
  const keys = said(policyText(lines(scaled(50_000), (n) => `role${n}: 1\n`)));
  assert.equal(keys.length, 100);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isExpectationFile } from '../../src/expect/file-name.ts';
import { readExpectations } from './support.ts';

const one = (entry: string) => readExpectations(`expect:\n  - ${entry}`);

for (const [entry, sentence] of [
  ['{ as: app@admin, may: [insert, find], on: audit.logs }', 'app@admin may insert, find on audit.logs'],
  [
    '{ as: "*", mayNot: write, on: audit.*, except: [root@admin] }',
    'no account may write on audit.*, except root@admin',
  ],
  [
    '{ as: {holding: read@app}, mayNot: alter, on: [a.b, cluster] }',
    'whoever holds read@app may not alter on a.b, cluster',
  ],
  ['{ as: app@admin, run: { drop: logs }, db: audit, refused: true }', 'app@admin runs drop on audit: refused'],
  [
    '{ as: app@admin, document: {a: 1}, into: audit.logs, refused: false }',
    'app@admin inserts a document into audit.logs: not refused',
  ],
] as const) {
  test(`${entry} is told as: ${sentence}`, () => {
    const { read, problems } = one(entry);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      read?.expectations.map((each) => each.sentence),
      [sentence],
    );
  });
}

for (const [entry, column, message] of [
  ['{ as: a@b }', 5, 'say what is expected: may, mayNot, run or document'],
  [
    '{ as: a@b, may: read, mayNot: alter, on: a.b }',
    27,
    '"may" and "mayNot" are two expectations: write an entry for each',
  ],
  ['{ as: a@b, may: read }', 5, '"may" lacks the key "on"'],
  ['{ as: a@b, may: read, on: a.b, refused: true }', 36, '"refused" does not go with "may", which takes on'],
  ['{ as: a@b, run: {ping: 1}, db: admin }', 5, '"run" lacks the key "refused"'],
  [
    '{ as: a@b, document: {}, into: logs, refused: true }',
    30,
    '"logs" is not the full name of a collection: write it as db.collection',
  ],
  ['{ as: a@b, mayNto: read, on: a.b }', 16, 'unknown key "mayNto" (did you mean "mayNot"?)'],
  ['{ may: read, on: a.b }', 5, 'entry 1 of "expect" lacks the key "as"'],
] as const) {
  test(`${entry} is refused at its place`, () => {
    const { read, problems } = one(entry);
    assert.equal(read, undefined);
    assert.deepEqual(
      problems.map((problem) => [problem.line, problem.column, problem.message]),
      [[4, column, message]],
    );
  });
}

test('what is given must be names', () => {
  const { problems } = readExpectations(
    'given: { databases: [a b], users: { nobody: [] } }\nexpect: [{ as: "*", mayNot: read, on: a }]',
  );
  assert.deepEqual(
    problems.map(({ column, message }) => `${column} ${message}`),
    [
      '22 "a b" is neither a database nor db.collection: it contains " "',
      '37 "nobody" is not the name of a user: write it as name@db',
    ],
  );
});

test('variables are put in, and one that nobody gave is a problem', () => {
  const reference = `\${db}.logs`;
  const { problems } = readExpectations(`expect: [{ as: "*", mayNot: read, on: "${reference}" }]`);
  assert.match(problems[0]?.message ?? '', /^no value for the variable "db"/);
});

test('files of expectations are told by their names', () => {
  const names = ['a.test.yaml', 'a.test.yml', 'A.TEST.JSON', 'test.yaml', 'a.tests.yaml', 'a.test.yaml.bak'];
  assert.deepEqual(names.filter(isExpectationFile), ['a.test.yaml', 'a.test.yml', 'A.TEST.JSON']);
});

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertFits } from '../support/output-schema.ts';
import { inFolder, mongoward, type Ran } from './terminal.ts';

const POLICY = `apiVersion: mongoward/v1
metadata: { name: trail }
collections:
  audit.logs: { protection: append-only }
roles:
  writer@audit: { privileges: [{ on: audit.logs, allow: insert-only }] }
users:
  app@admin: { roles: [writer@audit], password: { fromEnv: APP } }
breakGlass: [{ user: root@admin, reason: owner, until: 2099-12-31 }]
`;

const HEAD = 'apiVersion: mongoward/v1\ntest: trail\nexpect:\n';
const HOLDS = `${HEAD}  - { as: app@admin, may: insert, on: audit.logs }\n  - { as: "*", mayNot: [alter, destroy], on: audit.logs, except: [root@admin] }\n`;
const FAILS = `${HEAD}  - { as: app@admin, may: insert, on: audit.logs }\n  - { as: app@admin, may: find, on: audit.logs }\n`;

const FILES = { 'policies/trail.yaml': POLICY };

function ran(files: Readonly<Record<string, string>>, ...argv: readonly string[]): Promise<Ran> {
  return inFolder({ ...FILES, ...files }, (cwd) => mongoward(['policy', 'test', ...argv], { cwd }));
}

test('expectations that hold: exit code 0, and what they exercise', async () => {
  const { code, out, err } = await ran({ 'policies/trail.test.yaml': HOLDS });
  assert.deepEqual([code, err], [0, '']);
  assert.equal(
    out,
    `ok   policies/trail.test.yaml  policy "trail": 2 of 2 expectations, 3 trials

Coverage of "trail": 100 % (2 of 2 grants, 2 of 2 protections)

2 of 2 expectations hold.
`,
  );
});

test('an expectation that fails: exit code 1, its line, and what is lacking', async () => {
  const { code, out } = await ran({ 'policies/trail.test.yaml': FAILS });
  assert.equal(code, 1);
  assert.equal(
    out,
    `FAIL policies/trail.test.yaml  policy "trail": 1 of 2 expectations, 2 trials

error expectation/failed policies/trail.test.yaml:5:5
  app@admin may not find on audit.logs: it lacks find on audit.logs.
  5 |   - { as: app@admin, may: find, on: audit.logs }
    |     ^

Coverage of "trail": 50 % (2 of 2 grants, 0 of 2 protections)
  policies/trail.yaml:4: not tried: audit.logs: nobody may alter
  policies/trail.yaml:4: not tried: audit.logs: nobody may destroy

1 of 2 expectations holds.
`,
  );
});

test('what falls short of --min-coverage is a finding at the policy', async () => {
  const { code, out } = await ran(
    { 'policies/trail.test.yaml': HOLDS.split('\n').slice(0, 4).join('\n') },
    '--min-coverage',
    '60',
  );
  assert.equal(code, 1);
  assert.match(
    out,
    /error expectation\/coverage policies\/trail\.yaml:4:17\n {2}the expectations exercise 50 % of the policy "trail"/,
  );
});

test('JSON fits its schema, for what holds, what fails and what is wrong', async () => {
  for (const text of [HOLDS, FAILS, `${HEAD}  - { as: no@admin, may: find, on: audit.logs }\n`, 'a: [']) {
    const { out } = await ran({ 'policies/trail.test.yaml': text }, '--format', 'json');
    assertFits('policy-test', JSON.parse(out));
  }
});

test('TAP: a point for each expectation', async () => {
  const { code, out } = await ran({ 'policies/trail.test.yaml': FAILS }, '--format', 'tap');
  assert.equal(code, 1);
  assert.equal(
    out,
    `TAP version 14
1..2
ok 1 - app@admin may insert on audit.logs (policies/trail.test.yaml:4)
not ok 2 - app@admin may find on audit.logs (policies/trail.test.yaml:5)
  ---
  - message: "app@admin may not find on audit.logs: it lacks find on audit.logs."
    rule: "expectation/failed"
    severity: "error"
  ...
`,
  );
});

test('JUnit: a case for each expectation', async () => {
  const { out } = await ran({ 'policies/trail.test.yaml': FAILS }, '--format', 'junit');
  assert.match(out, /<testsuites name="mongoward policy test" tests="2" failures="1" errors="0">/);
  assert.match(
    out,
    /<testcase classname="policies\/trail\.test\.yaml" name="app@admin may insert on audit\.logs \(line 4\)"><\/testcase>/,
  );
  assert.match(out, /name="app@admin may find on audit\.logs \(line 5\)"><failure type="expectation\/failed"/);
});

test('annotations for GitHub stand at the line', async () => {
  const { out } = await ran({ 'policies/trail.test.yaml': FAILS }, '--format', 'github');
  assert.equal(
    out,
    '::error file=policies/trail.test.yaml,line=5,col=5,title=expectation/failed::app@admin may not find on audit.logs: it lacks find on audit.logs.\n',
  );
});

test('a policy that is named means the expectations beside it, and a file of them the policies beside it', async () => {
  for (const path of ['policies', 'policies/trail.yaml', 'policies/trail.test.yaml']) {
    const { code, out } = await ran({ 'policies/trail.test.yaml': HOLDS }, path);
    assert.deepEqual(
      [code, out.split('\n')[0]],
      [0, 'ok   policies/trail.test.yaml  policy "trail": 2 of 2 expectations, 3 trials'],
    );
  }
});

for (const [sentence, files, code, message] of [
  [
    'no expectations at all',
    {},
    2,
    /^mongoward: there are no expectations \(\*\.test\.yaml\) beside the policies\n {2}write some by mongoward policy test --init$/m,
  ],
  [
    'a policy that is not valid',
    { 'policies/trail.yaml': `${POLICY}users: {}\n`, 'policies/a.test.yaml': HOLDS },
    2,
    /a policy is not valid\n {2}policies\/trail\.yaml:10:1: this key stands here twice/,
  ],
  [
    'expectations about no policy',
    { 'policies/a.test.yaml': HOLDS.replace('test: trail', 'test: trial') },
    1,
    /there is no policy "trial" \(did you mean "trail"\?\) among those/,
  ],
  ['a file that is no YAML', { 'policies/a.test.yaml': 'test: [' }, 1, /document\/syntax policies\/a\.test\.yaml:1:/],
  ['an empty file', { 'policies/a.test.yaml': '' }, 1, /the file is empty: a file of expectations begins with/],
  [
    'invisible characters',
    { 'policies/a.test.yaml': HOLDS.replace('app@', 'a\u200bpp@') },
    1,
    /document\/hidden-character policies\/a\.test\.yaml:4:/,
  ],
] as const) {
  test(`${sentence}: exit code ${code}`, async () => {
    const result = await ran(files);
    assert.equal(result.code, code);
    assert.match(result.out + result.err, message);
  });
}

test('expectations are no policies: nothing else reads them, and nobody says that they were not read', async () => {
  await inFolder({ ...FILES, 'policies/trail.test.yaml': HOLDS }, async (cwd) => {
    for (const argv of [
      ['policy', 'show'],
      ['policy', 'who', 'alter', 'audit.logs'],
      ['policy', 'lint'],
    ]) {
      const { err } = await mongoward(argv, { cwd });
      assert.equal(err, '', argv.join(' '));
    }
    const { code, err } = await mongoward(['policy', 'lint', 'policies/trail.test.yaml'], { cwd });
    assert.deepEqual(
      [code, err],
      [0, 'note: policies/trail.test.yaml: expectations, which mongoward policy test runs\n'],
    );
  });
});

test('--init writes what a policy promises, which holds and exercises all of it', async () => {
  await inFolder(FILES, async (cwd) => {
    const { code, out } = await mongoward(['policy', 'test', '--init'], { cwd });
    assert.deepEqual([code, out.split('\n')[0]], [0, 'wrote policies/trail.test.yaml']);
    assert.equal(
      readFileSync(join(cwd, 'policies/trail.test.yaml'), 'utf8'),
      `apiVersion: mongoward/v1
test: trail

expect:
  # What accounts need for their work
  - { as: app@admin, may: insert, on: audit.logs }

  # What nobody may do to audit.logs
  - { as: "*", mayNot: [alter, destroy], on: audit.logs, except: root@admin }
`,
    );
    const tried = await mongoward(['policy', 'test', '--min-coverage', '100'], { cwd });
    assert.equal(tried.code, 0, tried.out);
    const again = await mongoward(['policy', 'test', '--init'], { cwd });
    assert.equal(again.code, 2);
    assert.match(
      again.err,
      /there are expectations about "trail" already\n {2}add what is missing by mongoward policy test --update/,
    );
  });
});

test('--update adds what is missing, changes nothing that stands there, and then has nothing to add', async () => {
  const text = `${HEAD}  # mine\n  - { as: app@admin, may: find, on: audit.logs } # fails\n`;
  await inFolder({ ...FILES, 'policies/trail.test.yaml': text }, async (cwd) => {
    const first = await mongoward(['policy', 'test', '--update'], { cwd });
    assert.deepEqual([first.code, first.out.split('\n')[0]], [1, 'policies/trail.test.yaml: 2 expectations added']);
    const after = readFileSync(join(cwd, 'policies/trail.test.yaml'), 'utf8');
    assert.equal(
      after,
      `${text}
  # What accounts need for their work
  - { as: app@admin, may: insert, on: audit.logs }

  # What nobody may do to audit.logs
  - { as: "*", mayNot: [alter, destroy], on: audit.logs, except: root@admin }
`,
    );
    const second = await mongoward(['policy', 'test', '--update'], { cwd });
    assert.deepEqual([second.code, second.out.split('\n')[0]], [1, 'policies/trail.test.yaml: nothing is missing']);
    assert.equal(readFileSync(join(cwd, 'policies/trail.test.yaml'), 'utf8'), after);
  });
});

test('--update does not weaken what a policy no longer keeps', async () => {
  const weak = POLICY.replace('allow: insert-only', 'allow: [insert, remove]');
  await inFolder({ 'policies/trail.yaml': weak, 'policies/trail.test.yaml': HOLDS }, async (cwd) => {
    const { code, out } = await mongoward(['policy', 'test', '--update'], { cwd });
    assert.equal(code, 1);
    assert.match(out, /app@admin can alter audit\.logs/);
    const after = readFileSync(join(cwd, 'policies/trail.test.yaml'), 'utf8');
    assert.ok(after.startsWith(HOLDS), after);
  });
});

test('--watch runs again when a file changes, and goes on past one that can not be run', async () => {
  await inFolder({ ...FILES, 'policies/trail.test.yaml': HOLDS }, async (cwd) => {
    const ending = new AbortController();
    const told: string[] = [];
    const ran = mongoward(['policy', 'test', '--watch'], {
      cwd,
      ending: ending.signal,
      told: (text) => {
        told.push(text);
        const times = told.filter((line) => line.includes('watching')).length;
        if (!text.includes('watching')) return;
        if (times === 1) writeFileSync(join(cwd, 'policies/trail.yaml'), 'users: [');
        if (times === 2) writeFileSync(join(cwd, 'policies/trail.yaml'), POLICY);
        if (times === 3) ending.abort();
      },
    });
    const { code, out, err } = await ran;
    assert.equal(code, 0);
    assert.equal(out.match(/2 of 2 expectations hold\./g)?.length, 2);
    assert.match(err, /mongoward: a policy is not valid/);
  });
});

test('--init goes with nothing that runs', async () => {
  const { code, err } = await ran({}, '--init', '--watch');
  assert.deepEqual(
    [code, err.split('\n')[0]],
    [2, 'mongoward: --init writes new files, and goes with neither --update nor --watch'],
  );
});

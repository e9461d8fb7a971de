/** `policy lint` and `policy explain` as a user runs them. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inFolder, mongoward } from './terminal.ts';

const HEAD = 'apiVersion: mongoward/v1\nmetadata: { name: p }\n';
const ANY = `${HEAD}roles:\n  r@admin:\n    privileges:\n      - { on: any, allow: [anyAction] }\nusers:\n  u@admin: { roles: [r@admin] }\n`;
const RULE = 'least-privilege/any-action';

async function lint(files: Readonly<Record<string, string>>, line: string, input?: string) {
  return inFolder(files, async (cwd) => {
    const argv = ['policy', 'lint', ...line.split(' ').filter((word) => word !== '')];
    const { code, out, err } = await mongoward(argv, { cwd, ...(input !== undefined && { input }) });
    return { code, err, out };
  });
}

async function severities(config: string, line = `--rule ${RULE}`) {
  const { code, out } = await lint(
    { 'policies/p.yaml': ANY, 'mongoward.config.yaml': config },
    `${line} --format json`,
  );
  const found: { rule: string; severity: string }[] = JSON.parse(out).findings;
  return { code, found: found.filter(({ rule }) => rule === RULE).map(({ severity }) => severity) };
}

test('severities come from the configuration', async () => {
  assert.deepEqual(await severities(''), { code: 1, found: ['error'] });
  assert.deepEqual(await severities(`lint: { rules: { ${RULE}: warning } }\n`), { code: 0, found: ['warning'] });
  assert.deepEqual(await severities(`lint: { rules: { ${RULE}: off } }\n`, ''), { code: 0, found: [] });
});

test('files may be named after --, also one that begins with a dash', async () => {
  const files = { 'policies/p.yaml': `${HEAD}roles: {}\n`, 'other/-p.yaml': ANY, '-p.yaml': ANY };
  for (const named of ['-- other', '--format json -- -p.yaml', '--max-warnings 5 -- policies other']) {
    assert.equal((await lint(files, named)).code, 1, named);
  }
  assert.equal((await lint(files, '-- policies')).code, 0);
  const { code, err } = await lint(files, '-- policies nowhere');
  assert.equal(code, 2);
  assert.match(err, /there is no file or folder nowhere/);
});

test('--max-warnings', async () => {
  const config = `lint: { rules: { ${RULE}: warning } }\n`;
  assert.equal((await severities(config, `--rule ${RULE} --max-warnings 0`)).code, 1);
  assert.equal((await severities(config, `--rule ${RULE} --max-warnings 1`)).code, 0);
  for (const wrong of ['foo', '-1', '1.5']) {
    const { code, err } = await lint({ 'policies/p.yaml': ANY }, `--max-warnings=${wrong}`);
    assert.equal(code, 2);
    assert.match(err, /--max-warnings is a whole number/);
  }
});

const WRONG_CONFIGS: Readonly<Record<string, RegExp>> = {
  [`lint:\n  rules:\n    least-privilege/any-actoin: off\n`]:
    /mongoward\.config\.yaml:3:5: there is no rule "least-privilege\/any-actoin" \(did you mean "least-privilege\/any-action"\?\)/,
  'lint: { rules: { document/syntax: warning } }\n':
    /mongoward\.config\.yaml:1:18: document\/syntax is always an error: a policy that breaks it can't be compiled/,
  'lint: { preset: strickt }\n': /"strickt" is not one of recommended, strict \(did you mean "strict"\?\)/,
  'lint: { targetVersion: 8.0 }\n': /"targetVersion" must be a text, but it is 8 \(quote it if a text is meant\)/,
};

for (const [config, message] of Object.entries(WRONG_CONFIGS)) {
  test(`the configuration ${JSON.stringify(config)} is refused`, async () => {
    const { code, err } = await lint({ 'policies/p.yaml': ANY, 'mongoward.config.yaml': config }, '');
    assert.equal(code, 2);
    assert.match(err, message);
  });
}

test('an empty configuration configures nothing', async () => {
  for (const config of ['', '# nothing yet\n']) {
    const { code } = await lint({ 'policies/p.yaml': ANY, 'mongoward.config.yaml': config }, `--rule ${RULE}`);
    assert.equal(code, 1);
  }
});

test('the text shows the line, the way and the last line', async () => {
  const { out } = await lint({ 'policies/p.yaml': ANY }, `--rule ${RULE}`);
  assert.match(out, /^error least-privilege\/any-action policies\/p\.yaml:6:9\n {2}\S/);
  assert.match(out, /\n {2}6 \| {7}- \{ on: any, allow: \[anyAction\] \}\n {4}\| {9}\^\n/);
  assert.match(out, /\n1 error in 1 file\.\n$/);
});

test('what is suppressed is counted', async () => {
  const text = ANY.replace('] }\nusers', `] } # mongoward-ignore ${RULE}: known\nusers`);
  const { code, out } = await lint({ 'policies/p.yaml': text }, `--rule ${RULE}`);
  assert.deepEqual([code, out.split('\n').at(-2)], [0, 'Clean: policy "p" in 1 file, 1 suppressed.']);
});

test('a secret in the wrong place is not shown by any format', async () => {
  const secret = 'Tr0ub4dor-and-3';
  const text = `${HEAD}users:\n  u@admin: { password: ${secret} }\n  v@admin:\n    password: { fromEnv: "${secret}" }\n`;
  for (const format of ['text', 'json', 'sarif', 'junit', 'github', 'markdown']) {
    const { code, out, err } = await lint({ 'policies/p.yaml': text }, `--format ${format}`);
    assert.equal(code, 1);
    assert.ok(!out.includes(secret) && !err.includes(secret), out);
  }
});

test('standard input stands for a file, among its neighbours', async () => {
  const files = {
    'policies/a.yaml': `${HEAD}users:\n  u@admin: { roles: [r@admin] }\n`,
    'policies/b.yaml': 'apiVersion: [\n',
  };
  const input = `${HEAD}roles:\n  r@admin: { privileges: [{ on: shop.orders, allow: [anyAction] }] }\n`;
  const args = '--stdin --stdin-filename policies/b.yaml --format json';
  const { out } = await lint(files, `${args} --rule ${RULE}`, input);
  assert.deepEqual(
    JSON.parse(out).findings.map(({ file, line }: { file: string; line: number }) => [file, line]),
    [['policies/b.yaml', 4]],
  );
  for (const [line, message] of [
    ['--stdin policies', /--stdin takes the place of the paths/],
    ['--stdin-filename x.yaml', /add --stdin/],
    ['--stdin --fix', /--fix changes files, and --stdin is none/],
  ] as const) {
    const { code, err } = await lint(files, line, input);
    assert.equal(code, 2);
    assert.match(err, message);
  }
});

test('a neighbour that is broken, large or something else does not keep a policy from being linted', async () => {
  const files = {
    'a.yaml': `${HEAD}users:\n  u@admin: { roles: [nobody@admin] }\n`,
    'broken.yaml': '{{{',
    'several.yaml': 'kind: Pod\nmetadata: {name: p}\n---\nkind: Pod\n',
    'large.json': `[${'"x",'.repeat(5_000_000)}"x"]`,
    'pod.yaml': 'kind: Pod\nmetadata: {name: p}\n',
  };
  const { code, out } = await lint(files, 'a.yaml --format json');
  assert.equal(code, 1);
  assert.deepEqual(
    JSON.parse(out).findings.map(({ rule }: { rule: string }) => rule),
    ['document/unknown-role'],
  );
});

test('every syntax error is told, and the other files are linted', async () => {
  const { code, out } = await lint(
    { 'policies/a.yaml': ANY, 'policies/b.yaml': 'a: 1\na: 2\nb: *.*\nc: [1\n' },
    '--format json',
  );
  assert.equal(code, 1);
  const findings: { file: string; rule: string; line: number }[] = JSON.parse(out).findings;
  assert.ok(findings.some(({ file, rule }) => file === 'policies/a.yaml' && rule === RULE));
  assert.ok(findings.filter(({ rule }) => rule === 'document/syntax').length >= 2);
});

test('what can not be read at once is refused at once', { skip: process.platform === 'win32' }, async () => {
  await inFolder({ 'huge.yaml': 'x'.repeat(50 * 1024 * 1024) }, async (cwd) => {
    execFileSync('mkfifo', [join(cwd, 'pipe.yaml')]);
    for (const [path, message] of [
      ['pipe.yaml', /can't read pipe\.yaml: it is not a regular file/],
      ['/dev/zero', /can't read \/dev\/zero: it is not a regular file/],
      ['huge.yaml', /huge\.yaml is 50 MB large, and 16 MB is the most for one file/],
      ['missing.yaml', /there is no file or folder missing\.yaml/],
    ] as const) {
      const { code, err } = await mongoward(['policy', 'lint', path], { cwd });
      assert.equal(code, 2);
      assert.match(err, message);
    }
  });
});

test('10,000 levels of nesting are an error like any other', async () => {
  for (const text of ['['.repeat(10_000), '- '.repeat(10_000), '{a: '.repeat(10_000)]) {
    const { code, out } = await lint({ 'policies/p.yaml': text }, '');
    assert.equal(code, 1);
    assert.match(out, /nested more than 200 levels deep/);
  }
});

test('--fix writes files whole, keeps their mode and leads through links', async () => {
  const text = `${HEAD}roles:\n  r@admin: { privileges: [{ on: shop.orders, allow: [find] }] } # mongoward-ignore ${RULE}: gone\nusers:\n  u@admin: { roles: [r@admin] }\n`;
  await inFolder({ 'real/p.yaml': text }, async (cwd) => {
    const real = join(cwd, 'real/p.yaml');
    chmodSync(real, 0o640);
    symlinkSync(real, join(cwd, 'link.yaml'));
    const { err } = await mongoward(['policy', 'lint', '--fix', 'link.yaml'], { cwd });
    assert.equal(err, 'mended: 1 finding\n');
    assert.equal(readFileSync(real, 'utf8'), text.replace(/ # mongo.*/, ''));
    assert.equal(statSync(real).mode & 0o777, 0o640);
    assert.equal((await mongoward(['policy', 'lint', '--fix', 'link.yaml'], { cwd })).err, '');
  });
});

test('policy explain shows a page, lists the rules, and knows the nearest name', async () => {
  const page = await mongoward(['policy', 'explain', RULE]);
  assert.equal(page.code, 0);
  assert.match(page.out, /^least-privilege\/any-action\n/);
  assert.ok(!page.out.includes('```'));
  const list = await mongoward(['policy', 'explain']);
  assert.match(list.out, /\nprotection\/append-only \(error\)\n/);
  assert.match(list.out, /\nWhat drift report finds\n.*\ndrift\/changed \(error\)\n/s);
  assert.match((await mongoward(['policy', 'explain', 'drift/changed'])).out, /^drift\/changed\n.*migrate apply/s);
  assert.deepEqual(await mongoward(['policy', 'explain', 'least-privilege/any-actions']), {
    code: 2,
    out: '',
    err: `mongoward: there is no rule "least-privilege/any-actions" (did you mean "${RULE}"?)\n  mongoward policy explain, without a name, lists them\n`,
  });
});

test('a password that stands as a key where its source is named is shown in no format', async () => {
  for (const password of ['{ s3cret }', '{ s3cret: x }', '{ fromEnv: A, s3cret: B }', '[s3cret]', 's3cret']) {
    const policy = `apiVersion: mongoward/v1\nmetadata: { name: p }\nusers: { a@admin: { password: ${password} } }\n`;
    await inFolder({ 'p.yaml': policy }, async (cwd) => {
      for (const format of ['text', 'json', 'sarif', 'junit', 'github', 'markdown']) {
        const { code, out, err } = await mongoward(['policy', 'lint', 'p.yaml', '--format', format], { cwd });
        assert.equal(code, 1);
        assert.doesNotMatch(out + err, /s3cret/, `${password} as ${format}`);
      }
    });
  }
});

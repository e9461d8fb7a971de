import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inFolder, mongoward, type Ran } from './terminal.ts';

const POLICY = 'apiVersion: mongoward/v1\nmetadata: { name: p }\n';
const TRAIL = `${POLICY}collections: { audit.logs: { protection: append-only } }\n`;
const GRANT = `${POLICY}roles: { r@audit: { privileges: [{ on: audit.logs, allow: [remove] }] } }\nusers: { u@admin: { roles: [r@audit] } }\n`;

/** Runs in `project/`, beside which there is `elsewhere/`. */
async function inProject(
  files: Readonly<Record<string, string>>,
  prepare: (folder: string) => void,
  line: string,
): Promise<Ran> {
  return inFolder({ 'elsewhere/trail.yaml': TRAIL, ...files }, async (folder) => {
    mkdirSync(join(folder, 'project/policies'), { recursive: true });
    prepare(folder);
    return mongoward(line.split(' '), { cwd: join(folder, 'project') });
  });
}

const LINT = 'policy lint --format json';

function rulesOf({ out }: Ran): readonly string[] {
  return JSON.parse(out).findings.map(({ rule }: { rule: string }) => rule);
}

test('a link inside the project is followed: what it protects counts', async () => {
  const ran = await inProject(
    { 'project/policies/grant.yaml': GRANT, 'project/shared/trail.yaml': TRAIL },
    (folder) => symlinkSync('../shared/trail.yaml', join(folder, 'project/policies/trail.yaml')),
    LINT,
  );
  assert.ok(rulesOf(ran).includes('protection/append-only'), ran.out);
  const linked = await inProject(
    { 'project/policies/grant.yaml': GRANT, 'project/shared/trail.yaml': TRAIL },
    (folder) => symlinkSync('../shared', join(folder, 'project/policies/shared')),
    LINT,
  );
  assert.ok(rulesOf(linked).includes('protection/append-only'), linked.out);
});

test('a link out of the project, or to nothing, is an error that names it', async () => {
  const advice = '  put the file itself there, or remove the link\n';
  for (const [target, name, how] of [
    ['../../elsewhere/trail.yaml', 'trail.yaml', 'leads out of the project'],
    ['../../elsewhere', 'folder', 'leads out of the project'],
    ['nowhere.yaml', 'trail.yaml', 'leads nowhere'],
  ] as const) {
    const { code, err } = await inProject(
      { 'project/policies/grant.yaml': GRANT },
      (folder) => symlinkSync(target, join(folder, 'project/policies', name)),
      LINT,
    );
    assert.deepEqual([code, err], [2, `mongoward: policies/${name} is a link that ${how}\n${advice}`]);
  }
});

test('the repository of the configuration is the project', async () => {
  const ran = await inProject(
    { 'project/policies/grant.yaml': GRANT },
    (folder) => {
      mkdirSync(join(folder, '.git'));
      symlinkSync('../../elsewhere/trail.yaml', join(folder, 'project/policies/trail.yaml'));
    },
    LINT,
  );
  assert.ok(rulesOf(ran).includes('protection/append-only'), ran.out);
});

test('a folder that links into itself is read once', async () => {
  const { code, out } = await inProject(
    { 'project/policies/trail.yaml': TRAIL },
    (folder) => symlinkSync('.', join(folder, 'project/policies/again')),
    'policy lint',
  );
  assert.equal(code, 0, out);
  assert.match(out, /in 1 file\./);
});

test('what lies below a policy folder and is not read is named', async () => {
  const { err, out } = await inProject(
    {
      'project/policies/trail.yaml': TRAIL,
      'project/policies/grant.yml.bak': GRANT,
      'project/policies/.hidden.yaml': GRANT,
      'project/policies/.old/x.yaml': GRANT,
      'project/policies/node_modules/x.yaml': GRANT,
      'project/policies/deep/notes.md': '',
    },
    (folder) => symlinkSync('trail.yaml', join(folder, 'project/policies/twin.yaml')),
    'policy lint',
  );
  assert.equal(
    err,
    'note: not read: policies/.hidden.yaml, policies/.old, policies/deep/notes.md, policies/grant.yml.bak, policies/node_modules, policies/twin.yaml\n',
  );
  assert.match(out, /in 1 file\./);
});

test('of what is not read, all that may be taken for a policy is named, and a few notes', async () => {
  const notes = Array.from({ length: 8 }, (_, at) => [`project/policies/n${at}.md`, '']);
  const hidden = Array.from({ length: 7 }, (_, at) => [`project/policies/.h${at}.yaml`, GRANT]);
  const files = { 'project/policies/trail.yaml': TRAIL, ...Object.fromEntries([...notes, ...hidden]) };
  const { err } = await inProject(files, () => {}, 'policy lint');
  const named = [0, 1, 2, 3, 4, 5, 6].map((at) => `policies/.h${at}.yaml, `).join('');
  const first = [0, 1, 2, 3, 4].map((at) => `policies/n${at}.md, `).join('');
  assert.equal(err, `note: not read: ${named}${first}and 3 more that have no name of a policy\n`);
});

test('a hidden file, or a second name of one, is no part of the policy, whichever command is asked and however', async () => {
  const exempt = `${POLICY}breakGlass: [{ user: u@audit, reason: x, until: 2027-06-30 }]\n`;
  const files = {
    'project/policies/trail.yaml': `${TRAIL}users: { u@audit: { roles: [readWrite@audit] } }\n`,
    'project/policies/.exempt.yaml': exempt,
  };
  const twin = (folder: string): void => symlinkSync('trail.yaml', join(folder, 'project/policies/twin.yaml'));
  for (const line of ['policy lint', 'policy lint policies', 'policy lint policies/trail.yaml']) {
    const { code, out } = await inProject(files, twin, line);
    assert.equal(code, 1, line);
    assert.match(out, /protection\/append-only/, line);
    assert.doesNotMatch(out, /\.exempt|twin/, line);
    assert.match(out, /in 1 file\./, line);
  }
  const show = await inProject(files, twin, 'policy show');
  assert.doesNotMatch(show.out, /2027-06-30/);
  const named = await inProject(files, twin, 'policy lint policies/trail.yaml policies/.exempt.yaml');
  assert.doesNotMatch(named.out, /protection\/append-only/);
});

const SECRETS = 'kind: Secret\nusers:\n  - name: admin\n    token: hunter2\n';

test('a policy that is called like expectations is refused by all commands, and not left out', async () => {
  const files = { 'project/policies/trail.yaml': TRAIL, 'project/policies/shop.Test.yaml': GRANT };
  const said = `mongoward: policies/shop.Test.yaml holds a policy, and is called like a file of expectations
  rename it, for instance to policies/shop-Test.yaml: what ends in .test is read by mongoward policy test alone
`;
  for (const line of [LINT, 'policy lint policies/trail.yaml', 'policy show policies/shop.Test.yaml', 'policy test']) {
    const { code, out, err } = await inProject(files, () => {}, line);
    assert.deepEqual([code, out, err], [2, '', said], line);
  }
});

test('a configuration names nothing outside of its project; the command line may', async () => {
  const files = { 'home/notes.yaml': SECRETS, 'project/mongoward.config.yaml': 'policies: [../home]\n' };
  const { code, out, err } = await inProject(files, () => {}, 'policy lint');
  assert.deepEqual([code, out], [2, '']);
  assert.match(err, /^mongoward: mongoward\.config\.yaml names .*home, which lies outside of the project\n/);
  const asked = await inProject({}, () => {}, 'policy lint ../elsewhere');
  assert.equal(asked.code, 0, asked.err);
});

test('of a file that is no policy nothing is shown', async () => {
  for (const text of [SECRETS, '{"password": "hunter2", "password": "hunter2"}', 'a: hunter2\n  b: hunter2\n']) {
    const { code, out, err } = await inProject({ 'project/policies/notes.yaml': text }, () => {}, 'policy lint');
    assert.equal(code, 1);
    assert.doesNotMatch(out + err, /hunter2|token|admin/);
    const plan = await inProject({ 'project/policies/notes.yaml': text }, () => {}, 'policy show');
    assert.equal(plan.code, 2);
    assert.doesNotMatch(plan.out + plan.err, /hunter2|token|admin/);
  }
});

test('a policy whose name or version is put in by a variable or an escape is refused by all commands', async () => {
  const grant = GRANT.slice(POLICY.length);
  for (const head of [
    `apiVersion: mongoward/v1\nmetadata: { name: "\${policy}" }\nvariables: { policy: p }\n`,
    `apiVersion: mongoward/v1\nmetadata: { "\${key}": p }\nvariables: { key: name }\n`,
    `apiVersion: mongoward/v1\n"\${key}": { name: p }\nvariables: { key: metadata }\n`,
    `apiVersion: "\${version}"\nmetadata: { name: p }\nvariables: { version: mongoward/v1 }\n`,
    'apiVersion: "mongoward\\/v1"\nmetadata: { name: p }\n',
  ]) {
    const files = { 'project/policies/trail.yaml': TRAIL, 'project/policies/z.yaml': `${head}${grant}` };
    const lint = await inProject(files, () => {}, 'policy lint');
    assert.equal(lint.code, 1, lint.out);
    assert.match(lint.out, /holds no variable|no variable may stand here|without escapes/);
    const show = await inProject(files, () => {}, 'policy show');
    assert.equal(show.code, 2, show.out);
    assert.match(
      show.err,
      /policies\/z\.yaml:\d+:\d+: (?:a policy's name holds|no variable may stand here|write "apiVersion)/,
    );
  }
});

test('a neighbour that can not be read is named', { skip: process.platform === 'win32' }, async () => {
  const { err } = await inProject(
    { 'project/policies/trail.yaml': TRAIL },
    (folder) => execFileSync('mkfifo', [join(folder, 'project/policies/pipe.yaml')]),
    'policy lint policies/trail.yaml',
  );
  assert.equal(err, "note: can't read policies/pipe.yaml: it is not a regular file\n");
  const broken = await inProject(
    {},
    (folder) => writeFileSync(join(folder, 'project/policies/latin1.yaml'), Buffer.from(`${POLICY}# \xe9\n`, 'latin1')),
    'policy lint --format json',
  );
  assert.deepEqual(JSON.parse(broken.out).findings, [
    {
      rule: 'document/syntax',
      severity: 'error',
      message: 'this is not UTF-8: save the file as UTF-8',
      file: 'policies/latin1.yaml',
      line: 3,
      column: 3,
      path: '',
    },
  ]);
});

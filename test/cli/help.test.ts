/** What somebody finds who asks what there is: help, version, colours, completion. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { wantsColour } from '../../src/cli/terminal.ts';
import { formatSnapshot } from '../../src/state/snapshot.ts';
import { state } from '../support/build.ts';
import { inFolder, mongoward } from './terminal.ts';

test('the program alone and the word help show what there is', async () => {
  const same = [
    [[], ['--help'], ['help']],
    [
      ['policy', '--help'],
      ['help', 'policy'],
    ],
    [
      ['policy', 'lint', '--help'],
      ['help', 'policy', 'lint'],
    ],
  ];
  for (const lines of same) {
    const outputs = await Promise.all(lines.map((line) => mongoward(line)));
    for (const ran of outputs) assert.deepEqual([ran.code, ran.err, ran.out], [0, '', outputs[0]?.out]);
    assert.match(outputs[0]?.out ?? '', /^mongoward /);
  }
});

test('an example stands on one line, however narrow the terminal is', async () => {
  const { out } = await mongoward(['migrate', 'apply', '--help'], { width: 60 });
  assert.equal(
    out.slice(out.indexOf('Examples:')),
    `Examples:
  mongoward migrate apply --cluster prod
      Show what is pending, ask, and carry it out
  mongoward migrate apply --cluster prod --yes
      The same without asking, for CI
  mongoward migrate apply --from-policy --cluster prod
      Make the cluster what the policy says, without files
  mongoward migrate apply --plan plan.json --cluster prod
      Carry out the plan that was approved, or stop
`,
  );
});

test('no example of any command is broken at 80 columns, and each begins with its command', async () => {
  const words = async (...before: readonly string[]): Promise<readonly string[]> => {
    const { out } = await mongoward(['completion', '--complete', '--', ...before, '']);
    return out.split('\n').filter((word) => word !== '' && word !== 'help' && word !== 'version');
  };
  const alone = ['init', 'demo', 'completion'];
  const commands: (readonly string[])[] = [];
  for (const noun of await words()) {
    if (alone.includes(noun)) commands.push([noun]);
    else for (const verb of await words(noun)) commands.push([noun, verb]);
  }
  assert.ok(commands.length > 25, String(commands.length));
  for (const command of commands) {
    const name = command.join(' ');
    const { code, out, err } = await mongoward([...command, '--help']);
    assert.deepEqual([code, err], [0, ''], name);
    const tooWide = out.split('\n').filter((line) => line.length > 80);
    assert.deepEqual(tooWide, [], name);
    const [, examples = ''] = out.split('\nExamples:\n');
    const lines = examples.trimEnd().split('\n');
    assert.ok(lines.length >= 2 && lines.length % 2 === 0, `${name} has no example`);
    for (const [at, line] of lines.entries()) {
      const form = at % 2 === 0 ? /^ {2}\S/ : /^ {6}[A-Z]/;
      assert.match(line, form, `${name}: ${line}`);
      if (at % 2 === 0) assert.ok(line.includes(`mongoward ${name}`), `${name}: ${line}`);
    }
  }
});

test('the help uses the whole width of the terminal', async () => {
  const { out } = await mongoward(['migrate', 'apply', '--help'], { width: 120 });
  assert.match(
    out,
    /--from-policy +Plan from the policy, without migration files {2,}\[boolean\] \[default: false\]\n/,
  );
});

test('the version of a command is the version alone', async () => {
  const { out } = await mongoward(['migrate', 'apply', '--version']);
  assert.match(out, /^\d+\.\d+\.\d+\n$/);
});

test('the version by every name', async () => {
  const outputs = await Promise.all([['version'], ['-v'], ['--version']].map((line) => mongoward(line)));
  for (const { code, out } of outputs) assert.match(`${code} ${out}`, /^0 \d+\.\d+\.\d+\n$/);
});

test('colours: the option decides, then FORCE_COLOR, then NO_COLOR, then whether it is a terminal', () => {
  const cases: readonly (readonly [string[], Record<string, string>, boolean, boolean])[] = [
    [[], {}, true, true],
    [[], {}, false, false],
    [[], { NO_COLOR: '1' }, true, false],
    [[], { NO_COLOR: '' }, true, true],
    [[], { FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
    [[], { FORCE_COLOR: '0' }, true, false],
    [[], { TERM: 'dumb' }, true, false],
    [['--color'], { NO_COLOR: '1' }, false, true],
    [['--no-color'], { FORCE_COLOR: '1' }, true, false],
    [['--color=false'], {}, true, false],
    [[], { MONGOWARD_COLOR: 'yes' }, false, true],
    [['--no-color'], { MONGOWARD_COLOR: 'yes' }, true, false],
  ];
  for (const [argv, env, isTerminal, wanted] of cases) {
    assert.equal(wantsColour(argv, env, isTerminal), wanted, JSON.stringify([argv, env, isTerminal]));
  }
});

const FILES = {
  'mongoward.config.yaml': 'clusters:\n  prod: { uri: { fromEnv: A } }\n  staging: { uri: { fromEnv: B } }\n',
  'policies/p.yaml':
    'apiVersion: mongoward/v1\nmetadata: { name: shop }\nusers: { app@admin: { roles: [read@shop] } }\n',
};

const COMPLETED: readonly (readonly [line: string, candidates: readonly string[]])[] = [
  ['mig', ['migrate']],
  ['migrate st', ['status']],
  ['migrate plan --clu', ['--cluster']],
  ['migrate plan --cluster ', ['prod', 'staging']],
  ['migrate plan --cluster st', ['staging']],
  ['policy lint --rule protection/app', ['protection/append-only']],
  ['policy explain protection/app', ['protection/append-only']],
  ['policy lint --format s', ['sarif']],
  ['policy can a', ['app@admin', 'audit@admin']],
  ['policy can --cluster prod a', ['app@admin', 'audit@admin']],
  ['policy can app@admin insertA', []],
  ['policy who alt', ['alter']],
  ['policy init --name s', ['shop']],
  ['completion f', ['fish']],
  ['help migrate st', ['status']],
  ['nothing like it ', []],
];

test('a shell is told commands, options, clusters, rules, policies, and accounts of the newest snapshot', async () => {
  await inFolder(FILES, async (cwd) => {
    const users = [{ user: 'audit', db: 'admin', roles: [] }];
    writeFileSync(join(cwd, 'prod.json'), formatSnapshot(state({ users })));
    for (const [line, candidates] of COMPLETED) {
      const { code, out, err } = await mongoward(['completion', '--complete', '--', ...line.split(' ')], { cwd });
      assert.deepEqual([code, err, out.split('\n').filter(Boolean)], [0, '', candidates], line);
    }
  });
});

test('a broken configuration completes to nothing, and says nothing', async () => {
  await inFolder({ 'mongoward.config.yaml': 'clusters: [' }, async (cwd) => {
    const ran = await mongoward(['completion', '--complete', '--', 'migrate', 'plan', '--cluster', ''], { cwd });
    assert.deepEqual(ran, { code: 0, out: '', err: '' });
  });
});

test('bash takes the script, and completes with it', { skip: process.platform === 'win32' }, async () => {
  const { out } = await mongoward(['completion', 'bash']);
  const asked = `mongoward() { echo "$@"; }
${out}
COMP_LINE='mongoward policy can a'; COMP_POINT=\${#COMP_LINE}
_mongoward
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', asked], { encoding: 'utf8' });
  assert.deepEqual([stdout, stderr], ['completion --complete -- policy can a\n', '']);
});

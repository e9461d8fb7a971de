/** Bad input: one clear sentence with file, line and what to do, exit code 2 (1 where the linter finds it), nothing changed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inFolder, mongoward, withoutEvidence } from './terminal.ts';

const HEAD = 'apiVersion: mongoward/v1\nmetadata: { name: x }\n';
const SNAPSHOT = JSON.stringify({
  mongowardSnapshot: 1,
  server: { version: '8.0.4', edition: 'community', topology: 'replicaSet' },
  roles: [],
  users: [],
  databases: [],
  objects: [],
});
const BOMB = [
  'a: &a [x,x,x,x,x,x,x,x,x,x]',
  ...['b', 'c', 'd', 'e', 'f'].map((name, i) => {
    const inner = Array(10).fill(`*${'abcde'[i]}`).join(',');
    return `${name}: &${name} [${inner}]`;
  }),
].join('\n');

/** What is wrong, the policy file, and the sentence that both the linter and the plan say. */
const POLICIES: readonly (readonly [what: string, text: string, sentence: string])[] = [
  ['an unknown key', `${HEAD}rols: {}\n`, 'policy.yaml:3:1: unknown key "rols" (did you mean "roles"?)'],
  ['a wrong type', `${HEAD}roles: []\n`, 'policy.yaml:3:1: "roles" must be a map, but it is a list'],
  [
    'a YAML syntax error',
    `${HEAD}roles: { a@b: [ }\n`,
    'policy.yaml:3:17: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
  ],
  ['a duplicate key', `${HEAD}roles:\n  a@b: {}\n  a@b: {}\n`, 'policy.yaml:5:3: this key stands here twice: keep one'],
  [
    'a role that does not exist',
    `${HEAD}roles:\n  writer@b: {}\nusers:\n  u@b: { roles: [writr@b] }\n`,
    'policy.yaml:6:18: the role writr@b is neither in the policy nor built in (did you mean "writer@b"?)',
  ],
  [
    'an inheritance cycle',
    `${HEAD}roles:\n  a@b: { roles: [c@b] }\n  c@b: { roles: [a@b] }\n`,
    'policy.yaml:4:3: these roles inherit each other: a@b → c@b → a@b',
  ],
  [
    'a range of versions that holds none',
    `${HEAD}cluster: { version: ">=8.0 <5.0" }\n`,
    'policy.yaml:3:12: no version of MongoDB is in the range ">=8.0 <5.0": correct one of its ends',
  ],
  ['an anchor bomb', BOMB, 'policy.yaml:1:1: aliases (*name) expand to too much: write the repeated parts out'],
  [
    'unquoted *.*',
    `${HEAD}roles:\n  a@admin:\n    privileges:\n      - on: *.*\n        allow: [find]\n`,
    'policy.yaml:6:13: "*.*" without quotes is a YAML alias, and there is no anchor "&.*": quote it as "*.*"',
  ],
  ['an empty file', '', 'policy.yaml:1:1: the file is empty: a policy begins with "apiVersion: mongoward/v1"'],
  ['a list instead of a map', '- 1\n', 'policy.yaml:1:1: the file must be a map, but it is a list'],
  [
    'a literal password',
    `${HEAD}users:\n  u@admin: { password: hunter2 }\n`,
    'policy.yaml:4:14: "password" must be a map, but it is a text: write { fromEnv: NAME } or { fromFile: path }',
  ],
  [
    'a variable without a value',
    `${HEAD}roles:\n  "\${who}@b": {}\n`,
    'policy.yaml:4:3: no value for the variable "who": give it under "variables", by --var, or in MONGOWARD_VAR_who',
  ],
];

for (const [what, text, sentence] of POLICIES) {
  test(`${what}: the plan names the place, exit code 2; the linter finds it, exit code 1`, async () => {
    await inFolder({ 'policy.yaml': text, 's.json': SNAPSHOT }, async (cwd) => {
      const plan = await mongoward(['migrate', 'plan', '--policy', 'policy.yaml', '--snapshot', 's.json'], { cwd });
      assert.equal(plan.code, 2);
      assert.equal(plan.out, '');
      assert.ok(plan.err.startsWith(`mongoward: the policy is not valid\n  ${sentence}\n`), plan.err);
      const lint = await mongoward(['policy', 'lint', 'policy.yaml', '--format', 'json'], { cwd });
      assert.equal(lint.code, 1);
      const { findings } = JSON.parse(lint.out);
      const places = findings.map(
        (f: Record<string, unknown>) => `${f['file']}:${f['line']}:${f['column']}: ${f['message']}`,
      );
      assert.ok(places.includes(sentence), lint.out);
      assert.doesNotMatch(plan.err + lint.out, /hunter2/);
    });
  });
}

/** Command lines that can't do their job, and all that they say. */
const COMMANDS: readonly (readonly [what: string, argv: readonly string[], err: string])[] = [
  [
    'a file that is not there',
    ['policy', 'lint', 'nowhere.yaml'],
    'mongoward: there is no file or folder nowhere.yaml\n  name the policy files, or a folder of them\n',
  ],
  [
    'a folder without policies',
    ['policy', 'lint', 'empty'],
    'mongoward: there are no policies and no expectations (.yaml, .yml, .json) in empty\n  name the policy files, or a folder of them\n',
  ],
  [
    'the only cluster, whose URI is not there',
    ['migrate', 'plan'],
    'mongoward: the environment variable PROD_URI is not set: the URI of cluster "prod" is read from it\n  set PROD_URI and run the command again; nothing was changed\n',
  ],
  [
    'a cluster that the configuration does not know',
    ['migrate', 'plan', '--cluster', 'prodd'],
    'mongoward: there is no cluster "prodd" in mongoward.config.yaml\n  known: prod (did you mean "prod"?)\n',
  ],
  [
    'a URI whose variable is not set',
    ['drift', 'report', '--cluster', 'prod'],
    'mongoward: the environment variable PROD_URI is not set: the URI of cluster "prod" is read from it\n' +
      '  set PROD_URI and run the command again; nothing was changed\n',
  ],
  [
    'a URI that is none',
    ['drift', 'report', '--cluster', 'mongodb://'],
    'mongoward: this is not a valid connection string: Protocol and host list are required in the uri\n' +
      '  user and password stand before an @, and the servers after it; percent-encode signs in user and password\n',
  ],
  [
    'a URI without its servers, whose password the driver takes for a port and quotes',
    ['drift', 'report', '--cluster', 'mongodb://root:hunter2'],
    'mongoward: this is not a valid connection string: Unable to parse … with URL\n' +
      '  user and password stand before an @, and the servers after it; percent-encode signs in user and password\n',
  ],
  [
    'a URI of which the driver takes half the password for a server',
    ['drift', 'report', '--cluster', 'mongodb://root:hunter@2/password@127.0.0.1:1/'],
    'mongoward: this is not a valid connection string: an @ is not percent-encoded\n' +
      '  in user, password and options write %40 for it\n',
  ],
  [
    'a time to wait that no timer can hold',
    ['drift', 'report', '--cluster', 'mongodb://127.0.0.1:1', '--timeout', '1e9'],
    'mongoward: --timeout is a number of seconds greater than 0, and 3600 at most\n',
  ],
  [
    'apply without a terminal and without --yes',
    ['migrate', 'apply', '--from-policy', '--cluster', 'mongodb://127.0.0.1:1'],
    'mongoward: there is no terminal to ask whether to go on\n  add --yes; nothing was changed\n',
  ],
  [
    'a snapshot that is not there',
    ['drift', 'report', '--snapshot', 'none.json'],
    "mongoward: can't read none.json: there is no such file\n",
  ],
  [
    'a snapshot that is none',
    ['drift', 'report', '--snapshot', 'mongoward.config.yaml'],
    "mongoward: can't use the snapshot mongoward.config.yaml: line 1, column 1: not valid JSON: a value is expected here\n",
  ],
  [
    'an unknown command',
    ['polcy'],
    'mongoward: unknown command "polcy": did you mean policy?\n  see mongoward --help\n',
  ],
  ['a noun alone', ['migrate'], 'mongoward: name a command of "migrate"\n  see mongoward migrate --help\n'],
  ['a command like no other', ['xyzzy'], 'mongoward: unknown command "xyzzy"\n  see mongoward --help\n'],
  [
    'an unknown option',
    ['policy', 'lint', '--formt', 'json'],
    'mongoward: there is no option --formt (did you mean "--format"?)\n  see mongoward policy lint --help\n',
  ],
  [
    'an unknown option that is switched off',
    ['policy', 'lint', '--no-fixing'],
    'mongoward: there is no option --no-fixing\n  see mongoward policy lint --help\n',
  ],
  ...[
    ['policy', 'lint', ''],
    ['policy', 'diff', '', 'b.json'],
    ['migrate', 'status', '--dir', ''],
  ].map((line): readonly [string, readonly string[], string] => [
    `an empty word: ${JSON.stringify(line)}`,
    line,
    "mongoward: a word of the command line is empty\n  say what it stands for: a shell's variable that is not set gives nothing\n",
  ]),
  ...['--dir', '--snapshot', '--policy'].map((name): readonly [string, readonly string[], string] => [
    `${name} with nothing behind the sign`,
    ['migrate', 'plan', `${name}=`],
    `mongoward: ${name} needs a value\n  say what it stands for: a shell's variable that is not set gives nothing\n`,
  ]),
  ...[
    ['policy', 'lint', '-'],
    ['policy', 'show', '-'],
    ['cluster', 'snapshot', '-o', '-'],
  ].map((line): readonly [string, readonly string[], string] => [
    `a dash instead of a file: ${line.join(' ')}`,
    line,
    'mongoward: "-" stands for no file\n  name the file; policy lint --stdin reads standard input, and ./- is a file of that name\n',
  ]),
  [
    'a value that an option does not take',
    ['cluster', 'doctor', '--format', 'xml'],
    `mongoward: --format can't be "xml": it is one of text, json\n  see mongoward cluster doctor --help\n`,
  ],
  [
    'a word that a command does not take',
    ['completion', 'tcsh'],
    `mongoward: <shell> can't be "tcsh": it is one of bash, zsh, fish\n  see mongoward completion --help\n`,
  ],
  [
    'an option without its value',
    ['drift', 'report', '--format'],
    'mongoward: --format needs a value\n  see mongoward drift report --help\n',
  ],
  [
    'options that exclude each other',
    ['drift', 'report', '--cluster', 'a', '--snapshot', 'b'],
    'mongoward: --cluster and --snapshot exclude each other\n  see mongoward drift report --help\n',
  ],
  ['a missing word', ['policy', 'who', 'alter'], 'mongoward: <namespace> missing\n  see mongoward policy who --help\n'],
  [
    'a word too many',
    ['policy', 'who', 'alter', 'a.b', 'c'],
    'mongoward: "c" is one word too many\n  see mongoward policy who --help\n',
  ],
  [
    'an option that takes one value, twice',
    ['policy', 'who', 'alter', 'a.b', '--snapshot', 'x', '--snapshot=y', '--var', 'a=1', '--var', 'b=2'],
    'mongoward: --snapshot was given more than once\n  give it once\n',
  ],
  [
    'an option that takes one value, by two names',
    ['policy', 'init', '--template', 'audit-trail', '-o', 'x', '--output', 'y', '--only', 'a', '--only', 'b'],
    'mongoward: --output was given more than once\n  give it once\n',
  ],
  [
    'a --var without a value',
    ['policy', 'lint', '--var', 'env'],
    'mongoward: --var env is not in the form name=value\n',
  ],
];

for (const [what, argv, err] of COMMANDS) {
  test(`${what}: one sentence and exit code 2`, async () => {
    const config = 'clusters:\n  prod: { uri: { fromEnv: PROD_URI } }\n';
    const files = { 'mongoward.config.yaml': config, 'policies/p.yaml': HEAD, 'empty/readme.txt': '' };
    await inFolder(files, async (cwd) => {
      assert.deepEqual(await mongoward(argv, { cwd }), { code: 2, out: '', err });
    });
  });
}

test('a 50 MB file is refused unread', async () => {
  await inFolder({ 'big.yaml': `# ${'x'.repeat(50 * 1024 * 1024)}\n` }, async (cwd) => {
    assert.deepEqual(await mongoward(['policy', 'lint', 'big.yaml'], { cwd }), {
      code: 2,
      out: '',
      err: 'mongoward: big.yaml is 50 MB large, and 16 MB is the most for one file\n  split it: all files that bear the same metadata.name make one policy\n',
    });
  });
});

test('the same role in two files names both', async () => {
  const role = `${HEAD}roles: { a@b: {} }\n`;
  await inFolder({ 'policies/1.yaml': role, 'policies/2.yaml': role }, async (cwd) => {
    const { code, out } = await mongoward(['policy', 'lint'], { cwd });
    assert.equal(code, 1);
    assert.equal(
      withoutEvidence(out),
      'error document/duplicate policies/2.yaml:3:10\n  this role is already defined in policies/1.yaml:3: keep one\n  3 | roles: { a@b: {} }\n    |          ^\n\n1 error in 2 files.\n',
    );
  });
});

test('a password that is missing from the environment stops apply before anything is written', async () => {
  const policy = `${HEAD}users:\n  u@admin: { password: { fromEnv: NOT_SET } }\n`;
  const { startSandbox } = await import('../../src/sandbox/server.ts');
  const sandbox = await startSandbox({ root: { user: 'root', password: 'r' } });
  try {
    await inFolder({ 'policies/p.yaml': policy }, async (cwd) => {
      const uri = `mongodb://root:r@${sandbox.host}/?authSource=admin`;
      const before = sandbox.state();
      assert.deepEqual(await mongoward(['migrate', 'apply', '--from-policy', '--yes', '--cluster', uri], { cwd }), {
        code: 2,
        out: '',
        err:
          'mongoward: the environment variable NOT_SET is not set: the password of u@admin is read from it\n' +
          '  set NOT_SET and run the command again; nothing was changed\n',
      });
      assert.deepEqual(sandbox.state(), before);
    });
  } finally {
    await sandbox.stop();
  }
});

test('a password with a line end or a control character stops apply before anything is written', async () => {
  const { startSandbox } = await import('../../src/sandbox/server.ts');
  const sandbox = await startSandbox({ root: { user: 'root', password: 'r' } });
  try {
    const uri = `mongodb://root:r@${sandbox.host}/?authSource=admin`;
    const policy = (source: string): string => `${HEAD}users:\n  u@admin: { password: { ${source} } }\n`;
    const rows = [
      ['fromFile: two.txt', 'two.txt holds more than one line'],
      ['fromFile: bell.txt', 'bell.txt holds a control character'],
      ['fromEnv: TWO', 'the environment variable TWO holds more than one line'],
    ] as const;
    for (const [source, said] of rows) {
      const files = { 'policies/p.yaml': policy(source), 'two.txt': 'hush\nhush\n', 'bell.txt': 'hu\u0007sh\n' };
      await inFolder(files, async (cwd) => {
        const before = sandbox.state();
        const line = ['migrate', 'apply', '--from-policy', '--yes', '--cluster', uri];
        assert.deepEqual(await mongoward(line, { cwd, env: { TWO: 'hush\nhush' } }), {
          code: 2,
          out: '',
          err: `mongoward: ${said}: the password of u@admin is read from it\n  nothing was changed; put the password there, on one line, and nothing else\n`,
        });
        assert.deepEqual(sandbox.state(), before);
      });
    }
  } finally {
    await sandbox.stop();
  }
});

test('of a file that holds no connection string nothing is shown', async () => {
  const config = 'clusters:\n  prod: { uri: { fromFile: uri.txt } }\n';
  await inFolder({ 'mongoward.config.yaml': config, 'uri.txt': 'root:hunter2@db1' }, async (cwd) => {
    assert.deepEqual(await mongoward(['cluster', 'doctor', '--cluster', 'prod'], { cwd }), {
      code: 2,
      out: '',
      err: 'mongoward: this is not a connection string\n  it begins with mongodb:// or mongodb+srv://\n',
    });
  });
});

test('a --var that no file uses, and a cluster that the configuration does not know, are slips of the pen', async () => {
  const policy = `apiVersion: mongoward/v1\nmetadata: {name: p}\nroles: {"\${role}@admin": {}}\nvariables: {role: a}\n`;
  await inFolder({ 'policies/p.yaml': policy }, async (cwd) => {
    for (const [line, message] of [
      ['policy show --var rolle=x', 'no policy file uses the variable "rolle" of --var (did you mean "role"?)'],
      ['policy show --cluster prd', 'there is no cluster "prd" in mongoward.config.yaml, which is not here'],
      ['migrate plan --cluster mongo://a:secret@b', 'this is not a connection string'],
    ] as const) {
      const { code, err } = await mongoward(line.split(' '), { cwd });
      assert.equal(code, 2, line);
      assert.ok(err.includes(message), err);
      assert.ok(!err.includes('secret'), err);
    }
  });
});

test('a command that could not do its job says so on standard error, whatever its report says', async () => {
  const snapshot = {
    mongowardSnapshot: 1,
    server: { version: '7.0.0', edition: 'community', topology: 'replicaSet' },
    unreadable: [{ what: 'roles', why: 'the account may not read it' }],
  };
  const files = { 'policies/p.yaml': `${HEAD}roles: { a@b: {} }\n`, 'unseen.json': JSON.stringify(snapshot) };
  await inFolder(files, async (cwd) => {
    const drift = await mongoward(['drift', 'report', '--snapshot', 'unseen.json'], { cwd });
    assert.deepEqual(
      [drift.code, drift.err],
      [2, 'mongoward: 4 parts of the cluster could not be seen\n' + '  the report names each, and why\n'],
    );
    const plan = await mongoward(['migrate', 'plan', '--snapshot', 'unseen.json'], { cwd });
    assert.deepEqual(
      [plan.code, plan.err],
      [
        2,
        'mongoward: 2 obstacles in the way: nothing of this plan can be applied\n' +
          '  the plan names each, and what to do about it\n',
      ],
    );
  });
});

test('an entry of a cluster that demands a version which no server has is an error of the configuration', async () => {
  const config = 'clusters:\n  prod:\n    uri: { fromEnv: URI }\n    cluster: { version: ">8 <9" }\n';
  const { code, err } = await inFolder({ 'mongoward.config.yaml': config, 'policies/p.yaml': HEAD }, (cwd) =>
    mongoward(['policy', 'lint'], { cwd }),
  );
  assert.deepEqual(
    [code, err],
    [
      2,
      'mongoward: mongoward.config.yaml is not a valid configuration\n  mongoward.config.yaml:4:16: no version of MongoDB is in the range ">8 <9": correct one of its ends\n',
    ],
  );
});

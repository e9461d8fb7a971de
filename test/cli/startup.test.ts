/** What the program loads: for linting its own file and Node.js itself, for the demo a file besides. */
import assert from 'node:assert/strict';
import { isAscii } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { PROGRAM, unbuilt } from './terminal.ts';

const root = join(import.meta.dirname, '../..');

test('a policy is linted where no package is installed', { skip: unbuilt }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'mongoward-startup-'));
  try {
    for (const part of ['dist/cli', 'docs/rules', 'package.json', 'policies']) {
      cpSync(join(root, part), join(folder, part), { recursive: true });
    }
    rmSync(join(folder, 'dist/cli/demo.js'));
    for (const format of ['text', 'json', 'sarif', 'junit', 'github', 'markdown']) {
      const { status, stderr } = spawnSync(
        process.execPath,
        ['dist/cli/main.js', 'policy', 'lint', '--format', format],
        { cwd: folder, encoding: 'utf8', env: { PATH: process.env['PATH'] } },
      );
      assert.deepEqual([status, stderr], [0, ''], format);
    }
    const { status, stderr } = spawnSync(
      process.execPath,
      ['dist/cli/main.js', 'cluster', 'snapshot', '--cluster', 'mongodb://x'],
      {
        cwd: folder,
        encoding: 'utf8',
        env: { PATH: process.env['PATH'] },
      },
    );
    assert.equal(status, 2);
    assert.match(
      stderr,
      /Cannot find module '(bson|mongodb)'/,
      'what needs the driver misses it here: it is not in the file',
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('what the demo can not do is told as by any other command, although it is a file of its own', {
  skip: unbuilt,
}, () => {
  const { status, stderr } = spawnSync(process.execPath, ['dist/cli/main.js', 'demo'], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], MONGOMS_SYSTEM_BINARY: '/nowhere/mongod' },
  });
  assert.deepEqual(
    [status, stderr],
    [2, 'mongoward: MONGOMS_SYSTEM_BINARY names /nowhere/mongod, which is not there\n'],
  );
});

/** The files of the package and of others that a command line loads, `mongoward` among them, by their names and sizes. */
function loadedBy(line: readonly string[], ends = 0): ReadonlyMap<string, number> {
  const hook = `data:text/javascript,${encodeURIComponent(`
    import Module from 'node:module';
    import vm from 'node:vm';
    const told = (code, file) => process._rawDebug('loaded', code.length, file);
    const compile = Module.prototype._compile;
    Module.prototype._compile = function (code, file) {
      told(code, file);
      return compile.call(this, code, file);
    };
    vm.Script = class extends vm.Script {
      constructor(code, options) {
        told(code, options.filename);
        super(code, options);
      }
    };`)}`;
  const { status, stderr } = spawnSync(process.execPath, ['--import', hook, PROGRAM, ...line], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], NODE_DISABLE_COMPILE_CACHE: '1' },
  });
  assert.equal(status, ends, stderr);
  const found = [...stderr.matchAll(/^loaded (\d+) (.*)$/gm)];
  return new Map(found.map(([, size, file = '']) => [relative(root, file), Number(size)]));
}

test('every file of the program is ASCII: one other character, and all of it takes twice the memory and longer to load', {
  skip: unbuilt,
}, () => {
  const folder = dirname(PROGRAM);
  const others = readdirSync(folder).filter(
    (name) => name.endsWith('.js') && !isAscii(readFileSync(join(folder, name))),
  );
  assert.deepEqual(others, []);
});

test('the version is told by the smallest file of the program', { skip: unbuilt }, () => {
  const loaded = loadedBy(['--version']);
  assert.deepEqual([...loaded.keys()], ['dist/cli/main.js']);
  assert.ok(total(loaded) < 4_000, `${total(loaded)} bytes`);
});

test('the linter loads itself and what reads a command line, no package and no other command', {
  skip: unbuilt,
}, () => {
  const loaded = loadedBy(['policy', 'lint', 'policies/audit-trail.yaml']);
  assert.deepEqual(
    [...loaded.keys()],
    ['dist/cli/main.js', 'dist/cli/parts.js', 'dist/cli/run.js', 'dist/cli/failure.js', 'dist/cli/policy-lint.js'],
  );
  assert.ok(total(loaded) < 900_000, `${total(loaded)} bytes`);
});

/** Until a cluster is named: the driver is loaded then. */
const PARTS = {
  'drift report': ['dist/cli/cluster-commands.js', 1_700_000],
  'migrate apply': ['dist/cli/cluster-commands.js', 1_700_000],
  'policy who': ['dist/cli/commands.js', 1_500_000],
} as const;

for (const [command, [part, most]] of Object.entries(PARTS)) {
  test(`${command} loads its own part of the program, and of the packages BSON`, { skip: unbuilt }, () => {
    const loaded = loadedBy([...command.split(' '), '--help']);
    const packages = [...loaded.keys()].filter((file) => file.startsWith('node_modules/'));
    assert.deepEqual(
      packages.map((file) => file.split('/')[1]),
      ['bson'],
    );
    const own = new Map([...loaded].filter(([file]) => !packages.includes(file)));
    assert.deepEqual(
      [...own.keys()].sort(),
      ['dist/cli/main.js', 'dist/cli/parts.js', 'dist/cli/run.js', 'dist/cli/failure.js', part].sort(),
    );
    assert.ok(total(own) < most, `${total(own)} bytes`);
  });
}

test('the driver is loaded from one file, where a cluster is named', { skip: unbuilt }, () => {
  const line = ['cluster', 'snapshot', '--cluster', 'mongodb://127.0.0.1:1', '--timeout', '0.1'];
  const loaded = [...loadedBy(line, 2).keys()];
  assert.ok(loaded.includes('dist/cli/driver.js'), loaded.join(', '));
  assert.deepEqual(
    loaded.filter((file) => file.startsWith('node_modules/')).map((file) => file.split('/')[1]),
    ['bson'],
  );
});

test('what the driver loads if it is installed is looked for from the place of the driver', { skip: unbuilt }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'mongoward-startup-'));
  const put = (path: string, text: string): void => {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  try {
    for (const part of ['dist/cli/parts.js', 'dist/cli/driver.js', 'dist/cli/package.json', 'node_modules/bson']) {
      cpSync(join(root, part), join(folder, part), { recursive: true });
    }
    put('node_modules/mongodb/index.js', '');
    put('node_modules/mongodb/node_modules/mongodb-client-encryption/index.js', "throw new Error('it is found')");
    put(
      'ask.cjs',
      `const { loadPart } = require('./dist/cli/parts.js');
      const { ClientEncryption, MongoClient } = loadPart(require.resolve('./dist/cli/driver.js'));
      const client = new MongoClient('mongodb://127.0.0.1:1');
      try { new ClientEncryption(client, { keyVaultNamespace: 'a.b', kmsProviders: {} }); }
      catch ({ cause }) { console.log(cause.message); }`,
    );
    const { stdout, stderr } = spawnSync(process.execPath, ['ask.cjs'], { cwd: folder, encoding: 'utf8' });
    assert.equal(stdout, 'it is found\n', stderr);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** The names of what a line leaves in its cache, in the order of the alphabet. */
function keptBy(home: string, line: readonly string[], ends: number): readonly string[] {
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, ...line], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], XDG_CACHE_HOME: home },
  });
  assert.equal(status, ends, stderr);
  const folder = join(home, 'mongoward');
  return existsSync(folder) ? readdirSync(folder).map((name) => name.replace(/-[0-9a-f]+-v.*$/, '')) : [];
}

const LINT = ['policy', 'lint', 'policies/audit-trail.yaml'];

test('compiled code is kept once a command has done its work, by command where each runs functions of its own', {
  skip: unbuilt,
}, () => {
  const home = mkdtempSync(join(tmpdir(), 'mongoward-startup-'));
  try {
    for (const help of [['--version'], [], ['help'], ['policy', 'lint', '--help'], ['policy', 'lint', '-h']]) {
      assert.deepEqual(keptBy(home, help, 0), [], help.join(' '));
    }
    assert.deepEqual(keptBy(home, ['policy', 'lint', '/nowhere'], 2), []);
    assert.deepEqual(keptBy(home, LINT, 0), ['failure', 'policy-lint.policy-lint', 'run']);
    const withValue = keptBy(home, ['--format', 'json', ...LINT], 0);
    assert.deepEqual(withValue, ['failure', 'policy-lint.', 'policy-lint.policy-lint', 'run'], 'no value of an option');
    const more = keptBy(home, ['policy', 'explain', 'protection/access'], 0);
    assert.deepEqual(more, [
      'bson.cjs',
      'commands.policy-explain',
      'failure',
      'policy-lint.',
      'policy-lint.policy-lint',
      'run',
    ]);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test('kept code that somebody has spoilt, or may not be kept, changes no answer', { skip: unbuilt }, () => {
  const home = mkdtempSync(join(tmpdir(), 'mongoward-startup-'));
  try {
    const kept = keptBy(home, LINT, 0);
    const folder = join(home, 'mongoward');
    for (const name of readdirSync(folder)) writeFileSync(join(folder, name), 'no code at all');
    assert.deepEqual(keptBy(home, LINT, 0), kept);
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'a file in its place');
    const { status } = spawnSync(process.execPath, [PROGRAM, ...LINT], { cwd: root, env: { XDG_CACHE_HOME: home } });
    assert.equal(status, 0);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

function total(sizes: ReadonlyMap<string, number>): number {
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { cacheFolder, compileCache, compiledCodeFolder, ownFolder } from '../../src/cli/compile-cache.ts';
import { commandName } from '../../src/cli/parts.ts';

const POSIX = process.platform === 'win32' ? 'Windows keeps users apart by the place' : false;

test('compiled code goes where programs keep such things', () => {
  assert.equal(
    cacheFolder({}, 'linux', () => '/home/ann'),
    '/home/ann/.cache',
  );
  assert.equal(
    cacheFolder({ XDG_CACHE_HOME: '/var/cache/ann' }, 'linux', () => '/home/ann'),
    '/var/cache/ann',
  );
  assert.equal(
    cacheFolder({ XDG_CACHE_HOME: '' }, 'linux', () => '/home/ann'),
    '/home/ann/.cache',
  );
  assert.equal(
    cacheFolder({}, 'darwin', () => '/Users/ann'),
    '/Users/ann/Library/Caches',
  );
  assert.equal(
    cacheFolder({}, 'win32', () => 'C:\\Users\\ann'),
    undefined,
  );
  assert.equal(
    cacheFolder({ NODE_COMPILE_CACHE: '/fast' }, 'linux', () => '/home/ann'),
    '/fast',
    'as Node.js has it',
  );
});

test('nothing is kept for a user who has no home, unless a place is named', () => {
  const nobody = (): string => {
    throw new Error('uv_os_homedir returned ENOENT');
  };
  assert.equal(compiledCodeFolder({}, nobody), undefined);
  assert.equal(compiledCodeFolder({ NODE_COMPILE_CACHE: home }, nobody), join(home, 'mongoward'));
});

test('nothing is kept where somebody turns it off, or takes coverage', () => {
  assert.equal(compiledCodeFolder({ XDG_CACHE_HOME: home, NODE_DISABLE_COMPILE_CACHE: '1' }), undefined);
  assert.equal(compiledCodeFolder({ XDG_CACHE_HOME: home, NODE_V8_COVERAGE: '/tmp' }), undefined);
});

test('a path that depends on the working directory is no place for code', () => {
  assert.equal(
    cacheFolder({ XDG_CACHE_HOME: 'cache' }, 'linux', () => '/home/ann'),
    undefined,
  );
  assert.equal(
    cacheFolder({}, 'linux', () => '.'),
    undefined,
  );
});

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mongoward-home-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test('the folder is made for the user alone', { skip: POSIX }, () => {
  const base = join(home, '.cache');
  assert.equal(ownFolder(base), join(base, 'mongoward'));
  assert.equal(statSync(join(base, 'mongoward')).mode & 0o777, 0o700);
  assert.equal(ownFolder(base), join(base, 'mongoward'), 'and found the next time');
});

test('nothing is kept where others may write', { skip: POSIX }, () => {
  chmodSync(home, 0o777);
  assert.equal(ownFolder(home), undefined);
  assert.equal(existsSync(join(home, 'mongoward')), false);
  chmodSync(home, 0o700);
  mkdirSync(join(home, 'mongoward'));
  chmodSync(join(home, 'mongoward'), 0o770);
  assert.equal(ownFolder(home), undefined);
});

test('nothing is kept behind a link, in what is no folder, or where nothing can be made', { skip: POSIX }, () => {
  mkdirSync(join(home, 'elsewhere'));
  symlinkSync(join(home, 'elsewhere'), join(home, 'mongoward'));
  assert.equal(ownFolder(home), undefined);
  writeFileSync(join(home, 'file'), '');
  assert.equal(ownFolder(join(home, 'file')), undefined);
  assert.equal(ownFolder(join(home, 'no/such/folder')), undefined);
  assert.equal(ownFolder(undefined), undefined);
});

test('the name of a command holds no value of an option', () => {
  assert.equal(commandName(['policy', 'lint', 'x.yaml']), 'policy-lint');
  assert.equal(commandName(['demo']), 'demo');
  assert.equal(commandName(['init', '/home/ann/project']), 'init');
  assert.equal(commandName(['--cluster', 'mongodb://ann:hunter@host', 'drift', 'report']), '');
  assert.equal(commandName(['--cluster', 'hunter', 'drift', 'report']), '');
  assert.equal(commandName(['--cluster=hunter', 'drift', 'report']), '');
  assert.equal(commandName(['drift', '--cluster=hunter', 'report']), 'drift');
  assert.equal(commandName([]), '');
});

const DAY_MS = 24 * 60 * 60 * 1000;

/** Compiles and runs a file that answers, keeps what was compiled, and gives the answer and the names of what is kept. */
function answerOf(code: string, now?: number): { readonly answer: unknown; readonly kept: readonly string[] } {
  const file = join(home, 'part.js');
  writeFileSync(file, code);
  const folder = join(home, 'cache');
  mkdirSync(folder, { recursive: true });
  const cache = compileCache(folder, now);
  const module = { exports: {} };
  const run = cache.compile(file, 'part').runInThisContext() as (exports: object, require: unknown, m: object) => void;
  run(module.exports, undefined, module);
  cache.keep();
  return { answer: module.exports, kept: readdirSync(folder) };
}

const ANSWERS_ONE = 'module.exports = (() => 1)();';
const keptFile = (name = ''): string => join(home, 'cache', name);

test('what was compiled is kept, and used by the next run', () => {
  const first = answerOf(ANSWERS_ONE);
  assert.equal(first.answer, 1);
  const [name = ''] = first.kept;
  assert.ok(name.startsWith('part-') && name.endsWith(`-${process.version}-${process.arch}`), name);
  assert.deepEqual(answerOf(ANSWERS_ONE), first);
});

test('the first few runs add what they have compiled, and one a day from then on', (t) => {
  t.after(() => Reflect.deleteProperty(globalThis, 'runsMore'));
  const code = `let sum = 0; function more() { ${'sum += 1;'.repeat(99)} } if (globalThis.runsMore) more(); module.exports = sum;`;
  const [name = ''] = answerOf(code).kept;
  const kept = (): { readonly size: number; readonly runs: number } => {
    const bytes = readFileSync(keptFile(name));
    return { size: bytes.length, runs: bytes.readUInt32LE(bytes.length - 4) };
  };
  const first = kept();
  Object.assign(globalThis, { runsMore: true });
  assert.equal(answerOf(code).answer, 99);
  assert.ok(kept().size > first.size + 99, 'with the function that ran');
  const runs = [3, 4, 4, 4].map(() => {
    answerOf(code);
    return kept().runs;
  });
  assert.deepEqual(runs, [3, 4, 4, 4]);
  answerOf(code, Date.now() + 2 * DAY_MS);
  assert.equal(kept().runs, 5);
});

test('another release of the same length is not taken for this one', () => {
  const [name = ''] = answerOf(ANSWERS_ONE).kept;
  assert.equal(answerOf(ANSWERS_ONE.replace('1', '2')).answer, 2);
  // As if the names were the same.
  const other = readdirSync(keptFile()).find((each) => each !== name) ?? '';
  writeFileSync(keptFile(name), readFileSync(keptFile(other)).subarray(0, 20));
  assert.equal(answerOf(ANSWERS_ONE).answer, 1);
});

test('code of which a byte has turned, or a part is missing, is made anew', () => {
  const [name = ''] = answerOf(ANSWERS_ONE).kept;
  const whole = readFileSync(keptFile(name));
  for (const spoilt of [...whole.keys()].filter((at) => at % 97 === 0)) {
    const bytes = Buffer.from(whole);
    bytes[spoilt] = (bytes[spoilt] ?? 0) ^ 0x5a;
    writeFileSync(keptFile(name), bytes);
    assert.equal(answerOf(ANSWERS_ONE).answer, 1);
    assert.notDeepEqual(readFileSync(keptFile(name)), bytes, `byte ${spoilt}`);
  }
  for (const length of [0, 3, 8, 9, whole.length - 1]) {
    writeFileSync(keptFile(name), whole.subarray(0, length));
    assert.equal(answerOf(ANSWERS_ONE).answer, 1);
    assert.ok(statSync(keptFile(name)).size > length, `${length} bytes`);
  }
});

test('what nobody has used for a month is cleared when something is kept', () => {
  const [name = ''] = answerOf(ANSWERS_ONE).kept;
  const other = 'of-an-earlier-release';
  writeFileSync(keptFile(other), '');
  const now = Date.now();
  const aged = (days: number): void => utimesSync(keptFile(other), now / 1000, (now - days * DAY_MS) / 1000);
  aged(29);
  assert.deepEqual(answerOf(ANSWERS_ONE, now).kept, [other, name].sort());
  aged(31);
  assert.deepEqual(answerOf(ANSWERS_ONE, now).kept, [name]);
});

test('where nothing can be written any more, the program runs as it does without', () => {
  const file = join(home, 'part.js');
  writeFileSync(file, ANSWERS_ONE);
  const cache = compileCache(join(home, 'gone'));
  cache.compile(file, 'part');
  cache.keep();
  assert.equal(existsSync(join(home, 'gone')), false);
});

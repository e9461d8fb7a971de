/**
 * Runs the tests in the folders and files given, all of test/ by default, by node's own runner.
 *
 * A process for each of 150 files takes longer to start than its tests to run. Here the files are dealt to a few groups,
 * each bundled to one module and run in one process, every file a suite of its own. Property tests run at a tenth of their
 * length and what takes seconds and seldom fails is left out; with `--full` all of it is run. They draw from the seed that
 * is printed: `--seed=N` repeats it. Other options are for node.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleTests } from './test-groups.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [options, paths] = partition(process.argv.slice(2), (word) => word.startsWith('--'));
const full = options.includes('--full');
const seed = Number(
  options.find((option) => option.startsWith('--seed='))?.slice('--seed='.length) ?? Date.now() % 2 ** 31,
);
const forNode = options.filter((option) => option !== '--full' && !option.startsWith('--seed='));

// Node 20 knows no glob patterns for tests, so that the files are found here.
const files = (paths.length > 0 ? paths : ['test'])
  .map((path) => join(root, path))
  .flatMap((path) =>
    statSync(path).isFile()
      ? [path]
      : readdirSync(path, { recursive: true })
          .map((name) => join(path, String(name)))
          .filter((name) => name.endsWith('.test.ts')),
  )
  .map((path) => relative(root, path))
  .sort();

// A server of one's own is one for all files, and some tests stop it for a moment. Else one more than there are processors:
// tests of servers, browsers and deadlines wait for a good part of their time.
const processes = process.env.MONGOWARD_TEST_URI ? 1 : availableParallelism() + 1;
// Inside of node_modules, from where the tests find their packages. Named by the process: what a run that was killed has
// left behind is cleared by the next one.
const parent = join(root, 'node_modules');
for (const name of readdirSync(parent)) {
  const [, id] = /^\.tests-(?:(\d+)-)?/.exec(name) ?? [];
  if (name.startsWith('.tests-') && !isRunning(Number(id)))
    rmSync(join(parent, name), { recursive: true, force: true });
}
const folder = mkdtempSync(join(parent, `.tests-${process.pid}-`));
process.on('SIGINT', () => {});
try {
  const groups = await bundleTests({ root, folder, files, count: processes, seed, full });
  console.log(`property tests: seed ${seed}, ${full ? 'all runs' : 'a tenth of the runs (--full: all)'}`);
  const { status } = spawnSync(
    process.execPath,
    [
      // Room for what a test makes and leaves: with the 16 MB that Node.js has for it the collector takes a tenth of the time.
      ...['--min-semi-space-size=32', '--max-semi-space-size=64'],
      ...['--enable-source-maps', '--test', `--test-concurrency=${processes}`],
      ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
      ...[`--test-reporter=${new URL('slowest-tests.js', import.meta.url)}`, '--test-reporter-destination=stdout'],
      ...forNode,
      ...groups,
    ],
    { cwd: root, stdio: 'inherit', env: { ...process.env, MONGOWARD_TEST_SCALE: full ? 'full' : 'tenth' } },
  );
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function partition(words, holds) {
  return [words.filter(holds), words.filter((word) => !holds(word))];
}

function isRunning(id) {
  try {
    return Number.isInteger(id) && process.kill(id, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

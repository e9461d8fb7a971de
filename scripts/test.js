/**
 * Runs the tests in the folders and files given, all of test/ by default, by node's own runner. Node 20 knows no glob
 * patterns for tests, so that the files are found here.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const given = process.argv.slice(2);

const files = (given.length > 0 ? given : ['test'])
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
// A server of one's own is one for all files, and some tests stop it for a moment.
const alone = process.env.MONGOWARD_TEST_URI ? ['--test-concurrency=1'] : [];
const { status } = spawnSync(
  process.execPath,
  ['--import', 'tsx', '--test', '--test-reporter=spec', ...alone, ...files],
  { cwd: root, stdio: 'inherit' },
);
process.exitCode = status ?? 1;

/** What linting loads: the program's one file and Node.js itself. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '../..');
const built = existsSync(join(root, 'dist/cli/main.js'));

test('a policy is linted where no package is installed', { skip: built ? false : 'npm run build' }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'mongoward-startup-'));
  try {
    for (const part of ['dist/cli', 'docs/rules', 'package.json', 'policies']) {
      cpSync(join(root, part), join(folder, part), { recursive: true });
    }
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

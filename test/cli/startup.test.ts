/** What the program loads: for linting its own file and Node.js itself, for the demo a file besides. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { unbuilt } from './terminal.ts';

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

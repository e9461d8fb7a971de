/** Paths as they are typed: with asterisks, and with backslashes on Windows. */
import assert from 'node:assert/strict';
import { posix, win32 } from 'node:path';
import { test } from 'node:test';
import { expandPaths, partsOf } from '../../src/cli/glob.ts';
import { Failure } from '../../src/failure.ts';
import { inFolder, mongoward } from './terminal.ts';

const FILES = {
  'policies/a.yaml': '',
  'policies/b.yml': '',
  'policies/shop/c.yaml': '',
  'policies/shop/deep/d.yaml': '',
  'policies/.hidden.yaml': '',
  'policies/node_modules/e.yaml': '',
};

const EXPANDED: readonly (readonly [pattern: string, found: readonly string[]])[] = [
  ['policies/*.yaml', ['policies/a.yaml']],
  ['policies/*.y*ml', ['policies/a.yaml', 'policies/b.yml']],
  ['pol*/shop/*.yaml', ['policies/shop/c.yaml']],
  ['policies/**/*.yaml', ['policies/a.yaml', 'policies/shop/c.yaml', 'policies/shop/deep/d.yaml']],
  ['./policies/*/c.yaml', ['policies/shop/c.yaml']],
  ['policies/.h*', ['policies/.hidden.yaml']],
  ['policies/a.yaml', ['policies/a.yaml']],
];

for (const [pattern, found] of EXPANDED) {
  test(`${pattern} stands for ${found.join(', ')}`, async () => {
    await inFolder(FILES, async (folder) => assert.deepEqual(expandPaths(folder, [pattern]), found));
  });
}

test('a pattern from the root gives whole paths', async () => {
  await inFolder(FILES, async (folder) =>
    assert.deepEqual(expandPaths('/', [`${folder}/policies/*.yaml`]), [`${folder}/policies/a.yaml`]),
  );
});

test('a file whose name has an asterisk is that file', async () => {
  await inFolder({ 'a*.yaml': '', 'ab.yaml': '' }, async (folder) =>
    assert.deepEqual(expandPaths(folder, ['a*.yaml']), ['a*.yaml']),
  );
});

test('a pattern for nothing is refused in a sentence', async () => {
  await inFolder(FILES, async (folder) => {
    assert.throws(
      () => expandPaths(folder, ['policies/*.json']),
      (error) => error instanceof Failure && error.message === 'no file or folder matches policies/*.json',
    );
    const { code, err } = await mongoward(['policy', 'lint', 'nowhere/**'], { cwd: folder });
    assert.equal(code, 2);
    assert.match(err, /no file or folder matches nowhere\/\*\*/);
  });
});

test('on Windows both slashes separate, and a pattern may begin at a drive', () => {
  assert.deepEqual(partsOf('policies\\**\\*.yaml', win32), { start: '', parts: ['policies', '**', '*.yaml'] });
  assert.deepEqual(partsOf('C:\\p/x\\*.yaml', win32), { start: 'C:\\', parts: ['p', 'x', '*.yaml'] });
  assert.deepEqual(partsOf('a\\*.yaml', posix), { start: '', parts: ['a\\*.yaml'] });
});

test('the linter takes patterns that no shell has expanded, and names files with slashes', async () => {
  const policy = 'apiVersion: mongoward/v1\nmetadata: { name: shop }\nusers: { app@admin: { roles: [raed@shop] } }\n';
  await inFolder({ 'policies/shop/app.yaml': policy }, async (cwd) => {
    const { code, out } = await mongoward(['policy', 'lint', 'policies/**/*.yaml'], { cwd });
    assert.equal(code, 1);
    assert.match(out, /policies\/shop\/app\.yaml:3:\d+/);
  });
});

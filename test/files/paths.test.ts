import assert from 'node:assert/strict';
import { posix, win32 } from 'node:path';
import { test } from 'node:test';
import { isInside, shownPath, upwards, wayTo } from '../../src/files/paths.ts';

const SHOWN: readonly (readonly [cwd: string, path: string, shown: string])[] = [
  ['C:\\work', 'C:\\work\\policies\\shop.yaml', 'policies/shop.yaml'],
  ['C:\\work', 'c:\\WORK\\policies\\shop.yaml', 'policies/shop.yaml'],
  ['C:\\work\\shop', 'C:\\work\\policies\\shop.yaml', 'C:\\work\\policies\\shop.yaml'],
  ['C:\\work', 'D:\\policies\\shop.yaml', 'D:\\policies\\shop.yaml'],
  ['C:\\work', '\\\\server\\share\\shop.yaml', '\\\\server\\share\\shop.yaml'],
  ['C:\\work', 'C:\\work', 'C:\\work'],
  ['C:\\work', 'C:\\work\\..policies\\shop.yaml', '..policies/shop.yaml'],
];

for (const [cwd, path, shown] of SHOWN) {
  test(`on Windows ${path} is shown from ${cwd} as ${shown}`, () => assert.equal(shownPath(cwd, path, win32), shown));
}

test('elsewhere a backslash is a character of a name', () => {
  assert.equal(shownPath('/project', '/project/a\\b.yaml', posix), 'a\\b.yaml');
  assert.equal(shownPath('/project', '/other/a.yaml', posix), '/other/a.yaml');
});

test('the way to a file above has slashes on Windows', () => {
  assert.equal(wayTo('C:\\work\\shop', 'C:\\work\\mongoward.config.yaml', win32), '../mongoward.config.yaml');
});

test('what lies in a folder, on both', () => {
  assert.deepEqual(
    ['C:\\work', 'C:\\work\\a', 'C:\\work\\..a', 'C:\\working', 'C:\\', 'D:\\work\\a'].map((path) =>
      isInside('C:\\work', path, win32),
    ),
    [true, true, true, false, false, false],
  );
  assert.deepEqual(
    ['/project', '/project/a', '/project/..a', '/projects', '/'].map((path) => isInside('/project', path, posix)),
    [true, true, true, false, false],
  );
});

test('the folders above end at the root of the drive', () => {
  assert.deepEqual(upwards('C:\\work\\shop', win32), ['C:\\work\\shop', 'C:\\work', 'C:\\']);
  assert.deepEqual(upwards('\\\\server\\share\\a', win32), ['\\\\server\\share\\a', '\\\\server\\share\\']);
  assert.deepEqual(upwards('/project', posix), ['/project', '/']);
});

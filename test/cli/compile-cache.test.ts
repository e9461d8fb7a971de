import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { cacheFolder, ownFolder } from '../../src/cli/compile-cache.ts';

const POSIX = process.platform === 'win32' ? 'Windows keeps users apart by the place' : false;

test('compiled code goes where programs keep such things', () => {
  assert.equal(cacheFolder({}, 'linux', '/home/ann'), '/home/ann/.cache');
  assert.equal(cacheFolder({ XDG_CACHE_HOME: '/var/cache/ann' }, 'linux', '/home/ann'), '/var/cache/ann');
  assert.equal(cacheFolder({ XDG_CACHE_HOME: '' }, 'linux', '/home/ann'), '/home/ann/.cache');
  assert.equal(cacheFolder({}, 'darwin', '/Users/ann'), '/Users/ann/Library/Caches');
  assert.equal(cacheFolder({}, 'win32', 'C:\\Users\\ann'), undefined);
});

test('a path that depends on the working directory is no place for code', () => {
  assert.equal(cacheFolder({ XDG_CACHE_HOME: 'cache' }, 'linux', '/home/ann'), undefined);
  assert.equal(cacheFolder({}, 'linux', '.'), undefined);
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

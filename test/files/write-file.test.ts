import assert from 'node:assert/strict';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Failure } from '../../src/failure.ts';
import { type WriteOptions, writeWhole } from '../../src/files/write-file.ts';

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'mongoward-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function said(path: string, options: WriteOptions): string {
  try {
    writeWhole(path, 'it', 'new', options);
    return 'written';
  } catch (error) {
    assert.ok(error instanceof Failure);
    return error.message;
  }
}

test('a file gets its new text and keeps its mode; nothing else is left in the folder', (t) => {
  const folder = newFolder(t);
  const path = join(folder, 'a');
  writeFileSync(path, 'old');
  chmodSync(path, 0o640);
  writeWhole(path, 'a', 'new', { links: 'followed' });
  assert.equal(readFileSync(path, 'utf8'), 'new');
  if (process.platform !== 'win32') assert.equal(statSync(path).mode & 0o777, 0o640);
  writeWhole(join(folder, 'b'), 'b', 'secret', { links: 'replaced', modeOfNew: 0o600 });
  if (process.platform !== 'win32') assert.equal(statSync(join(folder, 'b')).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(folder).sort(), ['a', 'b']);
});

test('a link goes on leading to the file, or the file takes its place', (t) => {
  const folder = newFolder(t);
  const path = join(folder, 'target');
  writeFileSync(path, 'old');
  symlinkSync('target', join(folder, 'link'));
  writeWhole(join(folder, 'link'), 'link', 'through', { links: 'followed' });
  assert.equal(readFileSync(path, 'utf8'), 'through');
  writeWhole(join(folder, 'link'), 'link', 'instead', { links: 'replaced' });
  assert.deepEqual([readFileSync(path, 'utf8'), readFileSync(join(folder, 'link'), 'utf8')], ['through', 'instead']);
  assert.equal(lstatSync(join(folder, 'link')).isSymbolicLink(), false);
});

test('a new file is made only where nothing is, a link to nowhere included', (t) => {
  const folder = newFolder(t);
  symlinkSync(join(folder, 'outside'), join(folder, 'link'));
  writeFileSync(join(folder, 'there'), 'old');
  for (const name of ['link', 'there']) {
    assert.equal(said(join(folder, name), { links: 'replaced', onlyNew: true }), "can't write it: it is there already");
  }
  assert.equal(said(join(folder, 'new'), { links: 'replaced', onlyNew: true }), 'written');
  assert.deepEqual(readdirSync(folder).sort(), ['link', 'new', 'there']);
});

test('where it can not be written, one sentence says why', { skip: process.platform === 'win32' }, (t) => {
  const folder = newFolder(t);
  mkdirSync(join(folder, 'sub'));
  assert.equal(said(join(folder, 'sub'), { links: 'followed' }), "can't write it: it is a folder");
  assert.equal(said(join(folder, 'none/a'), { links: 'followed' }), "can't write it: there is no folder for it");
  assert.equal(said('/dev/null', { links: 'followed' }), "can't write it: it is no file");
  assert.deepEqual(readdirSync(folder), ['sub']);
});

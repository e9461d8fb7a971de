import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Failure } from '../../src/failure.ts';
import { readText } from '../../src/files/read-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'mongoward-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return name;
}

function said(name: string, path = join(folder, name)): string {
  try {
    return readText(path, name, { maxBytes: 100, advice: 'split it' });
  } catch (error) {
    assert.ok(error instanceof Failure);
    return error.message;
  }
}

test('a file in UTF-8 is read, with its byte order mark', () => {
  assert.equal(said(file('a.yaml', '\ufeffä: 1\n')), '\ufeffä: 1\n');
  assert.equal(said(file('empty.yaml', '')), '');
});

test('bytes that are no UTF-8 are told with their place', () => {
  const broken: Readonly<Record<string, readonly [content: Buffer, message: string]>> = {
    'latin1.yaml': [
      Buffer.from('# ok\nname: caf\xe9\n', 'latin1'),
      'latin1.yaml:2:10: this is not UTF-8: save the file as UTF-8',
    ],
    'mixed.yaml': [
      Buffer.concat([Buffer.from('a: \ufffdé\n'), Buffer.from([0xc3])]),
      'mixed.yaml:2:1: this is not UTF-8: save the file as UTF-8',
    ],
    'surrogate.yaml': [
      Buffer.from([0x61, 0xed, 0xa0, 0x80]),
      'surrogate.yaml:1:2: this is not UTF-8: save the file as UTF-8',
    ],
    'overlong.yaml': [Buffer.from([0xc0, 0xae]), 'overlong.yaml:1:1: this is not UTF-8: save the file as UTF-8'],
    'utf16.yaml': [
      Buffer.from('\ufeffa: 1\n', 'utf16le'),
      'utf16.yaml:1:1: this is not UTF-8 (it begins like UTF-16): save the file as UTF-8',
    ],
  };
  for (const [name, [content, message]] of Object.entries(broken)) assert.equal(said(file(name, content)), message);
});

test('what is no file, or too large a one, is refused at once', { skip: process.platform === 'win32' }, () => {
  mkdirSync(join(folder, 'sub'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  symlinkSync('pipe', join(folder, 'link'));
  symlinkSync('loop', join(folder, 'loop'));
  assert.equal(said('sub'), "can't read sub: it is a folder");
  assert.equal(said('pipe'), "can't read pipe: it is not a regular file");
  assert.equal(said('link'), "can't read link: it is not a regular file");
  assert.equal(said('loop'), "can't read loop: it is a link that leads to itself");
  assert.equal(said('none'), "can't read none: there is no such file");
  assert.equal(said('zero', '/dev/zero'), "can't read zero: it is not a regular file");
  assert.equal(
    said(file('large', 'x'.repeat(101))),
    'large is 101 bytes large, and 100 bytes is the most for one file',
  );
});

test('a file that the system makes up as it is read is limited too', { skip: process.platform !== 'linux' }, () => {
  assert.match(said('maps', '/proc/self/maps'), /^maps is .* large, and .* is the most for one file$/);
});

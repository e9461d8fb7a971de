/** What goes out where no terminal is: as bytes by the number of the file, and by Node.js's stream where that would wait. */
import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { standardStream } from '../../src/cli/standard-stream.ts';
import { inFolder } from './terminal.ts';

const noStream = (): never => assert.fail('asked for a stream of Node.js');

/** Gives the function the number of a file that is written to, and what was written. */
function onFile(work: (fd: number, written: () => string) => Promise<void>): Promise<void> {
  return inFolder({ out: '' }, async (folder) => {
    const path = join(folder, 'out');
    const fd = openSync(path, 'w');
    try {
      await work(fd, () => readFileSync(path, 'utf8'));
    } finally {
      closeSync(fd);
    }
  });
}

test('a file is written to without a stream, whole and in order', () =>
  onFile(async (fd, written) => {
    const stream = standardStream(fd, noStream);
    assert.equal(stream.isTTY, false);
    const texts = ['', 'größer ', '\u{1f512}'.repeat(100_000), ' ende\n'];
    for (const each of texts) stream.write(each);
    assert.equal(await stream.ended(), undefined);
    assert.equal(written(), texts.join(''));
  }));

test('what takes a part of the bytes gets the rest', () =>
  onFile(async (fd) => {
    const taken: Buffer[] = [];
    const stream = standardStream(fd, noStream, (_fd, bytes) => {
      taken.push(Buffer.from(bytes.subarray(0, 3)));
      return Math.min(3, bytes.length);
    });
    stream.write('größer als drei');
    assert.equal(await stream.ended(), undefined);
    assert.equal(Buffer.concat(taken).toString(), 'größer als drei');
  }));

test('what would have to wait goes on by a stream, and all after it', () =>
  onFile(async (fd) => {
    const taken: Buffer[] = [];
    const rest = new PassThrough();
    const stream = standardStream(
      fd,
      () => rest,
      (_fd, bytes) => {
        if (taken.length > 0) throw Object.assign(new Error('again'), { code: 'EAGAIN' });
        taken.push(Buffer.from(bytes.subarray(0, 4)));
        return 4;
      },
    );
    stream.write('one two ');
    stream.write('three');
    const read = text(rest);
    assert.equal(await stream.ended(), undefined);
    rest.end();
    assert.equal(Buffer.concat(taken).toString(), 'one ');
    assert.equal(await read, 'two three');
  }));

test('the first error is told at the end, and writing never throws', () =>
  onFile(async (fd) => {
    const errors = ['ENOSPC', 'EPIPE'].map((code) => Object.assign(new Error(code), { code }));
    const left = [...errors];
    const stream = standardStream(fd, noStream, () => {
      throw left.shift();
    });
    stream.write('a');
    stream.write('b');
    assert.equal(await stream.ended(), errors[0]);
  }));

test('the error of a stream is told too', () =>
  onFile(async (fd) => {
    const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error('broken')) });
    const stream = standardStream(
      fd,
      () => broken,
      () => {
        throw Object.assign(new Error('again'), { code: 'EAGAIN' });
      },
    );
    stream.write('a');
    assert.equal((await stream.ended())?.message, 'broken');
  }));

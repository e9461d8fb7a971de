/**
 * The one way in for files: regular files of a limited size. Nothing is waited for that may never come, as from a pipe or
 * a device, and what is read is what was looked at, whatever takes the name meanwhile.
 */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { Failure } from '../failure.ts';
import { decodeUtf8 } from '../input/decode.ts';
import { placeIn } from '../input/refusal.ts';

export interface Limit {
  readonly maxBytes: number;
  /** What to do about a larger file. */
  readonly advice: string;
}

const MEBIBYTE = 1024 * 1024;

/** Larger than any policy that a person reviews; a larger file is most likely not a policy at all. */
export const MAX_FILE_BYTES = 16 * MEBIBYTE;

export const FILE_LIMIT: Limit = {
  maxBytes: MAX_FILE_BYTES,
  advice: 'split it: all files that bear the same metadata.name make one policy',
};

/** A cluster with some hundred thousand accounts, and half of what one text can hold in Node.js. */
export const SNAPSHOT_LIMIT: Limit = {
  maxBytes: 256 * MEBIBYTE,
  advice: 'name the cluster by --cluster instead',
};

/** `shown` is how messages name the file. Throws a Failure that says why it can't be read. */
export function readBytes(path: string, shown: string, limit: Limit): Buffer {
  try {
    refuseUnlessFile(statSync(path), shown);
    // Opening a pipe that has taken its place would wait for somebody who writes into it.
    const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      return readOpen(file, shown, limit);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`can't read ${shown}: ${reasonOf(error)}`, { cause: error });
  }
}

function readOpen(file: number, shown: string, { maxBytes, advice }: Limit): Buffer {
  const stats = fstatSync(file);
  refuseUnlessFile(stats, shown);
  if (stats.size > maxBytes) throw tooLarge(shown, stats.size, maxBytes, advice);
  const chunks: Buffer[] = [];
  let length = 0;
  // Files that the system makes up as they are read say that they are empty, and some never end.
  for (let size = stats.size + 1; ; size = MEBIBYTE) {
    const chunk = Buffer.allocUnsafe(size);
    const read = readSync(file, chunk, 0, size, null);
    if (read === 0) return joined(chunks, length);
    length += read;
    if (length > maxBytes) throw tooLarge(shown, length, maxBytes, advice);
    chunks.push(chunk.subarray(0, read));
  }
}

function joined(chunks: readonly Buffer[], length: number): Buffer {
  const [whole] = chunks;
  return whole?.length === length ? whole : Buffer.concat(chunks, length);
}

function refuseUnlessFile(stats: Stats, shown: string): void {
  if (stats.isFile()) return;
  throw new Failure(`can't read ${shown}: it is ${stats.isDirectory() ? 'a folder' : 'not a regular file'}`);
}

/** The text of a file in UTF-8. Throws a Failure with the place of the first byte that is none. */
export function readText(path: string, shown: string, limit: Limit = FILE_LIMIT): string {
  const { text, broken } = readDecoded(path, shown, limit);
  if (broken === undefined) return text;
  const { line, column } = placeIn(broken.before, broken.before.length);
  throw new Failure(`${shown}:${line}:${column}: ${broken.message}`);
}

/** The same for whoever tells of the place in another way. */
export function readDecoded(path: string, shown: string, limit: Limit = FILE_LIMIT): ReturnType<typeof decodeUtf8> {
  return decodeUtf8(readBytes(path, shown, limit));
}

export function tooLarge(what: string, bytes: number, most: number, advice: string): Failure {
  return new Failure(`${what} is ${sizeText(bytes)} large, and ${sizeText(most)} is the most for one file`, {
    advice,
  });
}

function sizeText(bytes: number): string {
  return bytes < MEBIBYTE ? `${bytes} bytes` : `${Math.round(bytes / MEBIBYTE)} MB`;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'no permission',
  ELOOP: 'it is a link that leads to itself',
  EISDIR: 'it is a folder',
};

/** What the system says of a file, in words. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}

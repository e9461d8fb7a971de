/**
 * The one way out to files: each whole or not at all. The new text is written beside the file under a name that nobody
 * can guess, into a file that this process has made, and then takes its place: what somebody has put there to be written
 * through is never opened.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../failure.ts';
import { reasonOf } from './read-file.ts';

export interface WriteOptions {
  /** Of a file that is not there yet; narrowed by the umask. One that is there keeps its own. */
  readonly modeOfNew?: number;
  /**
   * `followed`: a link goes on leading to the file, which gets the text. `replaced`: the file takes the link's place.
   */
  readonly links: 'followed' | 'replaced';
  /** Leave a file alone that is there already, and say so. */
  readonly onlyNew?: boolean;
}

/** `shown` is how messages name the file. Throws a Failure that says why it can't be written; then it is as it was. */
export function writeWhole(path: string, shown: string, text: string, options: WriteOptions): void {
  try {
    write(path, text, options);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`can't write ${shown}: ${writeReasonOf(error)}`, { cause: error });
  }
}

const READABLE_BY_ALL = 0o666;

function write(
  path: string,
  text: string,
  { modeOfNew = READABLE_BY_ALL, links, onlyNew = false }: WriteOptions,
): void {
  const target = links === 'followed' && !onlyNew && isLink(path) ? realpathSync(path) : path;
  const existing = onlyNew ? undefined : statSync(target, { throwIfNoEntry: false });
  if (existing !== undefined && !existing.isFile())
    throw new Error(existing.isDirectory() ? 'it is a folder' : 'it is no file');
  const temporary = join(dirname(target), `.mongoward-${randomBytes(12).toString('hex')}.tmp`);
  // Opening it exclusively fails if anything is there, a link that leads nowhere included.
  const file = openSync(temporary, 'wx', existing === undefined ? modeOfNew : OWN);
  try {
    fill(file, text, existing);
    if (onlyNew) linkAnew(temporary, target, () => fill(openSync(target, 'wx', modeOfNew), text, undefined));
    else renameSync(temporary, target);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** A second name is given only where nothing has it. Some file systems know no second names: then it is written there. */
function linkAnew(temporary: string, target: string, writeThere: () => void): void {
  try {
    linkSync(temporary, target);
  } catch (error) {
    if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOENT') throw error;
    writeThere();
  }
}

const OWN = 0o600;

function fill(file: number, text: string, like: Stats | undefined): void {
  try {
    writeFileSync(file, text);
    if (like !== undefined) fchmodSync(file, like.mode & 0o7777);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function writeReasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code === 'ENOENT') return 'there is no folder for it';
  if (code === 'EEXIST') return 'it is there already';
  return reasonOf(error);
}

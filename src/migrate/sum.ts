/**
 * `mongoward.sum`: one line for each migration, in their order, with the hash of its text and a chain over everything
 * above, so that neither a file nor the order of files changes unseen. It tells accidents, not attacks: whoever can
 * write the folder can write the sum.
 */
import { createHash } from 'node:crypto';
import { hiddenIn } from '../input/characters.ts';
import { placeIn } from '../input/refusal.ts';
import { conflictIn } from '../input/yaml.ts';

export const SUM_FILE = 'mongoward.sum';

const HEAD = '# Hashes of the migrations in this folder. Mended by: mongoward migrate rebase';

export interface Hashed {
  /** The file's name, without its folder. */
  readonly name: string;
  /** Of its text, whatever ends its lines. */
  readonly hash: string;
}

export interface SumLine extends Hashed {
  readonly chain: string;
  /** Where it stands, from 1. */
  readonly line: number;
}

/** SHA-256 in base64. A checkout that turns line ends changes nothing. */
export function hashOf(text: string): string {
  return sha256(text.replaceAll('\r\n', '\n'));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

/** The chain's next link. */
export function chained(above: string, { name, hash }: Hashed): string {
  return sha256(`${above}\n${name}\n${hash}`);
}

export function formatSum(files: readonly Hashed[]): string {
  let chain = '';
  const lines = files.map((file) => {
    chain = chained(chain, file);
    return `${file.name} ${file.hash} ${chain}\n`;
  });
  return `${HEAD}\n${lines.join('')}`;
}

const LINE = /^(\S+) (\S{44}) (\S{44})$/;

/** The lines; or what is wrong with the file, at which line. Comments and blank lines are passed over. */
export function parseSum(
  text: string,
): { readonly lines: readonly SumLine[] } | { readonly line: number; readonly message: string } {
  const conflict = conflictIn(text);
  if (conflict !== undefined) return { line: placeIn(text, conflict).line, message: 'a merge conflict was left in it' };
  const [hidden] = hiddenIn(text);
  if (hidden !== undefined) return { line: placeIn(text, hidden.offset).line, message: hidden.message };
  const lines: SumLine[] = [];
  const names = new Set<string>();
  for (const [index, written] of text.split(/\r?\n/).entries()) {
    if (written.trim() === '' || written.startsWith('#')) continue;
    const [, name, hash, chain] = LINE.exec(written) ?? [];
    const line = index + 1;
    if (name === undefined || hash === undefined || chain === undefined) {
      return { line, message: 'this is not a line of a sum: name, hash and chain' };
    }
    if (names.has(name)) return { line, message: `${name} is in it twice` };
    names.add(name);
    lines.push({ name, hash, chain, line });
  }
  return { lines };
}

/** The line that a finding is about, as it stands in the file. Secrets are not shown. */
import { isSecretName, withoutLogins } from '../policy/secrets.ts';
import type { Paint } from './paint.ts';

interface Place {
  readonly line: number;
  readonly column: number;
}

/** The most of a line that is shown; of a longer one, the part around the column. */
const SHOWN = 68;

/** A longer line is written by a program, and not looked through for what must not be shown. */
const LONGEST = 5_000;

export function codeFrame(lines: readonly string[], { line, column }: Place, paint: Paint): readonly string[] {
  const subject = lines[line - 1];
  if (subject === undefined || subject.length > LONGEST || subject.trim() === '') return [];
  const shown = isBelowSecret(lines, line) ? '\u2026' : masked(subject);
  const from = column > SHOWN ? column - Math.floor(SHOWN / 2) : 0;
  const caret = `${' '.repeat(String(line).length)} | ${' '.repeat(column - 1 - from)}^`;
  return [
    `${paint('dim', `${line} |`)} ${shown.slice(from, from + SHOWN)}`.trimEnd(),
    ...(shown === subject ? [paint('red', caret)] : []),
  ];
}

/**
 * A line as it may be shown. What stands behind a key such as `password`, in a connection string, or looks like a key, is
 * replaced: where something is wrong, a secret may stand where none belongs.
 */
export function masked(line: string): string {
  return withoutLogins(line)
    .replaceAll(NAMED_SECRET, (_all, key: string) => `${key}…`)
    .replaceAll(NO_VARIABLE, (_all, key: string) => `${key}…`)
    .replaceAll(/[A-Za-z0-9+/_=-]{32,}/g, '…');
}

/** The lines above that are looked at for a key, which is enough for what a person has written. */
const MOST_ABOVE = 100;

/** Whether the line stands, by its indentation, below a key such as `passwords`. */
function isBelowSecret(lines: readonly string[], line: number): boolean {
  const subject = lines[line - 1] ?? '';
  if (/^\s*["']?from(?:Env|File)\b/.test(subject)) return false;
  let depth = indentOf(subject);
  for (let at = line - 2; at >= Math.max(0, line - 2 - MOST_ABOVE) && depth > 0; at -= 1) {
    const above = lines[at] ?? '';
    if (above.trim() === '' || above.length > LONGEST || indentOf(above) >= depth) continue;
    depth = indentOf(above);
    if (isSecretName(BLOCK.exec(above)?.[1] ?? '')) return true;
  }
  return false;
}

/** A key whose value is on the lines below. */
const BLOCK = /^\s*(?:- )?["']?([\w$.-]+)["']?\s*:\s*(?:[{[>|&].*)?$/;

function indentOf(line: string): number {
  return line.search(/\S|$/);
}

/** Where a source is named instead, there is no secret. */
const NAMED_SECRET =
  /((?:pass(?:word|wd|phrase)?s?|pwds?|secrets?|tokens?|credentials?|bearer|(?:private|api|access|secret|master)[._-]?key|\bkey|connection[._-]?string|dsn|ur[il])["']?\s*:\s*)(?!\{\s*["']?from(?:Env|File)\b)\S.*$/gi;

/** A name of an environment variable is in capitals, or else it may be the secret itself. */
const NO_VARIABLE = /(fromEnv["']?\s*:\s*)(?!["']?[A-Z_][A-Z0-9_]*["']?\s*(?:[,}#]|$))[^\s,}][^,}]*/g;

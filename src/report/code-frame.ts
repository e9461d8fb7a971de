/** The line that a finding is about, as it stands in the file. Secrets are not shown. */
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
  const shown = masked(subject);
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
  return line
    .replaceAll(NAMED_SECRET, (_all, key: string) => `${key}…`)
    .replaceAll(NO_VARIABLE, (_all, key: string) => `${key}…`)
    .replaceAll(/(:\/\/[^\s/:@]{0,300}:)[^\s@]{1,1000}@/g, '$1…@')
    .replaceAll(/[A-Za-z0-9+/_=-]{32,}/g, '…');
}

/** Where a source is named instead, there is no secret. */
const NAMED_SECRET =
  /((?:pass(?:word|wd|phrase)?|pwd|secret|token|credentials?|private_?key|api_?key|access_?key)["']?\s*:\s*)(?!\{\s*["']?from(?:Env|File)\b)\S.*$/gi;

/** A name of an environment variable is in capitals, or else it may be the secret itself. */
const NO_VARIABLE = /(fromEnv["']?\s*:\s*)(?!["']?[A-Z_][A-Z0-9_]*["']?\s*(?:[,}#]|$))[^\s,}][^,}]*/g;

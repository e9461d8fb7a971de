/** One policy or configuration file: its data, and where in the text each part of it stands. */
import type { Keys } from '../input/places.ts';
import { type Place, placesIn, type Refusal } from '../input/refusal.ts';
import { readYaml } from '../input/yaml.ts';
import { type DocumentPath, jsonPointer, type Position, type Problem } from './problem.ts';

export interface SourceFile {
  /** As it was given, or relative to the working directory. */
  readonly file: string;
  readonly text: string;
  readonly data: unknown;
  /** Where the value at a path begins; for a key of a map that is named by `path`, where the key begins. */
  locate(path: DocumentPath): Position;
}

const POLICY_BEGINS = 'a policy begins with "apiVersion: mongoward/v1"';

function emptyFile(beginsWith: string): string {
  return `the file is empty: ${beginsWith}`;
}

/** The message about a file that says nothing. */
export const EMPTY_FILE = emptyFile(POLICY_BEGINS);

export type Parsed =
  | { readonly source: SourceFile; readonly problems: readonly [] }
  | { readonly problems: readonly Problem[] };

/**
 * Reads YAML 1.2 or JSON. Everything for which it is no plain data is a problem with its position; without one there is
 * a source. `beginsWith` is what is said of an empty file, `keys` whose the keys are.
 */
export function parseSource(file: string, text: string, beginsWith = POLICY_BEGINS, keys?: Keys): Parsed {
  const { read, refusals, ...rest } = readYaml(text, keys);
  if (read === undefined) {
    const told =
      'empty' in rest ? refusals.map((refusal) => ({ ...refusal, message: emptyFile(beginsWith) })) : refusals;
    return { problems: refusalProblems(file, text, told) };
  }
  const place = placeFinder(text);
  const locate = (path: DocumentPath): Position => {
    return { file, ...place(read.offsetOf(path)), path: jsonPointer(withoutSecret(path)) };
  };
  return { source: { file, text, data: read.data, locate }, problems: [] };
}

/** Where the source of a password is named, a key may be the password itself: its line and column are told, and no name. */
function withoutSecret(path: DocumentPath): DocumentPath {
  const [top, , field, key] = path;
  const isNamed = key === undefined || key === 'fromEnv' || key === 'fromFile';
  return top === 'users' && field === 'password' && !isNamed ? path.slice(0, 3) : path;
}

const RULES = { syntax: 'document/syntax', hidden: 'document/hidden-character' } as const;

/** Refusals as problems of a file, in the order of its text. */
export function refusalProblems(file: string, text: string, refusals: readonly Refusal[]): readonly Problem[] {
  const placeOf = placesIn(text);
  return refusals.map(({ offset, message, kind }) => {
    return { rule: RULES[kind], severity: 'error', message, file, ...placeOf(offset), path: '' };
  });
}

/** Lines are counted when the first place is asked for: of most files none is. */
function placeFinder(text: string): (offset: number) => Place {
  let starts: number[] | undefined;
  return (offset) => {
    starts ??= lineStarts(text);
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

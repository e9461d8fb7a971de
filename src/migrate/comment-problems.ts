/** The comments of a migration's file, held against what printing it would say of its operations. */
import { commentsOf } from '../input/comments.ts';
import { placesIn } from '../input/refusal.ts';
import { parseSource } from '../policy/source.ts';
import type { Migration } from './migration.ts';
import { printMigration } from './print-migration.ts';

/** More of one file help nobody. */
const MOST = 10;
const LONGEST = 100;

/**
 * Comments that are not Mongoward's own, in sentences: a reader takes them for what an operation does. A file without
 * comments has none.
 */
export function commentProblems(text: string, migration: Migration): readonly string[] {
  const written = placed(text.replaceAll('\r\n', '\n'), migration);
  if (written.length === 0) return [];
  const right = new Map<number, string[]>();
  for (const { above, text: comment } of placed(printMigration(migration), migration)) {
    right.set(above, [...(right.get(above) ?? []), comment]);
  }
  return written
    .filter(({ above, text: comment }) => !right.get(above)?.includes(comment))
    .slice(0, MOST)
    .map(({ line, above, text: comment }) => {
      const operation = right.get(above)?.at(-1);
      const says = `line ${line}: the comment says "${shown(comment)}"`;
      return operation === undefined
        ? `${says}, and no operation follows it`
        : `${says}, and the operation below is "${shown(operation)}"`;
    });
}

interface Placed {
  /** The operation that it stands above, from 0; behind the last one, how many there are. */
  readonly above: number;
  readonly line: number;
  /** Without the `#`. */
  readonly text: string;
}

function placed(text: string, { operations }: Migration): readonly Placed[] {
  const comments = [...commentsOf(text)];
  const parsed = parseSource('', text, '', 'found');
  if (comments.length === 0 || !('source' in parsed)) return [];
  const { locate } = parsed.source;
  const begins = operations.map((_, index) => locate(['operations', index]).line);
  const placeOf = placesIn(text);
  let above = 0;
  return comments.map(({ offset, text: comment }) => {
    const { line } = placeOf(offset);
    while (above < begins.length && (begins[above] ?? 0) <= line) above += 1;
    return { above, line, text: comment.replace(/^#/, '').trim() };
  });
}

function shown(comment: string): string {
  return comment.length > LONGEST ? `${comment.slice(0, LONGEST - 3)}...` : comment;
}

/** "Did you mean": the nearest of the words that would have been right. */

/** The number of insertions, deletions, replacements and swaps of neighbours that make `a` into `b`. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? 0;
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    rows.push(current);
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let best = Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1, at(row - 1, column - 1) + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) best = Math.min(best, at(row - 2, column - 2) + 1);
      current.push(best);
    }
  }
  return at(a.length, b.length);
}

/** A longer one is no slip of the pen, and would take long to compare. */
const LONGEST_WORD = 100;

/** The nearest word within about a third of its length, or nothing. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > LONGEST_WORD) return undefined;
  const lower = word.toLowerCase();
  let best: { readonly text: string; readonly far: number } | undefined;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > 4) continue;
    const far = distance(lower, candidate.toLowerCase());
    if (far <= Math.max(1, Math.floor(candidate.length / 3)) && (best === undefined || far < best.far)) {
      best = { text: candidate, far };
    }
  }
  return best?.text;
}

/** The one word that is at most two letters away, or nothing if there are several or none. */
export function soleNearest(word: string, candidates: Iterable<string>): string | undefined {
  const best = nearest(word, candidates);
  if (best === undefined) return undefined;
  const far = (candidate: string): number => distance(word.toLowerCase(), candidate.toLowerCase());
  const rivals = [...candidates].filter((candidate) => candidate !== best && far(candidate) <= far(best));
  return far(best) <= 2 && rivals.length === 0 ? best : undefined;
}

/** So many hints are given where many words may be wrong; who has mended those asks again. */
const MOST_HINTS = 20;

/** {@link didYouMean} for the first few of the words that are asked about. */
export function hinter(candidates: Iterable<string>): (word: string) => string {
  const known = [...candidates];
  let left = MOST_HINTS;
  return (word) => {
    left -= 1;
    return left < 0 ? '' : didYouMean(word, known);
  };
}

/** ` (did you mean "x"?)`, or nothing. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const match = nearest(word, candidates);
  return match === undefined ? '' : ` (did you mean "${match}"?)`;
}

/** The colours of a text difference. */
import type { Paint } from './paint.ts';

export function paintDiffLine(line: string, paint: Paint): string {
  if (line.startsWith('+')) return paint('green', line);
  return line.startsWith('-') ? paint('red', line) : paint('dim', line);
}

/** Of one difference: a managed role may hold privileges on thousands of databases. */
const MOST_LINES = 60;

/** The lines below what they are about, as many as a person reads; all of them if `full`. */
export function shownDiff(lines: readonly string[], paint: Paint, full = false): readonly string[] {
  const most = full ? lines.length : MOST_LINES;
  const rest = lines.length - most;
  return [
    ...lines.slice(0, most).map((line) => `    ${paintDiffLine(line, paint)}`),
    ...(rest > 0 ? [`    ${paint('dim', `and ${rest} lines more`)}`] : []),
  ];
}

/** The colours of a text difference. */
import type { Paint } from './paint.ts';

export function paintDiffLine(line: string, paint: Paint): string {
  if (line.startsWith('+')) return paint('green', line);
  return line.startsWith('-') ? paint('red', line) : paint('dim', line);
}

/** Of one difference: a managed role may hold privileges on thousands of databases. */
const MOST_LINES = 60;

/** The lines below what they are about, as many as a person reads. */
export function shownDiff(lines: readonly string[], paint: Paint): readonly string[] {
  const rest = lines.length - MOST_LINES;
  return [
    ...lines.slice(0, MOST_LINES).map((line) => `    ${paintDiffLine(line, paint)}`),
    ...(rest > 0 ? [`    ${paint('dim', `and ${rest} lines more`)}`] : []),
  ];
}

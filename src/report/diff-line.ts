/** The colours of a text difference. */
import type { Paint } from './paint.ts';

export function paintDiffLine(line: string, paint: Paint): string {
  if (line.startsWith('+')) return paint('green', line);
  return line.startsWith('-') ? paint('red', line) : paint('dim', line);
}

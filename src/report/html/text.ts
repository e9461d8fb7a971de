/** Names as a page may show them. */
import { escapeHidden } from '../../input/characters.ts';
import { oneLine } from '../layout.ts';

/** On one line, with everything that can't be seen written as an escape. */
export function shown(text: string): string {
  return escapeHidden(oneLine(text)).replaceAll('\t', '\\t');
}

/** How texts are shown: their colours, where the output is a terminal that wants them, and how wide they are. */
import { randomUUID } from 'node:crypto';
import { WIDTH } from './layout.ts';

const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

export interface Paint {
  (style: keyof typeof CODES, text: string): string;
  /** The columns that a text is laid out for. */
  readonly width: number;
}

export const plain: Paint = inWidth((_style, text) => text, WIDTH);

/** The same colours in another width. */
export function inWidth(paint: (...args: Parameters<Paint>) => string, width: number): Paint {
  return Object.assign((...args: Parameters<Paint>) => paint(...args), { width });
}

/** Colours as the escape sequences that terminals know. */
export const coloured: Paint = paintWith('\u001b[');

/**
 * Colours marked by a word of this process that nobody can guess; `shown` makes escape sequences of them where the text
 * goes out. What a name brings along of such sequences is no colour, and is shown as what it is.
 */
export function markedColours(mark = `{colour:${randomUUID()}}`): {
  readonly paint: Paint;
  shown(text: string): string;
} {
  return { paint: paintWith(mark), shown: (text) => text.replaceAll(mark, '\u001b[') };
}

function paintWith(begin: string): Paint {
  return inWidth((style, text) => {
    const [on, off] = CODES[style];
    return `${begin}${on}m${text}${begin}${off}m`;
  }, WIDTH);
}

/**
 * Characters that a person who reads a text does not see, or sees as something else. The classes are Unicode's own:
 * Default_Ignorable_Code_Point, the general categories Cc, Cf, Co, Cs, Zl, Zp, Zs and the noncharacters; U+2800 is a
 * braille pattern without dots.
 */
import { MOST_REFUSALS, type Refusal } from './refusal.ts';

/** All of them but for the line feed, the tab and the space. Unicode's classes take a millisecond, and most need none. */
function hidden(): RegExp {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\x00-\x08\x0b-\x1f\x7f-\x9f]|(?!\x20)[\p{Zs}\p{Zl}\p{Zp}\p{Cf}\p{Co}\p{Cs}\p{DI}\p{NChar}\u2800]/gu;
}

/** A first look that costs little: most files are in ASCII. */
const UNUSUAL = /[^\t\n\x20-\x7e]/;

/** Languages need these in sentences: spaces of French and Japanese, joiners of Persian and Indic scripts, emoji. */
const IN_PROSE = new Set([0xa0, 0x200c, 0x200d, 0x202f, 0x3000, 0xfe0e, 0xfe0f]);

/** The keys whose values are sentences for people, and decide nothing. */
const PROSE = new Set(['description', 'reason', 'owner', 'title', 'comment', '$comment']);

export function isProse(key: string): boolean {
  return PROSE.has(key);
}

/**
 * Why a text that was put together from escapes is none; nothing if it is. An escape can write half of a surrogate pair.
 * BSON holds UTF-8, so that servers get U+FFFD in its place.
 */
export function brokenText(text: string): string | undefined {
  const [half] = /[\ud800-\udfff]/u.exec(text) ?? [];
  if (half === undefined) return undefined;
  const code = half.charCodeAt(0).toString(16).toUpperCase();
  return `half of a surrogate pair (U+${code}) is no character, and MongoDB would store U+FFFD in its place: write the whole pair, or remove it`;
}

const BOM = 0xfeff;

/**
 * What is hidden in a text, in its order. A byte order mark may begin it, and a carriage return stand before a line
 * feed. `prose` says where comments and descriptions are, in the order of the text: a few more may stand there.
 */
export function hiddenIn(text: string, prose: () => readonly Range[] = () => []): readonly Refusal[] {
  if (!UNUSUAL.test(text)) return [];
  const refusals: Refusal[] = [];
  let inProse: ((offset: number) => boolean) | undefined;
  for (const { 0: character, index: offset } of text.matchAll(hidden())) {
    const code = character.codePointAt(0) ?? 0;
    if (code === CR ? text.charCodeAt(offset + 1) === LF : code === BOM && offset === 0) continue;
    if (IN_PROSE.has(code)) {
      inProse ??= within(prose());
      if (inProse(offset)) continue;
    }
    refusals.push({ offset, message: `${whatItIs(code)}: ${whatToDo(code)}`, kind: 'hidden' });
    if (refusals.length === MOST_REFUSALS) break;
  }
  return refusals;
}

/** From an offset up to another one. */
export type Range = readonly [start: number, end: number];

/** Whether an offset lies in one of the ranges; both come in ascending order. */
function within(ranges: readonly Range[]): (offset: number) => boolean {
  let next = 0;
  return (offset) => {
    while (next < ranges.length && (ranges[next]?.[1] ?? 0) <= offset) next += 1;
    return (ranges[next]?.[0] ?? Number.POSITIVE_INFINITY) <= offset;
  };
}

const CR = 0x0d;
const LF = 0x0a;

const NAMES: ReadonlyMap<number, string> = new Map([
  [0x00, 'null'],
  [0x1b, 'escape'],
  [0x85, 'next line'],
  [0xa0, 'no-break space'],
  [0xad, 'soft hyphen'],
  [0x061c, 'Arabic letter mark'],
  [0x200b, 'zero width space'],
  [0x200c, 'zero width non-joiner'],
  [0x200d, 'zero width joiner'],
  [0x200e, 'left-to-right mark'],
  [0x200f, 'right-to-left mark'],
  [0x2028, 'line separator'],
  [0x2029, 'paragraph separator'],
  [0x202a, 'left-to-right embedding'],
  [0x202b, 'right-to-left embedding'],
  [0x202c, 'pop directional formatting'],
  [0x202d, 'left-to-right override'],
  [0x202e, 'right-to-left override'],
  [0x2060, 'word joiner'],
  [0x2066, 'left-to-right isolate'],
  [0x2067, 'right-to-left isolate'],
  [0x2068, 'first strong isolate'],
  [0x2069, 'pop directional isolate'],
  [0x3000, 'ideographic space'],
  [0xfe0e, 'text variation selector'],
  [0xfe0f, 'emoji variation selector'],
  [BOM, 'byte order mark'],
]);

/** `the character U+202E (right-to-left override) turns the direction of the text around it` */
function whatItIs(code: number): string {
  if (code === CR) return 'a carriage return without a line feed is a line end to some programs and none to others';
  const character = String.fromCodePoint(code);
  const name = NAMES.get(code);
  const shown = `the character ${codeText(code)}${name === undefined ? '' : ` (${name})`}`;
  if (/\p{Bidi_Control}/u.test(character)) return `${shown} turns the direction of the text around it`;
  if (isSpace(character)) return `${shown} looks like a space and is none`;
  if (/[\u0085\u2028\u2029]/.test(character)) return `${shown} is a line end to some programs and none to others`;
  return /\p{Cc}/u.test(character) ? `${shown} is a control character` : `${shown} can't be seen`;
}

function isSpace(character: string): boolean {
  return /\p{Zs}/u.test(character);
}

function whatToDo(code: number): string {
  if (code === CR) return 'save the file with line feeds';
  if (isSpace(String.fromCodePoint(code))) return `write a space, or "${escapeOf(code)}" in double quotes`;
  return `remove it, or write "${escapeOf(code)}" in double quotes`;
}

/** `U+200B` */
export function codeText(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

export function hasHidden(text: string): boolean {
  return UNUSUAL.test(text) && text.search(hidden()) >= 0;
}

/** With everything hidden written as escapes, as it may stand in double quotes in YAML and JSON; line feeds and tabs stay. */
export function escapeHidden(text: string): string {
  if (!UNUSUAL.test(text)) return text;
  return text.replaceAll(hidden(), (character) => escapeOf(character.codePointAt(0) ?? 0));
}

/** As YAML and JSON write it in double quotes; beyond U+FFFF as the two halves, which both read. */
function escapeOf(code: number): string {
  return [...halves(code)].map((half) => `\\u${half.toString(16).padStart(4, '0')}`).join('');
}

function halves(code: number): readonly number[] {
  const text = String.fromCodePoint(code);
  return Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
}

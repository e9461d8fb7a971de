/**
 * JSON as data with one reading: where a text stops being JSON, and what should stand there (what `JSON.parse` says of
 * it differs between releases of Node.js); keys that stand twice, of which `JSON.parse` keeps the last in silence.
 */
import { brokenText, hiddenIn, isProse, type Range } from './characters.ts';
import { type Refusal, syntax } from './refusal.ts';
import { MAX_DEPTH, TOO_DEEP } from './tokens.ts';
import { conflictIn } from './yaml.ts';

export type ReadJson =
  | { readonly read: { readonly data: unknown }; readonly refusals?: undefined }
  | { readonly read?: undefined; readonly refusals: readonly [Refusal, ...Refusal[]] };

/** A byte order mark is passed over. */
export function readJson(text: string): ReadJson {
  const conflict = conflictIn(text);
  if (conflict !== undefined) {
    return { refusals: [syntax(conflict, 'a merge conflict was left here: settle it')] };
  }
  const plain = plainJson(text);
  if (plain !== undefined) return { read: plain };
  const prose: Range[] = [];
  const refusal = jsonRefusal(text, (start, end) => prose.push([start, end]));
  if (refusal !== undefined) return { refusals: [refusal] };
  const [hidden, ...more] = hiddenIn(text, () => prose);
  if (hidden !== undefined) return { refusals: [hidden, ...more] };
  return { read: { data: JSON.parse(text.startsWith(BOM) ? text.slice(1) : text) } };
}

const BOM = '\ufeff';

const QUOTE = 0x22;
const BLANK = 0x20;
const LINE_END = 0x0a;
const VISIBLE = /^[\x20-\x7e\n]*$/;

/**
 * A text without hidden characters in which no key stands twice, as far as counting tells: every key ends with a quote and a
 * colon, so that the text has at least as many of these as the data has keys, and more where a key is lost. It is most of what
 * is large, and many times as quick to find out. Nothing for whatever has to be looked at more closely.
 */
function plainJson(text: string): { readonly data: unknown } | undefined {
  if (!VISIBLE.test(text) || text.includes('\\u')) return undefined;
  try {
    const data: unknown = JSON.parse(text);
    return countKeys(data, MAX_DEPTH) === countColons(text) ? { data } : undefined;
  } catch {
    return undefined;
  }
}

/** Infinitely many where anything is nested deeper. */
function countKeys(data: unknown, depth: number): number {
  if (typeof data !== 'object' || data === null) return 0;
  if (depth === 0) return Number.POSITIVE_INFINITY;
  let count = 0;
  if (Array.isArray(data)) for (const value of data) count += countKeys(value, depth - 1);
  // Three times as quick as to make a list of the values of each object; what is parsed from JSON inherits no keys.
  else for (const key in data) count += countKeys((data as Record<string, unknown>)[key], depth - 1) + 1;
  return count;
}

/** Those after a quote. No number where one follows a blank, which may stand between a key and its colon. */
function countColons(text: string): number {
  let count = 0;
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) {
    const before = text.charCodeAt(at - 1);
    if (before === QUOTE) count += 1;
    else if (before === BLANK || before === LINE_END) return Number.NaN;
  }
  return count;
}

/** Everything but a text in quotes, which may be so long that no regular expression should look for its end. */
const TOKEN = /[ \t\r\n]*(?:([{}[\],:])|(")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|$)/y;

type Token = '{' | '}' | '[' | ']' | ':' | ',' | 'text' | 'word' | 'end';
type Wanted =
  | 'a value'
  | 'a value or ]'
  | 'a name in double quotes'
  | 'a name in double quotes or }'
  | ':'
  | ', or }'
  | ', or ]'
  | 'the end';

/** The next thing that is wanted, or what becomes of what stands open. */
type Move = Wanted | 'open' | 'close' | 'closed' | 'done';

const VALUE = { '{': 'open', '[': 'open', text: 'closed', word: 'closed' } as const;

/** What a token leads to. */
const NEXT: Readonly<Record<Wanted, Readonly<Partial<Record<Token, Move>>>>> = {
  'a value': VALUE,
  'a value or ]': { ...VALUE, ']': 'close' },
  'a name in double quotes': { text: ':' },
  'a name in double quotes or }': { text: ':', '}': 'close' },
  ':': { ':': 'a value' },
  ', or }': { ',': 'a name in double quotes', '}': 'close' },
  ', or ]': { ',': 'a value', ']': 'close' },
  'the end': { end: 'done' },
};

/** What stands open: a list, or an object with its keys. */
type Open = { readonly bracket: '[' } | { readonly bracket: '{'; readonly keys: Set<string>; key: string };

/** The first reason why a text is no JSON with one reading; nothing if it is. `prose` is told where sentences for people are. */
function jsonRefusal(text: string, prose: (start: number, end: number) => void): Refusal | undefined {
  const open: Open[] = [];
  let wanted: Wanted = 'a value';
  let at = text.startsWith(BOM) ? 1 : 0;
  for (;;) {
    const token = tokenAt(text, at);
    const leads: Move | undefined = token && NEXT[wanted][token.kind];
    if (leads === 'done') return undefined;
    if (token === undefined || leads === undefined) {
      return syntax(afterBlanks(text, at), `not valid JSON: ${wanted} is expected here`);
    }
    const wrong = enter(open, leads, token, prose);
    if (wrong !== undefined) return wrong;
    wanted = wantedAfter(leads, open.at(-1)?.bracket);
    at = token.end;
  }
}

/** What a token does to what stands open; or why it may not stand there. */
function enter(
  open: Open[],
  leads: Exclude<Move, 'done'>,
  token: FoundToken,
  prose: (start: number, end: number) => void,
): Refusal | undefined {
  const broken = token.kind === 'text' && token.text.includes('\\u') ? brokenText(JSON.parse(token.text)) : undefined;
  if (broken !== undefined) return syntax(token.start, broken);
  const inside = open.at(-1);
  if (leads === 'close') open.pop();
  if (leads === 'open') {
    if (open.length === MAX_DEPTH) return syntax(0, TOO_DEEP);
    open.push(token.kind === '[' ? { bracket: '[' } : { bracket: '{', keys: new Set(), key: '' });
  }
  if (inside?.bracket !== '{') return undefined;
  if (leads === 'closed' && isProse(inside.key)) prose(token.start, token.end);
  const wrong = leads === ':' ? addKey(inside, String(JSON.parse(token.text))) : undefined;
  return wrong === undefined ? undefined : syntax(token.start, wrong);
}

function addKey(inside: Extract<Open, { readonly bracket: '{' }>, key: string): string | undefined {
  if (inside.keys.has(key)) return 'this key stands here twice: keep one';
  inside.keys.add(key);
  inside.key = key;
  return undefined;
}

/** `inside`: the bracket that stands open. */
function wantedAfter(leads: Exclude<Move, 'done'>, inside: Open['bracket'] | undefined): Wanted {
  switch (leads) {
    case 'open':
      return inside === '{' ? 'a name in double quotes or }' : 'a value or ]';
    case 'close':
    case 'closed':
      if (inside === undefined) return 'the end';
      return inside === '{' ? ', or }' : ', or ]';
    default:
      return leads;
  }
}

interface FoundToken {
  readonly kind: Token;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function tokenAt(text: string, at: number): FoundToken | undefined {
  TOKEN.lastIndex = at;
  const found = TOKEN.exec(text);
  if (found === null) return undefined;
  const [, mark, quote, word] = found;
  const end = TOKEN.lastIndex;
  if (quote !== undefined) {
    const start = end - 1;
    const close = closingQuote(text, end);
    return close === undefined ? undefined : { kind: 'text', text: text.slice(start, close), start, end: close };
  }
  const written = mark ?? word ?? '';
  const kind = (mark as Token | undefined) ?? (word === undefined ? 'end' : 'word');
  return { kind, text: written, start: end - written.length, end };
}

const BACKSLASH = 0x5c;
const ESCAPE = /["\\/bfnrt]|u[0-9a-fA-F]{4}/y;

/** Where a text in quotes ends, behind its closing quote; nothing if it holds what JSON has not, or does not end. */
function closingQuote(text: string, from: number): number | undefined {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code < 0x20) return undefined;
    if (code !== BACKSLASH) continue;
    ESCAPE.lastIndex = at + 1;
    if (!ESCAPE.test(text)) return undefined;
    at = ESCAPE.lastIndex - 1;
  }
  return undefined;
}

function afterBlanks(text: string, at: number): number {
  return at + (/^[ \t\r\n]*/.exec(text.slice(at))?.[0].length ?? 0);
}

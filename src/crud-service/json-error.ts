/** Where a text stops being JSON, and what should stand there: what `JSON.parse` says of it differs between releases of Node.js. */

const TOKEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON's texts have none
  /[ \t\r\n]*(?:(?<mark>[{}[\],:])|(?<string>"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(?<word>-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|$)/y;

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

export interface JsonError {
  readonly offset: number;
  readonly wanted: string;
}

/** Nothing for a text that is JSON. */
export function jsonError(text: string): JsonError | undefined {
  const open: Token[] = [];
  let wanted: Wanted = 'a value';
  let at = 0;
  for (;;) {
    const token = tokenAt(text, at);
    const leads: Move | undefined = token && NEXT[wanted][token.kind];
    if (leads === 'done') return undefined;
    if (token === undefined || leads === undefined) return { offset: afterBlanks(text, at), wanted };
    if (leads === 'open') open.push(token.kind);
    if (leads === 'close') open.pop();
    wanted = wantedAfter(leads, open.at(-1));
    at = token.end;
  }
}

/** `inside`: the bracket that stands open. */
function wantedAfter(leads: Exclude<Move, 'done'>, inside: Token | undefined): Wanted {
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

function tokenAt(text: string, at: number): { readonly kind: Token; readonly end: number } | undefined {
  TOKEN.lastIndex = at;
  const found = TOKEN.exec(text)?.groups;
  if (found === undefined) return undefined;
  const { mark, string, word } = found;
  const kind = (mark as Token | undefined) ?? (string !== undefined ? 'text' : word !== undefined ? 'word' : 'end');
  return { kind, end: TOKEN.lastIndex };
}

function afterBlanks(text: string, at: number): number {
  return at + (/^[ \t\r\n]*/.exec(text.slice(at))?.[0].length ?? 0);
}

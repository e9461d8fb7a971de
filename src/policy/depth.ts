/**
 * How deep the lists and maps of a text are nested, found out without a parser that calls itself for every level: at the
 * end of its call stack V8 may end the whole process (tried with Node.js 20: a regular expression compiled there).
 */
import { type CST, Parser } from 'yaml';

/** Deeper than anything that a policy can say, and shallow enough for every function that calls itself per level. */
export const MAX_DEPTH = 200;

/** A quick look that errs on the side of yes: brackets that may stand in texts, and what a line begins with. */
export function mayBeDeep(text: string): boolean {
  if (DEEP_INDENT.test(text)) return true;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === OPEN_LIST || code === OPEN_MAP) depth += 1;
    else if (code === CLOSE_LIST || code === CLOSE_MAP) depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

const DEEP_INDENT = new RegExp(`^[ ?-]{${MAX_DEPTH}}`, 'm');
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_MAP = 0x7b;
const CLOSE_MAP = 0x7d;

/** Whether anything is nested more than {@link MAX_DEPTH} levels deep. */
export function isDeep(text: string): boolean {
  const open: { readonly token: CST.Token; readonly depth: number }[] = [];
  for (const token of new Parser().parse(text)) {
    open.push({ token, depth: 0 });
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next.depth > MAX_DEPTH) return true;
      for (const part of partsOf(next.token)) open.push({ token: part, depth: next.depth + 1 });
    }
  }
  return false;
}

function partsOf(token: CST.Token): readonly CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) => [...(key ? [key] : []), ...(value ? [value] : [])]);
}

/**
 * A YAML text as tokens, looked at before anything is made of them: how deep it is nested, what it holds besides plain
 * maps, lists and scalars, where comments and descriptions are. Nothing here calls itself for every level: at the end of
 * its call stack V8 may end the whole process (tried with Node.js 20: a regular expression compiled there).
 */
import { type CST, Parser } from 'yaml';
import { isProse, type Range } from './characters.ts';
import { MOST_REFUSALS, type Refusal, syntax } from './refusal.ts';

/** Deeper than anything that a policy can say, and shallow enough for every function that calls itself per level. */
export const MAX_DEPTH = 200;

export const TOO_DEEP = `lists and maps are nested more than ${MAX_DEPTH} levels deep: nothing here needs that`;

/** The documents of a text, and what stands between them. */
export function tokensOf(text: string): readonly CST.Token[] {
  return [...new Parser().parse(text)];
}

/** Why the tokens are no plain data: tags, directives, several documents, or nested too deep. */
export function impureIn(text: string, tokens: readonly CST.Token[]): readonly Refusal[] {
  const refusals = documentRefusals(tokens);
  const deep = mayBeDeep(text);
  if (!deep && !text.includes('!')) return refusals;
  for (const { part, depth } of partsIn(tokens)) {
    if (depth > MAX_DEPTH) {
      return [syntax(0, TOO_DEEP)];
    }
    if (part.type === 'tag' && refusals.length < MOST_REFUSALS) refusals.push(tagRefusal(part));
  }
  return refusals;
}

function tagRefusal({ offset, source }: CST.SourceToken): Refusal {
  const shown = source.length > 40 ? `${source.slice(0, 37)}...` : source;
  return syntax(
    offset,
    `the tag ${shown} makes something else of what follows: write it without, as a plain map, list or value`,
  );
}

function documentRefusals(tokens: readonly CST.Token[]): Refusal[] {
  const refusals: Refusal[] = [];
  let documents = 0;
  for (const token of tokens) {
    if (token.type === 'directive') {
      refusals.push(syntax(token.offset, 'a line that begins with % changes how YAML is read: take it out'));
    }
    if (token.type !== 'document') continue;
    documents += 1;
    if (documents === 2) {
      const message = 'the file holds several YAML documents: put each into a file of its own';
      refusals.push(syntax(token.offset, message));
    }
  }
  return refusals.slice(0, MOST_REFUSALS);
}

/** Where sentences for people are: comments, and the values of keys such as `description`. Ranges in the order of the text. */
export function proseIn(tokens: readonly CST.Token[]): readonly Range[] {
  const ranges: Range[] = [];
  for (const { part, key } of partsIn(tokens)) {
    if (part.type === 'comment') ranges.push([part.offset, part.offset + part.source.length]);
    else if (key !== undefined && isProse(key)) ranges.push([part.offset, endOf(part)]);
  }
  return ranges;
}

function endOf(token: CST.Token): number {
  const props = token.type === 'block-scalar' ? token.props : [];
  const text = [...props, token].map((part) => ('source' in part ? part.source.length : 0));
  return text.reduce((sum, length) => sum + length, token.offset);
}

/** A token, or one of the signs around it; of a value in a map its key, where that is a scalar. */
interface Part {
  readonly part: CST.Token;
  readonly depth: number;
  readonly key?: string | undefined;
}

/** Every part of the tokens, in the order of the text. */
function* partsIn(tokens: readonly CST.Token[]): Generator<Part> {
  const open = tokens.map((part): Part => ({ part, depth: 0 })).toReversed();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next;
    for (const part of partsOf(next).toReversed()) open.push(part);
  }
}

/** What a token is made of: its values, and the signs around them. */
function partsOf({ part, depth: above }: Part): readonly Part[] {
  const depth = above + 1;
  const signs = (tokens: readonly CST.Token[] = []): Part[] => tokens.map((sign) => ({ part: sign, depth }));
  switch (part.type) {
    case 'document':
      return [...signs(part.start), ...signs(part.value && [part.value]), ...signs(part.end)];
    case 'block-scalar':
      return signs(part.props);
    case 'block-map':
    case 'block-seq':
    case 'flow-collection': {
      const items = part.items.flatMap(({ start, key, sep, value }) => [
        ...signs(start),
        ...signs(key ? [key] : []),
        ...signs(sep),
        ...(value ? [{ part: value, depth, key: keyOf(key) }] : []),
      ]);
      return part.type === 'flow-collection' ? [...items, ...signs(part.end)] : items;
    }
    default:
      return 'end' in part ? signs(part.end) : [];
  }
}

function keyOf(key: CST.Token | null | undefined): string | undefined {
  switch (key?.type) {
    case 'scalar':
      return key.source;
    case 'single-quoted-scalar':
    case 'double-quoted-scalar':
      return key.source.slice(1, -1);
    default:
      return undefined;
  }
}

/** A quick look that errs on the side of yes: brackets that may stand in texts, and what a line begins with. */
function mayBeDeep(text: string): boolean {
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

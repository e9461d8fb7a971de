/**
 * Where each part of a document begins, without the document: a tenth of its size, so that thousands of files can be held
 * at once while only the few places that are asked for are looked up. On the way, what makes a document no plain data.
 */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
} from 'yaml';
import { brokenText } from './characters.ts';
import { MOST_REFUSALS, type Refusal, syntax } from './refusal.ts';

/** A way into data: keys of maps and positions in lists. */
export type DocumentPath = readonly (string | number)[];

/** A part that has parts itself begins at `offset`; one that has none is only the offset. */
type Place = number | { readonly offset: number; readonly inside: Inside; readonly alias?: true };

/** Of a map its keys beside its entries, of a list only the items: arrays take the least memory, and few are searched. */
interface Inside {
  readonly keys?: readonly string[];
  readonly parts: readonly Place[];
  /** How many values it holds, written out. */
  readonly size: number;
}

export interface Places {
  /**
   * Where the part at a path begins: a map's entry at its key, a list's item at itself; the nearest parent if it is missing.
   * What is in an alias is said where the alias stands: at its anchor it is said of something else.
   */
  offsetOf(path: DocumentPath): number;
  /** What has two readings, or stands for what is not there. */
  readonly refusals: readonly Refusal[];
  /** How many values there are with every alias written out. */
  readonly size: number;
  /** Whether there are aliases at all. */
  readonly aliases: boolean;
}

export function placesOf(document: Document, keys: Keys): Places {
  const anchors = new Map<string, Inside | undefined>();
  const refusals: Refusal[] = [];
  const refuse = (at: unknown, message: string): void => {
    if (refusals.length < MOST_REFUSALS) refusals.push(syntax(startOf(at), message));
  };

  let aliases = false;
  const ofAlias = (node: Alias): Inside | undefined => {
    aliases = true;
    // Of an alias without a name the parser itself tells.
    if (!anchors.has(node.source) && node.source !== '') refuse(node, danglingMessage(node.source));
    return anchors.get(node.source);
  };
  const anchored = (node: { readonly anchor?: string }, inside: Inside | undefined): void => {
    if (node.anchor === undefined) return;
    if (anchors.has(node.anchor)) refuse(node, `the anchor &${node.anchor} stands here twice: rename one`);
    anchors.set(node.anchor, inside);
  };
  const inside = (node: unknown): Inside | undefined => {
    if (isAlias(node)) return ofAlias(node);
    if (isScalar(node)) {
      anchored(node, undefined);
      const inexact = typeof node.value === 'number' ? numberProblem(node.value, node.source ?? 'this') : undefined;
      if (inexact !== undefined) refuse(node, inexact);
      checkEscapes(node, refuse);
      return undefined;
    }
    if (!isMap(node) && !isSeq(node)) return undefined;
    if (isMap(node)) checkKeys(node.items, keys, refuse);
    const parts = isMap(node)
      ? node.items.map(({ key, value }) => place(key, value))
      : node.items.map((item) => place(isPair(item) ? item.key : item, item));
    const named = isMap(node) ? { keys: node.items.map(({ key }) => keyText(key)) } : {};
    const found = { ...named, parts, size: parts.reduce<number>((sum, part) => sum + sizeOf(part), 1) };
    anchored(node, found);
    return found;
  };
  const place = (begin: unknown, value: unknown): Place => {
    const offset = startOf(begin);
    const found = inside(value);
    if (found === undefined) return offset;
    return isAlias(value) ? { offset, inside: found, alias: true } : { offset, inside: found };
  };

  const whole = place(document.contents, document.contents);
  return { offsetOf: (path) => find(whole, path), refusals, size: sizeOf(whole), aliases };
}

function sizeOf(place: Place): number {
  return typeof place === 'number' ? 1 : place.inside.size;
}

function danglingMessage(name: string): string {
  return `"*${name}" without quotes is a YAML alias, and there is no anchor "&${name}": quote it as "*${name}"`;
}

const INTEGER = /^(?:[-+]?\d+|0x[\da-f]+|0o[0-7]+)$/i;

/** Why a number is not read as it is written. A double holds every integer up to 2^53, and some beyond. */
function numberProblem(value: number, written: string): string | undefined {
  if (!Number.isFinite(value)) return `${written} is no number that JSON can hold: quote it if a text is meant`;
  if (Number.isSafeInteger(value) || !INTEGER.test(written)) return undefined;
  const digits = BigInt(written);
  if (digits === BigInt(value)) return undefined;
  const type = BigInt.asIntN(64, digits) === digits ? '$numberLong' : '$numberDecimal';
  return `${written} is no integer that is read exactly: write it as { ${type}: "${digits}" }, or quote it if a text is meant`;
}

/** The parser would compare each key with each, which takes minutes for a map of 100,000. */
function checkKeys(items: readonly Pair[], keys: Keys, refuse: (at: unknown, message: string) => void): void {
  const seen = new Set<string>();
  for (const { key } of items) {
    // Told by the parser: it wants texts.
    if (!isScalar(key)) continue;
    const text = keyText(key);
    checkEscapes(key, refuse);
    if (seen.has(text)) refuse(key, 'this key stands here twice: keep one');
    if (text === PROTOTYPE && keys === 'written') refuse(key, `"${PROTOTYPE}" can be no key: rename it`);
    if (text === '<<' && key.type === 'PLAIN') {
      refuse(key, 'a merge key (<<) is not read: write out what it stands for');
    }
    seen.add(text);
  }
}

function checkEscapes(node: Scalar, refuse: (at: unknown, message: string) => void): void {
  const broken = node.type === 'QUOTE_DOUBLE' && typeof node.value === 'string' ? brokenText(node.value) : undefined;
  if (broken !== undefined) refuse(node, broken);
}

/** `written`: by people, whom `__proto__` could only mislead; `found`: on a cluster, whose documents have any key. */
export type Keys = 'written' | 'found';

/** The one key that many programs take for something else than a key. */
const PROTOTYPE = '__proto__';

function find(whole: Place, path: DocumentPath): number {
  let place = whole;
  for (const part of path) {
    const next: Place | undefined = typeof place === 'number' ? undefined : step(place.inside, part);
    if (next === undefined) break;
    place = next;
    if (typeof place !== 'number' && place.alias) break;
  }
  return typeof place === 'number' ? place : place.offset;
}

function step({ keys, parts }: Inside, part: string | number): Place | undefined {
  return parts[keys === undefined ? Number(part) : indexOf(keys, String(part))];
}

/** A map of fewer keys is searched as fast without an index. */
const SMALL = 16;

const INDEXES = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

function indexOf(keys: readonly string[], key: string): number {
  if (keys.length <= SMALL) return keys.indexOf(key);
  const index = INDEXES.get(keys) ?? new Map(keys.map((each, at) => [each, at]));
  INDEXES.set(keys, index);
  return index.get(key) ?? -1;
}

function startOf(node: unknown): number {
  return (isNode(node) ? node.range?.[0] : undefined) ?? 0;
}

/** A key as the text that it is. */
export function keyText(key: unknown): string {
  return isNode(key) ? String((key as Node & { readonly value?: unknown }).value) : String(key);
}

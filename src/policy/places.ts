/**
 * Where each part of a document begins, without the document: a tenth of its size, so that thousands of files can be held
 * at once while only the few places that are asked for are looked up.
 */
import { type Alias, type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import type { DocumentPath } from './problem.ts';

/** A part that has parts itself begins at `offset`; one that has none is only the offset. */
type Place = number | { readonly offset: number; readonly inside: Inside };

/** Of a map its keys beside its entries, of a list only the items: arrays take the least memory, and few are searched. */
interface Inside {
  readonly keys?: readonly string[];
  readonly parts: readonly Place[];
}

export interface Places {
  /** Where the part at a path begins: a map's entry at its key, a list's item at itself; the nearest parent if it is missing. */
  offsetOf(path: DocumentPath): number;
  /** Aliases without an anchor. */
  readonly dangling: readonly { readonly offset: number; readonly name: string }[];
  /** Where keys stand that their map has already. */
  readonly repeated: readonly number[];
}

export function placesOf(document: Document): Places {
  const anchors = new Map<string, Inside | undefined>();
  const dangling: { offset: number; name: string }[] = [];
  const repeated: number[] = [];

  const ofAlias = (node: Alias): Inside | undefined => {
    if (!anchors.has(node.source)) dangling.push({ offset: startOf(node), name: node.source });
    return anchors.get(node.source);
  };
  const inside = (node: unknown): Inside | undefined => {
    if (isScalar(node)) {
      if (node.anchor !== undefined) anchors.set(node.anchor, undefined);
      return undefined;
    }
    if (isAlias(node)) return ofAlias(node);
    if (isMap(node)) repeated.push(...repeatedKeys(node));
    const parts = partsOf(node, place);
    if (isNode(node) && 'anchor' in node && typeof node.anchor === 'string') anchors.set(node.anchor, parts);
    return parts;
  };
  const place = (begin: unknown, value: unknown): Place => {
    const offset = startOf(begin);
    const parts = inside(value);
    return parts === undefined ? offset : { offset, inside: parts };
  };

  const whole = place(document.contents, document.contents);
  return { offsetOf: (path) => find(whole, path), dangling, repeated };
}

function partsOf(node: unknown, place: (begin: unknown, value: unknown) => Place): Inside | undefined {
  if (isMap(node)) {
    return {
      keys: node.items.map(({ key }) => keyText(key)),
      parts: node.items.map(({ key, value }) => place(key, value)),
    };
  }
  if (isSeq(node)) return { parts: node.items.map((item) => place(item, item)) };
  return undefined;
}

/** The parser would compare each key with each, which takes minutes for a map of 100,000. */
function repeatedKeys({ items }: YAMLMap): readonly number[] {
  const seen = new Set<string>();
  return items.flatMap(({ key }) => {
    const text = keyText(key);
    if (seen.has(text)) return [startOf(key)];
    seen.add(text);
    return [];
  });
}

function find(whole: Place, path: DocumentPath): number {
  let place = whole;
  for (const part of path) {
    const next: Place | undefined = typeof place === 'number' ? undefined : step(place.inside, part);
    if (next === undefined) break;
    place = next;
  }
  return typeof place === 'number' ? place : place.offset;
}

function step({ keys, parts }: Inside, part: string | number): Place | undefined {
  return parts[keys === undefined ? Number(part) : keys.indexOf(String(part))];
}

function startOf(node: unknown): number {
  return (isNode(node) ? node.range?.[0] : undefined) ?? 0;
}

function keyText(key: unknown): string {
  return isNode(key) ? String((key as Node & { readonly value?: unknown }).value) : String(key);
}

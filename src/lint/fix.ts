/**
 * Fixes as changes of the text, by the ranges of what the edits name, so that comments and layout stay as they are. A fix
 * whose place is not as clear as it should be is left alone: a person can do it.
 */
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
} from 'yaml';
import { documentOf } from '../input/yaml.ts';
import { type ParsedFile, parsePolicyFile } from '../policy/compile.ts';
import { parsePointer } from '../policy/problem.ts';
import type { SourceFile } from '../policy/source.ts';
import type { LintFinding, LintReport } from './lint.ts';
import type { Edit } from './rule.ts';

interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

interface Fixed {
  readonly text: string;
  /** How many findings were mended. */
  readonly count: number;
}

/**
 * The file's text with every fix made that does not get in another's way; nothing if there is none. The result is
 * parsed again: if it is broken, no fix of the file is made.
 */
export function fixFile(source: SourceFile, findings: readonly LintFinding[]): Fixed | undefined {
  const fixes = findings.flatMap(({ fix }) =>
    fix?.every((edit) => fileOf(edit) === source.file) === true ? [fix] : [],
  );
  if (fixes.length === 0) return undefined;
  const document = documentOf(source.text);
  const taken: Change[] = [];
  let count = 0;
  for (const fix of fixes) {
    const changes = fix.map((edit) => changeOf(source.text, document, edit));
    const wanted = changes.flatMap((change) => change ?? []);
    if (wanted.length < fix.length || wanted.some((change) => taken.some((other) => overlap(change, other)))) continue;
    taken.push(...wanted);
    count += 1;
  }
  if (count === 0) return undefined;
  const text = [...taken]
    .sort((a, b) => b.start - a.start)
    .reduce(
      (result, { start, end, text: replacement }) => result.slice(0, start) + replacement + result.slice(end),
      source.text,
    );
  return parsePolicyFile({ file: source.file, text }).problems.length === 0 ? { text, count } : undefined;
}

/** As often as a fix brings another one about; more than that is no right answer. */
const MOST_ROUNDS = 10;

/** Fixes the files given until there is nothing left to fix. `lint` looks at them anew after each round. */
export function fixAll(
  given: readonly ParsedFile[],
  lint: (files: readonly ParsedFile[]) => LintReport,
): { readonly files: readonly ParsedFile[]; readonly count: number } {
  let files = given;
  let count = 0;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const { findings } = lint(files);
    const fixed = files.map((file) => ({ file, fixed: file.source && fixFile(file.source, findings) }));
    const mended = fixed.reduce((sum, entry) => sum + (entry.fixed?.count ?? 0), 0);
    if (mended === 0) break;
    count += mended;
    files = fixed.map((entry) =>
      entry.fixed === undefined ? entry.file : parsePolicyFile({ file: entry.file.file, text: entry.fixed.text }),
    );
  }
  return { files, count };
}

function fileOf(edit: Edit): string {
  return edit.kind === 'erase' ? edit.file : edit.at.file;
}

function overlap(a: Change, b: Change): boolean {
  return a.start < b.end && b.start < a.end;
}

function changeOf(text: string, document: Document, edit: Edit): Change | undefined {
  switch (edit.kind) {
    case 'erase':
      return eraseComment(text, edit.range);
    case 'replace': {
      const found = findPlace(document, parsePointer(edit.at.path));
      return found && replaceScalar(text, found.value, edit.value);
    }
    case 'remove': {
      const found = findPlace(document, parsePointer(edit.at.path));
      return found && removePart(text, found);
    }
  }
}

/** A part of a list or map: the item, or the pair, and what it stands in. */
interface Place {
  readonly parent: Node;
  /** How many parts the parent has. */
  readonly count: number;
  /** From the item or the key to the end of the value. */
  readonly start: number;
  readonly end: number;
  readonly value: unknown;
  readonly neighbours: { readonly before?: number; readonly after?: number };
}

/** Nothing if the path there leads through an alias or an anchor: what stands there is used elsewhere too. */
function findPlace(document: Document, path: readonly string[]): Place | undefined {
  let node: unknown = document.contents;
  let place: Place | undefined;
  for (const part of path) {
    if (isAlias(node) || !isCollection(node) || node.anchor !== undefined) return undefined;
    const items: readonly unknown[] = node.items;
    const index = isSeq(node) ? Number(part) : items.findIndex((item) => isPair(item) && keyOf(item) === part);
    const extents = items.map(extentOf);
    const extent = extents[index];
    if (extent === undefined) return undefined;
    const item = items[index];
    const value = isMap(node) && isPair(item) ? item.value : item;
    const before = extents[index - 1]?.end;
    const after = extents[index + 1]?.start;
    place = {
      parent: node,
      count: items.length,
      ...extent,
      value,
      neighbours: { ...(before !== undefined && { before }), ...(after !== undefined && { after }) },
    };
    node = value;
  }
  return place;
}

function keyOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : '';
}

function extentOf(item: unknown): { readonly start: number; readonly end: number } | undefined {
  const first = isPair(item) ? item.key : item;
  const last = isPair(item) ? (item.value ?? item.key) : item;
  const start = isNode(first) ? first.range?.[0] : undefined;
  const end = isNode(last) ? last.range?.[1] : undefined;
  return start === undefined || end === undefined ? undefined : { start, end };
}

/** In the same quotes as before; without quotes only what can't be taken for anything but a text. */
function replaceScalar(text: string, value: unknown, replacement: string): Change | undefined {
  if (!isScalar(value) || value.range === undefined || value.range === null) return undefined;
  const [start, end] = value.range;
  const old = text.slice(start, end);
  if (old.includes('${') || old.startsWith('|') || old.startsWith('>')) return undefined;
  if (old.startsWith("'")) return { start, end, text: `'${replacement.replaceAll("'", "''")}'` };
  const needsQuotes = old.startsWith('"') || !/^[A-Za-z_][\w@.-]*$/.test(replacement);
  return { start, end, text: needsQuotes ? JSON.stringify(replacement) : replacement };
}

/** The only part of a list or map is not removed: what an empty one means is another question. */
function removePart(text: string, place: Place): Change | undefined {
  if (place.count < 2 || !isCollection(place.parent)) return undefined;
  return place.parent.flow === true ? removeInFlow(text, place) : removeLines(text, place);
}

/** With the comma behind it, or the one before it if it is the last. */
function removeInFlow(text: string, { start, end, neighbours }: Place): Change | undefined {
  const { before, after } = neighbours;
  if (after !== undefined) return isPlainGap(text.slice(end, after)) ? { start, end: after, text: '' } : undefined;
  if (before !== undefined) return isPlainGap(text.slice(before, start)) ? { start: before, end, text: '' } : undefined;
  return undefined;
}

/** A comma and blanks: a comment in between belongs to one of both, and nobody knows to which. */
function isPlainGap(gap: string): boolean {
  return /^\s*,\s*$/.test(gap);
}

/** The lines of an item or entry, with a comment at the end of one of them; what stands above it stays. */
function removeLines(text: string, { start, end, parent }: Place): Change | undefined {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  // What stands before it must be its own dash: the one of the map around a first entry would be lost with it.
  const lead = isSeq(parent) ? /^ *- +$/ : /^ *$/;
  if (!lead.test(text.slice(lineStart, start))) return undefined;
  const lastCharacter = text.slice(start, end).trimEnd().length + start;
  const newline = text.indexOf('\n', lastCharacter);
  const lineEnd = newline === -1 ? text.length : newline + 1;
  if (!/^[ \t]*(?:#.*)?\r?\n?$/.test(text.slice(lastCharacter, lineEnd))) return undefined;
  return { start: lineStart, end: lineEnd, text: '' };
}

function eraseComment(text: string, [start, end]: readonly [number, number]): Change {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const before = text.slice(lineStart, start);
  if (before.trim() !== '') return { start: lineStart + before.trimEnd().length, end, text: '' };
  const newline = text.indexOf('\n', end);
  return { start: lineStart, end: newline === -1 ? text.length : newline + 1, text: '' };
}

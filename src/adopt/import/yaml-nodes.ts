/** YAML of other tools: any number of documents, tags and templates in it. What is no plain value is unresolved. */
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { type ImportNote, mapOf, type Node, node, unresolved } from './node.ts';

export interface YamlFile {
  readonly documents: readonly Node[];
  readonly notes: readonly ImportNote[];
  /** The template of Helm on which what stands in a line hangs: an `if`, a `range`. */
  readonly hangsOn: (line: number) => string | undefined;
}

/** Deeper than any file that a person writes. */
const DEEPEST = 100;
/** With aliases written out. */
const MOST_NODES = 200_000;

export interface YamlOptions {
  /** Documents that do not say this are passed over: a file of an operator holds far larger ones. */
  readonly wanted?: RegExp;
  /** Templates of Helm stand in it, also where YAML has no place for them. */
  readonly templates?: boolean;
}

export function yamlNodes(file: string, written: string, { wanted, templates = false }: YamlOptions = {}): YamlFile {
  const chosen = wanted === undefined ? written : onlyWanted(written, wanted);
  const { text, filled } = templates ? withoutTemplates(chosen) : { text: chosen, filled: [] };
  const controls = templates ? controlsIn(chosen) : [];

  const strict = parse(text);
  const isBadlyIndented = strict.documents.some(({ errors }) => errors.some(({ code }) => code === 'BAD_INDENT'));
  const { documents, lines } = isBadlyIndented ? parse(withIndentedEnds(text)) : strict;
  const notes: ImportNote[] = [];
  const budget = { left: MOST_NODES };
  for (const document of documents) {
    const [error] = document.errors;
    if (error !== undefined) {
      const { line } = lines.linePos(error.pos[0]);
      notes.push({
        file,
        line,
        message: `this part is left out, as it is no YAML here: ${firstLine(error.message)}`,
        lost: true,
      });
    }
  }
  return {
    documents: documents.flatMap((each) =>
      each.errors.length > 0
        ? []
        : [
            readNode(
              each.contents,
              { document: each, lines, budget, filled, controls },
              placeOf(each.contents, lines, 1),
              0,
            ),
          ],
    ),
    notes,
    hangsOn: (line) => controls[line]?.text,
  };
}

function parse(text: string): { readonly documents: readonly Document[]; readonly lines: LineCounter } {
  const lines = new LineCounter();
  const options = { lineCounter: lines, logLevel: 'silent', uniqueKeys: false, prettyErrors: false } as const;
  const parsed = parseAllDocuments(text, options);
  return { documents: Array.isArray(parsed) ? parsed : [], lines };
}

/** Kubernetes takes brackets that close at the indentation of their key, which YAML does not. */
function withIndentedEnds(text: string): string {
  return text.replaceAll(/^[ \t]*(?=[\]}])/gm, (indent) => `${indent}  `);
}

/** The text with the documents that are not wanted emptied, so that lines stay where they are. */
function onlyWanted(text: string, wanted: RegExp): string {
  return text
    .split(/^(?=---(?:\s|$))/m)
    .map((part) => (wanted.test(part) ? part : '\n'.repeat(part.split('\n').length - 1)))
    .join('');
}

const MARK = /template-(\d+)-of-helm/;

/** With a mark for each template; a line of templates alone, such as an `if`, is empty. */
function withoutTemplates(text: string): { readonly text: string; readonly filled: readonly string[] } {
  const filled: string[] = [];
  const marked = text
    .replaceAll(/^[ \t]*(?:\{\{[^\n]*?\}\}[ \t]*)+$/gm, '')
    .replaceAll(/\{\{[^\n]*?\}\}/g, (template) => `template-${filled.push(template) - 1}-of-helm`);
  return { text: marked, filled };
}

interface Control {
  readonly text: string;
}

const CONTROL = /\{\{-?\s*(if|range|with|define|block|else|end)\b[^\n]*?\}\}/g;

/** The innermost `if`, `else`, `range` and such around the beginning of each line; lines count from 1. */
function controlsIn(text: string): readonly (Control | undefined)[] {
  const open: Control[] = [];
  const around = text.split('\n').map((line) => {
    const control = open.at(-1);
    for (const [written, word] of line.matchAll(CONTROL)) {
      if (word === 'end' || word === 'else') open.pop();
      if (word !== 'end') open.push({ text: written });
    }
    return control;
  });
  return [undefined, ...around];
}

interface Reading {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly budget: { left: number };
  /** The templates that marks in the text stand for. */
  readonly filled: readonly string[];
  readonly controls: readonly (Control | undefined)[];
}

/** What hangs on a template, where that around it does not. */
function readInside(value: unknown, reading: Reading, at: number, around: number, depth: number): Node {
  const control = reading.controls[at];
  return control === undefined || control === reading.controls[around]
    ? readNode(value, reading, at, depth + 1)
    : unresolved(control.text, at);
}

function readNode(value: unknown, reading: Reading, line: number, depth: number): Node {
  const { document, lines, budget } = reading;
  budget.left -= 1;
  if (budget.left < 0 || depth > DEEPEST) return unresolved('too large or too deep', line);
  const at = placeOf(value, lines, line);
  if (isAlias(value)) {
    const source = value.resolve(document);
    return source === undefined ? unresolved(`*${value.source}`, at) : readNode(source, reading, at, depth + 1);
  }
  if (isMap(value)) return mapNode(value, reading, at, line, depth);
  if (isSeq(value))
    return node(
      value.items.map((item) => readInside(item, reading, placeOf(item, lines, at), line, depth)),
      at,
    );
  return isScalar(value) ? scalarNode(value, reading, at) : node(null, at);
}

/** What `<<` merges in stands before the map's own keys, which win. */
function mapNode({ items }: YAMLMap, reading: Reading, line: number, around: number, depth: number): Node {
  const entries = items.map((pair): [string, Node] => {
    const keyLine = placeOf(pair.key, reading.lines, line);
    const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
    return [key, readInside(pair.value, reading, keyLine, around, depth)];
  });
  const merged = entries.filter(([key]) => key === '<<').flatMap(([, inner]) => [...(mapOf(inner) ?? [])]);
  return node(new Map([...merged, ...entries.filter(([key]) => key !== '<<')]), line);
}

function scalarNode({ tag, value }: Scalar, { filled }: Reading, line: number): Node {
  const marked = filled.length > 0 && typeof value === 'string' ? MARK.exec(value)?.[1] : undefined;
  if (marked !== undefined) return unresolved(filled[Number(marked)] ?? '', line);
  if (tag !== undefined && !tag.startsWith('tag:yaml.org,2002:')) return unresolved(tag, line);
  const isPlain =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null;
  return isPlain ? node(value, line) : unresolved(String(value), line);
}

function placeOf(value: unknown, lines: LineCounter, otherwise: number): number {
  const offset = isNode(value) ? value.range?.[0] : undefined;
  return offset === undefined ? otherwise : lines.linePos(offset).line;
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}

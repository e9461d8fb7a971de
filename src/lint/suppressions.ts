/**
 * Suppressions in place: `# mongoward-ignore family/what: reason, until 2027-03-01`.
 *
 * At the end of a line, or on lines of its own above it, a suppression covers the list item or map entry that begins
 * there, with everything in it, for one rule. The reason is mandatory; the date is the last day on which it holds.
 */
import { CST, type Document, isMap, isNode, isPair, isSeq, Lexer, LineCounter, visit } from 'yaml';
import { documentOf } from '../input/yaml.ts';
import { isDate } from '../policy/dates.ts';
import type { SourceFile } from '../policy/source.ts';

export interface Suppression {
  readonly file: string;
  /** Where the comment stands. */
  readonly line: number;
  readonly column: number;
  readonly rule: string;
  readonly reason: string;
  /** `YYYY-MM-DD` */
  readonly until?: string;
  /** The lines that it covers, both included. */
  readonly first: number;
  readonly last: number;
  /** Where the comment begins and ends in the text. */
  readonly range: readonly [start: number, end: number];
}

/** A comment that means to be a suppression and is none. */
export interface Misfit extends Pick<Suppression, 'file' | 'line' | 'column'> {
  readonly message: string;
}

const WORD = 'mongoward-ignore';
const FORM = /^#\s*mongoward-ignore\s+([^\s:]+)\s*:\s*(\S.*?)\s*$/;
const UNTIL = /(?:^|[,;]?\s+)until\s+(\d[\d-]*)$/;
const NO_FORM =
  'this suppression has no effect, because it names no rule or gives no reason: write it as "# mongoward-ignore family/what: reason", if you like with ", until 2027-03-01"';

export function readSuppressions(source: SourceFile): {
  readonly suppressions: readonly Suppression[];
  readonly misfits: readonly Misfit[];
} {
  const suppressions: Suppression[] = [];
  const misfits: Misfit[] = [];
  if (!source.text.includes(WORD)) return { suppressions, misfits };
  const lines = lineCounter(source.text);
  const document = documentOf(source.text);
  for (const { offset, text } of commentsOf(source.text)) {
    if (!/^#\s*mongoward-ignore/.test(text)) continue;
    const { line, col: column } = lines.linePos(offset);
    const place = { file: source.file, line, column };
    const told = readComment(text);
    if ('message' in told) misfits.push({ ...place, ...told });
    else
      suppressions.push({
        ...place,
        ...told,
        ...coverage(source, document, lines, offset),
        range: [offset, offset + text.length],
      });
  }
  return { suppressions, misfits };
}

function readComment(text: string): Pick<Suppression, 'rule' | 'reason' | 'until'> | Pick<Misfit, 'message'> {
  const [, rule, rest = ''] = FORM.exec(text) ?? [];
  if (rule === undefined) return { message: NO_FORM };
  const until = UNTIL.exec(rest)?.[1];
  const reason = rest.replace(UNTIL, '');
  if (reason === '') return { message: NO_FORM };
  if (until === undefined) return { rule, reason };
  if (!isDate(until)) return { message: `this suppression has no effect: there is no day ${until}` };
  return { rule, reason, until };
}

/** What the lexer puts between the parts of the text, and is not in the text. */
const MARKS = new Set(['\u0002', '\u0018', '\u001f']);

function* commentsOf(text: string): Generator<{ readonly offset: number; readonly text: string }> {
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (MARKS.has(lexeme)) continue;
    if (CST.tokenType(lexeme) === 'comment') yield { offset, text: lexeme };
    offset += lexeme.length;
  }
}

function lineCounter(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  return lines;
}

/** A comment after something covers what begins on its line; one on a line of its own what begins on the next that says something. */
function coverage(
  source: SourceFile,
  document: Document,
  lines: LineCounter,
  offset: number,
): Pick<Suppression, 'first' | 'last'> {
  const start = source.text.lastIndexOf('\n', offset - 1) + 1;
  const alone = source.text.slice(start, offset).trim() === '';
  const { line } = lines.linePos(offset);
  const first = alone ? nextSaying(source.text, line) : line;
  return { first, last: lastLine(document, lines, first) };
}

function nextSaying(text: string, after: number): number {
  const rest = text.split('\n').slice(after);
  const skipped = rest.findIndex((line) => !/^\s*(#|$)/.test(line));
  return after + Math.max(skipped, 0) + 1;
}

/** The last line of the outermost entry or item that begins on the line. */
function lastLine(document: Document, lines: LineCounter, first: number): number {
  let end: number | undefined;
  const look = (begin: unknown, value: unknown): symbol | undefined => {
    const from = isNode(begin) ? begin.range?.[0] : undefined;
    if (from === undefined || lines.linePos(from).line !== first) return undefined;
    end = (isNode(value) ? value.range?.[1] : undefined) ?? from;
    return visit.BREAK;
  };
  visit(document, {
    Pair: (_key, { key, value }) => look(key, value ?? key),
    Seq: (_key, { items }) => items.map((item) => look(itemStart(item), item)).find((found) => found !== undefined),
  });
  return end === undefined ? first : lines.linePos(Math.max(end - 1, 0)).line;
}

function itemStart(item: unknown): unknown {
  if (isMap(item) || isSeq(item) || !isPair(item)) return item;
  return item.key;
}

/**
 * Suppressions in place: `# mongoward-ignore family/what: reason, until 2027-03-01`.
 *
 * At the end of a line, or on lines of its own above it, a suppression covers the list item or map entry that begins
 * there, with everything in it, for one rule. The reason is mandatory; the date is the last day on which it holds.
 */
import { type Document, isMap, isNode, isPair, isSeq, LineCounter, visit } from 'yaml';
import { commentsOf } from '../input/comments.ts';
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
const FORM = /^#\s*mongoward-ignore\s+([^\s:]+)\s*:\s*(\S.*)$/;
const UNTIL = /(?:^|[,;]?\s+)until\s+(\d[\d-]*)$/;
/**
 * A day that a reader takes for the end, in the words of people: `until 01.03.2027`, `till March 2027`, `expires on …`. Of
 * what stands between, nothing can be read in two ways: the time stays in proportion to the text.
 */
const OTHER_END =
  /\b(?:until|till?|expir(?:es|ing)|ends)\b[^\p{L}\d]*(?:(?:the|on|end|of|mid|early|late|q[1-4]|\d{1,2}(?:st|nd|rd|th)?|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)[^\p{L}\d]+)*(?:20\d\d(?!\d)|\d{1,2}[./-]\d{1,2}[./-]\d\d(?!\d))/iu;
/** Of a comment; longer ones could only be meant to keep somebody busy. */
const LONGEST = 2000;
const NO_FORM =
  'this suppression has no effect, because it names no rule or gives no reason: write it as "# mongoward-ignore family/what: reason", if you like with ", until 2027-03-01"';

export function readSuppressions(source: SourceFile): {
  readonly suppressions: readonly Suppression[];
  readonly misfits: readonly Misfit[];
} {
  const suppressions: Suppression[] = [];
  const misfits: Misfit[] = [];
  if (!source.text.includes(WORD)) return { suppressions, misfits };
  const lines = linesOf(source.text);
  const lastOf = lastLines(documentOf(source.text), lines);
  for (const { offset, text } of commentsOf(source.text)) {
    if (!/^#\s*mongoward-ignore/.test(text)) continue;
    const line = lines.at(offset);
    const start = lines.starts[line - 1] ?? 0;
    const place = { file: source.file, line, column: offset - start + 1 };
    const told = readComment(text);
    if ('message' in told) {
      misfits.push({ ...place, ...told });
      continue;
    }
    // After something it covers what begins on its line; on a line of its own what begins on the next that says something.
    const alone = source.text.slice(start, offset).trim() === '';
    const first = alone ? (lines.nextSaying[line] ?? line + 1) : line;
    const last = lastOf.get(first) ?? first;
    suppressions.push({ ...place, ...told, first, last, range: [offset, offset + text.length] });
  }
  return { suppressions, misfits };
}

function readComment(text: string): Pick<Suppression, 'rule' | 'reason' | 'until'> | Pick<Misfit, 'message'> {
  if (text.length > LONGEST)
    return { message: `this suppression has no effect: it is longer than ${LONGEST} characters` };
  const [, rule, rest = ''] = FORM.exec(text.trimEnd()) ?? [];
  if (rule === undefined) return { message: NO_FORM };
  const until = UNTIL.exec(rest)?.[1];
  const reason = rest.replace(UNTIL, '');
  if (!/[\p{L}\p{N}]/u.test(reason)) return { message: NO_FORM };
  const [end] = OTHER_END.exec(reason) ?? [];
  if (end !== undefined) return { message: otherEndText(end) };
  if (until === undefined) return { rule, reason };
  if (!isDate(until)) return { message: `this suppression has no effect: there is no day ${until}` };
  return { rule, reason, until };
}

function otherEndText(end: string): string {
  return `this suppression has no effect, because "${end}" looks like its last day and is not read as one: end the comment with a day such as ", until 2027-03-01"`;
}

interface Lines {
  /** Where each line begins. */
  readonly starts: readonly number[];
  /** By the position in the list of lines, which counts from 0: the next line that says something, from there on. */
  readonly nextSaying: readonly number[];
  /** The line of an offset. Lines count from 1. */
  at(offset: number): number;
}

function linesOf(text: string): Lines {
  const lines = text.split('\n');
  const starts: number[] = [];
  let start = 0;
  for (const line of lines) {
    starts.push(start);
    start += line.length + 1;
  }
  const nextSaying: number[] = new Array(lines.length + 1).fill(lines.length);
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const saysNothing = /^\s*(#|$)/.test(lines[index] ?? '');
    nextSaying[index] = saysNothing ? (nextSaying[index + 1] ?? lines.length) : index + 1;
  }
  const counter = new LineCounter();
  counter.lineStarts = starts;
  return { starts, nextSaying, at: (offset) => counter.linePos(offset).line };
}

/** Of each line on which an entry or item begins, the last line of the outermost one. */
function lastLines(document: Document, lines: Lines): ReadonlyMap<number, number> {
  const last = new Map<number, number>();
  const look = (begin: unknown, value: unknown): void => {
    const from = isNode(begin) ? begin.range?.[0] : undefined;
    if (from === undefined) return;
    const first = lines.at(from);
    if (last.has(first)) return;
    const end = (isNode(value) ? value.range?.[1] : undefined) ?? from;
    last.set(first, lines.at(Math.max(end - 1, 0)));
  };
  visit(document, {
    Pair: (_key, { key, value }) => look(key, value ?? key),
    Seq: (_key, { items }) => {
      for (const item of items) look(itemStart(item), item);
    },
  });
  return last;
}

function itemStart(item: unknown): unknown {
  if (isMap(item) || isSeq(item) || !isPair(item)) return item;
  return item.key;
}

/** The order of BSON values, and their identity (manual, "Comparison/Sort Order"). */
import { Binary, DBRef, EJSON, Long, Timestamp } from 'bson';
import { compareText } from '../model/order.ts';
import { numberOf, type TypeName, typeOf } from './values.ts';

/** BSON's order among types (manual, "Comparison/Sort Order"); types of one rank are compared with each other. */
function rankOf(type: TypeName): number {
  switch (type) {
    case 'minKey':
      return 0;
    case 'undefined':
    case 'null':
      return 1;
    case 'int':
    case 'long':
    case 'double':
    case 'decimal':
      return 2;
    case 'string':
    case 'symbol':
      return 3;
    case 'object':
      return 4;
    case 'array':
      return 5;
    case 'binData':
      return 6;
    case 'objectId':
      return 7;
    case 'bool':
      return 8;
    case 'date':
      return 9;
    case 'timestamp':
      return 10;
    case 'regex':
      return 11;
    case 'dbPointer':
      return 12;
    case 'javascript':
      return 13;
    case 'javascriptWithScope':
      return 14;
    case 'maxKey':
      return 15;
  }
}

/** Whether two values belong to one rank of the order: only such compare with `$lt` and its like. */
export function comparable(a: unknown, b: unknown): boolean {
  return rankOf(typeOf(a)) === rankOf(typeOf(b));
}

/** Negative, zero or positive, in BSON's order. A missing value counts as null. */
export function compareValues(a: unknown, b: unknown): number {
  const type = typeOf(a);
  const rank = rankOf(type) - rankOf(typeOf(b));
  if (rank !== 0) return rank;
  switch (type) {
    case 'minKey':
    case 'maxKey':
    case 'undefined':
    case 'null':
      return 0;
    case 'int':
    case 'long':
    case 'double':
    case 'decimal':
      return compareNumbers(a, b);
    case 'string':
    case 'symbol':
      return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
    case 'array':
      return compareLists(Array.isArray(a) ? a : [], Array.isArray(b) ? b : []);
    case 'object':
      return compareDocuments(entriesOf(a), entriesOf(b));
    case 'binData':
      return compareBinary(a, b);
    case 'bool':
      return Number(a === true) - Number(b === true);
    case 'date':
      return (a instanceof Date ? a.getTime() : 0) - (b instanceof Date ? b.getTime() : 0);
    case 'timestamp':
      return a instanceof Timestamp && b instanceof Timestamp ? a.compare(b) : 0;
    default:
      return compareText(textOf(a), textOf(b));
  }
}

export function equalValues(a: unknown, b: unknown): boolean {
  return compareValues(a, b) === 0;
}

function compareNumbers(a: unknown, b: unknown): number {
  if (a instanceof Long && b instanceof Long) return a.compare(b);
  const left = numberOf(a) ?? 0;
  const right = numberOf(b) ?? 0;
  if (Number.isNaN(left) || Number.isNaN(right)) return Number(Number.isNaN(right)) - Number(Number.isNaN(left));
  return left < right ? -1 : left > right ? 1 : 0;
}

function compareBinary(a: unknown, b: unknown): number {
  if (!(a instanceof Binary && b instanceof Binary)) return 0;
  return a.position - b.position || a.sub_type - b.sub_type || Buffer.compare(a.value(), b.value());
}

function compareLists(a: readonly unknown[], b: readonly unknown[]): number {
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const order = compareValues(a[at], b[at]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  if (value instanceof DBRef) return Object.entries(value.toJSON());
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

type Entries = readonly (readonly [string, unknown])[];

function compareDocuments(a: Entries, b: Entries): number {
  for (const [at, [name, value]] of a.entries()) {
    const other = b[at];
    if (other === undefined) return 1;
    const order =
      rankOf(typeOf(value)) - rankOf(typeOf(other[1])) || compareText(name, other[0]) || compareValues(value, other[1]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** One text per value, the same exactly for values that compare as equal: the key of an index entry. */
export function keyText(value: unknown): string {
  const type = typeOf(value);
  if (type === 'null' || type === 'undefined') return 'null';
  if (value instanceof Long && !(value instanceof Timestamp)) return `n${value.toString()}`;
  const number = numberOf(value);
  if (number !== undefined) return `n${number}`;
  if (Array.isArray(value)) return `[${value.map(keyText).join()}]`;
  if (type === 'object')
    return `{${entriesOf(value).map(([name, inner]) => `${JSON.stringify(name)}:${keyText(inner)}`)}}`;
  return `${type}${textOf(value)}`;
}

function textOf(value: unknown): string {
  return EJSON.stringify({ value }, { relaxed: false });
}

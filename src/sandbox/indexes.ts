/** Index specifications, and the entries that make an index unique. */

import { equalValues, keyText } from './compare.ts';
import { commandError } from './errors.ts';
import { compileQuery, type Matcher } from './matcher.ts';
import { MISSING, valuesAt } from './path.ts';
import { type Document, field, isDocument, isTrue, numberOf } from './values.ts';

/** As `listIndexes` shows it. */
export interface IndexSpec {
  readonly v: number;
  readonly key: Document;
  readonly name: string;
  readonly unique?: boolean;
  readonly expireAfterSeconds?: number;
  readonly [option: string]: unknown;
}

export const ID_INDEX: IndexSpec = { v: 2, key: { _id: 1 }, name: '_id_' };

export interface Index {
  readonly spec: IndexSpec;
  /** Keys of unique indexes, each with the key of the document that has it. */
  readonly entries: Map<string, string>;
  readonly covers: Matcher;
}

const FLAGS = ['unique', 'sparse', 'hidden'] as const;
const KEPT = ['partialFilterExpression', 'collation', 'weights', 'default_language', 'wildcardProjection'] as const;
const IGNORED: readonly string[] = ['v', 'key', 'name', 'ns', 'background', 'expireAfterSeconds', ...FLAGS, ...KEPT];

function refuse(message: string) {
  return commandError('CannotCreateIndex', message);
}

/** Reads an index specification of `createIndexes`, or throws what the server says of it. */
export function parseIndex(source: Document): IndexSpec {
  const key = field(source, 'key');
  const name = field(source, 'name');
  if (!isDocument(key))
    throw commandError('FailedToParse', "The 'key' field is a required property of an index specification");
  if (typeof name !== 'string') {
    throw commandError('FailedToParse', "The 'name' field is a required property of an index specification");
  }
  if (Object.keys(key).length === 0) throw refuse('Index keys cannot be an empty object');
  if (name === '') throw refuse('index name cannot be empty');
  for (const option of Object.keys(source)) {
    if (IGNORED.includes(option)) continue;
    throw commandError(
      'InvalidIndexSpecificationOption',
      `The field '${option}' is not valid for an index specification. Specification: ${name}`,
    );
  }
  for (const [path, direction] of Object.entries(key)) {
    if (path === '') throw refuse('Index keys cannot be an empty field.');
    if (typeof direction === 'string') continue;
    if (!numberOf(direction))
      throw refuse('Values in v:2 index key pattern cannot be of type other than number or string');
  }
  const flags = FLAGS.filter((option) => isTrue(field(source, option))).map((option) => [option, true] as const);
  const kept = KEPT.filter((option) => Object.hasOwn(source, option)).map(
    (option) => [option, source[option]] as const,
  );
  const expiry = field(source, 'expireAfterSeconds');
  return {
    v: 2,
    key,
    name,
    ...Object.fromEntries(flags),
    ...Object.fromEntries(kept),
    ...(expiry === undefined ? {} : { expireAfterSeconds: parseExpiry(expiry, key) }),
  };
}

function parseExpiry(value: unknown, key: Document): number {
  const seconds = expirySeconds(value);
  const fields = Object.keys(key);
  if (fields.length !== 1) throw refuse('TTL indexes are single-field indexes, compound indexes do not support TTL.');
  if (fields[0] === '_id') throw refuse("The field 'expireAfterSeconds' is not valid for an _id index specification.");
  return seconds;
}

export function expirySeconds(value: unknown): number {
  const seconds = numberOf(value);
  if (seconds === undefined) throw refuse("TTL index 'expireAfterSeconds' option must be numeric");
  if (seconds < 0) throw refuse("TTL index 'expireAfterSeconds' option must be within an acceptable range");
  return Math.trunc(seconds);
}

/** What two indexes must have in common to be the same one: everything but the order of options. */
export function sameIndex(a: IndexSpec, b: IndexSpec): boolean {
  const sorted = (spec: IndexSpec): Document =>
    Object.fromEntries(Object.entries(spec).sort(([left], [right]) => (left < right ? -1 : 1)));
  return equalValues(sorted(a), sorted(b));
}

export function makeIndex(spec: IndexSpec): Index {
  const filter = spec.partialFilterExpression;
  return { spec, entries: new Map(), covers: isDocument(filter) ? compileQuery(filter) : () => true };
}

/** Whether the sandbox keeps entries: unique indexes of plain directions, and always the one on `_id`. */
export function isEnforced(spec: IndexSpec): boolean {
  if (spec.unique !== true && spec.name !== ID_INDEX.name) return false;
  return Object.values(spec.key).every((direction) => typeof direction !== 'string');
}

/** The keys under which a document stands in an index; several if an indexed field is an array. */
export function indexKeys(index: Index, document: Document): readonly string[] {
  if (!index.covers(document)) return [];
  const columns = Object.keys(index.spec.key).map((path) => valuesAt(document, path.split('.')));
  if (index.spec.sparse === true && columns.every((values) => values.every((value) => value === MISSING))) return [];
  let keys: readonly string[] = [''];
  for (const values of columns) {
    const texts = values.flatMap((value) => (Array.isArray(value) && value.length > 0 ? value : [value])).map(keyText);
    keys = keys.flatMap((key) => texts.map((text) => `${key}\0${text}`));
  }
  return [...new Set(keys)];
}

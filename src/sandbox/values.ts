/**
 * BSON values: their types, their order, their identity. Documents are kept as the `bson` package gives them with
 * `promoteValues: false`, so that an int stays an int and a validator can tell it from a double.
 */
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  deserialize,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  serialize,
  Timestamp,
} from 'bson';

export type Document = Readonly<Record<string, unknown>>;

/** BSON's type numbers by the names that `$type` and `bsonType` take (BSON specification; manual, "BSON Types"). */
export const TYPE_CODES = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: 255,
  maxKey: 127,
} as const;

export type TypeName = keyof typeof TYPE_CODES;

/** The types that the alias `number` stands for. */
export const NUMBER_TYPES: readonly TypeName[] = ['int', 'long', 'double', 'decimal'];

export function isTypeName(name: string): name is TypeName {
  return Object.hasOwn(TYPE_CODES, name);
}

export function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** A field of a document, never one that JavaScript's prototypes bring along. */
export function field(document: Document, name: string): unknown {
  return Object.hasOwn(document, name) ? document[name] : undefined;
}

export function typeOf(value: unknown): TypeName {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'undefined':
      return 'undefined';
    case 'bigint':
      return 'long';
    case 'number':
      return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? 'int' : 'double';
    default:
      return objectType(value);
  }
}

function objectType(value: unknown): TypeName {
  if (Array.isArray(value)) return 'array';
  if (value instanceof Int32) return 'int';
  if (value instanceof Double) return 'double';
  if (value instanceof Timestamp) return 'timestamp';
  if (value instanceof Long) return 'long';
  if (value instanceof Decimal128) return 'decimal';
  if (value instanceof ObjectId) return 'objectId';
  if (value instanceof Binary) return 'binData';
  if (value instanceof Date) return 'date';
  if (value instanceof BSONRegExp || value instanceof RegExp) return 'regex';
  if (value instanceof BSONSymbol) return 'symbol';
  if (value instanceof Code) return value.scope === null ? 'javascript' : 'javascriptWithScope';
  if (value instanceof MinKey) return 'minKey';
  if (value instanceof MaxKey) return 'maxKey';
  return 'object';
}

/** The number, or nothing if the value is none. Longs beyond 2^53 and decimals lose precision. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Int32 || value instanceof Double) return value.value;
  if (value instanceof Timestamp) return undefined;
  if (value instanceof Long) return value.toNumber();
  if (value instanceof Decimal128) return Number(value.toString());
  return undefined;
}

/** Truth as the server takes it for flags: `true` and every number but 0. */
export function isTrue(value: unknown): boolean {
  const number = numberOf(value);
  return number === undefined ? value === true : number !== 0;
}

/** The document with plain JavaScript numbers, for readers outside the sandbox. */
export function promoted(document: Document): Document {
  return deserialize(serialize(document));
}

/** A document as read from the wire: nothing promoted, so that every BSON type survives. */
export function readDocument(bytes: Uint8Array): Document {
  return deserialize(bytes, { promoteValues: false, promoteBuffers: false, bsonRegExp: true });
}

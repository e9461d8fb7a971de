/**
 * BSON values as Extended JSON v2, relaxed, and back: in snapshots, migrations and comparisons. Unlike the driver's own
 * converter it keeps integers beyond 2^53, which relaxed Extended JSON rounds, and leaves `$regex` alone, which in a
 * validator is a query operator and not the old form of a regular expression.
 */
import { EJSON, Long } from 'bson';

/** Plain JSON data: numbers for what a double holds exactly, `{$date: …}` and the like for other BSON types. */
export function toExtendedJson(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return encodeNumber(value);
  if (typeof value === 'bigint') return encodeLong(String(value));
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(toExtendedJson);
  if (isPlain(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toExtendedJson(item)]));
  }
  switch (bsonType(value)) {
    case 'Long':
      return encodeLong(String(value));
    case 'Int32':
    case 'Double':
      return encodeNumber(Number(value));
    default:
      return EJSON.serialize({ value }, { relaxed: true })['value'];
  }
}

/** The classes of the driver are not always those that are imported here: only their tags are the same. */
function bsonType(value: object): unknown {
  return '_bsontype' in value ? value._bsontype : undefined;
}

function encodeNumber(value: number): unknown {
  if (Object.is(value, -0)) return { $numberDouble: '-0.0' };
  return Number.isFinite(value) && !readsAsInteger(value) ? value : { $numberDouble: String(value) };
}

/** Whether JSON writes a double by digits alone, more of them than it holds: they would read as another integer. */
function readsAsInteger(value: number): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(String(value));
}

function encodeLong(digits: string): unknown {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : { $numberLong: digits };
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The first keys of what stands for one BSON value. `$regex` is not among them. */
const WRAPPERS: ReadonlySet<string> = new Set([
  '$oid',
  '$binary',
  '$uuid',
  '$date',
  '$timestamp',
  '$numberInt',
  '$numberLong',
  '$numberDouble',
  '$numberDecimal',
  '$regularExpression',
  '$minKey',
  '$maxKey',
  '$undefined',
  '$symbol',
  '$code',
  '$ref',
]);

/** The inverse of {@link toExtendedJson}. Throws an Error for a value that its type does not allow. */
export function fromExtendedJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromExtendedJson);
  if (typeof value !== 'object' || value === null) return value;
  const [first = ''] = Object.keys(value);
  if (WRAPPERS.has(first)) return decodeWrapper(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromExtendedJson(item)]));
}

function decodeWrapper(value: object): unknown {
  if ('$numberLong' in value) {
    const long = Long.fromStringStrict(String(value.$numberLong));
    const number = long.toNumber();
    return Number.isSafeInteger(number) ? number : long;
  }
  const decoded: unknown = EJSON.deserialize({ value }, { relaxed: true })['value'];
  if (decoded instanceof Date && Number.isNaN(decoded.getTime())) {
    throw new Error(`${JSON.stringify(value).slice(0, 60)} is not a date`);
  }
  return decoded;
}

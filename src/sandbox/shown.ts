/** Documents as the server prints them in its error texts (`BSONObj::toString`): `{ find: "logs", filter: {} }`. */
import { Binary, BSONRegExp, Double, EJSON, Long, ObjectId, Timestamp } from 'bson';
import { numberOf, typeOf } from './values.ts';

/** Longer texts are shortened in error texts. */
const MOST = 150;

export function shown(value: unknown): string {
  switch (typeOf(value)) {
    case 'object': {
      const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
      return entries.length === 0
        ? '{}'
        : `{ ${entries.map(([name, inner]) => `${name}: ${shown(inner)}`).join(', ')} }`;
    }
    case 'array':
      return Array.isArray(value) && value.length > 0 ? `[ ${value.map(shown).join(', ')} ]` : '[]';
    case 'string':
      return typeof value === 'string' && value.length > MOST ? `"${value.slice(0, MOST)}"...` : `"${String(value)}"`;
    case 'date':
      return `new Date(${value instanceof Date ? value.getTime() : ''})`;
    default:
      return shownSpecial(value);
  }
}

function shownSpecial(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean') return String(value);
  if (value instanceof Double) return Number.isInteger(value.value) ? value.value.toFixed(1) : String(value.value);
  if (value instanceof ObjectId) return `ObjectId('${value.toHexString()}')`;
  if (value instanceof BSONRegExp) return `/${value.pattern}/${value.options}`;
  if (value instanceof Timestamp) return `Timestamp(${value.getHighBitsUnsigned()}, ${value.getLowBitsUnsigned()})`;
  if (value instanceof Long) return value.toString();
  if (value instanceof Binary) {
    if (value.sub_type === Binary.SUBTYPE_UUID) return `UUID("${value.toUUID().toString()}")`;
    return `BinData(${value.sub_type}, ${Buffer.from(value.value()).toString('hex').toUpperCase()})`;
  }
  const number = numberOf(value);
  return number === undefined ? EJSON.stringify({ value }) : String(number);
}

/** Values as the text of a script for mongosh. */
import { toExtendedJson } from '../../state/extended-json.ts';

/**
 * A value as JavaScript on one line: plain data as literals, other BSON types through `EJSON.parse`, which is global in
 * mongosh. Whatever a text holds stays inside its quotes.
 */
export function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  if (isPlain(value)) {
    const entries = Object.entries(value).map(([key, item]) => `${keyText(key)}: ${literal(item)}`);
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  return `EJSON.parse(${quoted(JSON.stringify({ value: toExtendedJson(value) }))}).value`;
}

/** `__proto__` as a plain key would set the prototype. */
function keyText(key: string): string {
  if (/^[A-Za-z_$][\w$]*$/.test(key) && key !== '__proto__') return key;
  return key === '__proto__' ? '["__proto__"]' : quoted(key);
}

/** JSON is JavaScript (ECMA-262, since 2019), line separators included. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

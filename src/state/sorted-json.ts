/**
 * Plain JSON with the keys of every map in order, numbers before all others: one text for what has the same content. A Map
 * is written as an object, and functions are left out. What JSON has no form for is an empty text.
 */
export function sortedJson(value: unknown): string {
  return textOf(value) ?? '';
}

/** Nothing for what JSON has no form for. Written directly: copies with sorted keys would take twice the time. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => textOf(item) ?? 'null').join(',')}]`;
  const fields = value instanceof Map ? Object.fromEntries(value) : (value as Readonly<Record<string, unknown>>);
  let text = '';
  for (const key of inOrder(Object.keys(fields))) {
    const item = textOf(fields[key]);
    if (item !== undefined) text += `${text === '' ? '' : ','}${quoted(key)}:${item}`;
  }
  return `{${text}}`;
}

/** Most texts are names, which need no escapes. */
function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

const PLAIN = /^[\w.@$* -]*$/;

/** As an object has its keys that was made with these in the order of their text. */
function inOrder(keys: string[]): readonly string[] {
  keys.sort();
  const first = keys.findIndex((key) => NUMBER.test(key));
  return first === -1 ? keys : Object.keys(Object.fromEntries(keys.map((key) => [key, 0])));
}

const NUMBER = /^\d/;

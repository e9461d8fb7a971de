/** Dotted paths through documents and arrays. */
import { commandError } from './errors.ts';
import { type Document, field, isDocument } from './values.ts';

/** A field that is not there, which is something else than null. */
export const MISSING = undefined;

/**
 * Every value that a query's path reaches: arrays on the way are entered, both by index and into each document
 * (manual, "Query an Array of Embedded Documents"). A document in which the path ends early gives {@link MISSING}.
 */
export function valuesAt(document: unknown, path: readonly string[]): readonly unknown[] {
  const [name, ...rest] = path;
  if (name === undefined) return [document];
  if (isDocument(document)) {
    return Object.hasOwn(document, name) ? valuesIn(field(document, name), rest) : [MISSING];
  }
  return [MISSING];
}

function valuesIn(value: unknown, rest: readonly string[]): readonly unknown[] {
  if (rest.length === 0 || !Array.isArray(value)) return valuesAt(value, rest);
  const found = value.filter(isDocument).flatMap((entry) => valuesAt(entry, rest));
  const [name, ...deeper] = rest;
  if (name !== undefined && isIndex(name) && Number(name) < value.length) {
    found.push(...valuesIn(value[Number(name)], deeper));
  }
  return found.length > 0 ? found : [MISSING];
}

function isIndex(name: string): boolean {
  return /^(?:0|[1-9]\d*)$/.test(name);
}

/** The value at exactly that path, arrays entered by index only. */
export function valueAt(container: unknown, path: readonly string[]): unknown {
  let value = container;
  for (const name of path) {
    if (Array.isArray(value)) value = isIndex(name) ? value[Number(name)] : MISSING;
    else value = isDocument(value) ? field(value, name) : MISSING;
  }
  return value;
}

/** How many nulls an update may put before the element that it makes. */
const MOST_BACKFILLED = 1_500_000;

/** A copy of the document in which the value at the path is another, made where it is missing. */
export function withValueAt(container: unknown, path: readonly string[], value: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (Array.isArray(container)) {
    if (!isIndex(name)) throw cannotCreate(name, container);
    if (Number(name) > container.length + MOST_BACKFILLED) {
      throw commandError('CannotBackfillArray', `can't backfill more than ${MOST_BACKFILLED} elements`);
    }
    const copy: unknown[] = [...container];
    while (copy.length < Number(name)) copy.push(null);
    copy[Number(name)] = withValueAt(copy[Number(name)], rest, value);
    return copy;
  }
  if (container !== MISSING && !isDocument(container)) throw cannotCreate(name, container);
  const document: Document = container ?? {};
  const inner = withValueAt(field(document, name), rest, value);
  // Not by assignment: a field may be called `__proto__`.
  return Object.fromEntries([...new Map(Object.entries(document)).set(name, inner)]);
}

function cannotCreate(name: string, container: unknown) {
  return commandError('PathNotViable', `Cannot create field '${name}' in element {${JSON.stringify(container)}}`);
}

/** A copy of the document without the field at the path; in an array the element becomes null. */
export function withoutValueAt(container: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return container;
  if (Array.isArray(container)) {
    if (!isIndex(name) || Number(name) >= container.length) return container;
    const replaced = rest.length === 0 ? null : withoutValueAt(container[Number(name)], rest);
    return container.map((entry: unknown, at) => (at === Number(name) ? replaced : entry));
  }
  if (!isDocument(container) || !Object.hasOwn(container, name)) return container;
  const entries = new Map(Object.entries(container));
  if (rest.length === 0) entries.delete(name);
  else entries.set(name, withoutValueAt(field(container, name), rest));
  return Object.fromEntries(entries);
}

/** Projections and sort orders of `find`. */

import { compareValues } from './compare.ts';
import { commandError, notSimulated } from './errors.ts';
import { MISSING, valuesAt } from './path.ts';
import { type Document, isDocument, isTrue, numberOf } from './values.ts';

/** Makes a projection: inclusion or exclusion by dotted paths (manual, "Project Fields to Return"). */
export function compileProjection(projection: Document): (document: Document) => Document {
  const { _id: id, ...others } = projection;
  const flags = Object.entries(others).map(([path, value]) => {
    if (typeof value !== 'boolean' && numberOf(value) === undefined) throw notSimulated('expressions in a projection');
    if (path.includes('$')) throw notSimulated('positional projections');
    return { path: path.split('.'), include: isTrue(value) };
  });
  const inclusion = flags[0]?.include ?? (id !== undefined && isTrue(id));
  if (flags.some(({ include }) => include !== inclusion)) {
    throw commandError('BadValue', 'Cannot do exclusion and inclusion in the same projection');
  }
  const paths = flags.map(({ path }) => path);
  const withId = id === undefined || isTrue(id);
  if (inclusion) {
    const wanted = withId ? [['_id'], ...paths] : paths;
    return (document) => included(document, wanted);
  }
  const unwanted = withId ? paths : [['_id'], ...paths];
  return (document) => unwanted.reduce(excluded, document);
}

/** The fields that some path begins with, each reduced to what the path's rest leaves of it. */
function included(document: Document, paths: readonly (readonly string[])[]): Document {
  return Object.fromEntries(
    Object.entries(document).flatMap(([name, value]) => {
      const rests = paths.filter(([first]) => first === name).map((path) => path.slice(1));
      if (rests.length === 0) return [];
      if (rests.some((rest) => rest.length === 0)) return [[name, value]];
      const kept = includedIn(value, rests);
      return kept === MISSING ? [] : [[name, kept]];
    }),
  );
}

function includedIn(value: unknown, paths: readonly (readonly string[])[]): unknown {
  if (isDocument(value)) return included(value, paths);
  if (!Array.isArray(value)) return MISSING;
  return value.map((entry: unknown) => includedIn(entry, paths)).filter((entry) => entry !== MISSING);
}

function excluded(document: Document, path: readonly string[]): Document {
  const [name = '', ...rest] = path;
  return Object.fromEntries(
    Object.entries(document).flatMap(([key, value]) => {
      if (key !== name) return [[key, value]];
      return rest.length === 0 ? [] : [[key, excludedIn(value, rest)]];
    }),
  );
}

function excludedIn(value: unknown, path: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((entry: unknown) => excludedIn(entry, path));
  return isDocument(value) ? excluded(value, path) : value;
}

/** Makes a sort order; documents with an array in the path sort by its least or greatest element. */
export function compileSort(sort: Document): (a: Document, b: Document) => number {
  const keys = Object.entries(sort).map(([path, value]) => {
    const direction = numberOf(value);
    if (direction !== 1 && direction !== -1) {
      throw commandError('BadValue', `$sort key ordering must be 1 (for ascending) or -1 (for descending)`);
    }
    return { path: path.split('.'), direction };
  });
  return (a, b) => {
    for (const { path, direction } of keys) {
      const order = compareValues(sortKey(a, path, direction), sortKey(b, path, direction));
      if (order !== 0) return order * direction;
    }
    return 0;
  };
}

function sortKey(document: Document, path: readonly string[], direction: number): unknown {
  const values = valuesAt(document, path).flatMap((value): readonly unknown[] =>
    Array.isArray(value) ? value : [value],
  );
  const [first = null, ...rest] = values;
  return rest.reduce((best, value) => (compareValues(value, best) * direction < 0 ? value : best), first);
}

/** Documents inside a state (validators, custom data, index keys), compared by content. */
import { toExtendedJson } from './extended-json.ts';

/**
 * One text per document, equal exactly for documents that mean the same: the order of keys does not count, BSON types do.
 * For an index key or a sort, where the order counts, compare entries instead.
 */
export function documentKey(value: unknown): string {
  return JSON.stringify(sortKeys(toExtendedJson(value)));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sortKeys(item)]),
  );
}

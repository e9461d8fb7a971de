/** Documents inside a state (validators, custom data, index keys), compared by content. */
import { toExtendedJson } from './extended-json.ts';
import { sortedJson } from './sorted-json.ts';

/**
 * One text per document, equal exactly for documents that mean the same: the order of keys does not count, BSON types do.
 * For an index key or a sort, where the order counts, compare entries instead.
 */
export function documentKey(value: unknown): string {
  return sortedJson(toExtendedJson(value));
}

/** What removes documents of a collection that the policy keeps: indexes and options. */
import { formatNamespace } from '../model/names.ts';
import type { IntentCollection } from '../policy/intent.ts';
import type { Collection, Index } from '../state/state.ts';

function keepsForever({ retention, protection }: IntentCollection): boolean {
  return retention === undefined ? protection !== 'none' : retention.seconds === undefined;
}

function keepsDocuments(entry: IntentCollection): boolean {
  return entry.retention !== undefined || entry.protection !== 'none';
}

/** Whether documents that are removed after so many seconds go earlier than the policy says, or at all if it keeps them for ever. */
function isTooEarly(entry: IntentCollection, seconds: number): boolean {
  if (!keepsDocuments(entry)) return false;
  return keepsForever(entry) || seconds < (entry.retention?.seconds ?? 0);
}

/**
 * A TTL index that removes documents too early. The index of a clustered collection is none: its expiry is an option of the
 * collection, and it can't be dropped (manual, "Clustered Collections").
 */
export function isForbiddenIndex(entry: IntentCollection, index: Index): boolean {
  if (index.expireAfterSeconds === undefined || index['clustered'] === true) return false;
  return isTooEarly(entry, index.expireAfterSeconds);
}

/** The very same if it has none of them. */
export function withoutForbiddenIndexes(entry: IntentCollection, collection: Collection): Collection {
  const { indexes } = collection;
  if (indexes === undefined || !indexes.some((index) => isForbiddenIndex(entry, index))) return collection;
  return { ...collection, indexes: indexes.filter((index) => !isForbiddenIndex(entry, index)) };
}

/** What removes documents too early, or may do so, and no operation of a plan mends. */
export function retentionObstacles(entry: IntentCollection, present: Collection): readonly string[] {
  if (present.type === 'view') return [];
  const target = formatNamespace(entry.ns);
  const kept = keepsForever(entry) ? 'ever' : `${entry.retention?.seconds ?? 0} s`;
  const seconds = present.options['expireAfterSeconds'];
  const { db, collection } = entry.ns;
  const off = JSON.stringify({ collMod: collection, expireAfterSeconds: 'off' });
  return [
    // Of clustered collections and time series, whose documents expire without an index.
    ...(typeof seconds === 'number' && isTooEarly(entry, seconds)
      ? [
          `${target} deletes documents after ${seconds} s by its option expireAfterSeconds, and the policy keeps them for ${kept}: turn it off by db.getSiblingDB(${JSON.stringify(db)}).runCommand(${off})`,
        ]
      : []),
    ...(present.options.capped === true && keepsForever(entry)
      ? [`${target} is capped: the server removes its oldest documents; copy it into a collection that is not`]
      : []),
    ...(present.indexes === undefined && keepsDocuments(entry) ? [`the indexes of ${target} are unknown`] : []),
  ];
}

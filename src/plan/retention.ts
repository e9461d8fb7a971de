/** What removes documents of a collection that the policy keeps: indexes and options. */
import { formatNamespace, type Namespace } from '../model/names.ts';
import type { IntentCollection } from '../policy/intent.ts';
import type { Collection, Index } from '../state/state.ts';

function keepsForever({ retention, protection }: IntentCollection): boolean {
  return retention === undefined ? protection !== 'none' : retention.seconds === undefined;
}

function keepsDocuments(entry: IntentCollection): boolean {
  return entry.retention !== undefined || entry.protection !== 'none';
}

/** For how long the policy keeps the documents: 0 if it says nothing, `Infinity` for ever. */
export function secondsKept(entry: IntentCollection): number {
  return keepsForever(entry) ? Number.POSITIVE_INFINITY : (entry.retention?.seconds ?? 0);
}

/** Whether documents that are removed after so many seconds go earlier than the policy says, or at all if it keeps them for ever. */
function isTooEarly(entry: IntentCollection, seconds: number): boolean {
  if (!keepsDocuments(entry)) return false;
  return keepsForever(entry) || secondsUntilExpiry(seconds) < (entry.retention?.seconds ?? 0);
}

/**
 * Releases before 5.0.14 and 6.0.2 take NaN as 0; later ones make none, and answer another number for one that is there
 * (manual, "TTL Indexes"; 8.3 refuses it, 5.1 makes it 0: both tried).
 */
export function secondsUntilExpiry(expireAfterSeconds: number | undefined): number {
  return expireAfterSeconds === undefined || Number.isNaN(expireAfterSeconds) ? 0 : expireAfterSeconds;
}

/** A TTL index that removes documents too early. */
export function isForbiddenIndex(entry: IntentCollection, index: Index): boolean {
  return isTtlIndex(index) && isTooEarly(entry, index.expireAfterSeconds);
}

/**
 * The index of a clustered collection is none: its expiry is an option of the collection, and it can't be dropped (manual,
 * "Clustered Collections").
 */
function isTtlIndex(index: Index): index is Index & { readonly expireAfterSeconds: number } {
  return index.expireAfterSeconds !== undefined && index['clustered'] !== true;
}

/** The very same if it has none of them. */
export function withoutForbiddenIndexes(entry: IntentCollection, collection: Collection): Collection {
  const { indexes } = collection;
  if (indexes === undefined || !indexes.some((index) => isForbiddenIndex(entry, index))) return collection;
  return { ...collection, indexes: indexes.filter((index) => !isForbiddenIndex(entry, index)) };
}

/**
 * One thing that removes documents earlier than the policy says.
 * - `index`: a TTL index
 * - `option`: `expireAfterSeconds` of a clustered collection or a time series, whose documents expire without an index
 * - `capped`: the server removes the oldest documents, whatever their age
 */
export type Removal =
  | { readonly by: 'index'; readonly index: string; readonly seconds: number }
  | { readonly by: 'option'; readonly seconds: number }
  | { readonly by: 'capped' };

/** Nothing where the indexes of a collection whose documents are to be kept are unknown. A view stores nothing. */
export function removalsFrom(entry: IntentCollection, present: Collection): readonly Removal[] | undefined {
  if (present.type === 'view') return [];
  if (present.indexes === undefined && keepsDocuments(entry)) return undefined;
  return removalsIn(present).filter((removal) =>
    removal.by === 'capped' ? keepsDocuments(entry) : isTooEarly(entry, removal.seconds),
  );
}

/** Everything that removes documents of a collection, however late. */
export function removalsIn({ indexes = [], options }: Collection): readonly Removal[] {
  const seconds = options['expireAfterSeconds'];
  return [
    ...indexes.flatMap((index): Removal[] =>
      isTtlIndex(index)
        ? [{ by: 'index', index: index.name, seconds: secondsUntilExpiry(index.expireAfterSeconds) }]
        : [],
    ),
    ...(typeof seconds === 'number' ? [{ by: 'option', seconds: secondsUntilExpiry(seconds) } as const] : []),
    ...(options.capped === true ? [{ by: 'capped' } as const] : []),
  ];
}

/** What no operation of a plan mends: everything but the indexes, which it drops. */
export function retentionObstacles(entry: IntentCollection, present: Collection): readonly string[] {
  const target = formatNamespace(entry.ns);
  // Without indexes, which may be unknown, what the options say is known all the same.
  const removals = removalsFrom(entry, { ...present, indexes: [] }) ?? [];
  const unknown =
    removalsFrom(entry, present) === undefined
      ? [`the indexes of ${target} are unknown. Listing them takes listIndexes on ${target}`]
      : [];
  return [...removals.map((removal) => obstacle(entry, target, removal)), ...unknown];
}

function obstacle(entry: IntentCollection, target: string, removal: Removal): string {
  if (removal.by === 'capped') {
    return `${target} is capped, so that the server deletes its oldest documents. ${mendText(entry.ns, removal)}`;
  }
  const kept = keepsForever(entry) ? 'ever' : `${entry.retention?.seconds ?? 0} s`;
  return `${target} deletes documents after ${removal.seconds} s by its option expireAfterSeconds, and the policy keeps them for ${kept}. ${mendText(entry.ns, removal)}`;
}

/** How somebody ends it in the shell. */
export function mendText({ db, collection }: Namespace, removal: Removal): string {
  const run = (command: object): string =>
    `db.getSiblingDB(${JSON.stringify(db)}).runCommand(${JSON.stringify(command)})`;
  switch (removal.by) {
    case 'index':
      return `Drop the index by ${run({ dropIndexes: collection, index: removal.index })}`;
    case 'option':
      return `Turn that off by ${run({ collMod: collection, expireAfterSeconds: 'off' })}`;
    case 'capped':
      return 'Copy it into a collection that is not capped';
  }
}

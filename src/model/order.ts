/** The one order in which anything is sorted: by UTF-16 code unit, so that no locale can change a file or a plan. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Sorts by a text made of each item. */
export function sortedBy<T>(items: Iterable<T>, text: (item: T) => string): T[] {
  return [...items].sort((a, b) => compareText(text(a), text(b)));
}

/** Sorted, each text once. */
export function sortedSet(texts: Iterable<string>): string[] {
  return [...new Set(texts)].sort(compareText);
}

/** Sorted by key, each key once; of several with the same key the first stays. */
export function sortedUniqueBy<T>(items: Iterable<T>, key: (item: T) => string): T[] {
  const byKey = new Map<string, T>();
  for (const item of items) {
    const itemKey = key(item);
    if (!byKey.has(itemKey)) byKey.set(itemKey, item);
  }
  return sortedBy(byKey.values(), key);
}

/** The one order in which anything is sorted: by UTF-16 code unit, so that no locale can change a file or a plan. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/*
 * What comes from a file of ours is in order already, and there may be much of it: the functions below look first.
 */

/** Whether the texts are in order and each is there once. */
export function ascends(texts: readonly string[]): boolean {
  return texts.every((text, at) => at === 0 || (texts[at - 1] as string) < text);
}

/** `before` if `after` has the same items in the same order: what did not change is not kept twice. */
export function unlessSame<T>(before: readonly T[], after: readonly T[]): readonly T[] {
  return before.length === after.length && after.every((item, at) => item === before[at]) ? before : after;
}

/** Whether these are all the fields, in this order; the last ones may be missing. */
export function hasFields(value: object, names: readonly string[], least = names.length): boolean {
  let at = 0;
  for (const key in value) {
    if (key !== names[at]) return false;
    at += 1;
  }
  return at >= least;
}

/** Sorts by a text made of each item. */
export function sortedBy<T>(items: Iterable<T>, text: (item: T) => string): T[] {
  const list = [...items];
  const keys = list.map(text);
  if (keys.every((key, at) => at === 0 || (keys[at - 1] as string) <= key)) return list;
  return list
    .map((item, at) => ({ item, key: keys[at] as string }))
    .sort((a, b) => compareText(a.key, b.key))
    .map(({ item }) => item);
}

/** Sorted, each text once. */
export function sortedSet<T extends string>(texts: Iterable<T>): T[] {
  const list = [...texts];
  return ascends(list) ? list : [...new Set(list)].sort(compareText);
}

/** Sorted by key, each key once; of several with the same key the first stays. */
export function sortedUniqueBy<T>(items: Iterable<T>, key: (item: T) => string): T[] {
  const list = [...items];
  if (ascends(list.map(key))) return list;
  const byKey = new Map<string, T>();
  for (const item of list) {
    const itemKey = key(item);
    if (!byKey.has(itemKey)) byKey.set(itemKey, item);
  }
  return sortedBy(byKey.values(), key);
}

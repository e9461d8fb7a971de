/** Things looked up by what they are made of. */

/** One text for several: equal exactly where all of them are, whatever signs they hold. */
export function compoundKey(parts: readonly string[]): string {
  return JSON.stringify(parts);
}

/** What a map holds for the key; where it holds nothing, what is made then is kept. */
export function getOrMake<K, V>(
  map: { get(key: K): V | undefined; set(key: K, value: V): unknown },
  key: K,
  make: () => V,
): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** The items by their keys, each list in the order given. */
export function groupBy<K, T>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, [T, ...T[]]> {
  const groups = new Map<K, [T, ...T[]]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** One text for each list of the same objects in the same order, whatever they hold. */
export function identityKeys<T extends object>(): (items: readonly T[]) => string {
  const numbers = new Map<T, number>();
  return (items) => items.map((item) => getOrMake(numbers, item, () => numbers.size)).join(' ');
}

/** Plain data that says the same more than once, once: the last of each, where the first was. */
export function uniqueByContent<T>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

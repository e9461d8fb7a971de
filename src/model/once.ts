import { getOrMake } from './keyed.ts';

/** Computes a value when it is first asked for, and keeps it. */
export function once<T>(compute: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: compute() };
    return made.value;
  };
}

/** The same for each key, for as long as somebody holds the key. */
export function onceFor<K extends object, T>(compute: (key: K) => T): (key: K) => T {
  const made = new WeakMap<K, { readonly value: T }>();
  return (key) => getOrMake(made, key, () => ({ value: compute(key) })).value;
}

/** The same for each pair of the same objects, for as long as the function is held. */
export function onceForPair<A extends object, B extends object, T>(compute: (a: A, b: B) => T): (a: A, b: B) => T {
  const made = new Map<A, Map<B, T>>();
  return (a, b) => {
    const forFirst = getOrMake(made, a, () => new Map<B, T>());
    return getOrMake(forFirst, b, () => compute(a, b));
  };
}

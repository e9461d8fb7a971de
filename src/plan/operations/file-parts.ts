/**
 * What an operation is in a migration's file: its values, and how they are laid out for the reader of a pull request. The
 * text itself is made by whoever writes the file.
 */

/** The parts of an entry in their order. What is undefined is left out. */
export type FileParts = Readonly<Record<string, FilePart | undefined>>;

export type FilePart =
  | string
  | number
  | boolean
  /** On one line, where it fits. */
  | { readonly layout: 'line'; readonly value: unknown }
  /** A list, each item on one line. */
  | { readonly layout: 'list'; readonly items: readonly unknown[] }
  /** A list of parts. */
  | { readonly layout: 'items'; readonly items: readonly FilePart[] }
  /** Every level on lines of its own. */
  | { readonly layout: 'tree'; readonly value: unknown }
  /** Parts below each other. */
  | { readonly layout: 'block'; readonly parts: FileParts };

export function line(value: unknown): FilePart {
  return { layout: 'line', value };
}

export function list(items: readonly unknown[]): FilePart {
  return { layout: 'list', items };
}

/** A list that is short as a rule: on one line up to two items, above that each on its own. */
export function few(values: readonly unknown[]): FilePart {
  return values.length <= 2 ? line(values) : list(values);
}

export function items(parts: readonly FilePart[]): FilePart {
  return { layout: 'items', items: parts };
}

export function tree(value: unknown): FilePart {
  return { layout: 'tree', value };
}

export function block(parts: FileParts): FilePart {
  return { layout: 'block', parts };
}

/** The part of something that may be absent. */
export function maybe<T>(part: (value: T) => FilePart, value: T | undefined): FilePart | undefined {
  return value === undefined ? undefined : part(value);
}

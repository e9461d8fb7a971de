/**
 * What another tool's file says, whichever its syntax: values with the line that each stands in. What only that tool could
 * work out, such as a variable or a call, is unresolved, and keeps its text for whoever has to look.
 */

export interface Node {
  /** Counts from 1. */
  readonly line: number;
  readonly data: Data;
}

export type Data = string | number | boolean | null | readonly Node[] | ReadonlyMap<string, Node> | Unresolved;

export interface Unresolved {
  readonly unresolved: string;
}

/** Something of a file that is not in the policy, and why; or that a person should know. */
export interface ImportNote {
  readonly file: string;
  readonly line: number;
  readonly message: string;
  /** The policy lacks something that the file has. */
  readonly lost: boolean;
}

/** One of MongoDB's own commands about users and roles, as a file brings it about. */
export interface Command {
  readonly file: string;
  readonly line: number;
  /** Where it is sent to. */
  readonly db: Node;
  /** `createUser`, `updateRole`, … */
  readonly name: string;
  /** The name of the user or role. */
  readonly target: Node;
  readonly fields: ReadonlyMap<string, Node>;
  /** Why nobody can tell whether it is carried out: a condition, a loop over what is not known. */
  readonly uncertain?: string;
  /** What of it a policy has no words for, after "without". */
  readonly beyond?: string;
}

export interface ReadFile {
  readonly commands: readonly Command[];
  readonly notes: readonly ImportNote[];
}

/** Values that were given on the command line, for variables of the file. */
export type Variables = ReadonlyMap<string, string>;

export interface ImportFile {
  readonly file: string;
  readonly text: string;
}

/** Of all files at once, because one may say what another means. */
export type Reader = (files: readonly ImportFile[], given: { variables: Variables; db?: string }) => ReadFile;

/** What was read of several files, in their order. */
export function together(read: readonly ReadFile[]): ReadFile {
  return { commands: read.flatMap(({ commands }) => commands), notes: read.flatMap(({ notes }) => notes) };
}

export function node(data: Data, line: number): Node {
  return { data, line };
}

export function unresolved(text: string, line: number): Node {
  return { line, data: { unresolved: text } };
}

export function isUnresolved(data: Data): data is Unresolved {
  return typeof data === 'object' && data !== null && 'unresolved' in data;
}

export function mapOf({ data }: Node): ReadonlyMap<string, Node> | undefined {
  return data instanceof Map ? data : undefined;
}

export function listOf({ data }: Node): readonly Node[] | undefined {
  return Array.isArray(data) ? data : undefined;
}

export function textOf(value: Node | undefined): string | undefined {
  return typeof value?.data === 'string' ? value.data : undefined;
}

export function fieldOf(value: Node | undefined, key: string): Node | undefined {
  return value === undefined ? undefined : mapOf(value)?.get(key);
}

/** The first part of a value that nobody could work out. */
export function firstUnresolved(value: Node): (Node & { readonly data: Unresolved }) | undefined {
  const { data, line } = value;
  if (data === null || typeof data !== 'object') return undefined;
  if (isUnresolved(data)) return { line, data };
  for (const inner of data.values()) {
    const found = firstUnresolved(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** As plain data; what is unresolved has to be looked for before. */
export function plainOf({ data }: Node): unknown {
  if (data === null || typeof data !== 'object') return data;
  if (data instanceof Map) return Object.fromEntries([...data].map(([key, value]) => [key, plainOf(value)]));
  return Array.isArray(data) ? data.map(plainOf) : undefined;
}

/** Data as nodes of one line. */
export function nodeOf(value: unknown, line: number): Node {
  if (Array.isArray(value))
    return node(
      value.map((item) => nodeOf(item, line)),
      line,
    );
  if (typeof value === 'object' && value !== null) {
    return node(new Map(Object.entries(value).map(([key, item]) => [key, nodeOf(item, line)])), line);
  }
  const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isScalar || value === null ? node(value, line) : unresolved(String(value), line);
}

/** Nodes of a definition: what its JSON has where a field is described, looked at as that service does, by truth and not by type. */

import type { DocumentPath } from '../policy/problem.ts';

export type Node = Readonly<Record<string, unknown>>;

export function nodeOf(value: unknown): Node | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

/** Where the format with `schema` keeps what JSON Schema has no words for. */
export const MIA = '__mia_configuration';

export interface Declared {
  readonly enabled: boolean;
  readonly searchable: boolean;
}

/** `encryption: {enabled, searchable}` of a field or of its `__mia_configuration`; nothing if it has none. */
export function declaredOf(holder: Node | undefined): Declared | undefined {
  const encryption = nodeOf(holder?.['encryption']);
  return encryption && { enabled: Boolean(encryption['enabled']), searchable: Boolean(encryption['searchable']) };
}

/** The type that the service goes by, as it is written. */
export function writtenType(field: Node): unknown {
  return nodeOf(field[MIA])?.['type'] ?? field['type'];
}

export function typeOf(field: Node): string | undefined {
  const type = writtenType(field);
  return typeof type === 'string' ? type : undefined;
}

export interface Declaration {
  /** The field's place. */
  readonly field: DocumentPath;
  /** The place of its `encryption`. */
  readonly at: DocumentPath;
}

/** Everything under a node that says `encryption: {enabled: true}`, itself included, wherever it stands. */
export function declarations(value: unknown, place: DocumentPath): readonly Declaration[] {
  return saying(value, place, (node) => (declaredOf(node)?.enabled === true ? ['encryption'] : []));
}

/** Everything that says it in words by which neither the service nor the Console seals: they mean nothing there. */
export function unreadDeclarations(value: unknown): readonly Declaration[] {
  return saying(value, [], (node) => ['encryption', 'encryptionEnabled'].filter((key) => node[key] === true));
}

function saying(
  value: unknown,
  place: DocumentPath,
  keysOf: (node: Node) => readonly string[],
): readonly Declaration[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => saying(item, [...place, index], keysOf));
  const node = nodeOf(value);
  if (node === undefined) return [];
  const field = place.at(-1) === MIA ? place.slice(0, -1) : place;
  return [
    ...keysOf(node).map((key) => ({ field, at: [...place, key] })),
    ...Object.entries(node).flatMap(([key, inner]) => saying(inner, [...place, key], keysOf)),
  ];
}

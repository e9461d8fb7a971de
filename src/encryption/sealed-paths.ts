/** What a validator wants sealed. */
import { documentOf } from './json-schema.ts';

/** The paths, sorted, that a collection's validator takes as ciphertext alone: `encrypt` in its `$jsonSchema`. */
export function sealedPaths(validator: unknown): readonly string[] {
  const found = new Set<string>();
  inQuery(validator, found);
  return [...found].sort();
}

/** A `$jsonSchema` may stand below `$and` and its like. */
function inQuery(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) inQuery(item, found);
  for (const [key, inner] of Object.entries(documentOf(value) ?? {})) {
    if (key === '$jsonSchema') inSchema(inner, '', found);
    else inQuery(inner, found);
  }
}

function inSchema(value: unknown, path: string, found: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) inSchema(item, path, found);
  for (const [keyword, inner] of Object.entries(documentOf(value) ?? {})) {
    if (keyword === 'encrypt') found.add(path);
    else if (keyword === 'properties' || keyword === 'patternProperties') {
      for (const [name, schema] of Object.entries(documentOf(inner) ?? {})) {
        inSchema(schema, path === '' ? name : `${path}.${name}`, found);
      }
    } else if (typeof inner === 'object') inSchema(inner, path, found);
  }
}

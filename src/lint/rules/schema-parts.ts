/** The parts of a `$jsonSchema` that are schemas themselves. */
import type { DocumentPath } from '../../policy/problem.ts';

export type Schema = Readonly<Record<string, unknown>>;

export interface SchemaPart {
  /** From the schema around it. */
  readonly path: DocumentPath;
  readonly schema: Schema;
}

/** Keywords whose value is one schema, or a list of them. */
const SCHEMAS: ReadonlySet<string> = new Set([
  'additionalItems',
  'additionalProperties',
  'allOf',
  'anyOf',
  'items',
  'not',
  'oneOf',
]);
/** Keywords whose value has a schema for each name. */
const BY_NAME: ReadonlySet<string> = new Set(['dependencies', 'patternProperties', 'properties']);

/** The schemas directly under a keyword. */
export function schemaPartsOf(keyword: string, value: unknown): readonly SchemaPart[] {
  const named = BY_NAME.has(keyword);
  if (!named && !SCHEMAS.has(keyword)) return [];
  const single = asSchema(value);
  if (!named && single !== undefined) return [{ path: [keyword], schema: single }];
  return Object.entries(Array.isArray(value) ? value : (single ?? {})).flatMap(([name, inner]): SchemaPart[] => {
    const part = asSchema(inner);
    return part === undefined ? [] : [{ path: [keyword, Array.isArray(value) ? Number(name) : name], schema: part }];
  });
}

export function asSchema(value: unknown): Schema | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

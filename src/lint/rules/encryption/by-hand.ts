import { formatNamespace } from '../../../model/names.ts';
import type { IntentCollection } from '../../../policy/intent.ts';
import type { DocumentPath } from '../../../policy/problem.ts';
import type { LintContext, LintRule, RuleFinding } from '../../rule.ts';
import { partOf } from '../entry-place.ts';

type Schema = Readonly<Record<string, unknown>>;

export const byHand: LintRule = {
  kind: 'checks',
  name: 'encryption/by-hand',
  description: 'The schema says encrypt by itself, where the driver refuses it or seals nothing',
  recommended: 'error',
  source:
    "MongoDB's manual, “CSFLE Encryption Schemas”: encrypt has no siblings; the query analysis library, errors 51077 and 51078",
  check: (context) => context.intent.collections.flatMap((entry) => writtenIn(context, entry)),
};

/** Where the driver accepts no `encrypt`. */
const NEVER = ['items', 'additionalItems', 'allOf', 'anyOf', 'oneOf', 'not'];

/** `encrypt` that the policy's author wrote into the schema. */
function writtenIn(context: LintContext, collection: IntentCollection): RuleFinding[] {
  if (collection.schema === undefined) return [];
  return [...subschemas(collection.schema, [])].flatMap(({ path, schema: part }) => {
    const never = path.find((step) => NEVER.includes(String(step)));
    const siblings = Object.keys(part).filter((keyword) => keyword !== 'encrypt');
    if (!('encrypt' in part) || (never === undefined && siblings.length === 0)) return [];
    const why =
      never === undefined ? `encrypt stands beside ${siblings.join(', ')}` : `encrypt under ${never} seals nothing`;
    const message = `the driver refuses the schema of ${formatNamespace(collection.ns)}, and every operation with it: ${why}; name sealed fields under encryption.fields instead`;
    return [{ message, at: partOf(context, collection.origin, ['schema', ...path]) }];
  });
}

interface Part {
  readonly path: DocumentPath;
  readonly schema: Schema;
}

/** The schema and all within it, each with its path. */
function* subschemas(schema: Schema, path: DocumentPath): Generator<Part> {
  yield { path, schema };
  for (const [keyword, value] of Object.entries(schema)) {
    for (const { path: step, schema: inner } of partsOf(keyword, value)) yield* subschemas(inner, [...path, ...step]);
  }
}

/** The schemas directly under a keyword. */
function partsOf(keyword: string, value: unknown): readonly Part[] {
  const named = keyword === 'properties' || keyword === 'patternProperties';
  if (!named && !NEVER.includes(keyword)) return [];
  const single = asSchema(value);
  if (!named && single !== undefined) return [{ path: [keyword], schema: single }];
  return Object.entries(Array.isArray(value) ? value : (single ?? {})).flatMap(([name, inner]): Part[] => {
    const part = asSchema(inner);
    return part === undefined ? [] : [{ path: [keyword, Array.isArray(value) ? Number(name) : name], schema: part }];
  });
}

function asSchema(value: unknown): Schema | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

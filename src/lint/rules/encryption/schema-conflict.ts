import { formatNamespace } from '../../../model/names.ts';
import type { IntentCollection, Origin } from '../../../policy/intent.ts';
import type { DocumentPath } from '../../../policy/problem.ts';
import type { LintContext, LintRule, RuleFinding } from '../../rule.ts';
import { partOf } from '../place.ts';
import { asSchema, type Schema, type SealedField, schemaOf, schemasAlong, sealedFields, typesOf } from './fields.ts';

export const schemaConflict: LintRule = {
  kind: 'checks',
  name: 'encryption/schema-conflict',
  description: 'The schema demands of a sealed field what ciphertext can’t fulfil',
  recommended: 'error',
  source:
    "MongoDB's manual, “CSFLE Encryption Schemas”: encrypt has no siblings; the query analysis library, errors 51077 and 51078",
  check: (context) => [
    ...sealedFields(context).flatMap((sealed) => ofField(context, sealed)),
    ...context.intent.collections.flatMap((entry) => byHand(context, entry)),
  ],
};

/** What says nothing about the value itself. */
const HARMLESS = new Set(['bsonType', 'type', 'title', 'description']);

function ofField(context: LintContext, { collection, path, field }: SealedField): RuleFinding[] {
  const along = schemasAlong(schemaOf(collection), path);
  return along.flatMap(({ path: where, schema }): RuleFinding[] => {
    const at = schemaAt(context, collection, where);
    const types = typesOf(schema);
    if (where !== path) {
      if (types === undefined || types.includes('object') || types.includes('array')) return [];
      const message = `${path} is to be sealed, and its parent ${where} is ${types.join(' or ')} by the schema: no document can have both, and every one with the field is refused; make ${where} an object`;
      return [{ message, at }];
    }
    if (types !== undefined && !types.includes(field.bsonType) && !types.includes('binData')) {
      const message = `${path} is sealed as ${field.bsonType}, and the schema wants ${types.join(' or ')}: one of the two refuses every document; say the same in both, or leave it out of the schema`;
      return [{ message, at }];
    }
    const demands = Object.keys(schema).filter((keyword) => !HARMLESS.has(keyword));
    if (demands.length === 0) return [];
    const message = `${demands.join(', ')} of ${path} can't be checked on ciphertext: MongoDB refuses every sealed document, or the driver the schema; take ${demands.length === 1 ? 'it' : 'them'} out, and check before sealing`;
    return [{ message, at }];
  });
}

function schemaAt(context: LintContext, { origin }: IntentCollection, path: string): Origin {
  return partOf(context, origin, ['schema', ...path.split('.').flatMap((part) => ['properties', part])]);
}

/** Where the driver accepts no `encrypt`. */
const NEVER = ['items', 'additionalItems', 'allOf', 'anyOf', 'oneOf', 'not'];

/** `encrypt` that the policy's author wrote into the schema. */
function byHand(context: LintContext, collection: IntentCollection): RuleFinding[] {
  const schema = schemaOf(collection);
  if (schema === undefined) return [];
  return [...subschemas(schema, [])].flatMap(({ path, schema: part }) => {
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

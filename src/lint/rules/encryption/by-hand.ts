import { isSealable, sealable } from '../../../encryption/bson-type.ts';
import { ALGORITHMS } from '../../../encryption/server-schema.ts';
import { formatNamespace } from '../../../model/names.ts';
import type { IntentCollection } from '../../../policy/intent.ts';
import type { DocumentPath } from '../../../policy/problem.ts';
import type { LintContext, LintRule, RuleFinding } from '../../rule.ts';
import { partOf } from '../entry-place.ts';
import { asSchema, type Schema, schemaPartsOf } from '../schema-parts.ts';

export const byHand: LintRule = {
  kind: 'checks',
  name: 'encryption/by-hand',
  description: 'The schema says encrypt, where the driver refuses it or seals nothing',
  recommended: 'error',
  source:
    "MongoDB's manual, “CSFLE Encryption Schemas”: encrypt has no siblings, stands in objects, and is deterministic for one type; the query analysis library, errors 51077 and 51078",
  check: (context) => context.intent.collections.flatMap((entry) => writtenIn(context, entry)),
};

/** Where the driver accepts no `encrypt`. */
const NEVER = ['items', 'additionalItems', 'allOf', 'anyOf', 'oneOf', 'not', 'dependencies'];

/** `encrypt` that the policy's author wrote into the schema. */
function writtenIn(context: LintContext, collection: IntentCollection): RuleFinding[] {
  if (collection.schema === undefined) return [];
  return [...subschemas(collection.schema, ROOT)].flatMap((part) => {
    const why = refusal(part);
    if (why === undefined) return [];
    const message = `the driver refuses the schema of ${formatNamespace(collection.ns)} and every operation with it, because ${why}. Name sealed fields under encryption.fields instead`;
    return [{ message, at: partOf(context, collection.origin, ['schema', ...part.path]) }];
  });
}

/** Why the driver refuses the `encrypt` of a schema; nothing if there is none, or if it takes it. */
function refusal({ path, schema, never, mixed, metadata }: Part): string | undefined {
  if (!('encrypt' in schema)) return undefined;
  const encrypt = asSchema(schema['encrypt']) ?? {};
  if (never !== undefined) return `encrypt under ${never} seals nothing`;
  const siblings = Object.keys(schema).filter((keyword) => keyword !== 'encrypt');
  if (siblings.length > 0) return `encrypt stands beside ${siblings.join(', ')}`;
  if (mixed !== undefined) return `encrypt stands in what may be ${mixed}, not only an object`;
  // The server refuses every document then (tried on 5.1 and 8.3).
  if (path.length === 0) return 'encrypt stands for the whole document, not for a field';
  const types = typesIn(encrypt['bsonType'] ?? metadata['bsonType']);
  const other = types.find((type) => VALUELESS.has(type));
  if (other !== undefined) return `no value of the bsonType ${other} can be sealed`;
  const algorithm = encrypt['algorithm'] ?? metadata['algorithm'];
  if (algorithm === ALGORITHMS.random && path[0] === 'properties' && path[1] === '_id') {
    return 'the _id is sealed by random and must be comparable';
  }
  if (algorithm !== ALGORITHMS.deterministic) return undefined;
  // Which key seals a value would depend on the document, and equal values would not look alike any more.
  return typeof (encrypt['keyId'] ?? metadata['keyId']) === 'string'
    ? 'deterministic encryption takes no keyId that points into the document'
    : notDeterministic(types);
}

/** Types of one value each, which the sealed value would tell. */
const VALUELESS = new Set(['maxKey', 'minKey', 'null', 'undefined']);

/** Deterministic encryption takes one type, whose ciphertext tells as little as it can (manual, "Encryption Algorithms"). */
function notDeterministic(types: readonly string[]): string | undefined {
  const [only] = types;
  if (types.length !== 1) return `deterministic encryption takes one bsonType, and ${types.length} are named`;
  return only === 'number' || (isSealable(only) && !sealable(only).deterministic)
    ? `deterministic encryption does not take the bsonType ${only}`
    : undefined;
}

function typesIn(bsonType: unknown): readonly string[] {
  const types: readonly unknown[] = Array.isArray(bsonType) ? bsonType : bsonType === undefined ? [] : [bsonType];
  return types.filter((type) => typeof type === 'string');
}

interface Part {
  readonly path: DocumentPath;
  readonly schema: Schema;
  /** The outermost keyword around it under which nothing may be sealed. */
  readonly never: string | undefined;
  /** The types of the nearest schema around that does not hold to objects, in words. */
  readonly mixed: string | undefined;
  /** What `encryptMetadata` around it says for every field inside. */
  readonly metadata: Schema;
}

const ROOT: Omit<Part, 'schema'> = { path: [], never: undefined, mixed: undefined, metadata: {} };

/** The schema and all within it, with what those around them say. */
function* subschemas(schema: Schema, around: Omit<Part, 'schema'>): Generator<Part> {
  yield { ...around, schema };
  const { path } = around;
  const inside = {
    mixed: otherThanObject(schema) ?? around.mixed,
    metadata: { ...around.metadata, ...asSchema(schema['encryptMetadata']) },
  };
  for (const [keyword, value] of Object.entries(schema)) {
    for (const { path: step, schema: inner } of schemaPartsOf(keyword, value)) {
      const never = around.never ?? (NEVER.includes(keyword) ? keyword : undefined);
      yield* subschemas(inner, { ...inside, never, path: [...path, ...step] });
    }
  }
}

/** The types that a schema names, if it names others than objects. */
function otherThanObject(schema: Schema): string | undefined {
  const types = typesIn(schema['bsonType'] ?? schema['type']);
  return types.every((type) => type === 'object') ? undefined : types.join(' or ');
}

/**
 * The server's side of a field map: the collection's own `$jsonSchema` with `encrypt` for every sealed field, so that no
 * client can store plaintext there.
 *
 * `encrypt` has no siblings (manual, "Encryption Schemas"): what the schema says of a sealed field beyond its type can't
 * be enforced on ciphertext, and is a contradiction instead of being dropped in silence.
 */
import { declaredTypes } from './bson-type.ts';
import { documentOf, type JsonSchema, own, unnamed } from './json-schema.ts';
import { type Found, findContradiction } from './schema-contradiction.ts';
import { type SealedField, segmentsOf } from './sealed-field.ts';

/** Where field map and schema can't both be right. */
export interface Contradiction extends Found {
  readonly field: SealedField;
}

export interface ServerSchema {
  readonly schema: JsonSchema;
  readonly contradictions: readonly Contradiction[];
}

/**
 * Merges the field map into the schema. Every document on the way to a sealed field must be a document: an array of
 * documents there would keep its plaintext out of the validator's sight.
 */
export function serverSchema(schema: JsonSchema, fields: readonly SealedField[]): ServerSchema {
  const contradictions: Contradiction[] = [];
  // What is stored is always a document, whether the schema says so or not.
  const root = declaredTypes(schema) === undefined ? { bsonType: 'object' } : {};
  const merged = fields.reduce((current, field) => {
    const found = findContradiction({ ...root, ...schema }, segmentsOf(field.path), field);
    if (found !== undefined) contradictions.push({ field, ...found });
    return found === undefined ? seal(current, segmentsOf(field.path), encrypt(field)) : current;
  }, schema);
  return { schema: merged, contradictions };
}

/** The same without what is demanded of the sealed values themselves: what is left takes the whole document to judge. */
export function unsealedSchema(schema: JsonSchema, fields: readonly SealedField[]): JsonSchema {
  return fields.reduce((current, { path }) => seal(current, segmentsOf(path), {}), schema);
}

/** MongoDB's names of the two algorithms. */
export const ALGORITHMS: Readonly<Record<SealedField['algorithm'], string>> = {
  deterministic: 'AEAD_AES_256_CBC_HMAC_SHA_512-Deterministic',
  random: 'AEAD_AES_256_CBC_HMAC_SHA_512-Random',
};

/** The server compares the original type alone; the algorithm is there for who reads the validator. */
function encrypt({ bsonType, algorithm }: SealedField): JsonSchema {
  return { encrypt: { bsonType, algorithm: ALGORITHMS[algorithm] } };
}

function seal(schema: JsonSchema, [name, ...rest]: readonly string[], leaf: JsonSchema): JsonSchema {
  if (name === undefined) return leaf;
  const properties = documentOf(schema['properties']) ?? {};
  const typed = declaredTypes(schema) === undefined ? { bsonType: 'object' } : {};
  const below = seal(own(properties, name) ?? unnamed(schema, name) ?? {}, rest, leaf);
  return { ...schema, ...typed, properties: { ...properties, [name]: below } };
}

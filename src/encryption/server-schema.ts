/**
 * The server's side of a field map: the collection's own `$jsonSchema` with `encrypt` for every sealed field, so that no
 * client can store plaintext there.
 *
 * `encrypt` has no siblings (manual, "Encryption Schemas"): what the schema says of a sealed field beyond its type can't
 * be enforced on ciphertext, and is a contradiction instead of being dropped in silence.
 */
import { groupBy } from '../model/keyed.ts';
import { declaredTypes } from './bson-type.ts';
import { documentOf, type JsonSchema, unnamed } from './json-schema.ts';
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
  const whole = { ...root, ...schema };
  const seals = fields.flatMap((field): Seal[] => {
    const path = segmentsOf(field.path);
    const found = findContradiction(whole, path, field);
    if (found !== undefined) contradictions.push({ field, ...found });
    return found === undefined ? [{ path, leaf: encrypt(field) }] : [];
  });
  return { schema: sealed(schema, seals), contradictions };
}

/** The same without what is demanded of the sealed values themselves: what is left takes the whole document to judge. */
export function unsealedSchema(schema: JsonSchema, fields: readonly SealedField[]): JsonSchema {
  return sealed(
    schema,
    fields.map(({ path }) => ({ path: segmentsOf(path), leaf: {} })),
  );
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

/** What stands in the place of a field. */
interface Seal {
  readonly path: readonly string[];
  readonly leaf: JsonSchema;
}

/** All in one go: a copy of the properties for each field would take time with the square of their number. */
function sealed(schema: JsonSchema, seals: readonly Seal[]): JsonSchema {
  if (seals.length === 0) return schema;
  const typed = declaredTypes(schema) === undefined ? { bsonType: 'object' } : {};
  const properties = new Map(Object.entries(documentOf(schema['properties']) ?? {}));
  for (const [name, below] of groupBy(seals, ({ path: [first = ''] }) => first)) {
    const given = documentOf(properties.get(name)) ?? unnamed(schema, name) ?? {};
    const [whole, inner] = partition(below.map(({ path, leaf }) => ({ path: path.slice(1), leaf })));
    properties.set(name, sealed(whole ?? given, inner));
  }
  return { ...schema, ...typed, properties: Object.fromEntries(properties) };
}

/** What takes the place of the whole, and what is inside of it. */
function partition(seals: readonly Seal[]): readonly [JsonSchema | undefined, readonly Seal[]] {
  return [seals.find(({ path }) => path.length === 0)?.leaf, seals.filter(({ path }) => path.length > 0)];
}

/**
 * The server's side of a field map: the collection's own `$jsonSchema` with `encrypt` for every sealed field, so that no
 * client can store plaintext there.
 *
 * `encrypt` has no siblings (manual, "Encryption Schemas"): what the schema says of a sealed field beyond its type can't
 * be enforced on ciphertext, and is a contradiction instead of being dropped in silence.
 */
import { declaredTypes, originalTypes } from './bson-type.ts';
import { type SealedField, segmentsOf } from './field.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Where field map and schema can't both be right. */
export interface Contradiction {
  readonly field: SealedField;
  /** The place in the schema. */
  readonly at: readonly (string | number)[];
  /** What the schema says there, to be read after "the schema". */
  readonly message: string;
  /** The field lies, or may lie, in an array. */
  readonly array?: true;
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
    const found = contradictionOf({ ...root, ...schema }, segmentsOf(field.path), field);
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

/** What `additionalProperties` demands of a property, which no longer reaches it once it is named. */
function unnamed(schema: JsonSchema, name: string): JsonSchema | undefined {
  return matching(schema, name).length > 0 ? undefined : documentOf(schema['additionalProperties']);
}

type Found = Omit<Contradiction, 'field'>;

/** The first thing in the schema by which the sealed document would be refused, or could hide plaintext. */
function contradictionOf(schema: JsonSchema, segments: readonly string[], field: SealedField): Found | undefined {
  const [name, ...rest] = segments;
  if (name === undefined) return leafContradiction(schema, field);
  const wrong = onTheWay(schema, name);
  if (wrong !== undefined) return wrong;
  const named = documentOf(schema['properties']);
  const next = named && own(named, name);
  const extra = documentOf(schema['additionalProperties']);
  return (
    (next === undefined && unnamed(schema, name) !== undefined
      ? undefined
      : within(['properties', name], contradictionOf(next ?? {}, rest, field))) ??
    matching(schema, name).reduce<Found | undefined>(
      (found, [pattern, inner]) => found ?? within(['patternProperties', pattern], refusal(inner, rest)),
      undefined,
    ) ??
    (next === undefined && extra !== undefined && unnamed(schema, name) !== undefined
      ? within(['additionalProperties'], contradictionOf(extra, rest, field))
      : undefined) ??
    combined(schema, segments)
  );
}

/** A document that contains a sealed field must be one, and never an array. */
function onTheWay(schema: JsonSchema, next: string): Found | undefined {
  const types = declaredTypes(schema);
  const typeKey = schema['bsonType'] === undefined ? 'type' : 'bsonType';
  const listKeyword = ['items', 'additionalItems', 'minItems', 'maxItems', 'uniqueItems'].find((key) =>
    Object.hasOwn(schema, key),
  );
  if (listKeyword !== undefined) return { at: [listKeyword], message: 'lets it cross an array', array: true };
  if (types?.includes('array') === true) return { at: [typeKey], message: 'lets it cross an array', array: true };
  if (types !== undefined && !types.includes('object')) {
    return { at: [typeKey], message: `says ${types.join(' or ')} where a document must be that contains it` };
  }
  if (types === undefined && /^\d+$/.test(next)) {
    const message = `does not say that "${next}" belongs to a document: it may be a position in an array`;
    return { at: [], message, array: true };
  }
  if (Object.hasOwn(schema, 'encrypt')) return { at: ['encrypt'], message: 'seals what contains it already' };
  if (Object.hasOwn(schema, 'enum')) return { at: ['enum'], message: 'lists the values of what contains it' };
  return undefined;
}

const REMARKS = ['description', 'title', 'bsonType', 'type'];

/** Where `encrypt` is going to stand: the schema may name the very type that is sealed, and nothing else. */
function leafContradiction(schema: JsonSchema, { bsonType }: SealedField): Found | undefined {
  if (Object.hasOwn(schema, 'encrypt')) return { at: ['encrypt'], message: 'seals it already: keep one of the two' };
  const types = declaredTypes(schema);
  const originals: readonly string[] = originalTypes(bsonType);
  if (types?.some((type) => !originals.includes(type)) === true) {
    const at = [schema['bsonType'] === undefined ? 'type' : 'bsonType'];
    const hint = types.includes('null') ? "; null can't be sealed, leave the field out instead" : '';
    return { at, message: `says ${types.join(' or ')}, and it is sealed as ${bsonType}${hint}` };
  }
  const other = Object.keys(schema).find((key) => !REMARKS.includes(key));
  if (other === undefined) return undefined;
  return {
    at: [other],
    message: `demands "${other}" of it, which no server can check on ciphertext: move it to the field's own "schema", for \`policy types\``,
  };
}

/** `allOf` holds as a whole, `anyOf` and `oneOf` by at least one branch. */
function combined(schema: JsonSchema, segments: readonly string[]): Found | undefined {
  const branches = (keyword: string): readonly (Found | undefined)[] => {
    const list = schema[keyword];
    if (!Array.isArray(list)) return [];
    return list.map((branch, index) => within([keyword, index], refusal(documentOf(branch) ?? {}, segments)));
  };
  const all = branches('allOf').find((found) => found !== undefined);
  if (all !== undefined) return all;
  return ['anyOf', 'oneOf']
    .map(branches)
    .find((found) => found.length > 0 && found.every((one) => one !== undefined))
    ?.at(0);
}

/** What refuses a document with ciphertext under this path, in a part of the schema that stays as it is. */
function refusal(schema: JsonSchema, segments: readonly string[]): Found | undefined {
  const [name, ...rest] = segments;
  const needed = name === undefined ? 'binData' : 'object';
  const types = declaredTypes(schema);
  if (types !== undefined && !types.includes(needed)) {
    const at = [schema['bsonType'] === undefined ? 'type' : 'bsonType'];
    return { at, message: `says ${types.join(' or ')} there, and the server sees ciphertext` };
  }
  if (Object.hasOwn(schema, 'enum'))
    return { at: ['enum'], message: 'lists values there, and the server sees ciphertext' };
  if (name === undefined) return combined(schema, []);
  const named = documentOf(schema['properties']);
  const next = named && own(named, name);
  return (
    (next && within(['properties', name], refusal(next, rest))) ??
    matching(schema, name).reduce<Found | undefined>(
      (found, [pattern, inner]) => found ?? within(['patternProperties', pattern], refusal(inner, rest)),
      undefined,
    ) ??
    combined(schema, segments)
  );
}

function within(path: readonly (string | number)[], found: Found | undefined): Found | undefined {
  return found && { ...found, at: [...path, ...found.at] };
}

/** The schemas of `patternProperties` that concern a property. A pattern that only the server can read is left to it. */
function matching(schema: JsonSchema, name: string): readonly (readonly [string, JsonSchema])[] {
  return Object.entries(documentOf(schema['patternProperties']) ?? {}).flatMap(([pattern, inner]) => {
    const document = documentOf(inner);
    return document !== undefined && matches(pattern, name) ? [[pattern, document] as const] : [];
  });
}

function matches(pattern: string, name: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(name);
  } catch {
    return false;
  }
}

function own(properties: JsonSchema, name: string): JsonSchema | undefined {
  return Object.hasOwn(properties, name) ? documentOf(properties[name]) : undefined;
}

function documentOf(value: unknown): JsonSchema | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

/** What in a collection's own schema can't be right beside a sealed field. */
import { declaredTypes, originalTypes } from './bson-type.ts';
import { documentOf, type JsonSchema, matching, own, unnamed } from './json-schema.ts';
import type { SealedField } from './sealed-field.ts';

export interface Found {
  /** The place in the schema. */
  readonly at: readonly (string | number)[];
  /** What the schema says there, to be read after "the schema". */
  readonly message: string;
  /** The field lies, or may lie, in an array. */
  readonly array?: true;
  /** Also where another branch of `anyOf` or `oneOf` lets the document pass. */
  readonly always?: true;
}

/** The first thing in the schema by which the sealed document would be refused, or could hide plaintext. */
export function findContradiction(
  schema: JsonSchema,
  segments: readonly string[],
  field: SealedField,
): Found | undefined {
  const [name, ...rest] = segments;
  if (name === undefined) return leafContradiction(schema, field);
  const wrong = onTheWay(schema, name);
  if (wrong !== undefined) return wrong;
  const written = documentOf(schema['properties']) ?? {};
  const next = own(written, name);
  if (next === undefined && Object.hasOwn(written, name)) {
    return { at: ['properties', name], message: 'has no document there: MongoDB refuses such a schema' };
  }
  const extra = documentOf(schema['additionalProperties']);
  const isExtra = next === undefined && unnamed(schema, name) !== undefined;
  return (
    (isExtra ? undefined : within(['properties', name], findContradiction(next ?? {}, rest, field))) ??
    byPattern(schema, segments) ??
    (isExtra && extra !== undefined
      ? within(['additionalProperties'], findContradiction(extra, rest, field))
      : undefined) ??
    besides(schema, segments)
  );
}

function listKeyword(schema: JsonSchema): string | undefined {
  return ['items', 'additionalItems', 'minItems', 'maxItems', 'uniqueItems'].find((key) => Object.hasOwn(schema, key));
}

function typeKey(schema: JsonSchema): string {
  return schema['bsonType'] === undefined ? 'type' : 'bsonType';
}

/** Where the schema lets there be an array instead of the document that contains the field. */
function arrayIn(schema: JsonSchema): Found | undefined {
  const keyword = listKeyword(schema) ?? (declaredTypes(schema)?.includes('array') ? typeKey(schema) : undefined);
  return keyword === undefined
    ? undefined
    : { at: [keyword], message: 'lets it cross an array', array: true, always: true };
}

/** A document that contains a sealed field must be one, and never an array. */
function onTheWay(schema: JsonSchema, next: string): Found | undefined {
  const types = declaredTypes(schema);
  const array = arrayIn(schema);
  if (array !== undefined) return array;
  if (types !== undefined && !types.includes('object')) {
    return { at: [typeKey(schema)], message: `says ${types.join(' or ')} where a document must be that contains it` };
  }
  if (types === undefined && /^\d+$/.test(next)) {
    const message = `does not say that "${next}" belongs to a document: it may be a position in an array`;
    return { at: [], message, array: true };
  }
  if (Object.hasOwn(schema, 'encrypt')) return { at: ['encrypt'], message: SEALED_ABOVE };
  if (Object.hasOwn(schema, 'enum')) return { at: ['enum'], message: 'lists the values of what contains it' };
  return undefined;
}

const SEALED_ABOVE = 'seals what contains it already';
const SEALED = 'seals it already: keep one of the two';
const REMARKS = ['description', 'title', 'bsonType', 'type'];
const COMBINING = ['allOf', 'anyOf', 'oneOf'];

function demanded(keyword: string): string {
  return `demands "${keyword}" of it, which no server can check on ciphertext: move it to the field's own "schema", for \`policy types\``;
}

/** Where `encrypt` is going to stand: the schema may name the very type that is sealed, and nothing else. */
function leafContradiction(schema: JsonSchema, { bsonType }: SealedField): Found | undefined {
  if (Object.hasOwn(schema, 'encrypt')) return { at: ['encrypt'], message: SEALED };
  const types = declaredTypes(schema);
  const originals: readonly string[] = originalTypes(bsonType);
  if (types?.some((type) => !originals.includes(type)) === true) {
    const hint = types.includes('null') ? ". Null can't be sealed: leave the field out instead" : '';
    return { at: [typeKey(schema)], message: `says ${types.join(' or ')}, and it is sealed as ${bsonType}${hint}` };
  }
  const other = Object.keys(schema).find((key) => !REMARKS.includes(key));
  return other === undefined ? undefined : { at: [other], message: demanded(other) };
}

/** What refuses a document with ciphertext under this path, in a part of the schema that stays as it is. */
function refusal(schema: JsonSchema, segments: readonly string[]): Found | undefined {
  const [name, ...rest] = segments;
  const array = name === undefined ? undefined : arrayIn(schema);
  if (array !== undefined) return array;
  if (Object.hasOwn(schema, 'encrypt')) {
    return { at: ['encrypt'], message: name === undefined ? SEALED : SEALED_ABOVE, always: true };
  }
  const types = declaredTypes(schema);
  if (types !== undefined && !types.includes(name === undefined ? 'binData' : 'object')) {
    return { at: [typeKey(schema)], message: `says ${types.join(' or ')} there, and the server sees ciphertext` };
  }
  if (Object.hasOwn(schema, 'enum')) {
    return { at: ['enum'], message: 'lists values there, and the server sees ciphertext' };
  }
  if (name === undefined) {
    const other = Object.keys(schema).find((key) => !REMARKS.includes(key) && !COMBINING.includes(key));
    return other === undefined ? combined(schema, []) : { at: [other], message: demanded(other), always: true };
  }
  const next = own(documentOf(schema['properties']) ?? {}, name);
  return (
    (next && within(['properties', name], refusal(next, rest))) ??
    byPattern(schema, segments) ??
    (next === undefined && matching(schema, name).length === 0 ? byOthers(schema, rest) : undefined) ??
    besides(schema, segments)
  );
}

/** `additionalProperties` of a part that does not name the field. */
function byOthers(schema: JsonSchema, rest: readonly string[]): Found | undefined {
  const others = schema['additionalProperties'];
  const at = ['additionalProperties'];
  if (others === false) return { at, message: 'lets nothing be there but what it names' };
  const extra = documentOf(others);
  return extra && within(at, refusal(extra, rest));
}

function byPattern(schema: JsonSchema, [name = '', ...rest]: readonly string[]): Found | undefined {
  return matching(schema, name).reduce<Found | undefined>(
    (found, [pattern, inner]) => found ?? within(['patternProperties', pattern], refusal(inner, rest)),
    undefined,
  );
}

/** Keywords that say something of the field without leading to it name by name. */
function besides(schema: JsonSchema, segments: readonly string[]): Found | undefined {
  const dependent = Object.entries(documentOf(schema['dependencies']) ?? {}).map(([name, inner]) =>
    within(['dependencies', name], refusal(documentOf(inner) ?? {}, segments)),
  );
  const not = documentOf(schema['not']);
  const forbidden = not !== undefined && admits(not, segments);
  return (
    byDottedName(schema, segments) ??
    dependent.find((found) => found !== undefined) ??
    (forbidden ? { at: ['not'], message: 'refuses every document that contains it' } : undefined) ??
    combined(schema, segments)
  );
}

/** The server takes a name with dots for a path (tried on 4.4.4). */
function byDottedName(schema: JsonSchema, segments: readonly string[]): Found | undefined {
  const properties = documentOf(schema['properties']) ?? {};
  for (let depth = 2; depth <= segments.length; depth += 1) {
    const name = segments.slice(0, depth).join('.');
    const inner = own(properties, name);
    const found = inner && within(['properties', name], refusal(inner, segments.slice(depth)));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether every document with ciphertext under this path passes; no for what can't be told so simply. */
function admits(schema: JsonSchema, segments: readonly string[]): boolean {
  const [name, ...rest] = segments;
  const types = declaredTypes(schema);
  if (types !== undefined && !types.includes(name === undefined ? 'binData' : 'object')) return false;
  const { bsonType: _bsonType, type: _type, required = [], properties = {}, ...others } = schema;
  const inner = documentOf(properties);
  if (Object.keys(others).length > 0 || !Array.isArray(required) || inner === undefined) return false;
  return (
    required.every((each) => each === name) &&
    Object.entries(inner).every(([each, below]) => each === name && admits(documentOf(below) ?? {}, rest))
  );
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
  const either = ['anyOf', 'oneOf'].map(branches);
  return (
    either.flat().find((found) => found?.always === true) ??
    either.find((found) => found.length > 0 && found.every((one) => one !== undefined))?.at(0)
  );
}

function within(path: readonly (string | number)[], found: Found | undefined): Found | undefined {
  return found && { ...found, at: [...path, ...found.at] };
}

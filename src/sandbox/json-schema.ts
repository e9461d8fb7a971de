/**
 * The keywords of `$jsonSchema` that validators of access-controlled collections use (manual, "$jsonSchema"), and
 * `encrypt`, by which a validator demands ciphertext. A keyword that is not here is refused, never ignored.
 */
import { Binary } from 'bson';
import { equalValues, keyText } from './compare.ts';
import { locationError } from './errors.ts';
import { compilePattern } from './regular-expression.ts';
import { bad, boundOf, bsonTypes, countOf, documentOf, jsonTypes, listOf, namesOf, wrong } from './schema-arguments.ts';
import { type Document, field, isDocument, numberOf, TYPE_CODES, type TypeName, typeOf } from './values.ts';

/** Tells whether a value passes. */
type Check = (value: unknown) => boolean;
type Keyword = (value: unknown, schema: Document, keyword: string) => Check;

const UNSUPPORTED: readonly string[] = ['$ref', '$schema', 'default', 'definitions', 'format', 'id'];

/** A check that concerns values of one kind only: any other passes. */
const onDocuments =
  (check: (document: Document) => boolean): Check =>
  (value) =>
    !isDocument(value) || check(value);
const onLists =
  (check: (list: readonly unknown[]) => boolean): Check =>
  (value) =>
    !Array.isArray(value) || check(value);
const onTexts =
  (check: (text: string) => boolean): Check =>
  (value) =>
    typeof value !== 'string' || check(value);
const onNumbers =
  (check: (number: number) => boolean): Check =>
  (value) => {
    const number = numberOf(value);
    return number === undefined || check(number);
  };

function schemas(keyword: string, value: unknown): readonly Check[] {
  return listOf(keyword, value).map((schema) => compileSchema(documentOf(keyword, schema)));
}

function properties(value: unknown): ReadonlyMap<string, Check> {
  const entries = Object.entries(documentOf('properties', value));
  return new Map(entries.map(([name, schema]) => [name, compileSchema(documentOf('properties', schema))]));
}

function patterns(schema: Document): readonly (readonly [RegExp, Check])[] {
  const value = field(schema, 'patternProperties');
  if (value === undefined) return [];
  return Object.entries(documentOf('patternProperties', value)).map(([pattern, inner]) => [
    compilePattern(pattern),
    compileSchema(documentOf('patternProperties', inner)),
  ]);
}

/** Says of the properties that neither `properties` nor `patternProperties` name whether they pass. */
function additionalProperties(value: unknown, schema: Document): Check {
  const named = field(schema, 'properties');
  const known = new Set(isDocument(named) ? Object.keys(named) : []);
  const matched = patterns(schema);
  const check: Check =
    typeof value === 'boolean' ? () => value : compileSchema(documentOf('additionalProperties', value));
  return onDocuments((document) =>
    Object.entries(document).every(
      ([name, inner]) => known.has(name) || matched.some(([pattern]) => pattern.test(name)) || check(inner),
    ),
  );
}

function items(value: unknown, schema: Document): Check {
  if (!Array.isArray(value)) {
    const check = compileSchema(documentOf('items', value));
    return onLists((list) => list.every(check));
  }
  const checks = schemas('items', value);
  const additional = field(schema, 'additionalItems');
  const rest: Check =
    additional === undefined
      ? passes
      : typeof additional === 'boolean'
        ? () => additional
        : compileSchema(documentOf('additionalItems', additional));
  return onLists((list) => list.every((item, at) => (checks[at] ?? rest)(item)));
}

/** The header of ciphertext: algorithm, 16 bytes of the data key's id, original type (CSFLE specification). */
const CIPHERTEXT_HEADER = 18;

/**
 * `encrypt` looks at the header only: subtype 6, algorithm 1 or 2, and the original type if one is demanded. Neither the
 * algorithm nor the key that it names is compared; the server does not either.
 */
function encrypt(value: unknown): Check {
  const demand = documentOf('encrypt', value);
  for (const name of Object.keys(demand)) {
    if (!['bsonType', 'algorithm', 'keyId'].includes(name)) {
      throw locationError(40415, `BSON field 'encrypt.${name}' is an unknown field.`);
    }
  }
  const wanted = field(demand, 'bsonType');
  const codes = wanted === undefined ? undefined : [...bsonTypes('bsonType', wanted)].map((type) => TYPE_CODES[type]);
  return (sealed) => {
    if (!(sealed instanceof Binary) || sealed.sub_type !== Binary.SUBTYPE_ENCRYPTED) return false;
    if (codes === undefined) return true;
    const bytes = sealed.value();
    if (bytes.length < CIPHERTEXT_HEADER || (bytes[0] !== 1 && bytes[0] !== 2)) return false;
    return codes.some((code) => code === bytes[CIPHERTEXT_HEADER - 1]);
  };
}

function dependencies(value: unknown): Check {
  const checks = Object.entries(documentOf('dependencies', value)).map(([name, needed]): Check => {
    const check = Array.isArray(needed) ? required(needed) : compileSchema(documentOf('dependencies', needed));
    return onDocuments((document) => !Object.hasOwn(document, name) || check(document));
  });
  return (document) => checks.every((check) => check(document));
}

function required(value: unknown): Check {
  const names = namesOf('required', listOf('required', value));
  return onDocuments((document) => names.every((name) => Object.hasOwn(document, name)));
}

function pattern(value: unknown): Check {
  if (typeof value !== 'string') throw wrong('pattern', 'a string');
  const expression = compilePattern(value);
  return onTexts((text) => expression.test(text));
}

function patternProperties(_value: unknown, schema: Document): Check {
  const matched = patterns(schema);
  return onDocuments((document) =>
    Object.entries(document).every(([name, inner]) =>
      matched.every(([expression, check]) => !expression.test(name) || check(inner)),
    ),
  );
}

function namedProperties(value: unknown): Check {
  const checks = properties(value);
  return onDocuments((document) =>
    Object.entries(document).every(([name, inner]) => checks.get(name)?.(inner) ?? true),
  );
}

/** How many of something there may be, and of what: elements, characters, properties. */
type Count = (within: (count: number) => boolean) => Check;
const elements: Count = (within) => onLists((list) => within(list.length));
const characters: Count = (within) => onTexts((text) => within([...text].length));
const propertyCount: Count = (within) => onDocuments((document) => within(Object.keys(document).length));

const atMost =
  (count: Count): Keyword =>
  (value, _schema, keyword) => {
    const most = countOf(keyword, value);
    return count((number) => number <= most);
  };

const atLeast =
  (count: Count): Keyword =>
  (value, _schema, keyword) => {
    const least = countOf(keyword, value);
    return count((number) => number >= least);
  };

function maximum(value: unknown, schema: Document): Check {
  const most = boundOf('maximum', value);
  const below = field(schema, 'exclusiveMaximum') === true;
  return onNumbers((number) => (below ? number < most : number <= most));
}

function minimum(value: unknown, schema: Document): Check {
  const least = boundOf('minimum', value);
  const above = field(schema, 'exclusiveMinimum') === true;
  return onNumbers((number) => (above ? number > least : number >= least));
}

function multipleOf(value: unknown): Check {
  const divisor = boundOf('multipleOf', value);
  return onNumbers((number) => number % divisor === 0);
}

function not(value: unknown): Check {
  const check = compileSchema(documentOf('not', value));
  return (inner) => !check(inner);
}

/** Several schemas, and how many of them must hold. */
const combined =
  (holds: (checks: readonly Check[], value: unknown) => boolean): Keyword =>
  (value, _schema, keyword) => {
    const checks = schemas(keyword, value);
    return (inner) => holds(checks, inner);
  };

const typed =
  (read: (keyword: string, value: unknown) => ReadonlySet<TypeName>): Keyword =>
  (value, _schema, keyword) => {
    const types = read(keyword, value);
    return (inner) => types.has(typeOf(inner));
  };

function oneOfValues(value: unknown): Check {
  const values = listOf('enum', value);
  return (inner) => values.some((one) => equalValues(one, inner));
}

function uniqueItems(value: unknown): Check {
  if (value !== true) return passes;
  return onLists((list) => new Set(list.map(keyText)).size === list.length);
}

const passes: Check = () => true;
/** Says nothing by itself: a remark, or read together with another keyword. */
const silent: Keyword = () => passes;

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ['additionalItems', silent],
  ['additionalProperties', additionalProperties],
  ['allOf', combined((checks, value) => checks.every((check) => check(value)))],
  ['anyOf', combined((checks, value) => checks.some((check) => check(value)))],
  ['bsonType', typed(bsonTypes)],
  ['dependencies', dependencies],
  ['description', silent],
  ['encrypt', encrypt],
  ['encryptMetadata', silent],
  ['enum', oneOfValues],
  ['exclusiveMaximum', silent],
  ['exclusiveMinimum', silent],
  ['items', items],
  ['maxItems', atMost(elements)],
  ['maxLength', atMost(characters)],
  ['maxProperties', atMost(propertyCount)],
  ['maximum', maximum],
  ['minItems', atLeast(elements)],
  ['minLength', atLeast(characters)],
  ['minProperties', atLeast(propertyCount)],
  ['minimum', minimum],
  ['multipleOf', multipleOf],
  ['not', not],
  ['oneOf', combined((checks, value) => checks.filter((check) => check(value)).length === 1)],
  ['pattern', pattern],
  ['patternProperties', patternProperties],
  ['properties', namedProperties],
  ['required', required],
  ['title', silent],
  ['type', typed(jsonTypes)],
  ['uniqueItems', uniqueItems],
]);

/** Makes the check of a schema, or throws what the server says of one that it would not take. */
export function compileSchema(schema: Document): Check {
  if (Object.hasOwn(schema, 'type') && Object.hasOwn(schema, 'bsonType')) {
    throw bad("Cannot specify both $jsonSchema keywords 'type' and 'bsonType'");
  }
  for (const sibling of ['type', 'bsonType']) {
    if (!Object.hasOwn(schema, 'encrypt') || !Object.hasOwn(schema, sibling)) continue;
    throw bad(
      `$jsonSchema keyword 'encrypt' cannot be used in conjunction with '${sibling}', 'encrypt' implies type 'bsonType::BinData'`,
    );
  }
  const checks = Object.entries(schema).map(([name, value]): Check => {
    const keyword = KEYWORDS.get(name);
    if (keyword !== undefined) return keyword(value, schema, name);
    if (UNSUPPORTED.includes(name)) throw bad(`$jsonSchema keyword '${name}' is not currently supported`);
    throw bad(`Unknown $jsonSchema keyword: ${name}`);
  });
  return (value) => checks.every((check) => check(value));
}

/** Whether the schema demands ciphertext anywhere: the server takes that only with `strict` and `error`. */
export function demandsEncryption(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(demandsEncryption);
  if (!isDocument(value)) return false;
  return Object.entries(value).some(
    ([name, inner]) =>
      ((name === 'encrypt' || name === 'encryptMetadata') && isDocument(inner)) || demandsEncryption(inner),
  );
}

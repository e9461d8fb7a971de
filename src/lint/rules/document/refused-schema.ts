import { ALGORITHMS } from '../../../encryption/server-schema.ts';
import { formatNamespace } from '../../../model/names.ts';
import type { IntentCollection } from '../../../policy/intent.ts';
import { soleNearest } from '../../../policy/nearest.ts';
import type { DocumentPath } from '../../../policy/problem.ts';
import { sortedJson } from '../../../state/sorted-json.ts';
import type { LintContext, LintRule, RuleFinding } from '../../rule.ts';
import { partOf } from '../entry-place.ts';
import { refusedExpression } from '../regular-expression.ts';
import { asSchema, type Schema, schemaPartsOf } from '../schema-parts.ts';

export const refusedSchema: LintRule = {
  kind: 'checks',
  name: 'document/refused-schema',
  description: 'MongoDB does not take the schema of a collection',
  recommended: 'error',
  source:
    "MongoDB's manual, “$jsonSchema”: its keywords are those of JSON Schema, draft 4, some of them left out; the server's json_schema_parser.cpp. Each was tried on 4.4 and 8.3",
  check: (context) => context.intent.collections.flatMap((entry) => refusedIn(context, entry)),
};

function refusedIn(context: LintContext, { ns, schema, origin }: IntentCollection): RuleFinding[] {
  if (schema === undefined) return [];
  return [...problemsIn(schema, [])].map(({ path, why }) => ({
    message: `MongoDB refuses the schema of ${formatNamespace(ns)}, because ${why}`,
    at: partOf(context, origin, ['schema', ...path]),
  }));
}

interface Problem {
  readonly path: DocumentPath;
  /** A clause, then what to do in a sentence without a full stop. */
  readonly why: string;
}

function* problemsIn(schema: Schema, path: DocumentPath): Generator<Problem> {
  if ('type' in schema && 'bsonType' in schema) {
    yield { path: [...path, 'type'], why: 'type and bsonType stand side by side. Write one of them' };
  }
  for (const [keyword, value] of Object.entries(schema)) {
    const why = problemOf(keyword, value, schema);
    if (why !== undefined) yield { path: [...path, keyword], why };
    for (const inner of innerProblems(keyword, value)) yield { ...inner, path: [...path, ...inner.path] };
    for (const part of schemaPartsOf(keyword, value)) yield* problemsIn(part.schema, [...path, ...part.path]);
  }
}

/** What is wrong below a keyword whose value is of the right kind. */
function* innerProblems(keyword: string, value: unknown): Generator<Problem> {
  const named = asSchema(value) ?? {};
  if (keyword === 'encrypt' || keyword === 'encryptMetadata') {
    for (const [field, held] of Object.entries(named)) {
      const why = encryptProblem(keyword, field, held);
      if (why !== undefined) yield { path: [keyword, field], why };
    }
  }
  const expressions = keyword === 'patternProperties' ? Object.keys(named) : keyword === 'pattern' ? [value] : [];
  for (const text of expressions) {
    const wrong = typeof text === 'string' ? refusedExpression(text) : undefined;
    const path = keyword === 'pattern' ? [keyword] : [keyword, String(text)];
    if (wrong !== undefined) yield { path, why: `${JSON.stringify(text)} is no regular expression: ${wrong}` };
  }
}

type Check = (value: unknown, schema: Schema) => string | undefined;

const asks =
  (what: string, is: (value: unknown) => boolean): Check =>
  (value) =>
    is(value) ? undefined : what;

const isNumber = (value: unknown): boolean => typeof value === 'number' || isExtended(value);
/** Extended JSON: `{ $numberLong: "5" }` is a number too, and of which kind the server finds out. */
const isExtended = (value: unknown): boolean => Object.keys(asSchema(value) ?? {}).some((key) => key.startsWith('$'));
const isFilledList = (value: unknown): value is readonly unknown[] => Array.isArray(value) && value.length > 0;

const number = asks('a number', isNumber);
const count = asks('a whole number that is not negative', (value) =>
  typeof value === 'number' ? Number.isInteger(value) && value >= 0 : isExtended(value),
);
const text = asks('a text', (value) => typeof value === 'string');
const flag = asks('true or false', (value) => typeof value === 'boolean');
const aSchema = asks('a schema', (value) => asSchema(value) !== undefined);
const schemaOrFlag = asks(
  'a schema, true or false',
  (value) => typeof value === 'boolean' || asSchema(value) !== undefined,
);
const schemas = asks('a list of schemas that is not empty', (value) => isFilledList(value) && value.every(asSchema));
const byName = asks('a schema for each name', (value) => {
  const named = asSchema(value);
  return named !== undefined && Object.values(named).every((each) => asSchema(each) !== undefined);
});
const names = asks(
  'a list of different names that is not empty',
  (value) =>
    isFilledList(value) && value.every((each) => typeof each === 'string') && new Set(value).size === value.length,
);

/** As the server compares them: the order of fields does not count. */
function areDifferent(values: readonly unknown[]): boolean {
  return new Set(values.map(sortedJson)).size === values.length;
}

/** Of draft 4: later ones have a number there. */
const exclusive =
  (bound: string): Check =>
  (value, schema) =>
    typeof value === 'boolean' && bound in schema ? undefined : `true or false beside ${bound}`;

/** What the server takes for each keyword that it knows. */
const KEYWORDS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['additionalItems', schemaOrFlag],
  ['additionalProperties', schemaOrFlag],
  ['allOf', schemas],
  ['anyOf', schemas],
  [
    'bsonType',
    typesOf(
      'double string object array binData undefined objectId bool date null regex dbPointer javascript symbol javascriptWithScope int timestamp long decimal minKey maxKey number',
    ),
  ],
  [
    'dependencies',
    asks('a schema or a list of names for each name', (value) => {
      const named = asSchema(value);
      return (
        named !== undefined &&
        Object.values(named).every((each) => aSchema(each, {}) === undefined || names(each, {}) === undefined)
      );
    }),
  ],
  ['description', text],
  ['encrypt', aSchema],
  ['encryptMetadata', asks('a document that is not empty', (value) => Object.keys(asSchema(value) ?? {}).length > 0)],
  ['enum', asks('a list of different values that is not empty', (value) => isFilledList(value) && areDifferent(value))],
  ['exclusiveMaximum', exclusive('maximum')],
  ['exclusiveMinimum', exclusive('minimum')],
  [
    'items',
    asks(
      'a schema or a list of schemas',
      (value) => asSchema(value) !== undefined || (Array.isArray(value) && value.every(asSchema)),
    ),
  ],
  ['maxItems', count],
  ['maxLength', count],
  ['maxProperties', count],
  ['maximum', number],
  ['minItems', count],
  ['minLength', count],
  ['minProperties', count],
  ['minimum', number],
  [
    'multipleOf',
    asks('a number greater than 0', (value) => (typeof value === 'number' ? value > 0 : isExtended(value))),
  ],
  ['not', aSchema],
  ['oneOf', schemas],
  ['pattern', text],
  ['patternProperties', byName],
  ['properties', byName],
  ['required', names],
  ['title', text],
  ['type', typesOf('object array string number boolean null')],
  ['uniqueItems', flag],
]);

/** What the server takes below `encrypt`, and below `encryptMetadata` but for the type. */
const ENCRYPT: ReadonlyMap<string, Check> = new Map<string, Check>([
  [
    'algorithm',
    asks(Object.values(ALGORITHMS).join(' or '), (value) => Object.values(ALGORITHMS).some((known) => known === value)),
  ],
  [
    'bsonType',
    (value, schema) =>
      Array.isArray(value) && value.length === 0 ? undefined : KEYWORDS.get('bsonType')?.(value, schema),
  ],
  [
    'keyId',
    asks('a JSON pointer that begins with "/", or a list of keys as { $uuid: … }', (value) =>
      Array.isArray(value) ? value.every(isExtended) : typeof value === 'string' && value.startsWith('/'),
    ),
  ],
]);

function encryptProblem(keyword: 'encrypt' | 'encryptMetadata', field: string, value: unknown): string | undefined {
  const check = keyword === 'encryptMetadata' && field === 'bsonType' ? undefined : ENCRYPT.get(field);
  if (check === undefined) {
    const advice = keyword === 'encrypt' && field === 'type' ? 'Write bsonType' : 'Take it out';
    return `${keyword} does not know ${field}. ${advice}`;
  }
  const wanted = check(value, {});
  return wanted && `${field} under ${keyword} takes ${wanted}. Write that, or take it out`;
}

function typesOf(known: string): Check {
  const types = new Set(known.split(' '));
  return (value) => {
    const named: readonly unknown[] = Array.isArray(value) ? value : [value];
    const other = named.find((each) => typeof each !== 'string' || !types.has(each));
    if (named.length === 0 || new Set(named).size !== named.length) return 'one type, or a list of different ones';
    if (other === undefined) return undefined;
    if (typeof other !== 'string') return 'one type, or a list of different ones';
    const near = other === 'integer' ? 'int or long under bsonType' : soleNearest(other, types);
    return `a type that it knows, and not ${other}${near === undefined ? '' : ` (did you mean ${near}?)`}`;
  };
}

/** Keywords of JSON Schema that the server names as not supported. */
const LEFT_OUT: ReadonlySet<string> = new Set(['$ref', '$schema', 'default', 'definitions', 'format', 'id']);

function problemOf(keyword: string, value: unknown, schema: Schema): string | undefined {
  const check = KEYWORDS.get(keyword);
  if (check !== undefined) {
    const wanted = check(value, schema);
    return wanted && `${keyword} takes ${wanted}. Write that, or take it out`;
  }
  if (LEFT_OUT.has(keyword)) return `it does not support ${keyword}. Take it out`;
  const near = soleNearest(keyword, [...KEYWORDS.keys()]);
  return `it does not know ${keyword}. ${near === undefined ? 'Take it out' : `Write ${near}, if that is meant`}`;
}

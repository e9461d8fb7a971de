/** JSON schemas as plain code, so that nothing compiles a schema at run time: a module for each form of file. */
import { Ajv, type AnySchemaObject } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { transformSync } from 'esbuild';

type Schema = Readonly<Record<string, unknown>>;

/** Of a part of a schema, what is for people only. */
const PROSE = new Set(['description', 'examples', 'default', '$comment']);
/** Under these stand parts by the names of keys, and no keywords. */
const BY_NAME = new Set(['properties', 'patternProperties', 'definitions']);

/** The files of a schema's validator, by their names. `read` gives a schema by its name. */
export function validatorFiles(name: string, read: (name: string) => Schema): ReadonlyMap<string, string> {
  const schema = withKeysInPlace(withoutProse(selfContained(read(name), read)) as Schema);
  return new Map([
    [
      `validate-${name}.js`,
      // Not to be read by people: a file is linted in less time than it takes to parse the longer form.
      transformSync(validator(schema), { minify: true }).code,
    ],
    [`validate-${name}.d.ts`, `import type { Validator } from './validator.js';\nexport const validate: Validator;\n`],
    ['validator.ts', TYPES],
  ]);
}

const TYPES = `/** What a validator says of one thing that does not fit, in ajv's words. */
export interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The part of the schema that holds the keyword. */
  readonly parentSchema: Readonly<Record<string, unknown>>;
  /** The key that is wrong, where the error is about a key. */
  readonly propertyName?: string;
  readonly message?: string;
}

export interface Validator {
  (data: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}
`;

function validator(schema: Schema): string {
  const ajv = new Ajv({
    allErrors: true,
    // Each error brings the part of the schema that it breaks, for the words in which it is told.
    verbose: true,
    // A part that is referred to often is one function, and not as many copies.
    inlineRefs: false,
    allowUnionTypes: true,
    // Of the forms of an operation only the one that its kind names is reported on.
    discriminator: true,
    strictRequired: false,
    // Lengths in UTF-16 units: counting characters would take a part of the compiler along.
    unicode: false,
    // It would only say that this option is going away.
    logger: false,
    code: { source: true, esm: true },
    schemas: [schema as AnySchemaObject],
  });
  ajv.addKeyword('x-expected');
  const id = String(schema['$id']);
  return (standaloneCode as unknown as (ajv: Ajv, ids: Record<string, string>) => string)(ajv, { validate: id });
}

/** With the definitions of other schemas that it refers to among its own. */
function selfContained(schema: Schema, read: (name: string) => Schema): Schema {
  const definitions: Record<string, unknown> = { ...(schema['definitions'] as Schema | undefined) };
  const localize = (value: unknown, owner: Schema): unknown =>
    mapped(value, (key, inner) => {
      if (key !== '$ref' || typeof inner !== 'string') return localize(inner, owner);
      const [file = '', path = ''] = inner.split('#');
      const from = file === '' ? owner : read(file.replace(/\.schema\.json$/, ''));
      const name = path.replace('/definitions/', '');
      if (from !== schema && !Object.hasOwn(definitions, name)) {
        // Noted before it is looked through, so that one that refers to itself comes to an end.
        definitions[name] = {};
        definitions[name] = localize((from['definitions'] as Schema)[name], from);
      }
      return `#${path}`;
    });
  const local = localize(schema, schema) as Schema;
  return Object.keys(definitions).length === 0
    ? local
    : { ...local, definitions: { ...definitions, ...(local['definitions'] as Schema | undefined) } };
}

/** What keys may be stands where it is asked: an error in a part that is referred to does not tell which key it is about. */
function withKeysInPlace(schema: Schema): Schema {
  const definitions = schema['definitions'] as Schema | undefined;
  const inPlace = (value: unknown): unknown =>
    mapped(value, (key, inner) => {
      const ref = key === 'propertyNames' ? (inner as Schema)['$ref'] : undefined;
      return typeof ref === 'string' ? definitions?.[ref.replace('#/definitions/', '')] : inPlace(inner);
    });
  return inPlace(schema) as Schema;
}

function withoutProse(value: unknown, byName = false): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return mapped(value, (_, inner) => withoutProse(inner));
  }
  const kept = Object.entries(value).filter(([key]) => byName || !PROSE.has(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutProse(inner, !byName && BY_NAME.has(key))]));
}

/** A list or map with each of its values replaced; anything else as it is. */
function mapped(value: unknown, replace: (key: string, inner: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((inner) => replace('', inner));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replace(key, inner)]));
}

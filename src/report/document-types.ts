/** TypeScript types of a policy's documents, as the application sees them: sealed fields in the clear. */
import type { JSONSchema } from 'json-schema-to-typescript';
import { sealedFields, segmentsOf } from '../encryption/sealed-field.ts';
import { formatNamespace } from '../model/names.ts';
import type { IntentCollection } from '../policy/intent.ts';

type Schema = Readonly<Record<string, unknown>>;

/** What the Node.js driver gives for a BSON type by default, and for JSON Schema's `boolean`; names in capitals come from the package `mongodb`. */
const TYPES: Readonly<Record<string, string>> = {
  binData: 'Binary',
  bool: 'boolean',
  boolean: 'boolean',
  date: 'Date',
  dbPointer: 'DBRef',
  decimal: 'Decimal128',
  double: 'number',
  int: 'number',
  javascript: 'Code',
  javascriptWithScope: 'Code',
  long: 'number | Long',
  maxKey: 'MaxKey',
  minKey: 'MinKey',
  null: 'null',
  number: 'number | Long | Decimal128',
  objectId: 'ObjectId',
  regex: 'RegExp | BSONRegExp',
  string: 'string',
  symbol: 'string',
  timestamp: 'Timestamp',
  undefined: 'undefined',
};

const IMPORTED = [
  'BSONRegExp',
  'Binary',
  'Code',
  'DBRef',
  'Decimal128',
  'Long',
  'MaxKey',
  'MinKey',
  'ObjectId',
  'Timestamp',
];

/** One module with a type for each collection that has a schema or sealed fields. */
export async function documentTypes(collections: readonly IntentCollection[]): Promise<string> {
  const { compile } = await import('json-schema-to-typescript');
  const parts: string[] = [];
  const names = new Set(IMPORTED);
  const used = new Set<string>();
  for (const entry of collections) {
    const name = typeName(formatNamespace(entry.ns), names);
    names.add(name);
    const schema = { description: `A document of ${formatNamespace(entry.ns)}.`, ...plaintextSchema(entry) };
    const options = { bannerComment: '', additionalProperties: true, format: false };
    const described = asJsonSchema(schema, name);
    for (const type of typesIn(described)) used.add(type);
    parts.push(indented(await compile(described, name, options)));
  }
  const imported = IMPORTED.filter((type) => used.has(type));
  const imports = imported.length === 0 ? '' : `import type { ${imported.join(', ')} } from 'mongodb';\n\n`;
  return `${imports}${parts.join('\n')}`;
}

/** The compiler writes a member on each line, and leaves indents, semicolons and needless brackets to a formatter. */
function indented(code: string): string {
  let depth = 0;
  const lines = code.split('\n').map((line) => {
    if (line === '') return line;
    const isComment = /^(\/\*\*| \*)/.test(line);
    if (!isComment && line.startsWith('}')) depth -= 1;
    const indent = '  '.repeat(depth);
    if (isComment) return `${indent}${line}`;
    if (line.endsWith('{')) {
      depth += 1;
      return `${indent}${line}`;
    }
    return `${indent}${line.replace(/: \(([^()]*)\)$/, ': $1')}${depth === 0 ? '' : ';'}`;
  });
  return lines.join('\n');
}

/** `audit.logs` → `AuditLogs`; a number behind it where the name is taken. In the form that the compiler of types leaves as it is. */
function typeName(ns: string, taken: ReadonlySet<string>): string {
  const words = ns
    .split(/[^A-Za-z0-9]+/)
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join('')
    .replace(/^\d+/, '')
    .replaceAll(/\d[a-z]/g, (pair) => pair.toUpperCase());
  const name = `${words.charAt(0).toUpperCase()}${words.slice(1)}` || 'Document';
  for (let number = 1; ; number += 1) {
    const numbered = number === 1 ? name : `${name}${number}`;
    if (!taken.has(numbered)) return numbered;
  }
}

/** Every type that stands in it, by name. */
function typesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'tsType' in value && typeof value.tsType === 'string' ? value.tsType.split(' | ') : [];
  return [...own, ...Object.values(value).flatMap(typesIn)];
}

/** The policy's schema, with the original type where a field is sealed. */
function plaintextSchema({ schema = {}, encryption }: IntentCollection): Schema {
  return sealedFields(encryption?.fields ?? {}).reduce<Schema>(
    (current, { path, bsonType, schema: inner }) => place(current, segmentsOf(path), { bsonType, ...inner }),
    { bsonType: 'object', ...schema },
  );
}

function place(schema: Schema, [name, ...rest]: readonly string[], leaf: Schema): Schema {
  if (name === undefined) return { ...schema, ...leaf };
  const properties = asSchema(schema['properties']);
  const below = place(asSchema(properties[name]), rest, leaf);
  return { bsonType: 'object', ...schema, properties: { ...properties, [name]: below } };
}

function asSchema(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** Names of types stay where they are known; what only the server checks says nothing to a compiler. */
function asJsonSchema(schema: Schema, title?: string): JSONSchema {
  const { description, required, additionalProperties, items, enum: values } = schema;
  const written = schema['bsonType'] ?? schema['type'];
  const types = written === undefined ? [] : [written].flat().map(String);
  const needed = Array.isArray(required) ? required.map(String) : [];
  const named = asSchema(schema['properties']);
  const properties = Object.entries({ ...Object.fromEntries(needed.map((name) => [name, {}])), ...named });
  const shaped = properties.length > 0 || types.includes('object') || types.includes('array');
  const plain = types.filter((type) => type !== 'object' && type !== 'array');
  const remark = typeof description === 'string' ? { description } : {};
  const scalar: JSONSchema = {
    tsType: [...new Set(plain.flatMap((type) => (TYPES[type] ?? 'unknown').split(' | ')))].join(' | '),
  };
  if (!shaped) {
    if (Array.isArray(values)) return { ...remark, enum: values };
    return { ...remark, ...(plain.length === 0 ? { tsType: 'unknown' } : scalar) };
  }
  const array: JSONSchema = { type: 'array', items: asJsonSchema(asSchema(items)) };
  const object: JSONSchema = {
    ...(title === undefined ? {} : { title }),
    type: 'object',
    properties: Object.fromEntries(properties.map(([name, inner]) => [name, asJsonSchema(asSchema(inner))])),
    required: needed,
    additionalProperties: additionalProperties !== false,
  };
  const isObject = types.includes('object') || (properties.length > 0 && !types.includes('array'));
  const forms = [
    ...(types.includes('array') ? [array] : []),
    ...(isObject ? [object] : []),
    ...(plain.length > 0 ? [scalar] : []),
  ];
  const [only, ...others] = forms;
  return only !== undefined && others.length === 0 ? { ...only, ...remark } : { ...remark, anyOf: forms };
}

/**
 * Writes everything that is made from the JSON schemas, into src/generated/, and the shipped policy's migration. With --check it writes nothing and exits
 * with 1 if a file is not what it would write.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv, type AnySchemaObject } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { compile, type JSONSchema } from 'json-schema-to-typescript';
import { shippedMigration } from './shipped-migration.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const BANNER = '/* Generated from schema/ by `npm run generate`. Do not edit. */\n';

function readSchema(path: string): JSONSchema {
  return JSON.parse(readFileSync(join(root, 'schema', path), 'utf8')) as JSONSchema;
}

/** The types of one schema. Its `$ref`s to other files are resolved against schema/. */
async function types(path: string): Promise<string> {
  const schema = readSchema(path);
  return compile(schema, path, {
    bannerComment: '',
    cwd: join(root, 'schema'),
    additionalProperties: false,
    unreachableDefinitions: false,
    format: false,
  });
}

/** A validator as plain code, so that nothing compiles a schema at run time. */
function validators(names: Readonly<Record<string, string>>): string {
  const ajv = new Ajv({
    allErrors: true,
    // Each error brings the schema that it breaks, for the words in which it is told.
    verbose: true,
    allowUnionTypes: true,
    // Of the forms of an operation only the one that its kind names is reported on.
    discriminator: true,
    strictRequired: false,
    code: { source: true, esm: true },
    schemas: Object.values(names).map((path) => readSchema(path) as AnySchemaObject),
  });
  ajv.addKeyword('x-expected');
  const ids = Object.fromEntries(Object.entries(names).map(([name, path]) => [name, String(readSchema(path).$id)]));
  return (standaloneCode as unknown as (ajv: Ajv, ids: Record<string, string>) => string)(ajv, ids);
}

async function generated(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  files.set('policy.ts', await types('policy.schema.json'));
  files.set('config.ts', await types('config.schema.json'));
  files.set('migration.ts', await types('migration.schema.json'));
  const outputs = readdirSync(join(root, 'schema/output')).filter((name) => name.endsWith('.json'));
  for (const name of outputs.sort())
    files.set(`output-${name.replace(/\.json$/, '.ts')}`, await types(`output/${name}`));
  files.set(
    'validators.js',
    validators({
      validatePolicyFile: 'policy.schema.json',
      validateConfigFile: 'config.schema.json',
      validateSnapshotFile: 'snapshot.schema.json',
      validateMigrationFile: 'migration.schema.json',
    }),
  );
  files.set(
    'validators.d.ts',
    `/** What a validator says of one thing that does not fit, in ajv's words. */
export interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The schema object that holds the keyword. */
  readonly parentSchema: Readonly<Record<string, unknown>>;
  /** The key that is wrong, where the error is about a key. */
  readonly propertyName?: string;
  readonly message?: string;
}

interface Validator {
  (data: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}
export const validatePolicyFile: Validator;
export const validateConfigFile: Validator;
export const validateSnapshotFile: Validator;
export const validateMigrationFile: Validator;
`,
  );
  return files;
}

const check = process.argv.includes('--check');
const texts = new Map([...(await generated())].map(([name, code]) => [`src/generated/${name}`, BANNER + code]));
for (const [path, text] of shippedMigration(root)) texts.set(path, text);
const stale: string[] = [];
for (const [path, text] of texts) {
  const absolute = join(root, path);
  const present = existsSync(absolute) ? readFileSync(absolute, 'utf8') : undefined;
  if (present === text) continue;
  stale.push(path);
  if (check) continue;
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, text);
}
if (check && stale.length > 0) {
  console.error(`Not up to date: ${stale.join(', ')}. Run: npm run generate`);
  process.exitCode = 1;
}

/** Outputs against the schemas that other programs rely on. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';

const folder = join(import.meta.dirname, '../../schema/output');
const schemas = new Ajv({ strict: false, allErrors: true, formats: { 'date-time': true } });
for (const name of readdirSync(folder)) schemas.addSchema(JSON.parse(readFileSync(join(folder, name), 'utf8')));

/** Throws if the value does not fit `schema/output/<name>.json`. */
export function assertFits(name: string, value: unknown): void {
  const validate = schemas.getSchema(`https://mongoward.dev/schema/output/${name}.json`);
  assert.ok(validate, `there is no schema ${name}`);
  validate(value);
  assert.deepEqual(validate.errors, null);
}

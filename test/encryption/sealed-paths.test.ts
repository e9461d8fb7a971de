import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sealedFields } from '../../src/encryption/sealed-field.ts';
import { sealedPaths } from '../../src/encryption/sealed-paths.ts';
import { serverSchema } from '../../src/encryption/server-schema.ts';

const SEALED = { encrypt: { bsonType: 'string' } };

test('a validator wants sealed what has encrypt in its schema, wherever the schema stands', () => {
  const cases: readonly (readonly [validator: unknown, paths: readonly string[]])[] = [
    [undefined, []],
    [{}, []],
    [{ encrypt: 1 }, []],
    [{ $jsonSchema: { properties: { a: SEALED, b: { bsonType: 'string' } } } }, ['a']],
    [{ $and: [{ x: 1 }, { $jsonSchema: { properties: { a: SEALED } } }] }, ['a']],
    [{ $jsonSchema: { allOf: [{ properties: { a: { properties: { b: SEALED } } } }] } }, ['a.b']],
    [{ $jsonSchema: { properties: { encrypt: { bsonType: 'string' } } } }, []],
    [{ $jsonSchema: { properties: { encrypt: SEALED } } }, ['encrypt']],
  ];
  for (const [validator, paths] of cases) assert.deepEqual(sealedPaths(validator), paths, JSON.stringify(validator));
});

test('what the server schema of a field map wants sealed are its fields', () => {
  const names = fc.uniqueArray(fc.constantFrom('a', 'b.c', 'b.d', 'e.f.g', 'h'), { minLength: 1 });
  fc.assert(
    fc.property(names, (paths) => {
      const field = { bsonType: 'string', algorithm: 'random' } as const;
      const { schema } = serverSchema({}, sealedFields(Object.fromEntries(paths.map((path) => [path, field]))));
      assert.deepEqual(sealedPaths({ $jsonSchema: schema }), [...paths].sort());
    }),
  );
});

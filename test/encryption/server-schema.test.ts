import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JsonSchema } from '../../src/encryption/json-schema.ts';
import { sealedFields } from '../../src/encryption/sealed-field.ts';
import { serverSchema } from '../../src/encryption/server-schema.ts';
import { compileSchema } from '../../src/sandbox/json-schema.ts';
import { ciphertext } from './sealed.ts';

const STRING = { bsonType: 'string', algorithm: 'random' } as const;
const SEALED = { encrypt: { bsonType: 'string', algorithm: 'AEAD_AES_256_CBC_HMAC_SHA_512-Random' } };

function merge(schema: JsonSchema, ...paths: readonly string[]) {
  return serverSchema(schema, sealedFields(Object.fromEntries(paths.map((path) => [path, STRING]))));
}

test('ciphertext is demanded under every path, and a document above it', () => {
  assert.deepEqual(merge({}, 'user.email', 'user.ip', 'note'), {
    schema: {
      bsonType: 'object',
      properties: {
        note: SEALED,
        user: { bsonType: 'object', properties: { email: SEALED, ip: SEALED } },
      },
    },
    contradictions: [],
  });
});

test('what the schema says of other fields stays, and so does what it requires', () => {
  const schema = {
    required: ['at', 'user'],
    properties: { at: { bsonType: 'date' }, user: { type: 'object', required: ['email'] } },
    additionalProperties: false,
  };
  assert.deepEqual(merge(schema, 'user.email').schema, {
    ...schema,
    bsonType: 'object',
    properties: {
      at: { bsonType: 'date' },
      user: { type: 'object', required: ['email'], properties: { email: SEALED } },
    },
  });
});

test('a type that agrees, a title and a description are no contradiction; what additionalProperties demands is kept', () => {
  const user = {
    bsonType: ['object', 'null'],
    properties: { email: { type: 'string', title: 't', description: 'd' } },
  };
  assert.deepEqual(merge({ additionalProperties: user }, 'user.email'), {
    schema: {
      bsonType: 'object',
      additionalProperties: user,
      properties: { user: { bsonType: ['object', 'null'], properties: { email: SEALED } } },
    },
    contradictions: [],
  });
});

const CONTRADICTIONS: readonly (readonly [schema: JsonSchema, at: string, message: string])[] = [
  [{ properties: { user: { bsonType: 'array' } } }, '/properties/user/bsonType', 'lets it cross an array'],
  [{ properties: { user: { bsonType: ['object', 'array'] } } }, '/properties/user/bsonType', 'lets it cross an array'],
  [{ properties: { user: { items: {} } } }, '/properties/user/items', 'lets it cross an array'],
  [
    { properties: { user: { bsonType: 'string' } } },
    '/properties/user/bsonType',
    'says string where a document must be that contains it',
  ],
  [{ properties: { user: { encrypt: {} } } }, '/properties/user/encrypt', 'seals what contains it already'],
  [{ properties: { user: { enum: [1] } } }, '/properties/user/enum', 'lists the values of what contains it'],
  [
    { properties: { user: { properties: { email: { encrypt: {} } } } } },
    '/properties/user/properties/email/encrypt',
    'seals it already: keep one of the two',
  ],
  [
    { properties: { user: { properties: { email: { type: 'number' } } } } },
    '/properties/user/properties/email/type',
    'says decimal or double or int or long, and it is sealed as string',
  ],
  [
    { properties: { user: { properties: { email: { bsonType: ['string', 'null'] } } } } },
    '/properties/user/properties/email/bsonType',
    "says string or null, and it is sealed as string. Null can't be sealed: leave the field out instead",
  ],
  [
    { properties: { user: { properties: { email: { pattern: '@' } } } } },
    '/properties/user/properties/email/pattern',
    'demands "pattern" of it, which no server can check on ciphertext: move it to the field\'s own "schema", for `policy types`',
  ],
  [
    { patternProperties: { '^u': { properties: { email: { bsonType: 'string' } } } } },
    '/patternProperties/^u/properties/email/bsonType',
    'says string there, and the server sees ciphertext',
  ],
  [
    { additionalProperties: { bsonType: 'string' } },
    '/additionalProperties/bsonType',
    'says string where a document must be that contains it',
  ],
  [
    { allOf: [{}, { properties: { user: { properties: { email: { enum: ['x'] } } } } }] },
    '/allOf/1/properties/user/properties/email/enum',
    'lists values there, and the server sees ciphertext',
  ],
  [
    { anyOf: [{ properties: { user: { bsonType: 'null' } } }] },
    '/anyOf/0/properties/user/bsonType',
    'says null there, and the server sees ciphertext',
  ],
  [
    { properties: { user: { anyOf: [{ bsonType: 'array' }, { bsonType: 'object' }] } } },
    '/properties/user/anyOf/0/bsonType',
    'lets it cross an array',
  ],
  [
    { oneOf: [{ required: ['user'] }, { properties: { user: { items: [{}] } } }] },
    '/oneOf/1/properties/user/items',
    'lets it cross an array',
  ],
  [{ patternProperties: { '^u': { minItems: 1 } } }, '/patternProperties/^u/minItems', 'lets it cross an array'],
  [
    { patternProperties: { '(?i)^U\\-?': { properties: { email: { bsonType: 'string' } } } } },
    '/patternProperties/(?i)^U\\-?/properties/email/bsonType',
    'says string there, and the server sees ciphertext',
  ],
  [
    { dependencies: { at: { properties: { user: { properties: { email: { bsonType: 'string' } } } } } } },
    '/dependencies/at/properties/user/properties/email/bsonType',
    'says string there, and the server sees ciphertext',
  ],
  [
    { allOf: [{ properties: { user: { properties: { email: { encrypt: {} } } } } }] },
    '/allOf/0/properties/user/properties/email/encrypt',
    'seals it already: keep one of the two',
  ],
  [
    { anyOf: [{ properties: { user: { encrypt: {} } } }, {}] },
    '/anyOf/0/properties/user/encrypt',
    'seals what contains it already',
  ],
  [
    { anyOf: [{}, { properties: { user: { properties: { email: { minLength: 3 } } } } }] },
    '/anyOf/1/properties/user/properties/email/minLength',
    'demands "minLength" of it, which no server can check on ciphertext: move it to the field\'s own "schema", for `policy types`',
  ],
  [
    { allOf: [{ properties: { at: {} }, additionalProperties: false }] },
    '/allOf/0/additionalProperties',
    'lets nothing be there but what it names',
  ],
  [
    { allOf: [{ properties: { user: { additionalProperties: { bsonType: 'string' } } } }] },
    '/allOf/0/properties/user/additionalProperties/bsonType',
    'says string there, and the server sees ciphertext',
  ],
  [
    { properties: { 'user.email': { bsonType: 'string' } } },
    '/properties/user.email/bsonType',
    'says string there, and the server sees ciphertext',
  ],
  [
    { properties: { user: { not: { bsonType: 'object' } } } },
    '/properties/user/not',
    'refuses every document that contains it',
  ],
  [{ not: { required: ['user'] } }, '/not', 'refuses every document that contains it'],
  [{ properties: { user: true } }, '/properties/user', 'has no document there: MongoDB refuses such a schema'],
];

test('what a schema forbids elsewhere, or says of documents that are not, is no contradiction', () => {
  const fine: readonly JsonSchema[] = [
    { not: { required: ['user', 'deleted'] } },
    { properties: { user: { not: { bsonType: 'array' } } } },
    { dependencies: { user: ['at'] } },
    { additionalProperties: false },
    { properties: { user: { bsonType: 'object', additionalProperties: false, properties: { id: {} } } } },
    {
      allOf: [{ properties: { at: { items: {} } }, patternProperties: { '^user$': {} }, additionalProperties: false }],
    },
  ];
  for (const schema of fine) assert.deepEqual(merge(schema, 'user.email').contradictions, [], JSON.stringify(schema));
});

test('a schema by which the sealed document would be refused, or plaintext could hide, is a contradiction with its place', () => {
  for (const [schema, at, message] of CONTRADICTIONS) {
    const { contradictions } = merge(schema, 'user.email');
    assert.deepEqual(
      contradictions.map((found) => [`/${found.at.join('/')}`, found.message]),
      [[at, message]],
    );
  }
});

test('a branch of anyOf that fits is enough; a number is a position unless the schema says that it is not', () => {
  const fits = { anyOf: [{ properties: { user: { bsonType: 'null' } } }, { required: ['user'] }] };
  assert.deepEqual(merge(fits, 'user.email').contradictions, []);
  assert.deepEqual(merge({}, '0').contradictions, []);
  assert.equal(merge({}, 'list.0.email').contradictions.length, 1);
  assert.deepEqual(merge({ properties: { list: { bsonType: 'object' } } }, 'list.0').contradictions, []);
});

const name = fc.constantFrom('a', 'b', 'c');
const path = fc.array(name, { minLength: 1, maxLength: 3 });

test('law: whatever lies under a sealed path, the validator takes nothing but ciphertext', () => {
  const value = fc.oneof(fc.string(), fc.integer(), fc.array(fc.string()), fc.constant(null));
  fc.assert(
    fc.property(path, value, (segments, plaintext) => {
      const { schema, contradictions } = merge({}, segments.join('.'));
      assert.deepEqual(contradictions, []);
      const passes = compileSchema(schema);
      const document = (leaf: unknown): unknown =>
        segments.reduceRight<unknown>((inner, segment) => ({ [segment]: inner }), leaf);
      assert.equal(passes(document(plaintext)), false);
      assert.equal(passes(document(ciphertext({ bsonType: 'string' }))), true);
      assert.equal(passes(document(ciphertext({ bsonType: 'int' }))), false);
      assert.equal(passes({ [segments[0] ?? '']: [document(plaintext)] }), false);
    }),
  );
});

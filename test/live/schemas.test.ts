/** What the linter says of schemas, and what the server says when a collection is made with them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type MongoClient, MongoServerError } from 'mongodb';
import { withMongo } from '../../src/demo/seed.ts';
import { lintPolicies } from '../../src/lint/lint.ts';
import { parsePolicyFile } from '../../src/policy/compile.ts';
import { policyText } from '../support/build.ts';
import { REFUSED_EXPRESSIONS, TAKEN_EXPRESSIONS } from '../support/expressions.ts';
import { type LiveServer, startLiveServer, uniqueName } from './server.ts';

let server: LiveServer;
const db = uniqueName('schemas');
const TODAY = '2026-11-23';

before(async () => {
  server = await startLiveServer();
});

after(async () => {
  await withMongo(server.rootUri, (client) => client.db(db).dropDatabase());
  await server.stop();
});

const TAKEN: readonly object[] = [
  { bsonType: 'object', required: ['a'], properties: { a: { bsonType: ['int', 'number'] }, b: { type: 'number' } } },
  { properties: { a: { minimum: 0, exclusiveMinimum: true, maximum: 9.5, multipleOf: 0.5 } } },
  {
    properties: {
      a: { items: [{ type: 'null' }], additionalItems: false, minItems: 0, maxItems: 3, uniqueItems: true },
    },
  },
  { properties: { a: { items: {} }, b: { items: [] }, c: { pattern: '^x', minLength: 1, maxLength: 2 } } },
  { patternProperties: { '^x': { not: { type: 'object' } } }, additionalProperties: { type: 'string' } },
  {
    dependencies: { a: ['b'], b: { required: ['c'] } },
    minProperties: 0,
    maxProperties: 5,
    title: 't',
    description: 'd',
  },
  { anyOf: [{ enum: [1, 'x', null] }], oneOf: [{}], allOf: [{ properties: {} }] },
  { enum: [1, '1', true, null, { a: 1 }, [1]] },
  { patternProperties: { '^[]a(]+$': {}, '(?i)x{2,3}?': {} } },
  { encrypt: { bsonType: ['string', 'int'], algorithm: 'AEAD_AES_256_CBC_HMAC_SHA_512-Random', keyId: '/key' } },
  { encrypt: {} },
  { encryptMetadata: { algorithm: 'AEAD_AES_256_CBC_HMAC_SHA_512-Deterministic', keyId: '/key' } },
  ...TAKEN_EXPRESSIONS.map((pattern) => ({ properties: { a: { pattern } } })),
];

const REFUSED: readonly object[] = [
  ...[
    '$ref',
    '$schema',
    'default',
    'definitions',
    'format',
    'id',
    'const',
    'propertise',
    'examples',
    '$comment',
    'if',
  ].map((keyword) => ({ [keyword]: 'x' })),
  { type: 'integer' },
  { type: 'int' },
  { type: ['string', 'string'] },
  { type: [] },
  { type: 5 },
  { bsonType: 'boolean' },
  { bsonType: 'integer' },
  { bsonType: ['int', 'float'] },
  { type: 'string', bsonType: 'string' },
  { required: [] },
  { required: 'a' },
  { required: ['a', 'a'] },
  { required: [1] },
  { properties: [] },
  { properties: { a: 'string' } },
  { patternProperties: { a: 1 } },
  { additionalProperties: 'no' },
  { additionalItems: 1 },
  { dependencies: { a: [] } },
  { dependencies: { a: 'b' } },
  { dependencies: ['a'] },
  { exclusiveMinimum: 5 },
  { exclusiveMinimum: true },
  { maximum: 5, exclusiveMaximum: 5 },
  { minimum: '5' },
  { multipleOf: 0 },
  { multipleOf: -1 },
  { minLength: -1 },
  { maxLength: 1.5 },
  { maxItems: '3' },
  { minItems: true },
  { maxProperties: null },
  { uniqueItems: 'yes' },
  { pattern: 5 },
  { title: 5 },
  { description: ['x'] },
  { enum: [] },
  { enum: 'x' },
  { allOf: [] },
  { anyOf: { type: 'string' } },
  { oneOf: ['string'] },
  { not: [] },
  { items: 'string' },
  { items: ['string'] },
  { encrypt: 'yes' },
  { enum: [1, 1] },
  {
    enum: [
      { a: 1, b: [2] },
      { b: [2], a: 1 },
    ],
  },
  { patternProperties: { '(': {} } },
  { encrypt: { algorithm: 'AES' } },
  { encrypt: { type: 'string' } },
  { encrypt: { keyAltName: 'x' } },
  { encrypt: { bsonType: 'integer' } },
  { encrypt: { keyId: 'key' } },
  { encrypt: { keyId: ['key'] } },
  { encryptMetadata: {} },
  { encryptMetadata: { bsonType: 'string' } },
  ...REFUSED_EXPRESSIONS.map(([pattern]) => ({ properties: { a: { pattern } } })),
];

/** At the top, and inside another schema. */
const placed = (schema: object): readonly object[] => [schema, { properties: { a: { items: [{ anyOf: [schema] }] } } }];

function isFound(schema: object): boolean {
  const text = policyText(`collections: { shop.c: { schema: ${JSON.stringify(schema)} } }\n`);
  const only = ['document/refused-schema'];
  const { findings } = lintPolicies([parsePolicyFile({ file: 'p.yaml', text })], ['p.yaml'], { today: TODAY, only });
  return findings.length > 0;
}

async function isRefused(client: MongoClient, schema: object): Promise<boolean> {
  try {
    await client.db(db).createCollection(uniqueName('c'), { validator: { $jsonSchema: schema } });
    return false;
  } catch (error) {
    assert.ok(error instanceof MongoServerError);
    return true;
  }
}

const SIMULATED = 'the sandbox reads no schema that nobody checks documents by';

for (const [what, refused, list] of [
  ['what the server takes, the linter takes', false, TAKEN],
  ['what the server refuses, the linter finds', true, REFUSED],
] as const) {
  test(what, async (t) => {
    const schemas = list.flatMap(placed);
    assert.deepEqual(
      schemas.filter((schema) => isFound(schema) !== refused),
      [],
    );
    if (server.simulated) return t.skip(SIMULATED);
    await withMongo(server.rootUri, async (client) => {
      const answers: boolean[] = [];
      for (const schema of schemas) answers.push(await isRefused(client, schema));
      assert.deepEqual(
        schemas.filter((_, at) => answers[at] !== refused),
        [],
      );
    });
  });
}

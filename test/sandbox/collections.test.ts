import assert from 'node:assert/strict';
import { Binary, type Document } from 'mongodb';
import { type Loose, outcome, outcomes, sandboxTest } from './support.ts';

const ID = { v: 2, key: { _id: 1 }, name: '_id_' };
const SCHEMA = { $jsonSchema: { required: ['a'] } };

sandboxTest('listCollections and listIndexes show what was made', async ({ root }) => {
  const db = root.db('app');
  await db.createCollection('c', { validator: SCHEMA, validationLevel: 'moderate' });
  await db.command({ createIndexes: 'c', indexes: [{ key: { at: 1 }, name: 'ttl', expireAfterSeconds: 60 }] });
  const [listed] = await db.listCollections({ name: 'c' }).toArray();
  assert.deepEqual(
    { ...listed, info: undefined },
    {
      name: 'c',
      type: 'collection',
      options: { validator: SCHEMA, validationLevel: 'moderate' },
      info: undefined,
      idIndex: ID,
    },
  );
  const indexes = await db.collection('c').listIndexes().toArray();
  assert.deepEqual(indexes, [ID, { v: 2, key: { at: 1 }, name: 'ttl', expireAfterSeconds: 60 }]);
});

sandboxTest('collMod writes validator, level and action, and the expiry of an index', async ({ root }) => {
  const db = root.db('app');
  await db.createCollection('c');
  await db.collection('c').createIndex({ at: 1 }, { expireAfterSeconds: 60 });
  const options = async () => (await db.listCollections({}, { nameOnly: false }).toArray())[0];
  await db.command({ collMod: 'c', validator: SCHEMA });
  const full = { validator: SCHEMA, validationLevel: 'strict', validationAction: 'error' };
  assert.deepEqual((await options())?.options, full);
  const changed = await db.command({ collMod: 'c', index: { name: 'at_1', expireAfterSeconds: 90 } });
  assert.deepEqual(changed, { expireAfterSeconds_old: 60, expireAfterSeconds_new: 90, ok: 1 });
  assert.equal((await db.collection('c').indexes())[1]?.['expireAfterSeconds'], 90);
  assert.equal(await outcome(db.command({ collMod: 'nonsense' })), '26 ns does not exist: app.nonsense');
});

sandboxTest('create, createIndexes, dropIndexes, drop and rename: what they refuse', async ({ root }) => {
  const db = root.db('app');
  await db.createCollection('c', { validator: SCHEMA });
  await db.createCollection('d');
  const index = (spec: Document) => ({ createIndexes: 'c', indexes: [{ name: 'i', key: { a: 1 }, ...spec }] });
  const answers = await outcomes(db, [
    { create: 'c', validator: SCHEMA },
    { create: 'c' },
    { create: 'a$b' },
    { create: 'v', viewOn: 'c', pipeline: [] },
    { create: 't', expireAfterSeconds: 1 },
    { create: 's', size: 1 },
    { create: 'system.mine' },
    index({}),
    index({}),
    index({ unique: true }),
    index({ key: { b: 1 } }),
    index({ name: 'j' }),
    index({ name: 'k', key: { a: 1, b: 1 }, expireAfterSeconds: 1 }),
    index({ name: 'k', key: { b: 1 }, nonsense: 1 }),
    { dropIndexes: 'c', index: 'nonsense' },
    { dropIndexes: 'c', index: '_id_' },
    { dropIndexes: 'c', index: { a: 1 } },
    { dropIndexes: 'nonsense', index: '*' },
    { drop: 'nonsense' },
  ]);
  const spec = (text: string) =>
    `Requested index: { v: 2, ${text} }, existing index: { v: 2, key: { a: 1 }, name: "i" }`;
  assert.deepEqual(answers, [
    'ok',
    '48 namespace app.c already exists, but with different options',
    '73 Invalid collection name: a$b',
    "115 the sandbox does not implement 'viewOn' of create; use a real server for it",
    "72 'expireAfterSeconds' is only supported on time-series collections or when the 'clusteredIndex' option is specified",
    "72 the 'size' and 'max' fields are only for capped collections",
    '13 not authorized on app to execute command { create: "system.mine", $db: "app" }',
    'ok',
    'ok',
    `85 An equivalent index already exists with the same name but different options. ${spec('key: { a: 1 }, name: "i", unique: true')}`,
    `86 An existing index has the same name as the requested index. ${spec('key: { b: 1 }, name: "i"')}`,
    '85 Index already exists with a different name: i',
    '67 TTL indexes are single-field indexes, compound indexes do not support TTL.',
    "197 The field 'nonsense' is not valid for an index specification. Specification: k",
    '27 index not found with name [nonsense]',
    '72 cannot drop _id index',
    'ok',
    '26 ns not found app.nonsense',
    'ok',
  ]);
  const rename = { renameCollection: 'app.c', to: 'app.d' };
  assert.deepEqual(
    await outcomes(root.db('admin'), [
      rename,
      { ...rename, renameCollection: 'app.x' },
      { ...rename, dropTarget: true },
    ]),
    ['48 target namespace exists', '26 Source collection app.x does not exist', 'ok'],
  );
  assert.deepEqual(
    (await db.listCollections().toArray()).map(({ name }) => name),
    ['d'],
  );
});

sandboxTest(
  'before 7.0, creating again and dropping nothing are errors',
  async ({ root }) => {
    const answers = await outcomes(root.db('app'), [{ create: 'c' }, { create: 'c' }, { drop: 'd' }]);
    assert.deepEqual(answers, ['ok', '48 Collection already exists. NS: app.c', '26 ns not found']);
  },
  { version: '6.0.1' },
);

sandboxTest('a validator refuses what does not match it, as its level and action say', async ({ root }) => {
  const rows = [
    { level: 'strict', action: 'error', insert: false, updateOfInvalid: false },
    { level: 'moderate', action: 'error', insert: false, updateOfInvalid: true },
    { level: 'off', action: 'error', insert: true, updateOfInvalid: true },
    { level: 'strict', action: 'warn', insert: true, updateOfInvalid: true },
  ];
  const c = root.db('app').collection<Loose>('c');
  for (const { level, action, insert, updateOfInvalid } of rows) {
    await c.drop();
    await c.insertMany([{ _id: 'invalid' }, { _id: 'valid', a: 1 }]);
    await c.db.command({ collMod: 'c', validator: SCHEMA, validationLevel: level, validationAction: action });
    const said = async (running: Promise<unknown>) => (await outcome(running)) === 'ok';
    assert.deepEqual(
      {
        level,
        action,
        insert: await said(c.insertOne({ b: 1 })),
        updateOfInvalid: await said(c.updateOne({ _id: 'invalid' }, { $set: { b: 1 } })),
      },
      { level, action, insert, updateOfInvalid },
    );
    assert.equal(await outcome(c.insertOne({ b: 1 }, { bypassDocumentValidation: true })), 'ok');
  }
});

sandboxTest('the refusal of a document says so with its code and id', async ({ root }) => {
  const db = root.db('app');
  await db.createCollection('c', { validator: { a: { $type: 'int' } } });
  const reply = await db.command({ insert: 'c', documents: [{ _id: 1, a: 'text' }] });
  assert.deepEqual(reply, {
    n: 0,
    writeErrors: [
      {
        index: 0,
        code: 121,
        errmsg: 'Document failed validation',
        errInfo: { failingDocumentId: 1, details: { operatorName: 'a' } },
      },
    ],
    ok: 1,
  });
});

const VALUES: readonly {
  readonly schema: Document;
  readonly passes: readonly unknown[];
  readonly fails: readonly unknown[];
}[] = [
  { schema: { bsonType: 'string' }, passes: ['x'], fails: [1, null] },
  { schema: { bsonType: ['int', 'null'] }, passes: [1, null], fails: [1.5] },
  { schema: { bsonType: 'number' }, passes: [1, 1.5], fails: ['1'] },
  { schema: { type: 'object' }, passes: [{}], fails: [[]] },
  { schema: { enum: [1, 'a'] }, passes: [1, 'a'], fails: [2] },
  { schema: { minimum: 1, maximum: 3 }, passes: [1, 3, 'x'], fails: [0, 4] },
  { schema: { minimum: 1, exclusiveMinimum: true }, passes: [2], fails: [1] },
  { schema: { minLength: 2, maxLength: 3 }, passes: ['🔒🔒', 1], fails: ['🔒', 'abcd'] },
  { schema: { pattern: '^a\\-b' }, passes: ['a-b', 1], fails: ['ab'] },
  {
    schema: { items: { bsonType: 'int' }, maxItems: 2, uniqueItems: true },
    passes: [[1, 2]],
    fails: [['x'], [1, 2, 3], [1, 1]],
  },
  {
    schema: { properties: { x: { bsonType: 'int' } }, required: ['x'], additionalProperties: false },
    passes: [{ x: 1 }],
    fails: [{}, { x: '' }, { x: 1, y: 1 }],
  },
  { schema: { minProperties: 1, maxProperties: 1 }, passes: [{ a: 1 }], fails: [{}, { a: 1, b: 1 }] },
  { schema: { anyOf: [{ bsonType: 'int' }, { minLength: 2 }] }, passes: [1, 'ab'], fails: ['a'] },
  { schema: { oneOf: [{ minimum: 1 }, { maximum: 3 }] }, passes: [0, 4], fails: [2] },
  { schema: { allOf: [{ minimum: 1 }, { maximum: 3 }] }, passes: [2], fails: [0] },
  { schema: { not: { bsonType: 'int' } }, passes: ['x'], fails: [1] },
  { schema: { patternProperties: { '^x': { bsonType: 'int' } } }, passes: [{ xa: 1, y: '' }], fails: [{ xa: '' }] },
];

sandboxTest('the keywords of $jsonSchema', async ({ root }) => {
  const db = root.db('app');
  for (const { schema, passes, fails } of VALUES) {
    await db.dropDatabase();
    await db.createCollection('c', { validator: { $jsonSchema: { properties: { v: schema } } } });
    const c = db.collection<Loose>('c');
    for (const v of passes) assert.equal(await outcome(c.insertOne({ v })), 'ok', JSON.stringify({ schema, v }));
    for (const v of fails) {
      assert.equal(await outcome(c.insertOne({ v })), '121 Document failed validation', JSON.stringify({ schema, v }));
    }
    assert.equal(await outcome(c.insertOne({})), 'ok');
  }
});

/** Ciphertext as far as a validator looks: algorithm, the key's id, the original type. */
function sealed(algorithm: number, type: number, subtype = 6): Binary {
  return new Binary(Buffer.from([algorithm, ...Buffer.alloc(16), type, ...Buffer.alloc(64)]), subtype);
}

sandboxTest('encrypt demands ciphertext of the original type', async ({ root }) => {
  const db = root.db('app');
  const encrypt = { bsonType: 'string', algorithm: 'AEAD_AES_256_CBC_HMAC_SHA_512-Random' };
  const properties = { user: { bsonType: 'object', properties: { email: { encrypt } } } };
  await db.createCollection('c', { validator: { $jsonSchema: { properties } } });
  const insert = (email: unknown) => outcome(db.collection('c').insertOne({ user: { email } }));
  const refused = '121 Document failed validation';
  assert.deepEqual(
    {
      plaintext: await insert('a@b.c'),
      random: await insert(sealed(2, 2)),
      deterministic: await insert(sealed(1, 2)),
      otherSubtype: await insert(sealed(2, 2, 0)),
      impossibleAlgorithm: await insert(sealed(9, 2)),
      otherType: await insert(sealed(2, 16)),
      tooShort: await insert(new Binary(Buffer.from([1, 2]), 6)),
      missing: await outcome(db.collection('c').insertOne({ user: {} })),
    },
    {
      plaintext: refused,
      random: 'ok',
      deterministic: 'ok',
      otherSubtype: refused,
      impossibleAlgorithm: refused,
      otherType: refused,
      tooShort: refused,
      missing: 'ok',
    },
  );
});

sandboxTest('validators that are none', async ({ root }) => {
  const create = (schema: Document, more: Document = {}) => ({
    create: 'c',
    validator: { $jsonSchema: schema },
    ...more,
  });
  assert.deepEqual(
    await outcomes(root.db('app'), [
      create({ nonsense: 1 }),
      create({ $ref: '#' }),
      create({ bsonType: 'nonsense' }),
      create({ type: 'integer' }),
      create({ required: [] }),
      create({ properties: { a: { encrypt: {}, bsonType: 'binData' } } }),
      create({ properties: { a: { encrypt: {} } } }, { validationAction: 'warn' }),
      create({}, { validationLevel: 'nonsense' }),
      { create: 'c', validator: { $nonsense: 1 } },
    ]),
    [
      '9 Unknown $jsonSchema keyword: nonsense',
      "9 $jsonSchema keyword '$ref' is not currently supported",
      '2 Unknown type name alias: nonsense',
      "9 $jsonSchema type 'integer' is not currently supported.",
      "14 $jsonSchema keyword 'required' must be a non-empty array",
      "9 $jsonSchema keyword 'encrypt' cannot be used in conjunction with 'bsonType', 'encrypt' implies type 'bsonType::BinData'",
      '224 Encryption-related validator keywords are not allowed in this context',
      "2 Enumeration value 'nonsense' for field 'validationLevel' is not a valid value.",
      "2 unknown top level operator: $nonsense. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.",
    ],
  );
});

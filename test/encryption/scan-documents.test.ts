import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Binary, Decimal128, Int32, Long, ObjectId, serialize, Timestamp } from 'bson';
import fc from 'fast-check';
import { readCiphertext } from '../../src/encryption/ciphertext.ts';
import { type Defect, type FieldDemand, scanner } from '../../src/encryption/scan-documents.ts';
import { ciphertext, KEY_ID, type Sealed } from './sealed.ts';

const OTHER_KEY = 'ffffffff-0000-0000-0000-000000000000';
const DEMAND: FieldDemand = { field: { path: 'a.b', bsonType: 'string', algorithm: 'random' }, keyId: KEY_ID };

function scan(documents: readonly unknown[], demands = [DEMAND], known: readonly string[] = [KEY_ID, OTHER_KEY]) {
  const scanning = scanner(demands, new Set(known));
  for (const document of documents) scanning.look(serialize(document as object));
  return scanning.tally();
}

function defects(value: unknown): readonly Defect[] {
  const [field] = scan([{ a: { b: value } }]).fields;
  return Object.entries(field?.defects ?? {}).flatMap(([name, count]) => (count === 0 ? [] : [name as Defect]));
}

const good: Sealed = { bsonType: 'string' };

const CASES: readonly (readonly [what: string, value: unknown, defects: readonly Defect[]])[] = [
  ['sealed as the policy says', ciphertext(good), []],
  ['sealed, and longer', ciphertext({ ...good, length: 98 }), []],
  ['a string in the clear', 'mail@acme.example', ['plaintext']],
  ['null', null, ['plaintext']],
  ['other binary data', new Binary(Buffer.alloc(82), 0), ['plaintext']],
  ['deterministic', ciphertext({ ...good, algorithm: 1 }), ['algorithm']],
  ['an algorithm of Queryable Encryption', ciphertext({ ...good, algorithm: 7 }), ['algorithm']],
  ['another key of the vault', ciphertext({ ...good, keyId: OTHER_KEY }), ['wrongKey']],
  ['an unknown key', ciphertext({ ...good, keyId: OTHER_KEY.replace('0', '1') }), ['unknownKey']],
  ['another type', ciphertext({ bsonType: 'int' }), ['bsonType']],
  ['a type that can not be sealed', withType(0), ['bsonType']],
  ['shorter than any', ciphertext({ ...good, length: 66 }), ['length']],
  ['not of whole blocks', ciphertext({ ...good, length: 83 }), ['length']],
  ['an int as long as two blocks', ciphertext({ bsonType: 'int', length: 98 }), ['bsonType', 'length']],
  ['no header', new Binary(Buffer.alloc(17), 6), ['length']],
];

const REFUSED = new Set([
  'a string in the clear',
  'null',
  'other binary data',
  'an algorithm of Queryable Encryption',
  'another type',
  'a type that can not be sealed',
  'an int as long as two blocks',
  'no header',
]);

for (const [what, value] of CASES) {
  test(`the validator ${REFUSED.has(what) ? 'refuses' : 'takes'} a sealed field that holds ${what}`, () => {
    const scanning = scanner([DEMAND], undefined);
    assert.equal(scanning.look(serialize({ a: { b: value } })), REFUSED.has(what));
    assert.equal(scanning.look(serialize({ a: { b: ciphertext(good) } })), false);
  });
}

function withType(code: number): Binary {
  const sealed = ciphertext(good);
  sealed.buffer[17] = code;
  return sealed;
}

test('`number` is any of the four numeric types, and nothing else', () => {
  const demand: FieldDemand = { field: { path: 'a', bsonType: 'number', algorithm: 'random' }, keyId: KEY_ID };
  const values = (['int', 'long', 'double', 'decimal', 'bool'] as const).map((bsonType) => ciphertext({ bsonType }));
  const [field] = scan(
    [...values, 7].map((a) => ({ a })),
    [demand],
  ).fields;
  assert.equal(field?.sealed, 4);
  assert.deepEqual([field?.defects.bsonType, field?.defects.plaintext], [1, 1]);
});

for (const [what, value, expected] of CASES) {
  test(`a sealed field that holds ${what}`, () => assert.deepEqual(defects(value), expected));
}

test('a missing field counts for nothing; every element of an array on the way counts', () => {
  const sealed = ciphertext(good);
  const tally = scan([
    {},
    { a: 1 },
    { a: {} },
    { a: { b: sealed } },
    { a: [{ b: 'x' }, { b: sealed }, 3, [{ b: 'y' }]] },
  ]);
  assert.equal(tally.documents, 5);
  assert.deepEqual(tally.fields, [
    {
      path: 'a.b',
      values: 4,
      sealed: 2,
      defects: { plaintext: 2, algorithm: 0, unknownKey: 0, wrongKey: 0, bsonType: 0, length: 0 },
    },
  ]);
});

test('what nobody could look up is not judged', () => {
  const { keyId: _keyId, ...unknown } = DEMAND;
  const scanning = scanner([unknown], undefined);
  scanning.look(serialize({ a: { b: ciphertext({ ...good, keyId: OTHER_KEY }) } }));
  assert.equal(scanning.tally().fields[0]?.sealed, 1);
});

test('a key that the policy names by its id and the vault lacks is unknown', () => {
  assert.equal(scan([{ a: { b: ciphertext(good) } }], [DEMAND], [OTHER_KEY]).fields[0]?.defects.unknownKey, 1);
});

test('a scan goes on from what an earlier one has counted', () => {
  const before = scan([{ a: { b: 'x' } }]);
  const scanning = scanner([DEMAND], new Set([KEY_ID]), before);
  scanning.look(serialize({ a: { b: ciphertext(good) } }));
  const { documents, fields } = scanning.tally();
  assert.deepEqual([documents, fields[0]?.values, fields[0]?.sealed, before.fields[0]?.values], [2, 2, 1, 1]);
});

const value = fc.oneof(
  fc.string(),
  fc.double(),
  fc.boolean(),
  fc.constantFrom(null, new Int32(1), Long.fromNumber(5), new ObjectId(), new Date(0), /x/g, new Timestamp(5n)),
  fc.constant(Decimal128.fromString('1.5')),
  fc.uint8Array().map((bytes) => new Binary(bytes)),
  fc.array(fc.integer()),
  fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.string()),
);
const other = fc.dictionary(fc.stringMatching(/^[c-z]{1,4}$/), value);

test('law: whatever stands around it, a sealed field is found, and plaintext is', () => {
  fc.assert(
    fc.property(other, other, fc.boolean(), (before, after, sealed) => {
      const document = { ...before, a: { ...before, b: sealed ? ciphertext(good) : 'x', ...after }, ...after };
      const [field] = scan([document]).fields;
      assert.deepEqual([field?.values, field?.sealed], [1, sealed ? 1 : 0]);
    }),
  );
});

test('the header is read, nothing else is', () => {
  assert.deepEqual(readCiphertext(ciphertext({ bsonType: 'date', algorithm: 1 }).value()), {
    algorithm: 'deterministic',
    keyId: KEY_ID,
    bsonType: 'date',
    possibleLength: true,
  });
});

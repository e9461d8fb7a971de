import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Binary,
  BSONRegExp,
  Code,
  DBRef,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  UUID,
} from 'bson';
import fc from 'fast-check';
import { documentKey } from '../../src/state/document.ts';
import { fromExtendedJson, toExtendedJson } from '../../src/state/extended-json.ts';

const FORMS: readonly (readonly [what: string, value: unknown, json: unknown])[] = [
  ['a number', 1.5, 1.5],
  ['an Int32', new Int32(7), 7],
  ['a Double', new Double(1.5), 1.5],
  ['a Long that a double holds', Long.fromNumber(7), 7],
  ['a Long beyond 2^53', Long.fromString('9007199254740993'), { $numberLong: '9007199254740993' }],
  ['the smallest Long', Long.MIN_VALUE, { $numberLong: '-9223372036854775808' }],
  ['a bigint beyond 2^53', 9_007_199_254_740_993n, { $numberLong: '9007199254740993' }],
  ['minus zero', -0, { $numberDouble: '-0.0' }],
  ['infinity', Number.NEGATIVE_INFINITY, { $numberDouble: '-Infinity' }],
  ['not a number', Number.NaN, { $numberDouble: 'NaN' }],
  ['a double of more digits than it holds', 2 ** 60, { $numberDouble: '1152921504606847000' }],
  ['a Decimal128', Decimal128.fromString('1.10'), { $numberDecimal: '1.10' }],
  ['a date', new Date(5), { $date: '1970-01-01T00:00:00.005Z' }],
  ['a date before 1970', new Date(-5), { $date: { $numberLong: '-5' } }],
  ['an ObjectId', new ObjectId('0'.repeat(24)), { $oid: '0'.repeat(24) }],
  ['a Binary', new Binary(Buffer.from([1, 2]), 6), { $binary: { base64: 'AQI=', subType: '06' } }],
  ['a regular expression', new BSONRegExp('^a', 'i'), { $regularExpression: { pattern: '^a', options: 'i' } }],
  ['a Timestamp', new Timestamp({ t: 1, i: 2 }), { $timestamp: { t: 1, i: 2 } }],
  ['MinKey', new MinKey(), { $minKey: 1 }],
  ['MaxKey', new MaxKey(), { $maxKey: 1 }],
  ['code', new Code('f()'), { $code: 'f()' }],
  ['a DBRef', new DBRef('c', new ObjectId('0'.repeat(24))), { $ref: 'c', $id: { $oid: '0'.repeat(24) } }],
  ['the operator $regex', { $regex: '^a', $options: 'i' }, { $regex: '^a', $options: 'i' }],
];

for (const [what, value, json] of FORMS) {
  test(`${what} is written as Extended JSON and read back as it was`, () => {
    assert.deepEqual(toExtendedJson(value), json);
    assert.deepEqual(toExtendedJson(fromExtendedJson(json)), json);
    assert.equal(documentKey(fromExtendedJson(json)), documentKey(value));
  });
}

test('integers that a double would round stay apart', () => {
  assert.notEqual(documentKey(Long.fromString('9007199254740993')), documentKey(Long.fromString('9007199254740992')));
});

test('a UUID is a Binary of subtype 4', () => {
  const uuid = new UUID('00112233-4455-6677-8899-aabbccddeeff');
  const json = { $binary: { base64: uuid.toString('base64'), subType: '04' } };
  assert.deepEqual(toExtendedJson(uuid), json);
  assert.equal(documentKey(fromExtendedJson(json)), documentKey(uuid));
});

test('plain data of any keys is read back as it was written', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const written = toExtendedJson(value);
      const read = fromExtendedJson(written);
      assert.equal(JSON.stringify(toExtendedJson(read)), JSON.stringify(written));
    }),
  );
  const named = JSON.parse('{"__proto__": {"constructor": 1}, "a.b": {"$expr": 1}}');
  assert.equal(JSON.stringify(fromExtendedJson(toExtendedJson(named))), JSON.stringify(named));
});

for (const json of [{ $date: 'yesterday' }, { $numberDecimal: 'much' }, { $oid: 'short' }, { $numberLong: 'a lot' }]) {
  test(`${JSON.stringify(json)} is refused`, () => {
    assert.throws(() => fromExtendedJson(json), Error);
  });
}

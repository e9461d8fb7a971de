import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Binary, BSONRegExp, Decimal128, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import { diffLines } from '../../src/report/textdiff.ts';

const VALUES: readonly (readonly [value: unknown, shown: string])[] = [
  [5, '5'],
  ['5', '"5"'],
  [Long.fromString('9007199254740993'), 'Long("9007199254740993")'],
  [Decimal128.fromString('1.10'), 'Decimal128("1.10")'],
  [new Date(5), 'ISODate("1970-01-01T00:00:00.005Z")'],
  [new ObjectId('0'.repeat(24)), 'ObjectId("000000000000000000000000")'],
  [new Binary(Buffer.from([1, 2]), 6), 'BinData(6, "AQI=")'],
  [new BSONRegExp('^a', 'i'), '/^a/i'],
  [/^a/i, '/^a/i'],
  [new Timestamp({ t: 1, i: 2 }), 'Timestamp(1, 2)'],
  [new MinKey(), 'MinKey()'],
  [new MaxKey(), 'MaxKey()'],
  [null, 'null'],
];

for (const [value, shown] of VALUES) {
  test(`${shown} stands in a difference as mongosh shows it`, () => {
    assert.deepEqual(diffLines(undefined, { customData: { a: value } }), ['+customData:', `+  a: ${shown}`]);
  });
}

test('two integers that a double would take for the same differ', () => {
  const data = (digits: string) => ({ customData: { a: Long.fromString(digits) } });
  assert.deepEqual(diffLines(data('9007199254740992'), data('9007199254740993')), [
    ' customData:',
    '-  a: Long("9007199254740992")',
    '+  a: Long("9007199254740993")',
  ]);
});

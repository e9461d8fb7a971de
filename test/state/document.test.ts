import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Binary, Decimal128, Int32, Long, ObjectId } from 'bson';
import { documentKey } from '../../src/state/document.ts';

const SAME: readonly (readonly [what: string, a: unknown, b: unknown])[] = [
  ['documents whose keys are in another order', { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }],
  ['numbers of another width', { a: 1 }, { a: new Int32(1) }],
  ['a long that fits', { a: 1 }, { a: Long.fromNumber(1) }],
  ['equal values of BSON types', { a: new ObjectId('0'.repeat(24)) }, { a: new ObjectId('0'.repeat(24)) }],
  ['equal dates', { a: new Date(5) }, { a: new Date(5) }],
];

for (const [what, a, b] of SAME) {
  test(`${what} mean the same`, () => {
    assert.equal(documentKey(a), documentKey(b));
  });
}

const DIFFERENT: readonly (readonly [what: string, a: unknown, b: unknown])[] = [
  ['lists in another order', { a: [1, 2] }, { a: [2, 1] }],
  ['a number and its text', { a: 1 }, { a: '1' }],
  ['a date and its text', { a: new Date(0) }, { a: '1970-01-01T00:00:00Z' }],
  ['an ObjectId and its text', { a: new ObjectId('0'.repeat(24)) }, { a: '0'.repeat(24) }],
  ['a decimal and a double', { a: Decimal128.fromString('1') }, { a: 1 }],
  ['binary data of two subtypes', { a: new Binary(Buffer.from('x'), 0) }, { a: new Binary(Buffer.from('x'), 6) }],
  ['nothing and null', {}, { a: null }],
  ['an own key __proto__ and none', JSON.parse('{"__proto__": {"a": 1}}'), {}],
];

for (const [what, a, b] of DIFFERENT) {
  test(`${what} do not mean the same`, () => {
    assert.notEqual(documentKey(a), documentKey(b));
  });
}

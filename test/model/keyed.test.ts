import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compoundKey, getOrMake, groupBy } from '../../src/model/keyed.ts';

test('two lists of texts have the same key exactly if they are the same, whatever signs the texts hold', () => {
  const texts = fc.array(fc.oneof(fc.string(), fc.constantFrom('', 'a', 'a.b', '","', '\0', '\\')), { maxLength: 3 });
  fc.assert(
    fc.property(texts, texts, (a, b) => {
      const same = a.length === b.length && a.every((text, at) => text === b[at]);
      assert.equal(compoundKey(a) === compoundKey(b), same);
    }),
  );
});

test('what a map lacks is made once, and kept', () => {
  const map = new Map<string, number[]>();
  getOrMake(map, 'a', () => []).push(1);
  getOrMake(map, 'a', () => []).push(2);
  assert.deepEqual([...map], [['a', [1, 2]]]);
});

test('items are grouped by their keys, groups and items in the order in which they came', () => {
  const groups = groupBy(['b1', 'a1', 'b2'], (text) => text.slice(0, 1));
  assert.deepEqual(
    [...groups],
    [
      ['b', ['b1', 'b2']],
      ['a', ['a1']],
    ],
  );
});

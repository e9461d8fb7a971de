import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sortedJson } from '../../src/state/sorted-json.ts';

test('keys stand in order, and what is no data is left out', () => {
  assert.equal(sortedJson({ b: [{ d: 1, c: null }], a: undefined, run: () => 1 }), '{"b":[{"c":null,"d":1}]}');
  assert.equal(sortedJson(new Map([['b', 1]])), '{"b":1}');
  assert.equal(sortedJson([undefined, 'a']), '[null,"a"]');
  assert.deepEqual([sortedJson(undefined), sortedJson(null)], ['', 'null']);
});

/** As hashes in files were made of it from the beginning. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, ordered(item)]));
}

test('it is the JSON of an object that was made with its keys in order', () => {
  const key = fc.oneof(fc.string(), fc.nat().map(String), fc.constantFrom('10', '9', '01', '-1', '__proto__', 'é'));
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ depthSize: 'small' }, fc.jsonValue({ maxDepth: 0 }), tie('list'), tie('map')),
    list: fc.array(tie('value'), { maxLength: 4 }),
    map: fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  }));
  fc.assert(fc.property(value, (data) => assert.equal(sortedJson(data), JSON.stringify(ordered(data)))));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readJson } from '../../src/input/json.ts';
import { placeIn } from '../../src/input/refusal.ts';

function refusals(text: string): readonly string[] {
  return (readJson(text).refusals ?? []).map(({ offset, message }) => {
    const { line, column } = placeIn(text, offset);
    return `${line}:${column} ${message}`;
  });
}

const REFUSED: Readonly<Record<string, readonly [text: string, said: string]>> = {
  'an empty text': ['', '1:1 not valid JSON: a value is expected here'],
  'a comma too many': ['[1,]', '1:4 not valid JSON: a value is expected here'],
  'a comment': ['{\n// a\n}', '2:1 not valid JSON: a name in double quotes or } is expected here'],
  'something behind the end': ['{} {}', '1:4 not valid JSON: the end is expected here'],
  'a text that does not end': ['["a', '1:2 not valid JSON: a value or ] is expected here'],
  'an escape that JSON has not': ['["\\x"]', '1:2 not valid JSON: a value or ] is expected here'],
  'half of a surrogate pair': [
    '{"a": ["x\\ud800"]}',
    '1:8 half of a surrogate pair (U+D800) is no character, and MongoDB would store U+FFFD in its place: write the whole pair, or remove it',
  ],
  'a key twice': ['{"a": {"b": 1, "b": 2}}', '1:16 this key stands here twice: keep one'],
  'a key twice, once by an escape': ['{"a": 1, "\\u0061": 2}', '1:10 this key stands here twice: keep one'],
  'a key twice, once with a blank before its colon': ['{"a": 1, "a" : 2}', '1:10 this key stands here twice: keep one'],
  'a key twice, once with its colon on the next line': ['{"a"\n:1,"a":2}', '2:4 this key stands here twice: keep one'],
  'a key twice, and a text that begins with a colon': [
    '{"a": ": ", "a": ""}',
    '1:13 this key stands here twice: keep one',
  ],
  'a merge conflict': ['{\n<<<<<<< HEAD\n}', '2:1 a merge conflict was left here: settle it'],
  'a hidden character': [
    '{"a": "\u202e"}',
    '1:8 the character U+202E (right-to-left override) turns the direction of the text around it: remove it, or write "\\u202e" in double quotes',
  ],
  'deep nesting': [
    '['.repeat(100_000),
    '1:1 lists and maps are nested more than 200 levels deep: nothing here needs that',
  ],
};

for (const [what, [text, said]] of Object.entries(REFUSED)) {
  test(`${what}: refused with its place`, () => {
    assert.deepEqual(refusals(text), [said]);
  });
}

test('the same key in two objects, what languages need in descriptions, and a byte order mark are read', () => {
  const text = '\ufeff[{"a": 1}, {"a": 1, "description": "25\u00a0%"}]';
  assert.deepEqual(readJson(text).read?.data, [{ a: 1 }, { a: 1, description: '25\u00a0%' }]);
  assert.equal(refusals('[{"a": "25\u00a0%"}]').length, 1);
});

test('a text as a program writes it is read at once, and with a key twice or too deep it is not', () => {
  const nested = (depth: number): unknown => (depth === 0 ? [] : [nested(depth - 1)]);
  const written = (data: unknown): string => `${JSON.stringify(data, undefined, 2)}\n`;
  const data = { list: [1, 'two', null, true, {}, []], __proto: { a: 0.5 } };
  assert.deepEqual(readJson(written(data)).read?.data, data);
  assert.deepEqual(readJson(written(nested(150))).read?.data, nested(150));
  assert.deepEqual(refusals(written(nested(300))), [
    '1:1 lists and maps are nested more than 200 levels deep: nothing here needs that',
  ]);
  assert.deepEqual(refusals('{\n  "a": 1,\n  "a": 1\n}\n'), ['3:3 this key stands here twice: keep one']);
  const flat = `${'[\n  '.repeat(100_000)}${']\n'.repeat(100_000)}`;
  assert.deepEqual(refusals(flat), [
    '1:1 lists and maps are nested more than 200 levels deep: nothing here needs that',
  ]);
});

test('every JSON is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const text = JSON.stringify(value);
      assert.deepEqual(readJson(text).read?.data, JSON.parse(text));
    }),
  );
});

test('a text of many megabytes, and one of as many escapes', () => {
  const text = `["${'a'.repeat(20_000_000)}", "${'\\n'.repeat(5_000_000)}"]`;
  assert.deepEqual(readJson(text).read?.data, ['a'.repeat(20_000_000), '\n'.repeat(5_000_000)]);
});

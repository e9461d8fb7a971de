import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapeHidden } from '../../src/input/characters.ts';
import { placeIn } from '../../src/input/refusal.ts';
import { readYaml } from '../../src/input/yaml.ts';

function refusals(text: string): readonly string[] {
  return (readYaml(text).refusals ?? []).map(({ offset, message, kind }) => {
    const { line, column } = placeIn(text, offset);
    return `${line}:${column} ${kind} ${message}`;
  });
}

const REMOVE = (code: string): string => `remove it, or write "\\u${code}" in double quotes`;

const HIDDEN: readonly (readonly [character: string, said: string])[] = [
  ['\u0000', `the character U+0000 (null) is a control character: ${REMOVE('0000')}`],
  ['\u0007', `the character U+0007 is a control character: ${REMOVE('0007')}`],
  ['\u001b', `the character U+001B (escape) is a control character: ${REMOVE('001b')}`],
  ['\u007f', `the character U+007F is a control character: ${REMOVE('007f')}`],
  ['\u0085', `the character U+0085 (next line) is a line end to some programs and none to others: ${REMOVE('0085')}`],
  ['\u00ad', `the character U+00AD (soft hyphen) can't be seen: ${REMOVE('00ad')}`],
  ['\u034f', `the character U+034F can't be seen: ${REMOVE('034f')}`],
  ['\u061c', `the character U+061C (Arabic letter mark) turns the direction of the text around it: ${REMOVE('061c')}`],
  ['\u115f', `the character U+115F can't be seen: ${REMOVE('115f')}`],
  ['\u180e', `the character U+180E can't be seen: ${REMOVE('180e')}`],
  ['\u200b', `the character U+200B (zero width space) can't be seen: ${REMOVE('200b')}`],
  [
    '\u2028',
    `the character U+2028 (line separator) is a line end to some programs and none to others: ${REMOVE('2028')}`,
  ],
  [
    '\u202e',
    `the character U+202E (right-to-left override) turns the direction of the text around it: ${REMOVE('202e')}`,
  ],
  [
    '\u2066',
    `the character U+2066 (left-to-right isolate) turns the direction of the text around it: ${REMOVE('2066')}`,
  ],
  ['\u2800', `the character U+2800 can't be seen: ${REMOVE('2800')}`],
  ['\u3164', `the character U+3164 can't be seen: ${REMOVE('3164')}`],
  ['\ufeff', `the character U+FEFF (byte order mark) can't be seen: ${REMOVE('feff')}`],
  ['\ufff9', `the character U+FFF9 can't be seen: ${REMOVE('fff9')}`],
  ['\ue000', `the character U+E000 can't be seen: ${REMOVE('e000')}`],
  ['\u{e0041}', `the character U+E0041 can't be seen: remove it, or write "\\udb40\\udc41" in double quotes`],
  ['\ud800', `the character U+D800 can't be seen: ${REMOVE('d800')}`],
  [
    '\u00a0',
    'the character U+00A0 (no-break space) looks like a space and is none: write a space, or "\\u00a0" in double quotes',
  ],
  ['\u2003', 'the character U+2003 looks like a space and is none: write a space, or "\\u2003" in double quotes'],
  [
    '\r',
    'a carriage return without a line feed is a line end to some programs and none to others: save the file with line feeds',
  ],
];

for (const [character, said] of HIDDEN) {
  const name = `U+${(character.codePointAt(0) ?? 0).toString(16)}`;
  test(`${name} is refused in names, values, comments and between them`, () => {
    assert.deepEqual(refusals(`a: "x${character}y"\n`), [`1:6 hidden ${said}`]);
    assert.deepEqual(refusals(`"a${character}": 1\n`), [`1:3 hidden ${said}`]);
    assert.deepEqual(refusals(`# x\na: |\n  x\n  ${character}y\n`), [`4:3 hidden ${said}`]);
  });
}

test('a lone carriage return that ends a comment for the parser only is refused at its place', () => {
  assert.deepEqual(
    refusals('# all is well\rroles: { r@audit: {} }\n').map((line) => line.slice(0, 32)),
    ['1:14 hidden a carriage return wi'],
  );
});

test('what languages need may stand in comments and descriptions, and nowhere else', () => {
  const prose = 'می\u200cخواهم, 25\u00a0%, 👨\u200d💻, ⚠\ufe0f, 日本\u3000語';
  assert.deepEqual(refusals(`# ${prose}\na: 1 # ${prose}\n`), []);
  assert.deepEqual(refusals(`a: { description: "${prose}", reason: '${prose}' }\n`), []);
  assert.deepEqual(refusals(`description: ${prose.replaceAll(',', '')}\nreason: |\n  ${prose}\n  ${prose}\n`), []);
  assert.equal(refusals(`a: "${prose}"\n`).length, 5);
  assert.equal(refusals(`description: { a: "${prose}" }\n`).length, 5);
  assert.equal(refusals(`"descri\u200dption": 1\n`).length, 1);
  assert.equal(refusals('# a\u202eb\ndescription: "\u202e"\n').length, 2);
});

test('written as escapes, what is hidden can be seen', () => {
  assert.equal(escapeHidden('a\u202eb\u0000\n\t\u{e0041}é😀\u00a0'), 'a\\u202eb\\u0000\n\t\\udb40\\udc41é😀\\u00a0');
});

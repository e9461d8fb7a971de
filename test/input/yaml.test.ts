import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeIn } from '../../src/input/refusal.ts';
import { MAX_VALUES, readYaml } from '../../src/input/yaml.ts';
import { scaled } from '../support/scaled.ts';

/** `line:column sentence` of everything for which the text is no plain data. */
function refusals(text: string): readonly string[] {
  return (readYaml(text).refusals ?? []).map(({ offset, message }) => {
    const { line, column } = placeIn(text, offset);
    return `${line}:${column} ${message}`;
  });
}

const TAGGED = 'makes something else of what follows: write it without, as a plain map, list or value';

const HALF = 'half of a surrogate pair';
const HALF_ADVICE = 'is no character, and MongoDB would store U+FFFD in its place: write the whole pair, or remove it';

const REFUSED: Readonly<Record<string, readonly [text: string, ...said: readonly string[]]>> = {
  'an ordered map': ['a: !!omap [ { b: 1 } ]\n', `1:4 the tag !!omap ${TAGGED}`],
  'a set': ['a: !!set { b, c }\n', `1:4 the tag !!set ${TAGGED}`],
  'a list of pairs': ['a: !!pairs [ b: 1 ]\n', `1:4 the tag !!pairs ${TAGGED}`],
  'a binary value': ['a: !!binary aGk=\n', `1:4 the tag !!binary ${TAGGED}`],
  'a timestamp': ['- !!timestamp 2026-01-01\n', `1:3 the tag !!timestamp ${TAGGED}`],
  'a tag that changes nothing': ['a: !!str b\n', `1:4 the tag !!str ${TAGGED}`],
  'a tag of a key': ['!!str a: b\n', `1:1 the tag !!str ${TAGGED}`],
  'a tag of the document': ['--- !!map\na: b\n', `1:5 the tag !!map ${TAGGED}`],
  'a tag of one’s own': ['a: !protect [b]\n', `1:4 the tag !protect ${TAGGED}`],
  'a whole name of a tag': ['a: !<tag:yaml.org,2002:str> b\n', `1:4 the tag !<tag:yaml.org,2002:str> ${TAGGED}`],
  'the tag that says nothing': ['a: ! b\n', `1:4 the tag ! ${TAGGED}`],
  'a tag inside flow collections': ['a: [{ b: [!x c] }]\n', `1:11 the tag !x ${TAGGED}`],
  'a tag before a block value': ['a: !x\n  b: c\n', `1:4 the tag !x ${TAGGED}`],
  'a tag in front of an anchor': ['a: !x &y b\n', `1:4 the tag !x ${TAGGED}`],
  'a tag of a block text': ['a: !x |\n  b\n', `1:4 the tag !x ${TAGGED}`],
  'the version of YAML': [
    '%YAML 1.1\n---\na: yes\n',
    '1:1 a line that begins with % changes how YAML is read: take it out',
  ],
  'a short form of tags': [
    '%TAG ! tag:x,2000:\n---\na: b\n',
    '1:1 a line that begins with % changes how YAML is read: take it out',
  ],
  'a directive that nobody knows': [
    '%FOO bar\n---\na: b\n',
    '1:1 a line that begins with % changes how YAML is read: take it out',
  ],
  'a second document': [
    'a: 1\n---\nb: 2\n',
    '2:1 the file holds several YAML documents: put each into a file of its own',
  ],
  'a document behind the end of one': [
    'a: 1\n...\n---\nb: 2\n',
    '3:1 the file holds several YAML documents: put each into a file of its own',
  ],
  'a merge key': [
    'a: &x { b: 1 }\nc: { <<: *x, d: 2 }\n',
    '2:6 a merge key (<<) is not read: write out what it stands for',
  ],
  'an alias as a key': ['a: &x b\n*x : c\n', '2:1 this key is not a text: quote it'],
  'an anchor twice': ['a: &x 1\nb: &x 2\nc: *x\n', '2:7 the anchor &x stands here twice: rename one'],
  'an alias inside its own anchor': [
    'a: &x [*x]\n',
    '1:8 "*x" without quotes is a YAML alias, and there is no anchor "&x": quote it as "*x"',
  ],
  'an alias before its anchor': [
    'a: *x\nb: &x 1\n',
    '1:4 "*x" without quotes is a YAML alias, and there is no anchor "&x": quote it as "*x"',
  ],
  'the same key twice': ['a: 1\nb: { c: 1, "c": 2 }\n', '2:12 this key stands here twice: keep one'],
  'the key of all objects': ['a: { __proto__: { b: 1 } }\n', '1:6 "__proto__" can be no key: rename it'],
  'a list as a key': ['? [a]\n: b\n', '1:3 this key is not a text: quote it'],
  infinity: ['a: .inf\n', '1:4 .inf is no number that JSON can hold: quote it if a text is meant'],
  'no number': ['a: [-1, .NaN]\n', '1:9 .NaN is no number that JSON can hold: quote it if a text is meant'],
  'half of a surrogate pair in a value': ['a: "x\\ud800y"\n', `1:4 ${HALF} (U+D800) ${HALF_ADVICE}`],
  'half of a surrogate pair in a key': ['a: { "\\udc00": 1 }\n', `1:6 ${HALF} (U+DC00) ${HALF_ADVICE}`],
  'a number too large': ['a: 1e999\n', '1:4 1e999 is no number that JSON can hold: quote it if a text is meant'],
  'an integer that a double rounds': [
    'a: [9007199254740992, -9007199254740993, 1e300, 0x20000000000001]\n',
    '1:23 -9007199254740993 is no integer that is read exactly: write it as { $numberLong: "-9007199254740993" }, or quote it if a text is meant',
    '1:49 0x20000000000001 is no integer that is read exactly: write it as { $numberLong: "9007199254740993" }, or quote it if a text is meant',
  ],
  'an integer of more than 64 bits': [
    'a: 12345678901234567890\n',
    '1:4 12345678901234567890 is no integer that is read exactly: write it as { $numberDecimal: "12345678901234567890" }, or quote it if a text is meant',
  ],
  'every one of several': [
    'a: !x 1\nb: !y 2\nc: \u200b\n',
    `1:4 the tag !x ${TAGGED}`,
    `2:4 the tag !y ${TAGGED}`,
    '3:4 the character U+200B (zero width space) can\'t be seen: remove it, or write "\\u200b" in double quotes',
  ],
};

for (const [what, [text, ...said]] of Object.entries(REFUSED)) {
  test(`${what}: refused with its place`, () => {
    assert.deepEqual(refusals(text), said);
  });
}

const READ: Readonly<Record<string, readonly [text: string, data: unknown]>> = {
  'what only looks like a tag': ['a: "!!omap"\nb: x!y\nc: |\n  !z\n# !w\n', { a: '!!omap', b: 'x!y', c: '!z\n' }],
  'a percent sign that begins no document': ['a: %\n  b\n'.replace('%\n  b', '"%YAML"'), { a: '%YAML' }],
  'a quoted merge key': ['"<<": 1\n', { '<<': 1 }],
  'keys that are numbers and words': ['1: a\ntrue: b\n"": c\n', { 1: 'a', true: 'b', '': 'c' }],
  'anchors and aliases': ['a: &x [1, { b: null }]\nc: *x\n', { a: [1, { b: null }], c: [1, { b: null }] }],
  'the words of YAML 1.1 as texts': ['a: [yes, no, on, 0o17, 1_000]\n', { a: ['yes', 'no', 'on', 15, '1_000'] }],
  'escapes of what must not stand there': ['a: "\\u202e\\u200b\\ud83d\\ude00"\n', { a: '\u202e\u200b😀' }],
  'a marked document, with an end': ['---\na: 1\n...\n', { a: 1 }],
  'a byte order mark and CR LF': ['\ufeffa: 1\r\nb: 2\r\n', { a: 1, b: 2 }],
  JSON: ['{"a": [1, -2.5e3, true, null, "\\u00e9"]}', { a: [1, -2500, true, null, 'é'] }],
};

for (const [what, [text, data]] of Object.entries(READ)) {
  test(`${what}: read`, () => {
    assert.deepEqual(readYaml(text).read?.data, data);
  });
}

test('where each part stands, by its path', () => {
  const text = 'a:\n  b: [x, { c: y }]\n';
  const { read } = readYaml(text);
  assert.deepEqual(
    [[], ['a'], ['a', 'b'], ['a', 'b', 0], ['a', 'b', 1, 'c'], ['a', 'z']].map((path) => read?.offsetOf(path)),
    [0, 0, 5, 9, 14, 0],
  );
});

test('what an alias brings stands where the alias does', () => {
  const { read } = readYaml('a: &x { b: [c] }\nd: *x\ne: [*x]\n');
  assert.deepEqual(
    [['a', 'b', 0], ['d'], ['d', 'b'], ['d', 'b', 0], ['e', 0], ['e', 0, 'b', 0]].map((path) => read?.offsetOf(path)),
    [12, 17, 17, 17, 27, 27],
  );
});

/** What takes longer than the text is long, if anything does; the time is far more than it takes. */
const LARGE: Readonly<Record<string, readonly [text: string, first: string | undefined]>> = {
  'many aliases': [`a: &x 1\nb: [${Array(scaled(200_000)).fill('*x').join(', ')}]\n`, undefined],
  'many anchors': [`[${Array.from({ length: scaled(100_000) }, (_, n) => `&a${n} 1, *a${n}`).join(', ')}]`, undefined],
  'one key many times': ['a: 1\n'.repeat(scaled(400_000)), '2:1 this key stands here twice: keep one'],
  'many tags': ['- !x 1\n'.repeat(scaled(100_000)), `1:3 the tag !x ${TAGGED}`],
  'many keys': [Array.from({ length: scaled(200_000) }, (_, n) => `k${n}: 1\n`).join(''), undefined],
  'many hidden characters': [
    `a: "${'\u200b'.repeat(scaled(1_000_000))}"\n`,
    '1:5 the character U+200B (zero width space) can\'t be seen: remove it, or write "\\u200b" in double quotes',
  ],
  'many joiners in comments': ['# \u200d\u200d\u200d\n'.repeat(scaled(200_000)), '1:1 the file is empty'],
  'deep nesting': [
    '['.repeat(scaled(1_000_000)),
    '1:1 lists and maps are nested more than 200 levels deep: nothing here needs that',
  ],
  'more values than anybody reviews': [
    `[${Array(scaled(MAX_VALUES)).fill('1').join()}]`,
    scaled(MAX_VALUES) < MAX_VALUES ? undefined : '1:1 the file holds more than 1,000,000 values: split it',
  ],
  'lists of lists of aliases': [
    [
      'a: &a [x,x,x,x,x,x,x,x,x,x]',
      ...[...'bcdefgh'].map(
        (to, n) =>
          `${to}: &${to} [${Array(10)
            .fill(`*${'abcdefg'.charAt(n)}`)
            .join()}]`,
      ),
    ].join('\n'),
    '1:1 aliases (*name) expand to too much: write the repeated parts out',
  ],
};

for (const [what, [text, first]] of Object.entries(LARGE)) {
  test(`${what}: in proportion to the text`, { timeout: 60_000 }, () => {
    assert.equal(refusals(text)[0], first);
  });
}

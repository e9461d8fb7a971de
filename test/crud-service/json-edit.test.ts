import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setMembers } from '../../src/crud-service/json-edit.ts';
import { parseSource } from '../../src/policy/source.ts';

const ON = [['encryption', { enabled: true, searchable: false }]] as const;

const CASES: readonly (readonly [
  what: string,
  before: string,
  members: readonly (readonly [string, unknown])[],
  after: string,
])[] = [
  ['a value is replaced', '{"f": {"enabled":  false }}', [['enabled', true]], '{"f": {"enabled":  true }}'],
  [
    'a member on one line',
    '{"f": {"type": "x"}}',
    ON,
    '{"f": {"type": "x", "encryption": {"enabled": true, "searchable": false}}}',
  ],
  [
    'a member without blanks',
    '{"f":{"type":"x"}}',
    ON,
    '{"f":{"type":"x","encryption":{"enabled":true,"searchable":false}}}',
  ],
  ['a member of an empty object', '{"f": {}}', [['enabled', true]], '{"f": {"enabled": true}}'],
  [
    'a member on a line of its own, with tabs',
    '{\n\t"f": {\n\t\t"type": "x"\n\t}\n}',
    ON,
    '{\n\t"f": {\n\t\t"type": "x",\n\t\t"encryption": {\n\t\t\t"enabled": true,\n\t\t\t"searchable": false\n\t\t}\n\t}\n}',
  ],
  [
    'a member with line ends of Windows',
    '{\r\n "f": {\r\n  "type": "x"\r\n }\r\n}',
    [
      ['a', 1],
      ['b', [2]],
    ],
    '{\r\n "f": {\r\n  "type": "x",\r\n  "a": 1,\r\n  "b": [\r\n   2\r\n  ]\r\n }\r\n}',
  ],
  [
    'one replaced, one added',
    '{"f": {"enabled": false}}',
    [
      ['enabled', true],
      ['searchable', true],
    ],
    '{"f": {"enabled": true, "searchable": true}}',
  ],
];

for (const [what, before, members, after] of CASES) {
  test(what, () => {
    const parsed = parseSource('d.json', before);
    assert.ok('source' in parsed);
    assert.equal(setMembers(parsed.source, [{ object: ['f'], members }]), after);
    JSON.parse(after);
  });
}

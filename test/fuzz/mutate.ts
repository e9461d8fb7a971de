/** Texts made from texts: cut, doubled, spliced and sprinkled with what parsers have tripped over. */

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const SPICE: readonly string[] = [
  ...[
    '&a ',
    '*a',
    '*',
    '!!',
    '!!omap ',
    '!!binary ',
    '%YAML 1.1\n---\n',
    '---\n',
    '...\n',
    '<<: ',
    '? ',
    '- ',
    ': ',
    '| ',
    '>-\n',
  ],
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    '"',
    "'",
    '\\',
    '\t',
    '\r',
    '\r\n',
    '\n',
    '#',
    ' #',
    '\u0000',
    '\u00a0',
    '\u2028',
    '\u202e',
  ],
  ...[
    '\ufeff',
    '\ud800',
    '\udfff',
    '\u200b',
    '\u0430',
    '\u{1f600}',
    '\\u0000',
    '\\ud800',
    '\\x41',
    '__proto__',
    'constructor',
  ],
  ...[
    'null',
    '~',
    'true',
    '.inf',
    '.nan',
    '0x7fffffff',
    '1e999',
    '-0',
    '99999999999999999999',
    '2001-01-01',
    '012',
    '1_000',
  ],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: variables as a policy has them
  ...['${', '${a}', '${${a}}', '$', '@', 'a@b@c', '*.*', 'a.*', '"*.*"', 'cluster', 'any', '$external', 'mongoward/v1'],
  ...[
    '{"$numberLong":"1"}',
    '{"$date":{"$numberLong":"99999999999999999"}}',
    '{"$regularExpression":1}',
    '{"$binary":{}}',
  ],
  ...['<<<<<<< HEAD\n', '=======\n', '>>>>>>> x\n', '# mongoward-ignore', '# mongoward-ignore-next-line x -- y\n'],
  ...[
    'append-only',
    'metadata: { name: x }\n',
    'protection:',
    'roles:',
    'users:',
    'restrictions:',
    '180d',
    '>=5.0',
    '10.0.0.0/8',
  ],
];

const MOST = 20_000;

export function mutated(corpus: readonly string[], random: () => number): string {
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  let text = pick(corpus) ?? '';
  const times = 1 + Math.floor(random() * 4);
  for (let n = 0; n < times; n += 1) {
    const a = Math.floor(random() * (text.length + 1));
    const b = Math.min(text.length, a + Math.floor(random() ** 3 * text.length));
    const part = text.slice(a, b);
    const other = pick(corpus) ?? '';
    const from = Math.floor(random() * other.length);
    const inserted = (what: string): string => text.slice(0, a) + what + text.slice(a);
    switch (Math.floor(random() * 9)) {
      case 0:
        text = text.slice(0, a) + text.slice(b);
        break;
      case 1:
        text = inserted(part.repeat(1 + Math.floor(random() * 4)));
        break;
      case 2:
        text = text.slice(0, a) + other.slice(from);
        break;
      case 3:
        text = inserted(other.slice(from, from + 40));
        break;
      case 4:
        text = text.slice(0, a) + String.fromCharCode(Math.floor(random() * 0x180)) + text.slice(a + 1);
        break;
      case 5:
        text = inserted((pick(['[', '{a: ', '- ', '"', ' ']) ?? '').repeat(Math.floor(random() * 300)));
        break;
      default:
        text = inserted(pick(SPICE) ?? '');
    }
  }
  return text.slice(0, MOST);
}

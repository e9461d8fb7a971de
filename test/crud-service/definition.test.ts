/** What the service seals by a definition, what it overlooks, and what is refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDefinitions } from '../../src/crud-service/definition.ts';
import { folderTraps, sealedIn } from '../../src/crud-service/folder.ts';
import { rewriteFile } from '../../src/crud-service/write-back.ts';
import { fileDiff } from '../../src/report/textdiff.ts';

const ON = { enabled: true };
const SEARCHABLE = { enabled: true, searchable: true };
const OFF = { enabled: false };

/** `path type algorithm` for each sealed field, `rule pointer` for each problem and trap. */
function told(data: object): readonly string[] {
  const {
    definitions: [definition],
    problems,
  } = readDefinitions('books.json', JSON.stringify({ name: 'books', ...data }));
  const sealed = definition === undefined ? [] : sealedIn(definition);
  const traps = definition === undefined ? [] : folderTraps([definition]);
  return [
    ...sealed.map(({ path, seal }) => `${path} ${seal.bsonType} ${seal.algorithm}`),
    ...[...problems, ...traps].map(({ rule, path }) => `${rule} ${path}`),
  ];
}

const fields = (...list: readonly object[]) => ({ fields: list });
const field = (type: string, encryption: object, more: object = {}) => fields({ name: 'f', type, encryption, ...more });
const schema = (properties: object) => ({ schema: { type: 'object', properties } });
const mia = (encryption: object, more: object = {}) => ({ __mia_configuration: { ...more, encryption } });

const CASES: readonly (readonly [what: string, data: object, told: readonly string[]])[] = [
  ['an ObjectId', field('ObjectId', ON), ['f objectId random']],
  ['a Date', field('Date', SEARCHABLE), ['f date deterministic']],
  ['an Array', field('Array', ON), ['f array random']],
  ['a string', field('string', SEARCHABLE), ['f string deterministic']],
  ['a number', field('number', ON), ['f number random']],
  ['a boolean', field('boolean', ON), ['f bool random']],
  ['a RawObject as a whole', field('RawObject', ON, { schema: { properties: {} } }), ['f object random']],
  ['a field that says no', field('string', { ...OFF, searchable: true }), []],
  [
    'what a RawObject contains',
    fields({ name: 'f', type: 'RawObject', schema: { properties: { a: { type: 'string', encryption: SEARCHABLE } } } }),
    ['f.a string deterministic'],
  ],
  [
    'what a document in a RawObject contains',
    fields({
      name: 'f',
      type: 'RawObject',
      schema: { properties: { a: { type: 'object', properties: { b: { type: 'Date', encryption: ON } } } } },
    }),
    ['f.a.b date random'],
  ],
  [
    'a GeoPoint, which is stored as a document',
    field('GeoPoint', ON),
    ['f array random', 'crud-service/stored-type /fields/0/encryption'],
  ],
  [
    'a number that is searchable, which MongoDB refuses',
    field('number', SEARCHABLE),
    ['f number deterministic', 'encryption/deterministic-type /fields/0/encryption/searchable'],
  ],
  ...(['boolean', 'Array', 'GeoPoint', 'RawObject'] as const).map(
    (type): readonly [string, object, readonly string[]] => [
      `a searchable ${type}, which the service refuses`,
      field(type, { ...OFF, searchable: true, enabled: type !== 'RawObject' }),
      type === 'RawObject'
        ? ['encryption/deterministic-type /fields/0/encryption']
        : [
            `f ${type === 'boolean' ? 'bool' : 'array'} deterministic`,
            'encryption/deterministic-type /fields/0/encryption',
            ...(type === 'GeoPoint' ? ['crud-service/stored-type /fields/0/encryption'] : []),
          ],
    ],
  ),
  [
    'a field that is described twice, where the last one says nothing',
    fields({ name: 'f', type: 'string', encryption: ON }, { name: 'f', type: 'number' }),
    ['f string random'],
  ],
  [
    'a field that is described twice, where the last one says no',
    fields({ name: 'f', type: 'string', encryption: ON }, { name: 'f', type: 'object', properties: {} }),
    ['crud-service/in-the-clear /fields/0/encryption'],
  ],
  [
    'a field that is described twice, where the service refuses the first one',
    fields({ name: 'f', type: 'boolean', encryption: SEARCHABLE }, { name: 'f', type: 'string', encryption: ON }),
    [
      'f string random',
      'encryption/deterministic-type /fields/0/encryption',
      'crud-service/in-the-clear /fields/0/encryption',
    ],
  ],
  ['a list of one type', field('', ON, { type: ['string'] }), ['f string random']],
  [
    'a list of types, for which the service has no BSON type',
    field('', ON, { type: ['string', 'null'] }),
    ['crud-service/no-type /fields/0/encryption'],
  ],
  [
    'encryption that is null, with which the service does not start',
    fields({ name: 'f', type: 'object', properties: {}, encryption: null }),
    ['crud-service/definition /fields/0/encryption'],
  ],
  [
    'properties that are null, with which the service does not start',
    fields({ name: 'f', type: 'object', properties: null }),
    ['crud-service/definition /fields/0/properties'],
  ],
  [
    'a property that is null, with which the service does not start',
    fields({ name: 'f', type: 'RawObject', schema: { properties: { a: null } } }),
    ['crud-service/definition /fields/0/schema/properties/a'],
  ],
  [
    'a property of the collection that is null, with which the service does not start',
    schema({ a: null, b: { type: 'string', encryption: ON } }),
    ['b string random', 'crud-service/definition /schema/properties/a'],
  ],
  [
    'properties in a list, whose positions the service takes for names',
    fields({ name: 'f', type: 'object', properties: [{ type: 'string', encryption: ON }] }),
    ['crud-service/definition /fields/0/properties', 'crud-service/in-the-clear /fields/0/properties/0/encryption'],
  ],
  [
    'a sealed field in a sealed document',
    field('RawObject', ON, { schema: { properties: { a: { type: 'string', encryption: ON } } } }),
    ['f object random', 'encryption/nested /fields/0/schema/properties/a/encryption'],
  ],
  [
    'a sealed field in an array',
    fields({
      name: 'f',
      type: 'Array',
      items: { type: 'RawObject', schema: { properties: { a: { type: 'string', encryption: ON } } } },
    }),
    ['encryption/in-array /fields/0/items/schema/properties/a/encryption'],
  ],
  [
    'a name with a dot',
    fields({ name: 'a.b', type: 'string', encryption: ON }),
    ['a.b string random', 'encryption/field-path /fields/0'],
  ],
  [
    'a name that begins with $',
    fields({ name: '$a', type: 'string', encryption: ON }),
    ['$a string random', 'encryption/field-path /fields/0'],
  ],
  [
    '__proto__',
    fields({ name: '__proto__', type: 'string', encryption: ON }),
    ['__proto__ string random', 'encryption/field-path /fields/0'],
  ],
  ['a name in Unicode', fields({ name: 'Größe ✓', type: 'string', encryption: ON }), ['Größe ✓ string random']],
  [
    'the _id by random',
    fields({ name: '_id', type: 'ObjectId', encryption: ON }),
    ['_id objectId random', 'encryption/id /fields/0'],
  ],
  ['a property', schema({ f: { type: 'string', ...mia(ON) } }), ['f string random']],
  [
    'an ObjectId by its configuration',
    schema({ f: { type: 'string', ...mia(ON, { type: 'ObjectId' }) } }),
    ['f objectId random'],
  ],
  [
    'a property with encryption beside its type',
    schema({ f: { type: 'string', encryption: SEARCHABLE } }),
    ['f string deterministic'],
  ],
  [
    'a searchable property, which the service does not make searchable',
    schema({ f: { type: 'string', ...mia(SEARCHABLE) } }),
    [
      'f string random',
      'crud-service/searchable-ignored /schema/properties/f/__mia_configuration/encryption/searchable',
    ],
  ],
  [
    'a document by its configuration, which the service overlooks',
    schema({ f: { type: 'object', ...mia(ON) } }),
    ['crud-service/in-the-clear /schema/properties/f/__mia_configuration/encryption'],
  ],
  [
    'a document with encryption beside its type',
    schema({ f: { type: 'object', encryption: ON } }),
    ['f object random'],
  ],
  [
    'a document that says it twice, with which the service does not start',
    schema({ f: { type: 'object', encryption: ON, ...mia(ON) } }),
    ['f object random', 'encryption/nested /schema/properties/f/__mia_configuration/encryption'],
  ],
  [
    'a property that says it in other words',
    schema({ f: { type: 'string', encryption: true }, g: { type: 'string', encryptionEnabled: true } }),
    [
      'crud-service/in-the-clear /schema/properties/f/encryption',
      'crud-service/in-the-clear /schema/properties/g/encryptionEnabled',
    ],
  ],
  [
    'a property that says yes and no',
    schema({ f: { type: 'string', encryption: ON, ...mia(OFF) } }),
    ['crud-service/in-the-clear /schema/properties/f/encryption'],
  ],
  [
    'a date, which is stored as one and sealed as a string',
    schema({ f: { type: 'string', format: 'date-time', encryption: ON } }),
    ['f string random', 'crud-service/stored-type /schema/properties/f/encryption'],
  ],
  [
    'a date with a configuration, which is stored as a string',
    schema({ f: { type: 'string', format: 'date-time', ...mia(ON) } }),
    ['f string random'],
  ],
  [
    'an array, for which the service has no BSON type',
    schema({ f: { type: 'array', ...mia(ON) } }),
    ['f array random', 'crud-service/no-type /schema/properties/f/__mia_configuration/encryption'],
  ],
  [
    'an integer, for which it has none either',
    schema({ f: { type: 'integer', ...mia(ON) } }),
    ['f number random', 'crud-service/no-type /schema/properties/f/__mia_configuration/encryption'],
  ],
  [
    'a null',
    schema({ f: { type: 'null', ...mia(ON) } }),
    ['crud-service/no-type /schema/properties/f/__mia_configuration/encryption'],
  ],
  [
    'both formats in one file: fields count',
    { ...field('string', ON), ...schema({ g: { type: 'string', ...mia(ON) } }) },
    ['f string random', 'crud-service/in-the-clear /schema/properties/g/__mia_configuration/encryption'],
  ],
  ['a collection that says so of itself', { ...fields(), encryption: ON }, ['crud-service/in-the-clear /encryption']],
  [
    'an index on a field that is sealed by random',
    {
      ...field('string', ON),
      indexes: [{ name: 'x', type: 'normal', unique: true, fields: [{ name: 'f', order: 1 }] }],
    },
    ['f string random', 'crud-service/sealed-index /indexes/0'],
  ],
  [
    'a text index on a sealed field',
    { ...field('string', SEARCHABLE), indexes: [{ name: 'x', type: 'text', unique: false, fields: [{ name: 'f' }] }] },
    ['f string deterministic', 'crud-service/sealed-index /indexes/0'],
  ],
  [
    'an index on a field that is sealed deterministically',
    { ...field('string', SEARCHABLE), indexes: [{ name: 'x', type: 'hash', unique: false, field: 'f' }] },
    ['f string deterministic'],
  ],
  [
    'a field that may be null',
    field('string', ON, { nullable: true }),
    ['f string random', 'crud-service/nullable /fields/0/nullable'],
  ],
  [
    '__STATE__ by random, for which every query asks',
    fields({ name: '__STATE__', type: 'string', encryption: ON }),
    ['__STATE__ string random', 'crud-service/state /fields/0/encryption'],
  ],
  ['a view', { ...field('string', ON), type: 'view' }, ['f string random', 'crud-service/view /fields/0']],
  ['a nameless field', fields({ type: 'string' }), ['crud-service/definition /fields/0']],
  ['fields that are no list', { fields: 'f' }, ['crud-service/definition /fields']],
  ['neither fields nor schema', {}, ['crud-service/definition ']],
  ['no name', { name: undefined, ...fields() }, ['crud-service/definition /name']],
  ['an empty name', { name: '', ...fields() }, ['crud-service/definition /name']],
];

for (const [what, data, expected] of CASES) {
  test(`a definition with ${what}`, () => assert.deepEqual(told(data), expected));
}

const BROKEN: readonly (readonly [text: string, said: string])[] = [
  ['', '1:1 not valid JSON: a value is expected here'],
  ['{\n  "name": "books",\n}', '3:1 not valid JSON: a name in double quotes is expected here'],
  ['{\n  "name": "books" // ours\n}', '2:19 not valid JSON: , or } is expected here'],
  ["{ 'name': 1 }", '1:3 not valid JSON: a name in double quotes or } is expected here'],
  ['[1, 2', '1:6 not valid JSON: , or ] is expected here'],
  ['{"name": "a"} {', '1:15 not valid JSON: the end is expected here'],
  ['{"name" "a"}', '1:9 not valid JSON: : is expected here'],
  ['{"name": "a\tb"}', '1:10 not valid JSON: a value is expected here'],
  ['[]', '1:1 this is no collection definition: a definition has "name" and "fields" or "schema"'],
  ['{"name": "a", "name": "b"}', '1:15 this key stands here twice: keep one'],
  ['{\n<<<<<<< ours\n}', '2:1 a merge conflict was left here: settle it'],
  [
    '['.repeat(300) + ']'.repeat(300),
    '1:1 lists and maps are nested more than 200 levels deep: nothing here needs that',
  ],
];

for (const [text, said] of BROKEN) {
  test(`${JSON.stringify(text.slice(0, 30))} is refused with its place`, () => {
    const { problems } = readDefinitions('books.json', text);
    assert.deepEqual(
      problems.map(({ line, column, message }) => `${line}:${column} ${message}`),
      [said],
    );
  });
}

test('a byte order mark is passed over, as the service does', () => {
  const {
    definitions: [definition],
  } = readDefinitions('books.json', `\ufeff${JSON.stringify({ name: 'books', ...field('string', ON) })}`);
  assert.equal(definition?.name, 'books');
});

test('a TTL of 0 seconds is none: the service leaves it out', () => {
  const index = {
    name: 'ttl',
    type: 'normal',
    unique: false,
    fields: [{ name: 'at', order: 1 }],
    expireAfterSeconds: 0,
  };
  const {
    definitions: [definition],
  } = readDefinitions('books.json', JSON.stringify({ name: 'books', fields: [], indexes: [index] }));
  assert.equal(definition?.indexes[0]?.expireAfterSeconds, undefined);
});

test('of two definitions of one collection the last by file name decides', () => {
  const read = (file: string, data: object) =>
    readDefinitions(file, JSON.stringify({ name: 'books', ...data })).definitions[0] ?? assert.fail();
  const first = read('a.json', field('string', ON));
  const same = folderTraps([first, read('b.json', field('string', ON))]);
  assert.deepEqual(same, []);
  const traps = folderTraps([read('b.json', fields()), first]);
  assert.deepEqual(
    traps.map(({ rule, file, message }) => `${file} ${rule} ${message}`),
    [
      'a.json crud-service/twice "books" is defined in b.json too, with other sealed fields. The service goes by that one, and seals nothing by this',
    ],
  );
});

test('a second collection can not get its key, whether its fields are sealed or only said to be', () => {
  const read = (name: string, data: object = field('string', ON)) =>
    readDefinitions(`${name}.json`, JSON.stringify({ ...data, name })).definitions[0] ?? assert.fail();
  const [trap, ...others] = folderTraps([read('books'), read('cars')]);
  assert.deepEqual(others, []);
  const inTheClear = read('cars', { ...schema({ f: { type: 'object', properties: {}, ...mia(ON) } }) });
  assert.deepEqual(
    folderTraps([read('books'), inTheClear]).map(({ rule }) => rule),
    ['crud-service/in-the-clear', 'crud-service/shared-key-name'],
  );
  assert.equal(trap?.rule, 'crud-service/shared-key-name');
  assert.equal(trap?.file, 'cars.json');
  assert.match(trap?.message ?? '', /"crud-service".*E11000/);
});

const CONSOLE = {
  id: 'b',
  name: 'books',
  type: 'collection',
  fields: [
    { name: '_id', type: 'ObjectId', required: true, nullable: false },
    { name: 'email', type: 'string', encryptionEnabled: true, encryptionSearchable: true },
    { name: 'tags', type: 'Array_string', encryptionEnabled: true, encryptionSearchable: false },
    { name: 'note', type: 'string', encryptionEnabled: false, encryptionSearchable: false },
    {
      name: 'address',
      type: 'RawObject',
      schema: { properties: { street: { type: 'string', encryption: { enabled: true, searchable: false } } } },
    },
  ],
  internalEndpoints: [{ basePath: '/books', defaultState: 'PUBLIC' }],
  indexes: [{ name: 'old', type: 'TTL', unique: false, fields: [{ name: 'at', order: 1 }], expireAfterSeconds: 9 }],
};
const WRAPPED = { data: { collections: { b: CONSOLE, c: { ...CONSOLE, id: 'c', name: 'cars' } } } };

for (const [what, data, names] of [
  ['alone', CONSOLE, ['books']],
  ['in data.collections', WRAPPED, ['books', 'cars']],
  ['in collections', WRAPPED.data, ['books', 'cars']],
] as const) {
  test(`the Console's form of collections is read as the service's, ${what}`, () => {
    const { definitions, problems } = readDefinitions('books.json', JSON.stringify(data));
    assert.deepEqual(problems, []);
    assert.deepEqual(
      definitions.map(({ name }) => name),
      names,
    );
    for (const definition of definitions) {
      assert.deepEqual(
        sealedIn(definition).map(({ path, seal }) => `${path} ${seal.bsonType} ${seal.algorithm}`),
        ['address.street string random', 'email string deterministic', 'tags array random'],
      );
      assert.deepEqual(
        definition.indexes.map(({ name, expireAfterSeconds }) => [name, expireAfterSeconds]),
        [['old', 9]],
      );
    }
  });
}

test("what is wrong in the Console's form is told at its own words", () => {
  const fields = [
    { name: 'n', type: 'number', encryptionEnabled: true, encryptionSearchable: true },
    { name: 'ok', type: 'boolean', encryptionEnabled: true, encryptionSearchable: true },
    { name: 'o', type: 'RawObject', encryptionEnabled: false, schema: { encryption: { enabled: true } } },
    {
      name: 'l',
      type: 'Array_RawObject',
      schema: { properties: { inner: { type: 'string', encryption: { enabled: true } } } },
    },
  ];
  const said = (data: object): unknown =>
    readDefinitions('books.json', JSON.stringify(data)).problems.map(({ rule, path }) => `${rule} ${path}`);
  const expected = (at: string): readonly string[] => [
    `encryption/deterministic-type ${at}/fields/0/encryptionSearchable`,
    `encryption/deterministic-type ${at}/fields/1/encryptionEnabled`,
    `encryption/in-array ${at}/fields/3/schema/properties/inner/encryption`,
    `crud-service/definition ${at}/fields/2/schema`,
  ];
  assert.deepEqual(said({ id: 'books', type: 'collection', fields }), expected(''));
  assert.deepEqual(said({ data: { collections: { books: { fields } } } }), expected('/data/collections/books'));
  assert.deepEqual(said({ collections: { books: 1 } }), ['crud-service/definition /collections/books']);
});

test("a policy is written into the Console's form in its own words, into each collection of a file", () => {
  const file = readDefinitions('books.json', JSON.stringify(WRAPPED, undefined, 2));
  const random = (bsonType: 'string' | 'array') => ({ bsonType, algorithm: 'random', keyAltName: 'k' }) as const;
  const fields = { note: random('string'), email: random('string'), 'address.street': random('string') };
  const after = rewriteFile(file, ({ name }) => (name === 'cars' ? { fields } : undefined));
  const [books, cars] = after.definitions;
  assert.deepEqual(books && sealedIn(books).length, 3);
  assert.deepEqual(cars && sealedIn(cars).map(({ path, seal }) => `${path} ${seal.algorithm}`), [
    'address.street random',
    'email random',
    'note random',
  ]);
  const changed = fileDiff('books.json', file.text, after.text)
    .split('\n')
    .filter((line) => /^[-+] /.test(line));
  assert.deepEqual(
    changed.map((line) => line.replaceAll(/ +/g, ' ')),
    [
      '- "encryptionSearchable": true',
      '+ "encryptionSearchable": false',
      '- "encryptionEnabled": true,',
      '+ "encryptionEnabled": false,',
      '- "encryptionEnabled": false,',
      '+ "encryptionEnabled": true,',
    ],
  );
  assert.equal(rewriteFile(after, ({ name }) => (name === 'cars' ? { fields } : undefined)).text, after.text);
});

test("a field that says it in its schema too gets both set in the Console's form", () => {
  const schema = { encryption: { enabled: true, searchable: false }, properties: {} };
  const data = { id: 'books', type: 'collection', fields: [{ name: 'o', type: 'RawObject', schema }] };
  const after = rewriteFile(readDefinitions('books.json', JSON.stringify(data)), () => ({ fields: {} }));
  assert.deepEqual(JSON.parse(after.text).fields, [
    {
      name: 'o',
      type: 'RawObject',
      schema: { encryption: { enabled: false, searchable: false }, properties: {} },
      encryptionEnabled: false,
    },
  ]);
  assert.deepEqual(after.problems, []);
});

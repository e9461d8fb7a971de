import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Binary, BSONRegExp, Decimal128, Long, ObjectId } from 'bson';
import { canonicalState } from '../../src/state/canonical.ts';
import { documentKey } from '../../src/state/document.ts';
import { formatSnapshot, parseSnapshot } from '../../src/state/snapshot.ts';
import { collection, dataKey, owned, role, state, user } from '../support/build.ts';

const HEAD = '"mongowardSnapshot": 1, "server": {"version": "8.0.4"}';

test('the whole file, for the smallest cluster', () => {
  const text = formatSnapshot(
    state({
      roles: [role('a@admin', { 'x.y': ['find'] }, ['read@app'])],
      users: [user('u@admin', ['a@admin'], { mechanisms: ['SCRAM-SHA-256'] })],
      objects: [owned('role', 'a@admin')],
    }),
  );
  assert.equal(
    text,
    `{
  "mongowardSnapshot": 1,
  "server": {
    "version": "8.0.4",
    "edition": "community",
    "topology": "replicaSet"
  },
  "roles": [
    {
      "role": "a",
      "db": "admin",
      "privileges": [
        {
          "resource": {
            "db": "x",
            "collection": "y"
          },
          "actions": [
            "find"
          ]
        }
      ],
      "roles": [
        {
          "role": "read",
          "db": "app"
        }
      ]
    }
  ],
  "users": [
    {
      "user": "u",
      "db": "admin",
      "roles": [
        {
          "role": "a",
          "db": "admin"
        }
      ],
      "mechanisms": [
        "SCRAM-SHA-256"
      ]
    }
  ],
  "databases": [],
  "settings": {},
  "objects": [
    {
      "kind": "role",
      "target": "a@admin",
      "policy": "p",
      "created": true
    }
  ],
  "unreadable": []
}
`,
  );
});

const validated = (validator: Readonly<Record<string, unknown>>) =>
  state({ databases: [{ name: 'x', collections: [collection('y', { options: { validator } })] }] });

const MADE = state({
  ...validated({
    $jsonSchema: { properties: { a: { enum: [new Date(0), new ObjectId('0'.repeat(24)), null] } } },
    long: Long.fromString('9007199254740993'),
    decimal: Decimal128.fromString('1.10'),
    sealed: new Binary(Buffer.from([1, 2]), 6),
  }),
  users: [user('u@admin', [], { customData: { since: new Date(5) } })],
  settings: { authorization: 'transition', tls: 'requireTLS' },
  unreadable: [{ what: 'databases.x', why: 'not authorized' }],
});

test('a snapshot is read as it was written, BSON values in validators included', () => {
  assert.equal(documentKey(parseSnapshot(formatSnapshot(MADE))), documentKey(canonicalState(MADE)));
});

test('a snapshot that was read gives the same bytes when it is written again', () => {
  const text = formatSnapshot(MADE);
  assert.equal(formatSnapshot(parseSnapshot(text)), text);
});

const OPERATORS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'a regular expression as an operator': { name: { $regex: '^a' } },
  'a regular expression with options': { name: { $regex: '^a', $options: 'i' } },
  'a regular expression among BSON values': { $and: [{ name: { $not: { $regex: '^a' } } }, { since: new Date(0) }] },
  'a BSON regular expression under the operator': { name: { $regex: new BSONRegExp('^a', 'i') } },
  'a BSON regular expression': { name: new BSONRegExp('^a') },
  'other operators': { a: { $type: 'string', $exists: true, $in: [1, null] }, $expr: { $gt: ['$a', '$b'] } },
};

for (const [what, validator] of Object.entries(OPERATORS)) {
  test(`${what} in a validator is read as it was written`, () => {
    assert.deepEqual(parseSnapshot(formatSnapshot(validated(validator))).databases, validated(validator).databases);
  });
}

const KNOWN = state({
  roles: [role('a@admin')],
  users: [user('u@admin')],
  databases: [{ name: 'x', collections: [collection('y')] }],
  settings: { tls: 'requireTLS' },
  objects: [owned('role', 'a@admin')],
});

for (const part of ['roles', 'users', 'databases', 'settings', 'objects'] as const) {
  test(`${part} that nobody could see are left out, and stay unknown when the snapshot is read`, () => {
    const { [part]: _unknown, ...rest } = KNOWN;
    const text = formatSnapshot(rest);
    assert.ok(!(part in JSON.parse(text)));
    assert.deepEqual(parseSnapshot(text), rest);
  });
}

test('collections and indexes that nobody could see stay unknown', () => {
  const { indexes: _unknown, ...unread } = collection('y');
  const blind = state({ databases: [{ name: 'hidden' }, { name: 'x', collections: [unread] }] });
  assert.deepEqual(parseSnapshot(formatSnapshot(blind)), blind);
});

test('the whole file, if nothing but the server could be seen', () => {
  const { server } = state();
  assert.equal(
    formatSnapshot({ server, unreadable: [] }),
    `{
  "mongowardSnapshot": 1,
  "server": {
    "version": "8.0.4",
    "edition": "community",
    "topology": "replicaSet"
  },
  "unreadable": []
}
`,
  );
});

test('the order in which a cluster answers does not show in the file', () => {
  const roles = [role('a@admin', { 'x.y': ['find', 'insert'] }), role('b@admin')];
  const other = [role('b@admin'), role('a@admin', { 'x.y': ['insert', 'find'] })];
  assert.equal(formatSnapshot(state({ roles })), formatSnapshot(state({ roles: other })));
});

test('what is absent is unknown, what is empty is none', () => {
  assert.deepEqual(parseSnapshot(`{${HEAD}}`), {
    server: { version: '8.0.4', edition: 'community', topology: 'standalone' },
    unreadable: [],
  });
  assert.deepEqual(parseSnapshot(`{${HEAD}, "roles": []}`).roles, []);
});

test('roles and users in the shape of rolesInfo and usersInfo are enough', () => {
  const roles =
    '[{"role": "a", "db": "admin", "isBuiltin": false, "privileges": [], "roles": [], "inheritedRoles": []}]';
  const users =
    '[{"_id": "admin.u", "userId": {"$uuid": "00000000-0000-4000-8000-000000000000"}, "user": "u", "db": "admin", "roles": []}]';
  const read = parseSnapshot(`{${HEAD}, "roles": ${roles}, "users": ${users}}`);
  assert.deepEqual(read.roles, [role('a@admin')]);
  assert.deepEqual(read.users, [user('u@admin')]);
});

/** A role, user or collection of `db` x, with what it must say; the rest is given. */
const roleText = (rest: string): string => `"roles": [{"role": "a", "db": "x"${rest}}]`;
const userText = (rest: string): string => `"users": [{"user": "u", "db": "x"${rest}}]`;
const collectionText = (rest: string): string => `"databases": [{"name": "x", "collections": [{"name": "y"${rest}}]}]`;

const ROLE = '{"role": "a", "db": "x", "privileges": [], "roles": []}';
const USER = '{"user": "a", "db": "x", "roles": []}';
const COLLECTION = '{"name": "c", "type": "collection", "options": {}, "indexes": []}';

const WRONG: readonly (readonly [text: string, message: string])[] = [
  ['', 'line 1, column 1: not valid JSON: a value is expected here'],
  ['{"password": "s3cret", oops}', 'line 1, column 24: not valid JSON: a name in double quotes is expected here'],
  ['{\n"roles": [], "roles": []}', 'line 2, column 14: this key stands here twice: keep one'],
  ['null', 'it is not a snapshot: it lacks "mongowardSnapshot"'],
  ['1', 'it is not a snapshot: it lacks "mongowardSnapshot"'],
  ['[]', 'it is not a snapshot: it lacks "mongowardSnapshot"'],
  ['{}', 'it is not a snapshot: it lacks "mongowardSnapshot"'],
  ['{"mongowardSnapshot": 2}', 'it is of snapshot version 2, and this program reads 1'],
  ['{"mongowardSnapshot": 1}', "it must have required property 'server'"],
  ['{"mongowardSnapshot": 1, "server": 8}', 'server must be object'],
  ['{"mongowardSnapshot": 1, "server": {}}', "server must have required property 'version'"],
  ['{"mongowardSnapshot": 1, "server": {"version": 8}}', 'server.version must be string'],
  ...(
    [
      ['"roles": {}', 'roles must be array'],
      ['"roles": null', 'roles must be array'],
      ['"users": {}', 'users must be array'],
      ['"databases": {}', 'databases must be array'],
      ['"settings": []', 'settings must be object'],
      ['"objects": {}', 'objects must be array'],
      ['"unreadable": {}', 'unreadable must be array'],
      ['"unreadable": [{"what": "users"}]', "unreadable[0] must have required property 'why'"],
      ['"roles": [null]', 'roles[0] must be object'],
      ['"roles": [{"db": "x", "privileges": [], "roles": []}]', "roles[0] must have required property 'role'"],
      [roleText(''), "roles[0] must have required property 'privileges'"],
      [roleText(', "privileges": []'), "roles[0] must have required property 'roles'"],
      [roleText(', "privileges": [], "roles": ["b@x"]'), 'roles[0].roles[0] must be object'],
      [
        roleText(', "roles": [], "privileges": [{"resource": {"cluster": true}}]'),
        "roles[0].privileges[0] must have required property 'actions'",
      ],
      [
        roleText(', "roles": [], "privileges": [], "authenticationRestrictions": [null]'),
        'roles[0].authenticationRestrictions[0] must be object or array',
      ],
      [
        userText(', "roles": [], "authenticationRestrictions": [{"clientSource": "10.0.0.1"}]'),
        'users[0].authenticationRestrictions[0].clientSource must be array',
      ],
      [userText(''), "users[0] must have required property 'roles'"],
      [userText(', "roles": [{"role": "a"}]'), "users[0].roles[0] must have required property 'db'"],
      ['"users": [{"user": 1, "db": "x", "roles": []}]', 'users[0].user must be string'],
      ['"databases": [{"collections": []}]', "databases[0] must have required property 'name'"],
      [collectionText(', "options": {}'), "databases[0].collections[0] must have required property 'type'"],
      [collectionText(', "type": "collection"'), "databases[0].collections[0] must have required property 'options'"],
      [
        '"objects": [{"kind": "role", "target": "a@x", "policy": "p"}]',
        "objects[0] must have required property 'created'",
      ],
      [
        `"roles": [${ROLE}, {"role": "b", "db": "x", "privileges": [], "roles": []}, ${ROLE}]`,
        'roles[2] is a@x again, as roles[0] is: keep one',
      ],
      [`"users": [${USER}, ${USER}]`, 'users[1] is a@x again, as users[0] is: keep one'],
      ['"databases": [{"name": "a"}, {"name": "a"}]', 'databases[1] is a again, as databases[0] is: keep one'],
      [
        `"databases": [{"name": "a", "collections": [${COLLECTION}, ${COLLECTION}]}]`,
        'databases[0].collections[1] is c again, as databases[0].collections[0] is: keep one',
      ],
      [
        `"shards": [{"name": "s", "users": [${USER}, ${USER}]}]`,
        'shards[0].users[1] is a@x again, as shards[0].users[0] is: keep one',
      ],
    ] as const
  ).map(([part, message]): readonly [string, string] => [`{${HEAD}, ${part}}`, message]),
];

for (const [text, message] of WRONG) {
  test(`${text === '' ? 'an empty file' : text}: ${message}`, () => {
    assert.throws(() => parseSnapshot(text), { name: 'Error', message });
  });
}

test('key vaults, sorted, and never more of a key than is known of it', () => {
  const made = { ...dataKey(['b', 'a']), keyMaterial: 'secret' };
  const read = parseSnapshot(formatSnapshot(state({ keyVaults: [{ ns: 'keys.vault', keys: [made] }] })));
  assert.deepEqual(read.keyVaults, [{ ns: 'keys.vault', keys: [dataKey(['a', 'b'])] }]);
  const byHand = `{${HEAD}, "keyVaults": [{"ns": "keys.vault", "keys": [${JSON.stringify(made)}]}]}`;
  assert.deepEqual(parseSnapshot(byHand).keyVaults, read.keyVaults);
});

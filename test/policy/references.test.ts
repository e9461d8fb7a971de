import assert from 'node:assert/strict';
import { test } from 'node:test';
import { intent, policyText } from '../support/build.ts';
import { said } from './said.ts';

test('a role that is neither defined nor built in is told, with the nearest defined one', () => {
  const lines =
    'roles: {reader@admin: {}}\nusers: {u@admin: {roles: [raeder@admin, read@app, root@app, root@admin]}}\n';
  assert.deepEqual(said(policyText(lines)), [
    '4:27 document/unknown-role: the role raeder@admin is neither in the policy nor built in (did you mean "reader@admin"?)',
    '4:51 document/unknown-role: the role root@app is neither in the policy nor built in: that role is in admin alone, as root@admin',
  ]);
});

test('roles that inherit each other are told with the way round', () => {
  const lines = 'roles:\n  a@admin: {roles: [b@admin]}\n  b@admin: {roles: [c@admin]}\n  c@admin: {roles: [a@admin]}\n';
  assert.deepEqual(said(policyText(lines)), [
    '4:3 document/role-cycle: these roles inherit each other: a@admin → b@admin → c@admin → a@admin',
  ]);
  assert.deepEqual(said(policyText('roles: {a@admin: {roles: [a@admin]}}\n')), [
    '3:9 document/role-cycle: these roles inherit each other: a@admin → a@admin',
  ]);
});

test('a role outside admin stays in its database', () => {
  const wrong = (what: string): string =>
    `a@app can't hold ${what}: outside admin a role reaches its own database only: define it as a@admin`;
  const lines = (on: string): string => policyText(`roles: {a@app: {privileges: [{on: ${on}, allow: [find]}]}}\n`);
  for (const on of ['app.x', 'app.*', 'app.system.buckets.x']) assert.deepEqual(said(lines(on)), [], on);
  for (const [on, shown] of [
    ['audit.x', 'audit.x'],
    ['"*.x"', '*.x'],
    ['"*.*"', '*.*'],
    ['cluster', 'cluster'],
    ['any', 'any'],
  ] as const) {
    assert.deepEqual(said(lines(on)), [`3:30 document/other-database: ${wrong(`a privilege on ${shown}`)}`]);
  }
  for (const [on, shown] of [
    ['{db: app, system_buckets: x}', 'app.x'],
    ['{db: other, system_buckets: x}', 'other.x'],
    ['{db: app, system_buckets: ""}', 'app.*'],
    ['{system_buckets: x}', '*.x'],
  ] as const) {
    assert.deepEqual(said(lines(on)), [
      `3:30 document/other-database: a@app can't hold a privilege on system_buckets ${shown}: outside admin a role holds no privilege on system_buckets: define it as a@admin`,
    ]);
  }
  assert.deepEqual(said(policyText('roles: {a@app: {roles: [read@app, read@audit]}}\n')), [
    `3:35 document/other-database: ${wrong('read@audit')}`,
  ]);
});

test("a built-in role's name is refused in every database", () => {
  const wrong = (name: string): string =>
    `document/builtin-role: "${name}" is the name of a built-in role of MongoDB: choose another`;
  assert.deepEqual(said(policyText('roles:\n  read@app: {}\n  root@app: {}\n  __system@admin: {}\n')), [
    `4:3 ${wrong('read')}`,
    `5:3 ${wrong('root')}`,
    `6:3 ${wrong('__system')}`,
  ]);
  assert.deepEqual(said(policyText('roles: {constructor@admin: {}, toString@app: {}}\n')), []);
});

test('a user of $external has neither password nor mechanisms', () => {
  const lines = 'users:\n  CN=x@$external:\n    password: {fromEnv: A}\n    mechanisms: [SCRAM-SHA-1]\n';
  assert.deepEqual(said(policyText(lines)), [
    '5:5 credentials/external-password: a user of $external has no password: remove "password"',
    '6:5 credentials/external-password: a user of $external has no SCRAM mechanisms: remove "mechanisms"',
  ]);
});

test('the same object twice is told with the place of the first', () => {
  const lines = 'roles: {a@admin: {}}\nusers: {u@admin: {}}\ncollections: {a.b: {}}\ncluster: {}\n';
  assert.deepEqual(said({ 'a.yaml': policyText(lines), 'b.yaml': policyText(lines) }), [
    'b.yaml:3:9 document/duplicate: this role is already defined in a.yaml:3: keep one',
    'b.yaml:4:9 document/duplicate: this user is already defined in a.yaml:4: keep one',
    'b.yaml:5:15 document/duplicate: this collection is already defined in a.yaml:5: keep one',
    'b.yaml:6:1 document/duplicate: "cluster" stands in a.yaml too: keep one',
  ]);
});

test('files of one policy refer to each other, files of two do not go together', () => {
  const a = policyText('roles: {a@admin: {}}\n');
  assert.deepEqual(said({ 'a.yaml': a, 'b.yaml': policyText('roles: {b@admin: {roles: [a@admin]}}\n') }), []);
  assert.deepEqual(said({ 'a.yaml': a, 'b.yaml': policyText('', 'two') }), [
    'b.yaml:2:12 document/several-policies: this file belongs to the policy "two", a.yaml to "p": give the files of one policy',
  ]);
});

const USES_B = policyText('users: {u@admin: {roles: [b@admin]}}\n');
const HALF_READ: readonly (readonly [what: string, text: string, said: string])[] = [
  [
    'does not parse',
    policyText('roles: {b@admin: {}}\nx: [1\n'),
    'b.yaml:5:1 document/syntax: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
  ],
  ['does not fit', policyText('roles: {b@admin: {}}\nxyzzy: 1\n'), 'b.yaml:4:1 document/schema: unknown key "xyzzy"'],
  [
    'lacks a variable',
    policyText(`roles: {b@admin: {}, "c@\${x}": {}}\n`),
    'b.yaml:3:22 document/variable: no value for the variable "x": give it under "variables", by --var, or in MONGOWARD_VAR_x',
  ],
];

for (const [what, text, expected] of HALF_READ) {
  test(`a file that ${what} may define the roles that the others name: they are not unknown`, () => {
    assert.deepEqual(said({ 'a.yaml': USES_B, 'b.yaml': text }), [expected]);
  });
}

test('what is wrong between the roles of the other files is told all the same', () => {
  const files = { 'a.yaml': policyText('roles: {a@admin: {roles: [a@admin]}}\n'), 'b.yaml': policyText('xyzzy: 1\n') };
  assert.deepEqual(said(files), [
    'a.yaml:3:9 document/role-cycle: these roles inherit each other: a@admin → a@admin',
    'b.yaml:3:1 document/schema: unknown key "xyzzy"',
  ]);
});

const NAMES: readonly (readonly [key: string, role: string, db: string])[] = [
  ['__proto__@admin', '__proto__', 'admin'],
  ['a@b@c', 'a@b', 'c'],
  ['été@admin', 'été', 'admin'],
  ['日本@東京', '日本', '東京'],
  ['a b@admin', 'a b', 'admin'],
  ['1@2', '1', '2'],
  ['a.b@admin', 'a.b', 'admin'],
];

test('any name that MongoDB takes is kept as it is', () => {
  const lines = (kind: string) => `${kind}: {${NAMES.map(([key]) => `"${key}": {}`).join(', ')}}\n`;
  const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1);
  const expected = NAMES.map(([, name, db]) => ({ name, db })).sort(byName);
  const { roles } = intent(lines('roles'));
  const { users } = intent(lines('users'));
  assert.deepEqual(roles.map(({ role: { role, db } }) => ({ name: role, db })).sort(byName), expected);
  assert.deepEqual(users.map(({ user: { user, db } }) => ({ name: user, db })).sort(byName), expected);
});

test('a name refers to the same role in both forms', () => {
  const lines = 'roles: {"a@b@c": {}}\nusers: {u@admin: {roles: ["a@b@c", {name: a@b, db: c}]}}\n';
  assert.deepEqual(intent(lines).users[0]?.user.roles, [{ role: 'a@b', db: 'c' }]);
});

const WRONG_NAMES: readonly (readonly [line: string, said: string])[] = [
  ['roles: {a: {}}', '3:9 document/name: "a" is not the name of a role: write it as name@db'],
  ['roles: {"@a": {}}', '3:9 document/name: "@a" is not the name of a role: write it as name@db'],
  ['users: {"a@": {}}', '3:9 document/name: "a@" is not the name of a user: write it as name@db'],
  ['roles: {a@x.y: {}}', `3:9 document/name: "a@x.y" can't be a role: it contains "."`],
  ['users: {a@$x: {}}', `3:9 document/name: "a@$x" can't be a user: it contains "$"`],
  ['users: {"a@x y": {}}', `3:9 document/name: "a@x y" can't be a user: it contains " "`],
  [
    `users: {a@${'é'.repeat(32)}: {}}`,
    `3:9 document/name: "a@${'é'.repeat(32)}" can't be a user: it is longer than 63 bytes`,
  ],
  ['roles: {a@$external: {}}', "3:9 document/name: roles can't be in $external: define it in admin"],
  ['roles: {a@local: {}}', "3:9 document/name: roles can't be in local: define it in admin"],
  ['users: {a@local: {}}', "3:9 document/name: users can't be in local: define it in admin"],
  [
    'roles: {"a\\0b@admin": {}}',
    `3:9 document/name: "a\\u0000b@admin" can't be a role: its name contains a null character`,
  ],
  [
    'users: {"a\\0b@admin": {}}',
    `3:9 document/name: "a\\u0000b@admin" can't be a user: its name contains a null character`,
  ],
  ['users: {"a@b\\0c": {}}', `3:9 document/name: "a@b\\u0000c" can't be a user: it contains "\\u0000"`],
  [
    'collections: {"a.b\\0c": {}}',
    `3:15 document/name: "a.b\\u0000c" can't be a collection: its name contains a null character`,
  ],
  ['collections: {a: {}}', '3:15 document/name: "a" is not the full name of a collection: write it as db.collection'],
  ['collections: {.x: {}}', '3:15 document/name: ".x" is not the full name of a collection: write it as db.collection'],
  [
    'collections: {a.system.users: {}}',
    `3:15 document/name: "a.system.users" can't be a collection: names that begin with "system." are the server's own`,
  ],
  [
    'collections: {$external.x: {}}',
    `3:15 document/name: "$external.x" can't be a collection: $external holds accounts, and no collections`,
  ],
  ['collections: {a.b$c: {}}', `3:15 document/name: "a.b$c" can't be a collection: its name contains "$"`],
  [
    'collections: {a.b.system.c: {}}',
    `3:15 document/name: "a.b.system.c" can't be a collection: names that contain ".system." are the server's own`,
  ],
  [
    'roles: {r@a: {privileges: [{on: a.$cmd, allow: [find]}]}}',
    `3:29 document/name: "$cmd" can't be a collection: its name contains "$"`,
  ],
  [
    'roles: {r@admin: {privileges: [{on: {db: "", collection: .b}, allow: [find]}]}}',
    `3:33 document/name: ".b" can't be a collection: its name begins with a dot`,
  ],
  [
    'roles: {r@admin: {privileges: [{on: {db: a, system_buckets: .b}, allow: [find]}]}}',
    `3:33 document/name: ".b" can't be a collection: its name begins with a dot`,
  ],
  [
    'restrictions: [{users: "*", on: a.$cmd, deny: [read]}]',
    `3:29 document/name: "a.$cmd" can't be a collection: its name contains "$"`,
  ],
  [
    'restrictions: [{users: "*", on: [a.*, "b c.*"], deny: [read]}]',
    `3:39 document/name: "b c" can't be a database: it contains " "`,
  ],
];

for (const [line, expected] of WRONG_NAMES) {
  test(`"${line}" names nothing that MongoDB could have`, () => {
    assert.deepEqual(said(policyText(`${line}\n`)), [expected]);
  });
}

test('a built-in role is in no place that is no database', () => {
  const hint = (role: string): string | undefined =>
    said(policyText(`users: {u@admin: {roles: [${role}]}}\n`))[0]?.split(' built in')[1];
  assert.deepEqual(['readWrite@shop.orders', '"read@a b"', 'read@$external', 'root@shop.orders'].map(hint), [
    `: "shop.orders" can't be a database, it contains ".". Write readWrite@shop, or a role with privileges on shop.orders`,
    `: "a b" can't be a database, it contains " "`,
    ': $external holds accounts, and no roles',
    `: "shop.orders" can't be a database, it contains "."`,
  ]);
});

test('a built-in role in another case or database is told as it is written', () => {
  const hint = (role: string): string | undefined =>
    said(policyText(`users: {u@admin: {roles: [${role}]}}\n`))[0]?.split(' built in')[1];
  assert.deepEqual(
    ['readwrite@shop', 'Read@shop', 'readAnyDatabase@shop', 'clusteradmin@shop', 'raed@shop'].map(hint),
    [
      ' (did you mean "readWrite@shop"?)',
      ' (did you mean "read@shop"?)',
      ': that role is in admin alone, as readAnyDatabase@admin',
      ' (did you mean "clusterAdmin@admin"?)',
      ' (did you mean "read@shop"?)',
    ],
  );
});

test('words of the shell are told as the actions that grant them', () => {
  const hint = (action: string): string | undefined =>
    said(policyText(`roles: {r@shop: {privileges: [{on: shop.orders, allow: [${action}]}]}}\n`))[0]?.split('": ')[1];
  assert.deepEqual(['count', 'delete', 'drop', 'save', 'write', 'readWrite'].map(hint), [
    'it is granted by "find"',
    'it is granted by "remove"',
    'it is "dropCollection", or "dropDatabase"',
    'it is granted by "insert" and "update"',
    'list the actions: "insert", "update", "remove"',
    'it is a role: name it under "roles", as readWrite@db',
  ]);
});

test("a policy has no collections in the server's own databases", () => {
  const wrong = (name: string, db: string): string =>
    `3:15 document/schema: ${name} can't be a collection of a policy, because what lies in ${db} is the server's own. Say who may not reach it by a restriction on ${name}, or name another database`;
  for (const [name, db] of [
    ['local.foo', 'local'],
    ['config.chunks', 'config'],
  ] as const) {
    assert.deepEqual(said(policyText(`collections: {${name}: {}}\n`)), [wrong(name, db)]);
  }
  assert.deepEqual(said(policyText('restrictions: [{users: "*", on: config.chunks, deny: [write]}]\n')), []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Binary, Decimal128, Long, ObjectId } from 'bson';
import { canonicalState } from '../../src/state/canonical.ts';
import { documentKey } from '../../src/state/document.ts';
import { formatSnapshot, parseSnapshot } from '../../src/state/snapshot.ts';
import { collection, owned, role, state, user } from '../support/build.ts';

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

test('a snapshot is read as it was written, BSON values in validators included', () => {
  const validator = {
    $jsonSchema: { properties: { a: { enum: [new Date(0), new ObjectId('0'.repeat(24)), null] } } },
    long: Long.fromString('9007199254740993'),
    decimal: Decimal128.fromString('1.10'),
    sealed: new Binary(Buffer.from([1, 2]), 6),
  };
  const made = state({
    databases: [{ name: 'audit', collections: [collection('logs', { options: { validator, capped: true } })] }],
    users: [user('u@admin', [], { customData: { since: new Date(5) } })],
    settings: { authorization: 'transition', tls: 'requireTLS' },
    unreadable: [{ what: 'databases.x', why: 'not authorized' }],
  });
  const text = formatSnapshot(made);
  assert.equal(documentKey(parseSnapshot(text)), documentKey(canonicalState(made)));
  assert.equal(formatSnapshot(parseSnapshot(text)), text);
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
  const text = `{${HEAD}, "roles": [{"role": "a", "db": "admin"}], "users": [{"user": "u", "db": "admin", "userId": 1}]}`;
  assert.deepEqual(parseSnapshot(text).roles, [role('a@admin')]);
  assert.deepEqual(parseSnapshot(text).users, [user('u@admin')]);
});

const WRONG: readonly (readonly [text: string, message: string])[] = [
  ['', 'it is not valid JSON'],
  ['{"password": "s3cret", oops}', 'it is not valid JSON'],
  ['null', 'it is not a snapshot: it lacks "mongowardSnapshot"'],
  ['1', 'it is not a snapshot: it lacks "mongowardSnapshot"'],
  ['[]', 'it is not a snapshot: it lacks "mongowardSnapshot"'],
  ['{}', 'it is not a snapshot: it lacks "mongowardSnapshot"'],
  ['{"mongowardSnapshot": 2}', 'it is of snapshot version 2, and this program reads 1'],
  ['{"mongowardSnapshot": 1}', 'it lacks "server.version"'],
  ['{"mongowardSnapshot": 1, "server": {"version": 8}}', 'it lacks "server.version"'],
  [`{${HEAD}, "roles": {}}`, '"roles" must be a list'],
  [`{${HEAD}, "users": {}}`, '"users" must be a list'],
  [`{${HEAD}, "databases": {}}`, '"databases" must be a list'],
  [`{${HEAD}, "objects": {}}`, '"objects" must be a list'],
  [`{${HEAD}, "unreadable": {}}`, '"unreadable" must be a list'],
  [`{${HEAD}, "roles": [null]}`, 'roles[0] lacks "role" or "db"'],
  [`{${HEAD}, "roles": [{"role": "a", "db": "x"}, {"role": "a"}]}`, 'roles[1] lacks "role" or "db"'],
  [`{${HEAD}, "users": [{"user": 1, "db": "x"}]}`, 'users[0] lacks "user" or "db"'],
];

for (const [text, message] of WRONG) {
  test(`${text === '' ? 'an empty file' : text}: ${message}`, () => {
    assert.throws(() => parseSnapshot(text), { name: 'Error', message });
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policyText } from '../support/build.ts';
import { said } from './said.ts';

/** The line of a policy, which is its third, and what is said of it. */
const ROWS: readonly (readonly [line: string, ...said: readonly string[]])[] = [
  ['role: {}', '3:1 unknown key "role" (did you mean "roles"?)'],
  ['rolls: {}', '3:1 unknown key "rolls" (did you mean "roles"?)'],
  ['constructor: {}', '3:1 unknown key "constructor"'],
  ['xyzzy: 1', '3:1 unknown key "xyzzy"'],
  ['users: {a@admin: {password: {env: PW}}}', '3:30 unknown key (known here: fromEnv, fromFile)'],
  ['users: {a@admin: {password: {s3cret}}}', '3:30 unknown key (known here: fromEnv, fromFile)'],
  ['users: {a@admin: {password: {fromenv: PW}}}', '3:30 unknown key "fromenv" (did you mean "fromEnv"?)'],
  ['roles: []', '3:1 "roles" must be a map, but it is a list'],
  [
    'roles: [{role: a, db: b}]',
    '3:1 "roles" must be a map, but it is a list: write each entry under its name, as in name@db: { … }',
  ],
  [
    'roles: {a@admin: {privileges: [{resource: {db: a, collection: b}, actions: [find]}]}}',
    '3:32 this is a privilege in the form of MongoDB\'s commands: write "on" for "resource", and "allow" for "actions"',
  ],
  [
    'roles: {a@admin: {roles: [{role: read, db: a}]}}',
    '3:27 this is a role in the form of MongoDB\'s commands: write "name" for "role", or the two in one as name@db',
  ],
  [
    'breakGlass: [{user: {user: root, db: admin}, reason: x, until: 2027-01-01}]',
    '3:15 this is a user in the form of MongoDB\'s commands: write "name" for "user", or the two in one as name@db',
  ],
  [
    'collections: [{name: logs, type: collection}]',
    '3:1 "collections" must be a map, but it is a list: write each entry under its name, as in db.collection: { … }',
  ],
  [
    'roles: {a@admin: {createRole: a, role: a, db: admin}}',
    '3:19 unknown key "createRole": the name stands before the colon, as name@db',
    '3:34 unknown key "role": the name stands before the colon, as name@db',
    '3:43 unknown key "db": the name stands before the colon, as name@db',
  ],
  [
    'users: {a@admin: {user: a, pwd: secret}}',
    '3:19 unknown key "user": the name stands before the colon, as name@db',
    '3:28 unknown key "pwd": write password: { fromEnv: NAME }, and the password into that variable',
  ],
  [
    'collections: {audit.logs: {validator: {$jsonSchema: {}}}}',
    '3:28 unknown key "validator": write what stands under its $jsonSchema as "schema"',
  ],
  ['roles:', '3:1 "roles" must be a map, but it is empty'],
  ['variables: {a: 1}', '3:13 "a" must be a text, but it is 1 (quote it if a text is meant)'],
  ['variables: [a]', '3:1 "variables" must be a map, but it is a list'],
  [
    'roles: {a@admin: {privileges: [{on: audit, allow: [find]}]}}',
    '3:33 "audit" is not db.collection, db.*, "*.collection", "*.*", cluster, any, or a resource document',
  ],
  [
    'roles: {a@admin: {privileges: [{on: audit.logs, allow: insert}]}}',
    '3:49 "insert" is not insert-only, read-only, insert-and-read, or a list of privilege actions',
  ],
  [
    'roles: {a@admin: {privileges: [{on: audit.logs, allow: [find it]}]}}',
    '3:57 "find it" is not the name of a privilege action',
  ],
  ['roles: {a@admin: {privileges: [{on: audit.logs, allow: []}]}}', '3:49 "allow" must not be empty'],
  ['roles: {a@admin: {privileges: [{on: {dbs: a}, allow: [find]}]}}', '3:38 unknown key "dbs" (did you mean "db"?)'],
  ['roles: {a@admin: {privileges: [{on: {cluster: false}, allow: [find]}]}}', '3:38 "cluster" must be one of true'],
  [
    'roles: {a@admin: {privileges: [{on: {db: a}, allow: [find]}]}}',
    '3:33 this is no resource document of MongoDB: {db, collection}, {cluster: true}, {anyResource: true} or {db, system_buckets}',
  ],
  ['roles: {a@admin: {roles: [b]}}', '3:27 "b" is not a role written as name@db'],
  ['roles: {a@admin: {roles: ["b\\0c@admin"]}}', '3:27 "b\\u0000c@admin" is not a role written as name@db'],
  ['roles: {a@admin: {roles: [{name: "", db: ""}]}}', '3:28 "" is not a name', '3:38 "" is not the name of a database'],
  ['users: {a@admin: {roles: [{name: "b\\0c", db: admin}]}}', '3:28 "b\\u0000c" is not a name'],
  [
    'users: {a@admin: {roles: [{nmae: b, db: admin}]}}',
    '3:27 entry 1 of "roles" lacks the key "name"',
    '3:28 unknown key "nmae" (did you mean "name"?)',
  ],
  [
    'roles: {a@admin: {roles: [1]}}',
    '3:27 entry 1 of "roles" must be a text or a map, but it is 1 (quote it if a text is meant)',
  ],
  ['users: {a@admin: }', '3:9 "a@admin" must be a map, but it is empty'],
  [
    'users: {a@admin: {password: secret}}',
    '3:19 "password" must be a map, but it is a text: write { fromEnv: NAME } or { fromFile: path }',
  ],
  ['users: {a@admin: {password: {}}}', '3:19 name exactly one source: fromEnv or fromFile'],
  ['users: {a@admin: {password: {fromEnv: A, fromFile: b}}}', '3:19 name exactly one source: fromEnv or fromFile'],
  ['users: {a@admin: {mechanisms: []}}', '3:19 "mechanisms" must not be empty'],
  [
    'users: {a@admin: {mechanisms: [SCRAM-SHA-265]}}',
    '3:32 "SCRAM-SHA-265" is not one of SCRAM-SHA-1, SCRAM-SHA-256 (did you mean "SCRAM-SHA-256"?)',
  ],
  ['users: {a@admin: {clientSource: [localhost]}}', '3:34 "localhost" is not an IP address or a CIDR range'],
  ['users: {a@admin: {clientSource: 10.0.0.1}}', '3:19 "clientSource" must be a list, but it is a text'],
  ['users: {a@admin: {clientSource: []}}', '3:19 "clientSource" must not be empty'],
  ['roles: {a@admin: {serverAddress: []}}', '3:19 "serverAddress" must not be empty'],
  ...['999.1.1.1/99', '999.1.1.1', '10.0.0.0/33', '::1/129', '10.0.0'].map((address): readonly [string, string] => [
    `users: {a@admin: {clientSource: ["${address}"]}}`,
    `3:34 "${address}" is neither an IP address nor a CIDR range`,
  ]),
  [
    'roles: {a@admin: {authenticationRestrictions: [{serverAddress: [10.0.0.1, 10.0.0.0/99]}]}}',
    '3:75 "10.0.0.0/99" is neither an IP address nor a CIDR range',
  ],
  [
    'users: {a@admin: {authenticationRestrictions: [{}]}}',
    '3:48 entry 1 of "authenticationRestrictions" must not be empty',
  ],
  ['users: {a@admin: {authenticationRestrictions: [{clientSource: []}]}}', '3:49 "clientSource" must not be empty'],
  ['users: {a@admin: {adopted: yes}}', '3:19 "adopted" must be true or false, but it is a text'],
  [
    'users: {a@admin: {clientSource: [10.0.0.1], authenticationRestrictions: [{serverAddress: [10.0.0.2]}]}}',
    '3:45 write clientSource and serverAddress into the list "authenticationRestrictions", or use no list',
  ],
  [
    'collections: {a.b: {protection: append_only}}',
    '3:21 "append_only" is not one of none, append-only, read-only (did you mean "append-only"?)',
  ],
  [
    'acceptedRisks: [{rule: drift/chnged, target: a, reason: r, until: 2027-01-01}]',
    '3:18 "drift/chnged" is not a rule of drift report, which mongoward policy explain lists (did you mean "drift/changed"?)',
  ],
  ['acceptedRisks: [{rule: drift/changed, target: a, reason: r, until: 2027-02-30}]', '3:61 there is no 2027-02-30'],
  ['collections: {a.b: {protecton: none}}', '3:21 unknown key "protecton" (did you mean "protection"?)'],
  [
    'collections: {a.b: {access: {write: [x@admin]}}}',
    '3:30 "write" is not one of read, insert, alter, destroy, unseal, suppress, administer',
  ],
  [
    'collections: {a.b: {access: {reed: [x@admin]}}}',
    '3:30 "reed" is not one of read, insert, alter, destroy, unseal, suppress, administer (did you mean "read"?)',
  ],
  ['collections: {a.b: {access: {read: [x]}}}', '3:37 "x" is not a user written as name@db'],
  ['collections: {a.b: {retention: {atLeast: 0d}}}', '3:33 "0d" is not a duration such as 365d (s, m, h, d, w or y)'],
  ['collections: {a.b: {retention: {}}}', '3:21 "retention" lacks the key "atLeast"'],
  ['collections: {a.b: {encryption: {fields: {}}}}', '3:21 "encryption" lacks the key "keyVault"'],
  [
    'collections: {a.b: {encryption: {keyVault: e.k, fields: {a: {bsonType: int, algorthm: random}}}}}',
    '3:58 "a" lacks the key "algorithm"',
    '3:77 unknown key "algorthm" (did you mean "algorithm"?)',
  ],
  [
    'collections: {a.b: {encryption: {keyVault: e, fields: {}}}}',
    '3:34 "e" is not a namespace written as db.collection',
  ],
  [
    'collections: {a.b: {encryption: {keyVault: e.k, kms: {provider: gpc}, fields: {}}}}',
    '3:55 "gpc" is not a provider: aws, azure, gcp, kmip or local, or one of several such as gcp:name',
  ],
  [
    'restrictions: [{users: "*", on: audit.*, deny: [wrote]}]',
    '3:49 "wrote" is not one of read, insert, alter, destroy, unseal, suppress, administer, write (did you mean "write"?)',
  ],
  ['variables: {a-b: x}', '3:13 "a-b" is not a variable name of letters, digits and underscores'],
  ['restrictions: [{users: "*", on: audit.*, deny: []}]', '3:42 "deny" must not be empty'],
  ['breakGlass: [{user: root@admin, reason: x, until: soon}]', '3:44 "soon" is not a date such as 2027-06-30'],
  ['breakGlass: [{user: root@admin, reason: x, until: 2027-02-31}]', '3:44 there is no 2027-02-31'],
  ['breakGlass: [{user: root@admin, reason: x, until: 2027-02-29}]', '3:44 there is no 2027-02-29'],
  ['breakGlass: [{user: root, reason: x, until: 2027-06-30}]', '3:15 "root" is not a user written as name@db'],
  ['cluster: {authorization: on}', '3:11 "on" is not one of enabled, disabled'],
  ['cluster: {version: 5.0}', '3:11 "version" must be a text, but it is 5 (quote it if a text is meant)'],
  ['cluster: {version: 5.x}', '3:11 "5.x" is not a version range such as ">=5.0"'],
  [
    'attestations: [{control: kafka, value: 3d, owner: p, reviewedOn: 2026-11-01, reviewEvery: 180 days}]',
    '3:78 "180 days" is not a duration such as 365d (s, m, h, d, w or y)',
  ],
];

for (const [line, ...expected] of ROWS) {
  test(`"${line}" does not fit the language`, () => {
    assert.deepEqual(
      said(policyText(`${line}\n`)),
      expected.map((text) => text.replace(' ', ' document/schema: ')),
    );
  });
}

test('values at the limits fit', () => {
  for (const line of [
    'users: {a@admin: {clientSource: ["::1/128", 10.0.0.1/32, 0.0.0.0/0, "fe80::1"]}}',
    'breakGlass: [{user: root@admin, reason: x, until: 2028-02-29}]',
  ]) {
    assert.deepEqual(said(policyText(`${line}\n`)), [], line);
  }
});

test('a file without a version or a name is refused', () => {
  assert.deepEqual(said('metadata: {name: p}\n'), ['1:1 document/schema: the file lacks the key "apiVersion"']);
  assert.deepEqual(said('apiVersion: mongoward/v1\n'), ['1:1 document/schema: the file lacks the key "metadata"']);
  assert.deepEqual(said('apiVersion: mongoward/v9\nmetadata: {name: p}\n'), [
    '1:1 document/schema: "mongoward/v9" is not one of mongoward/v1 (did you mean "mongoward/v1"?)',
  ]);
  assert.deepEqual(said('apiVersion: mongoward/v1\nmetadata: {nane: p}\n'), [
    '2:1 document/schema: "metadata" lacks the key "name"',
    '2:12 document/schema: unknown key "nane" (did you mean "name"?)',
  ]);
});

test('a value that does not fit is cut: it may be a secret in the wrong place', () => {
  assert.deepEqual(said(policyText('', 'x'.repeat(64))), [
    `2:12 document/schema: "${'x'.repeat(37)}..." is not a name of letters, digits, dots, dashes and underscores, at most 63 long`,
  ]);
});

test('everything that does not fit is told at once, by line and column', () => {
  assert.deepEqual(said(policyText('xyzzy: 1\nusers: []\nroles: []\n')), [
    '3:1 document/schema: unknown key "xyzzy"',
    '4:1 document/schema: "users" must be a map, but it is a list',
    '5:1 document/schema: "roles" must be a map, but it is a list',
  ]);
});

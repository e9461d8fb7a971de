import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Long } from 'bson';
import { resolve } from '../../src/plan/desired.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { collection, ID_INDEX, intent, owned, role, state, ttl, user } from '../support/build.ts';

const ADD_OBJECTS =
  'the snapshot leaves them out: add "objects": [] if no policy was ever applied to that cluster, or take a whole one by mongoward cluster snapshot';
const leftOut = (part: string): string =>
  `the snapshot leaves them out: add "${part}", or take a whole one by mongoward cluster snapshot`;

/** `line: message`, for each obstacle. */
function obstacles(policy: string, actual: ClusterState): readonly string[] {
  return resolve(intent(policy), actual).obstacles.map(({ at, message }) => `${at?.line ?? '-'}: ${message}`);
}

test('the desired state is the actual one with the intent carried out; the rest is the very same', () => {
  const theirs = role('theirs@admin', { 'x.y': ['find'] });
  const actual = state({
    roles: [theirs, role('a@admin', { 'x.y': ['remove'] })],
    users: [user('theirs@admin', ['theirs@admin'])],
  });
  const policy = `
roles: {a@admin: {privileges: [{on: x.y, allow: [find]}]}}
users: {u@admin: {roles: [a@admin], password: {fromEnv: P}}}
collections: {x.y: {schema: {bsonType: object}}}
`;
  const { desired, obstacles: inTheWay, orphans } = resolve(intent(policy), actual);
  assert.deepEqual(inTheWay, []);
  assert.deepEqual(orphans, []);
  assert.deepEqual(desired, {
    ...actual,
    roles: [theirs, role('a@admin', { 'x.y': ['find'] })],
    users: [user('theirs@admin', ['theirs@admin']), user('u@admin', ['a@admin'])],
    databases: [
      {
        name: 'x',
        collections: [
          {
            name: 'y',
            type: 'collection',
            options: {
              validator: { $jsonSchema: { bsonType: 'object' } },
              validationLevel: 'strict',
              validationAction: 'error',
            },
            indexes: [],
          },
        ],
      },
    ],
    objects: [owned('role', 'a@admin', false), owned('user', 'u@admin', true), owned('collection', 'x.y', true)],
  });
  assert.equal(desired.roles?.[0], theirs);
});

test('what the policy does not own of a collection stays: options, indexes that keep documents, other collections', () => {
  const index = { name: 'a_1', key: { a: 1 } };
  const actual = state({
    databases: [
      {
        name: 'x',
        collections: [
          collection('y', { options: { collation: { locale: 'en' } }, indexes: [ID_INDEX, index, ttl(60)] }),
          collection('z', { indexes: [ttl(60)] }),
        ],
      },
    ],
  });
  const { desired } = resolve(intent('collections: {x.y: {retention: forever}}\n'), actual);
  assert.deepEqual(desired.databases, [
    {
      name: 'x',
      collections: [
        collection('z', { indexes: [ttl(60)] }),
        collection('y', { options: { collation: { locale: 'en' } }, indexes: [ID_INDEX, index] }),
      ],
    },
  ]);
});

const DAY = 86_400;
const EXPIRY: readonly (readonly [entry: string, seconds: number, stays: boolean])[] = [
  ['{}', 60, true],
  ['{protection: none}', 60, true],
  ['{protection: append-only}', 60, false],
  ['{protection: read-only}', 60, false],
  ['{retention: forever}', 10 * 365 * DAY, false],
  ['{retention: {atLeast: 30d}}', 30 * DAY - 1, false],
  ['{retention: {atLeast: 30d}}', 30 * DAY, true],
  ['{retention: {atLeast: 30d}, protection: append-only}', 30 * DAY, true],
  ['{retention: {atLeast: 30d}}', 0, false],
  ['{retention: {atLeast: 30d}}', Number.NaN, false],
];

for (const [entry, seconds, stays] of EXPIRY) {
  test(`${entry}: documents that expire after ${seconds} s ${stays ? 'may' : 'must not'}`, () => {
    const actual = state({ databases: [{ name: 'x', collections: [collection('y', { indexes: [ttl(seconds)] })] }] });
    const { desired } = resolve(intent(`collections: {x.y: ${entry}}\n`), actual);
    assert.deepEqual(desired.databases?.[0]?.collections?.[0]?.indexes, stays ? [ttl(seconds)] : []);
  });
}

test('mechanisms that the policy does not name stay as they are', () => {
  const actual = state({ users: [user('u@admin', [], { mechanisms: ['SCRAM-SHA-1'] })] });
  const mechanisms = (entry: string) => resolve(intent(`users: {u@admin: ${entry}}\n`), actual).desired.users?.[0];
  assert.deepEqual(mechanisms('{}'), user('u@admin', [], { mechanisms: ['SCRAM-SHA-1'] }));
});

test('Extended JSON in a schema and in custom data stands for the values of BSON', () => {
  const lines = (value: string): string => `collections:
  x.y:
    schema: { properties: { n: { maximum: ${value} } } }
users:
  u@admin: { customData: { since: { $date: 2026-11-23T00:00:00Z } }, password: { fromEnv: U } }
`;
  const actual = state({ databases: [], users: [] });
  const { databases, users } = resolve(intent(lines('{ $numberLong: "9007199254740993" }')), actual).desired;
  assert.deepEqual(databases?.[0]?.collections?.[0]?.options['validator'], {
    $jsonSchema: { properties: { n: { maximum: Long.fromString('9007199254740993') } } },
  });
  assert.deepEqual(users?.[0]?.customData, { since: new Date('2026-11-23') });
  const [wrong = '', ...others] = obstacles(lines('{ $numberLong: many }'), actual);
  assert.match(wrong, /^5: the schema of x\.y is no Extended JSON: /);
  assert.deepEqual(others, []);
});

test('a database whose name differs from that of another by case only is in the way', () => {
  const actual = state({ databases: [{ name: 'audit', collections: [collection('logs')] }, { name: 'admin' }] });
  const beside = (db: string, other: string): string =>
    `the database ${db} can't be made beside ${other}: MongoDB has no two that differ by case only. Write ${other}`;
  assert.deepEqual(obstacles('collections: {audit.x: {}, Audit.y: {}, ADMIN.z: {}, new.a: {}, New.b: {}}\n', actual), [
    `3: ${beside('Audit', 'audit')}`,
    `3: ${beside('ADMIN', 'admin')}`,
    `3: ${beside('New', 'new')}`,
  ]);
  const sealed = `collections:
  x.y:
    encryption:
      keyVault: AUDIT.keys
      fields: {a: {bsonType: string, algorithm: random, keyAltName: a}}
`;
  assert.deepEqual(obstacles(sealed, actual), [`6: ${beside('AUDIT', 'audit')}`]);
});

test('a view is in the way', () => {
  const databases = [{ name: 'x', collections: [collection('v', { type: 'view' })] }];
  assert.deepEqual(obstacles('collections: {x.v: {protection: append-only}}\n', state({ databases })), [
    "3: x.v is a view, not a collection. A policy can't protect what it shows",
  ]);
});

test('a time series is protected as it is; a schema for it is in the way', () => {
  const series = collection('t', { type: 'timeseries', options: { timeseries: { timeField: 'at' } } });
  const actual = state({ databases: [{ name: 'x', collections: [series] }] });
  const { desired, obstacles: none } = resolve(intent('collections: {x.t: {protection: append-only}}\n'), actual);
  assert.deepEqual([desired.databases?.[0]?.collections, none], [[series], []]);
  const schema = 'schema: {bsonType: object}';
  const encryption = 'encryption: {keyVault: k.v, fields: {a: {bsonType: string, algorithm: random, keyAltName: a}}}';
  for (const [wanted, named] of [
    [schema, 'schema'],
    [encryption, 'encryption'],
    [`${schema}, ${encryption}`, 'schema and encryption'],
  ] as const) {
    assert.deepEqual(obstacles(`collections: {x.t: {${wanted}}}\n`, actual), [
      `3: x.t is a time series, and MongoDB takes no validator for it. Take its ${named} out of the policy`,
    ]);
  }
});

test('an index that removes documents goes from the buckets of a time series too', () => {
  const collections = [
    collection('t', { type: 'timeseries', indexes: [ttl(60)] }),
    collection('system.buckets.t', { indexes: [ttl(60)] }),
    collection('system.buckets.other', { indexes: [ttl(60)] }),
  ];
  const policy = intent('collections: {x.t: {retention: forever}}\n');
  const { desired } = resolve(policy, state({ databases: [{ name: 'x', collections }] }));
  assert.deepEqual(
    desired.databases?.[0]?.collections?.map(({ name, indexes }) => [name, indexes]),
    [
      ['system.buckets.t', []],
      ['system.buckets.other', [ttl(60)]],
      ['t', []],
    ],
  );
});

for (const [what, options, type] of [
  [
    'a clustered collection',
    { clusteredIndex: { key: { _id: 1 }, unique: true }, expireAfterSeconds: 3600 },
    'collection',
  ],
  ['a time series', { timeseries: { timeField: 'at' }, expireAfterSeconds: 3600 }, 'timeseries'],
] as const) {
  test(`${what} that expires by an option is in the way where documents are to stay longer`, () => {
    // The server shows the clustered index with the expiry of the collection: it is no index that could be dropped.
    const clustered = { name: '_id_', key: { _id: 1 }, clustered: true, expireAfterSeconds: 3600 };
    const collections = [collection('y', { type, options, indexes: [clustered] })];
    const actual = state({ databases: [{ name: 'x', collections }] });
    const said = (kept: string): string =>
      `3: x.y deletes documents after 3600 s by its option expireAfterSeconds, and the policy keeps them for ${kept}. Turn that off by db.getSiblingDB("x").runCommand({"collMod":"y","expireAfterSeconds":"off"})`;
    const inTheWay = (entry: string) => obstacles(`collections: {x.y: ${entry}}\n`, actual);
    assert.deepEqual(inTheWay('{retention: forever}'), [said('ever')]);
    assert.deepEqual(inTheWay('{protection: append-only}'), [said('ever')]);
    assert.deepEqual(inTheWay('{retention: {atLeast: 2h}}'), [said('7200 s')]);
    assert.deepEqual(inTheWay('{protection: append-only, retention: {atLeast: 1h}}'), []);
    assert.deepEqual(inTheWay('{}'), []);
    assert.deepEqual(
      resolve(intent('collections: {x.y: {retention: forever}}\n'), actual).desired.databases,
      actual.databases,
    );
  });
}

test('a capped collection is in the way where documents are to stay', () => {
  const databases = [{ name: 'x', collections: [collection('y', { options: { capped: true } })] }];
  const said =
    '3: x.y is capped, so that the server deletes its oldest documents. Copy it into a collection that is not capped';
  const inTheWay = (entry: string) => obstacles(`collections: {x.y: ${entry}}\n`, state({ databases }));
  assert.deepEqual(inTheWay('{protection: append-only}'), [said]);
  assert.deepEqual(inTheWay('{retention: forever}'), [said]);
  assert.deepEqual(inTheWay('{retention: {atLeast: 365d}}'), [said]);
  assert.deepEqual(inTheWay('{}'), []);
});

test('a password is needed for a user that is made, and for a mechanism that it does not have', () => {
  const actual = state({ users: [user('u@admin', [], { mechanisms: ['SCRAM-SHA-1'] })] });
  assert.deepEqual(obstacles('users: {new@admin: {}}\n', actual), [
    '3: the user new@admin does not exist and the policy names no password for it',
  ]);
  assert.deepEqual(obstacles('users: {u@admin: {mechanisms: [SCRAM-SHA-256]}}\n', actual), [
    "3: u@admin can't log in by SCRAM-SHA-256 until its password is set again, and the policy names none",
  ]);
  for (const fine of [
    'users: {new@admin: {password: {fromFile: p}}}\n',
    'users: {u@admin: {mechanisms: [SCRAM-SHA-256], password: {fromEnv: P}}}\n',
    'users: {u@admin: {mechanisms: [SCRAM-SHA-1]}}\n',
    'users: {"CN=x@$external": {}}\n',
  ]) {
    assert.deepEqual(obstacles(fine, actual), [], fine);
  }
});

test('mechanisms that nobody could read are no obstacle', () => {
  const actual = state({ users: [user('u@admin')] });
  assert.deepEqual(obstacles('users: {u@admin: {mechanisms: [SCRAM-SHA-256]}}\n', actual), []);
});

test('what another policy owns is in the way', () => {
  const objects = [
    owned('role', 'a@admin', true, 'theirs'),
    owned('user', 'u@admin', false, 'theirs'),
    owned('collection', 'x.y', true, 'theirs'),
  ];
  const policy = 'roles: {a@admin: {}}\nusers: {u@admin: {password: {fromEnv: P}}}\ncollections: {x.y: {}}\n';
  assert.deepEqual(obstacles(policy, state({ objects })), [
    '3: the role a@admin belongs to the policy "theirs"',
    '4: the user u@admin belongs to the policy "theirs"',
    '5: the collection x.y belongs to the policy "theirs"',
  ]);
});

test('what is unknown is in the way where it is needed, and never taken for none', () => {
  const { server } = state();
  const bare: ClusterState = { server, unreadable: [{ what: 'users', why: 'not authorized' }] };
  assert.deepEqual(obstacles('', bare), [`-: the objects of the cluster are unknown: ${ADD_OBJECTS}`]);
  assert.deepEqual(obstacles('roles: {a@admin: {}}\nusers: {"CN=x@$external": {}}\ncollections: {x.y: {}}\n', bare), [
    `-: the roles of the cluster are unknown: ${leftOut('roles')}`,
    '-: the users of the cluster are unknown: not authorized',
    `-: the databases of the cluster are unknown: ${leftOut('databases')}`,
    `-: the objects of the cluster are unknown: ${ADD_OBJECTS}`,
  ]);
  const unread = state({ databases: [{ name: 'x' }], unreadable: [{ what: 'databases.x', why: 'not authorized' }] });
  assert.deepEqual(obstacles('collections: {x.y: {}}\n', unread), [
    '3: the collections of x are unknown: not authorized',
  ]);
  const { indexes: _indexes, ...noIndexes } = collection('y');
  const blind = state({ databases: [{ name: 'x', collections: [noIndexes] }] });
  assert.deepEqual(obstacles('collections: {x.y: {retention: forever}}\n', blind), [
    '3: the indexes of x.y are unknown. Listing them takes listIndexes on x.y',
  ]);
  assert.deepEqual(obstacles('collections: {x.y: {}}\n', blind), []);
});

const LEFT = state({
  roles: [role('made@admin'), role('taken@admin'), role('heir@admin', {}, ['made@admin', 'taken@admin'])],
  users: [user('made@admin'), user('taken@admin', ['made@admin', 'read@app'])],
  databases: [{ name: 'x', collections: [collection('made')] }],
  objects: [
    owned('role', 'made@admin'),
    owned('role', 'taken@admin', false),
    owned('user', 'made@admin'),
    owned('user', 'taken@admin', false),
    owned('collection', 'x.made'),
    owned('role', 'theirs@admin', true, 'theirs'),
  ],
});

test('what has left the policy is told, and stays', () => {
  const { desired, orphans } = resolve(intent(''), LEFT);
  assert.deepEqual(orphans, LEFT.objects?.slice(0, 5));
  assert.deepEqual(desired, LEFT);
});

test('pruning drops what the policy made, and forgets what it took over; a collection is never dropped', () => {
  const { desired } = resolve(intent(''), LEFT, { prune: true });
  assert.deepEqual(desired, {
    ...LEFT,
    roles: [role('taken@admin'), role('heir@admin', {}, ['taken@admin'])],
    users: [user('taken@admin', ['read@app'])],
    objects: [owned('role', 'theirs@admin', true, 'theirs')],
  });
});

test('a name is told apart by its last @: what is pruned is not what only looks the same', () => {
  const ours = [role('a@b@c'), user('a@b@c', ['read@c'])] as const;
  const theirRole = { ...role('a@admin'), db: 'b@c' };
  const theirUser = { ...user('a@admin'), db: 'b@c', roles: [{ role: 'a', db: 'b@c' }] };
  const actual = state({
    roles: [ours[0], theirRole],
    users: [ours[1], theirUser],
    objects: [owned('role', 'a@b@c'), owned('user', 'a@b@c')],
  });
  const { desired, obstacles: inTheWay } = resolve(intent(''), actual, { prune: true });
  assert.deepEqual(inTheWay, []);
  assert.deepEqual(desired, state({ roles: [theirRole], users: [theirUser] }));
});

const TAKEN = [
  owned('role', 'a@admin', false),
  owned('user', 'u@admin', false),
  owned('collection', 'x.y', false),
] as const;
const THREE = 'roles: {a@admin: {}}\nusers: {u@admin: {password: {fromEnv: P}}}\ncollections: {x.y: {}}\n';

test('what was taken over, has gone and is made again is recorded as created', () => {
  const { desired } = resolve(intent(THREE), state({ objects: TAKEN }));
  assert.deepEqual(
    desired.objects,
    TAKEN.map((object) => ({ ...object, created: true })),
  );
});

test('what was taken over and is still there stays taken over, what was created stays created', () => {
  const there = {
    roles: [role('a@admin')],
    users: [user('u@admin')],
    databases: [{ name: 'x', collections: [collection('y')] }],
  };
  for (const objects of [TAKEN, TAKEN.map((object) => ({ ...object, created: true }))]) {
    assert.deepEqual(resolve(intent(THREE), state({ ...there, objects })).desired.objects, objects);
  }
});

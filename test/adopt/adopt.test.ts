import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Binary, Decimal128, Int32, Long, ObjectId } from 'bson';
import fc from 'fast-check';
import { adopt } from '../../src/adopt/adopt.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { Role, User } from '../../src/model/role.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { compilePolicy, parsePolicyFile } from '../../src/policy/compile.ts';
import type { Intent } from '../../src/policy/intent.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { actualOf, pairs } from '../migrate/pairs.ts';
import { owned, role, state, user } from '../support/build.ts';
import { scaled } from '../support/scaled.ts';

const ALL = { name: 'adopted', only: [], ignore: [] };

function intentOf(files: ReadonlyMap<string, string>): Intent {
  const { intent, problems } = compilePolicy([...files].map(([file, text]) => parsePolicyFile({ file, text })));
  assert.deepEqual(problems, []);
  assert.ok(intent);
  return intent;
}

function plansToNothing(actual: ClusterState): void {
  const { operations, obstacles, orphans } = makePlan(intentOf(adopt(actual, ALL).files), actual);
  assert.deepEqual([operations, obstacles, orphans], [[], [], []]);
}

test('what a cluster has, as a person would write it', () => {
  const actual = state({
    roles: [role('writer@audit', { 'audit.logs': ['insert'] }), role('team@admin', {}, ['readWriteAnyDatabase@admin'])],
    users: [
      user('app@admin', ['writer@audit'], { mechanisms: ['SCRAM-SHA-256'], customData: { team: 'a' } }),
      user('boss@admin', ['root@admin']),
      user('mms-automation@admin', ['root@admin']),
    ],
  });
  const { files, leftOut } = adopt(actual, ALL);
  assert.deepEqual(
    [...files.keys()],
    ['adopted-roles-admin.yaml', 'adopted-roles-audit.yaml', 'adopted-users-admin.yaml'],
  );
  assert.equal(
    files.get('adopted-users-admin.yaml'),
    `# The users of the database "admin", as the cluster has them.
apiVersion: mongoward/v1
metadata: { name: adopted }

users:
  app@admin:
    adopted: true
    roles: [writer@audit]
    mechanisms: [SCRAM-SHA-256]
    customData: {"team":"a"}
  # can grant itself anything, root included
  boss@admin:
    adopted: true
    roles: [root@admin]
`,
  );
  assert.match(files.get('adopted-roles-audit.yaml') ?? '', /- \{ on: audit\.logs, allow: insert-only \}/);
  assert.match(files.get('adopted-roles-admin.yaml') ?? '', /# can change data in every database\n/);
  assert.deepEqual(leftOut, [
    { what: 'user mms-automation@admin', why: 'an agent manages it: it is under "unmanaged"' },
  ]);
  plansToNothing(actual);
});

test('a role outside admin that bears the name of a built-in one is adopted with its holders, and told of', () => {
  const actual = state({
    roles: [role('backup@shop', { 'shop.orders': ['find'] })],
    users: [user('nightly@shop', ['backup@shop'])],
  });
  const { files, leftOut } = adopt(actual, ALL);
  assert.deepEqual(leftOut, []);
  assert.match(
    files.get('adopted-roles-shop.yaml') ?? '',
    / {2}# bears the name of MongoDB's own role backup, which it is not\n {2}backup@shop:\n {4}adopted: true\n/,
  );
  plansToNothing(actual);
});

test('only some, or all but some; what refers to what is left out is left out too, and said', () => {
  const actual = state({
    roles: [role('a@admin'), role('b@admin', {}, ['a@admin'])],
    users: [user('x@admin', ['b@admin']), user('y@admin', [])],
  });
  const { files, leftOut } = adopt(actual, { ...ALL, ignore: ['a@*'] });
  assert.deepEqual(
    intentOf(files).users.map((entry) => entry.user.user),
    ['y'],
  );
  assert.deepEqual(leftOut, [
    { what: 'role b@admin', why: 'the role a@admin, which it holds, is not in the policy' },
    { what: 'user x@admin', why: 'the role b@admin, which it holds, is not in the policy' },
  ]);
});

test('what another policy owns stays with it', () => {
  const actual = state({ roles: [role('a@admin')], objects: [owned('role', 'a@admin', true, 'theirs')] });
  assert.deepEqual(adopt(actual, ALL).leftOut, [{ what: 'role a@admin', why: 'it belongs to the policy "theirs"' }]);
  plansToNothing(actual);
});

test('a privilege on a collection that only a document names is adopted like any other', () => {
  for (const collection of ['*', 'a\nb', '{x}', 'system_buckets x', 'a b', '"q"', 'a.b', ' a']) {
    for (const resource of [
      { db: 'shop', collection },
      { db: '', collection },
      { db: 'shop', system_buckets: collection },
      { db: '', system_buckets: collection },
    ]) {
      const privileges = [{ resource, actions: ['find'] }];
      const actual = state({ roles: [{ role: 'r', db: 'admin', privileges, roles: [] }] });
      assert.deepEqual(adopt(actual, ALL).leftOut, [], JSON.stringify(resource));
      plansToNothing(actual);
    }
  }
});

test('an account whose custom data looks like a secret is left out, and the inventory stays open', () => {
  for (const [customData, what] of [
    [{ password: 'hunter2' }, 'a secret in the clear, as "password"'],
    [{ team: [{ mail: { smtpPassword: 'hunter2' } }] }, 'a secret in the clear, as "smtpPassword"'],
    [{ note: 'mongodb://app:hunter2@db1/' }, 'a connection string with its password'],
    [{ note: ['AKIAABCDEFGHIJKLMNOP'] }, 'an AWS access key'],
  ] as const) {
    const { files, leftOut } = adopt(state({ users: [user('a@admin', [], { customData }), user('b@admin')] }), ALL);
    assert.deepEqual(leftOut, [{ what: 'user a@admin', why: `its custom data holds ${what}` }]);
    assert.doesNotMatch([...files.values()].join(''), /hunter2|AKIA|closed/);
  }
  const harmless = { password: '<password>', keyName: 'master', team: 'a', n: 5, vault: 'MY_SECRET_NAME' };
  assert.deepEqual(adopt(state({ users: [user('a@admin', [], { customData: harmless })] }), ALL).leftOut, []);
});

const NAMES = [
  'a',
  'on',
  'null',
  '1',
  '~',
  'a b',
  'a@b',
  'ä',
  "it's",
  '"q"',
  `\${x}`,
  '$y',
  '#c',
  'a: b',
  '- a',
  '*',
  '&a',
  'line\nend',
  '\u2028',
  '{x}',
  'root',
  '__proto__',
  'CN=x,O=Ä',
];
const name = fc.oneof(fc.constantFrom(...NAMES), fc.string({ minLength: 1, maxLength: 6 }));
const db = fc.constantFrom('admin', 'app', 'Ärger', 'a*b', 'a@b', 'x#y', 'true');
const resources = fc.oneof(
  fc.constantFrom<Resource>(
    { cluster: true },
    { anyResource: true },
    { db: '', collection: '' },
    { db: '', system_buckets: '' },
  ),
  fc.record({ db: fc.constantFrom('', 'app', 'a*b', 'Ärger'), collection: fc.oneof(fc.constant(''), name) }),
);
const values = fc.oneof(
  fc.constantFrom<unknown>(new ObjectId('0123456789abcdef01234567'), new Date(0), Long.fromString('9007199254740993')),
  fc.constantFrom<unknown>(new Binary(Buffer.from('ab')), Decimal128.fromString('1.50'), new Int32(3), null, true, 1.5),
  fc.string(),
  fc.constantFrom(`\${HOME}`, '$', 'yes'),
);
const weird = fc
  .record({
    roles: fc.uniqueArray(
      fc.record({
        role: name,
        db,
        privileges: fc.array(
          fc.record({
            resource: resources,
            actions: fc.subarray(['find', 'insert', 'noSuchAction', 'listIndexes', 'collStats'], { minLength: 1 }),
          }),
          { maxLength: 3 },
        ),
        inherits: fc.array(fc.nat(8), { maxLength: 2 }),
      }),
      { maxLength: 5, selector: (each) => `${each.db}.${each.role}` },
    ),
    users: fc.uniqueArray(
      fc.record({
        user: name,
        db: fc.oneof(db, fc.constant('$external')),
        holds: fc.array(fc.nat(8), { maxLength: 3 }),
        mechanisms: fc.constantFrom(undefined, [], ['SCRAM-SHA-1'], ['MONGODB-CR'], ['SCRAM-SHA-1', 'SCRAM-SHA-256']),
        customData: fc.option(
          fc.dictionary(fc.constantFrom('a', 'b c', `\${k}`, 'ü'), values, { maxKeys: 3, noNullPrototype: true }),
          { nil: undefined },
        ),
        source: fc.constantFrom(
          undefined,
          [{ clientSource: ['10.0.0.0/8'] }],
          [{ clientSource: ['::1'] }, { serverAddress: ['127.0.0.1'] }],
        ),
      }),
      { maxLength: 5, selector: (each) => `${each.db}.${each.user}` },
    ),
  })
  .map(({ roles, users }): ClusterState => {
    const refOf = (index: number) => {
      const found = roles[index];
      return found === undefined ? { role: 'read', db: 'app' } : { role: found.role, db: found.db };
    };
    return state({
      roles: roles.map(
        ({ inherits, ...rest }, at): Role => ({
          ...rest,
          roles: inherits.filter((index) => index !== at && index < at).map(refOf),
        }),
      ),
      users: users.map(
        ({ holds, customData, mechanisms, source, ...rest }): User => ({
          ...rest,
          roles: holds.map(refOf),
          ...(rest.db === '$external' ? { mechanisms: ['external'] } : mechanisms && { mechanisms }),
          ...(source && { authenticationRestrictions: source }),
          ...(customData && { customData }),
        }),
      ),
    });
  });

test('planning what was adopted against the same state gives nothing: weird names, BSON in custom data', () => {
  fc.assert(fc.property(weird, plansToNothing), { numRuns: scaled(300), includeErrorInReport: true });
});

test('planning what was adopted against the same state gives nothing: any cluster that a policy of ours meets', () => {
  fc.assert(
    fc.property(pairs, (pair) => plansToNothing(actualOf(pair))),
    { numRuns: scaled(100), includeErrorInReport: true },
  );
});

test('no secret and no credential can be in what is written', () => {
  const leaky = { ...user('a@admin'), credentials: { 'SCRAM-SHA-256': { storedKey: 'hush' } } };
  const text = [...adopt(state({ users: [leaky] }), ALL).files.values()].join('');
  assert.doesNotMatch(text, /hush|credentials|password/);
});

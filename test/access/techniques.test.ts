import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assess } from '../../src/access/analysis.ts';
import { type Circumstances, techniquesOn } from '../../src/access/techniques.ts';
import type { Outcome } from '../../src/model/outcomes.ts';
import { CLUSTER, collectionTarget, databaseTarget, type Target } from '../../src/model/resource.ts';
import { privilege } from '../support/build.ts';
import { MENDED } from '../support/circumstances.ts';

/** What an account holds, `action on resource`, several separated by commas. */
type Held = string;

interface Row {
  readonly technique: string;
  readonly brings: string;
  readonly holds: Held;
  /** Each of these is not enough. */
  readonly misses: readonly Held[];
  readonly given?: Partial<Circumstances>;
}

const OLD = { version: '4.4.4' };
const LOGS = collectionTarget({ db: 'audit', collection: 'logs' });

/** Ways to audit.logs. */
const ROWS: readonly Row[] = [
  { technique: 'insert', brings: 'insert', holds: 'insert on audit.logs', misses: ['insert on audit.other'] },
  {
    technique: 'update',
    brings: 'alter',
    holds: 'update on audit.*',
    misses: ['update on other.*', 'insert on audit.*'],
  },
  { technique: 'remove', brings: 'alter', holds: 'remove on *.logs', misses: ['remove on *.other'] },
  {
    technique: 'apply-ops',
    brings: 'alter',
    holds: 'insert on audit.logs, applyOps on cluster',
    misses: ['insert on audit.logs', 'applyOps on cluster', 'insert on audit.logs, applyOps on audit.*'],
  },
  {
    technique: 'drop',
    brings: 'alter destroy',
    holds: 'dropCollection on *.*',
    misses: ['dropCollection on audit.other', 'dropIndex on audit.logs'],
  },
  {
    technique: 'drop-database',
    brings: 'alter destroy',
    holds: 'dropDatabase on audit.*',
    misses: ['dropDatabase on audit.logs', 'dropDatabase on other.*'],
  },
  {
    technique: 'convert-to-capped',
    brings: 'alter destroy suppress',
    holds: 'convertToCapped on audit.logs',
    misses: ['convertToCapped on audit.other'],
  },
  {
    technique: 'ttl-index',
    brings: 'alter destroy',
    holds: 'createIndex on audit.logs',
    misses: ['createIndex on audit.system.profile', 'dropIndex on audit.logs'],
  },
  {
    technique: 'ttl-change',
    brings: 'alter destroy',
    holds: 'collMod on audit.logs',
    misses: ['createCollection on audit.logs'],
    given: { expires: true },
  },
  {
    technique: 'rename',
    brings: 'destroy',
    holds: 'renameCollectionSameDB on audit.*',
    misses: ['renameCollectionSameDB on audit.logs'],
  },
  {
    technique: 'push-out',
    brings: 'alter destroy',
    holds: 'insert on audit.logs',
    misses: ['insert on audit.other'],
    given: { capped: true },
  },
  {
    technique: 'rename-and-update',
    brings: 'alter',
    holds: 'renameCollectionSameDB on audit.*, update on audit.other',
    misses: ['update on audit.other', 'renameCollectionSameDB on audit.*, update on other.x'],
  },
  {
    technique: 'rename-and-dropCollection',
    brings: 'alter destroy',
    holds: 'renameCollectionSameDB on audit.*, dropCollection on audit.other',
    misses: ['dropCollection on audit.other'],
  },
  {
    technique: 'buckets-update',
    brings: 'alter unseal',
    holds: 'update on audit.system.buckets.logs',
    misses: ['update on audit.system.buckets.other', 'find on *.*'],
    given: { timeSeries: true },
  },
  {
    technique: 'rewrite-chunks',
    brings: 'destroy suppress',
    holds: 'update on config.*',
    misses: ['update on *.*', 'insert on config.*'],
    given: { sharded: true },
  },
  {
    technique: 'validator-removal',
    brings: 'unseal',
    holds: 'collMod on audit.logs',
    misses: ['collMod on audit.other'],
  },
  {
    technique: 'validation-bypass',
    brings: 'unseal',
    holds: 'insert on audit.logs, bypassDocumentValidation on audit.*',
    misses: ['insert on audit.logs', 'bypassDocumentValidation on audit.*'],
  },
  {
    technique: 'find',
    brings: 'read',
    holds: 'find on audit.logs',
    misses: ['find on audit.other', 'collStats on audit.*'],
  },
  {
    technique: 'view',
    brings: 'read',
    holds: 'find on audit.recent',
    misses: ['find on other.recent', 'find on audit.other'],
    given: { views: ['recent'] },
  },
  {
    technique: 'oplog',
    brings: 'read',
    holds: 'find on local.*',
    misses: ['find on *.oplog', 'find on local.startup_log'],
  },
  {
    technique: 'profiler',
    brings: 'read',
    holds: 'enableProfiler on audit.*, find on audit.system.profile',
    misses: ['enableProfiler on audit.*', 'enableProfiler on other.*, find on audit.system.profile'],
  },
  {
    technique: 'profiler-log',
    brings: 'read',
    holds: 'enableProfiler on audit.*, getLog on cluster',
    misses: ['enableProfiler on audit.*', 'getLog on cluster'],
  },
  {
    technique: 'validation-log',
    brings: 'read',
    holds: 'collMod on audit.logs, getLog on cluster',
    misses: ['collMod on audit.logs', 'collMod on audit.other, getLog on cluster'],
  },
  {
    technique: 'operations',
    brings: 'read',
    holds: 'inprog on cluster',
    misses: ['inprog on audit.*', 'killop on cluster'],
  },
  {
    technique: 'index-error',
    brings: 'read',
    holds: 'createIndex on audit.logs',
    misses: ['createIndex on audit.other'],
  },
  { technique: 'update-error', brings: 'read', holds: 'update on audit.logs', misses: ['insert on audit.logs'] },
  { technique: 'remove-error', brings: 'read', holds: 'remove on audit.logs', misses: ['remove on audit.other'] },
  { technique: 'split-vector', brings: 'read', holds: 'splitVector on audit.logs', misses: ['splitVector on cluster'] },
  { technique: 'plan-cache', brings: 'read', holds: 'planCacheRead on audit.*', misses: ['planCacheWrite on audit.*'] },
  {
    technique: 'refusing-index',
    brings: 'suppress',
    holds: 'createIndex on audit.*',
    misses: ['createIndex on other.*'],
  },
  {
    technique: 'strict-validator',
    brings: 'suppress',
    holds: 'collMod on audit.*',
    misses: ['collMod on audit.other'],
  },
  {
    technique: 'kill-operations',
    brings: 'suppress',
    holds: 'killop on cluster',
    misses: ['inprog on cluster', 'killop on audit.*'],
  },
  { technique: 'lock-writes', brings: 'suppress', holds: 'fsync on cluster', misses: ['unlock on cluster'] },
  {
    technique: 'reconfigure',
    brings: 'suppress',
    holds: 'replSetConfigure on cluster',
    misses: ['replSetGetConfig on cluster'],
  },
  {
    technique: 'revoke-writer',
    brings: 'suppress administer',
    holds: 'revokeRole on audit.*',
    misses: ['revokeRole on other.*'],
  },
  {
    technique: 'grant-role',
    brings: 'everything',
    holds: 'grantRole on audit.*',
    misses: ['grantRole on audit.logs', 'grantRole on other.*', 'createUser on audit.*'],
  },
  {
    technique: 'grant-role-admin',
    brings: 'everything',
    holds: 'grantRole on admin.*',
    misses: ['viewRole on admin.*'],
  },
  {
    technique: 'insert-users',
    brings: 'everything',
    holds: 'insert on admin.system.users',
    misses: ['insert on admin.*', 'find on admin.system.users'],
  },
  { technique: 'update-users', brings: 'everything', holds: 'update on *.system.users', misses: ['update on *.*'] },
  {
    technique: 'insert-roles',
    brings: 'everything',
    holds: 'insert on admin.system.roles, applyOps on cluster',
    misses: ['insert on admin.system.roles', 'insert on admin.*, applyOps on cluster'],
  },
  { technique: 'update-roles', brings: 'everything', holds: 'update on admin.system.roles', misses: ['update on *.*'] },
  {
    technique: 'apply-ops-unchecked',
    brings: 'alter',
    holds: 'insert on audit.logs',
    misses: ['insert on audit.other', 'applyOps on cluster'],
    given: OLD,
  },
  {
    technique: 'apply-ops-uuid-dropCollection',
    brings: 'alter destroy',
    holds: 'useUUID on cluster, dropCollection on audit.x',
    misses: ['useUUID on cluster', 'dropCollection on audit.x', 'useUUID on cluster, dropCollection on evil.x'],
    given: OLD,
  },
  {
    technique: 'apply-ops-uuid-convertToCapped',
    brings: 'alter destroy',
    holds: 'useUUID on cluster, convertToCapped on audit.x',
    misses: ['useUUID on cluster', 'convertToCapped on audit.x'],
    given: OLD,
  },
  {
    technique: 'apply-ops-uuid-collMod',
    brings: 'unseal suppress',
    holds: 'useUUID on cluster, collMod on audit.x, applyOps on cluster',
    misses: ['useUUID on cluster, collMod on audit.x', 'collMod on audit.x, applyOps on cluster'],
    given: { version: '8.0.28' },
  },
  ...[
    ['keys-remove', 'remove on keys.vault', ['remove on keys.other', 'find on keys.vault', 'insert on keys.vault']],
    ['keys-drop-database', 'dropDatabase on keys.*', ['dropDatabase on audit.other', 'dropCollection on keys.other']],
    ['keys-grant-role', 'grantRole on keys.*', ['grantRole on evil.*']],
  ].map(([technique, holds, misses]) => ({
    technique: technique as string,
    brings: 'destroy',
    holds: holds as string,
    misses: misses as string[],
    given: { keyVaults: [{ db: 'keys', collection: 'vault' }] },
  })),
];

const OUTCOMES: readonly Outcome[] = ['read', 'insert', 'alter', 'destroy', 'unseal', 'suppress', 'administer'];

/** The ways that one account has which holds exactly this. */
function waysOf(held: Held, given: Partial<Circumstances> = {}, subject: Target = LOGS): readonly string[] {
  const circumstances = { ...MENDED, ...given };
  const privileges = held.split(', ').map((text) => {
    const [action = '', on = ''] = text.split(' on ');
    return privilege(on, action);
  });
  const user = { user: 'u', db: 'admin', roles: [{ role: 'r', db: 'admin' }] };
  const roles = [{ role: 'r', db: 'admin', privileges, roles: [] }];
  const techniques = techniquesOn(subject, circumstances);
  return assess({ roles, users: [user] }, circumstances.version, techniques)
    .can(user, techniques)
    .map(({ technique }) => technique.id);
}

for (const { technique, brings, holds, misses, given } of ROWS) {
  test(`${technique}: ${holds} is enough, ${misses.join('; ')} is not`, () => {
    assert.ok(waysOf(holds, given).includes(technique), `${holds} is not enough`);
    for (const less of misses) assert.ok(!waysOf(less, given).includes(technique), less);
    const found = techniquesOn(LOGS, { ...MENDED, ...given }).find(({ id }) => id === technique);
    assert.deepEqual(found?.outcomes, brings === 'everything' ? OUTCOMES : brings.split(' '));
  });
}

test('each way is named once, whatever the circumstances', () => {
  for (const given of [MENDED, { ...MENDED, ...OLD, expires: true, views: ['a'] }, { ...MENDED, sharded: true }]) {
    for (const subject of [LOGS, databaseTarget('audit'), databaseTarget('admin'), CLUSTER]) {
      const ids = techniquesOn(subject, given).map(({ id }) => id);
      assert.deepEqual([...new Set(ids)], ids);
    }
  }
});

const VERSIONS: readonly (readonly [version: string, sharded: boolean, ...techniques: readonly string[]])[] = [
  ['4.4.8', false, 'insert', 'apply-ops-unchecked'],
  ['4.4.9', false, 'insert'],
  ['5.0.0', false, 'insert'],
  ['4.4.8', true, 'insert'],
];

for (const [version, sharded, ...techniques] of VERSIONS) {
  test(`who may insert may on ${version}${sharded ? ' behind mongos' : ''}: ${techniques.join(', ')}`, () => {
    assert.deepEqual(waysOf('insert on audit.logs', { version, sharded }), techniques);
  });
}

test('behind a mongos nobody profiles or reads what a validator logs; its 4.4 locks no writes', () => {
  const monitor = 'enableProfiler on audit.*, find on audit.system.profile, collMod on audit.logs, getLog on cluster';
  assert.deepEqual(
    waysOf(monitor, { sharded: true }).filter(
      (technique) => technique === 'profiler' || technique === 'validation-log',
    ),
    [],
  );
  assert.deepEqual(waysOf('fsync on cluster', { ...OLD, sharded: true }), []);
  assert.deepEqual(waysOf('fsync on cluster', { version: '5.0.0', sharded: true }), ['lock-writes']);
});

const BY_UUID: readonly (readonly [version: string, mended: boolean])[] = [
  ['6.0.99', false],
  ['7.0.39', false],
  ['7.0.40', true],
  ['7.3.0', false],
  ['8.0.28', false],
  ['8.0.29', true],
  ['8.3.7', false],
  ['8.3.8', true],
  ['9.0.0', true],
];

for (const [version, mended] of BY_UUID) {
  test(`applyOps by UUID is ${mended ? 'mended' : 'open'} in ${version}`, () => {
    const held = 'useUUID on cluster, dropCollection on audit.x, applyOps on cluster';
    assert.equal(waysOf(held, { version }).includes('apply-ops-uuid-dropCollection'), !mended);
  });
}

test('collMod makes an index expire from 5.1 on; before, only one that expires already is changed', () => {
  const held = 'collMod on audit.logs';
  assert.ok(!waysOf(held, { version: '5.0.9' }).includes('ttl-change'));
  assert.ok(waysOf(held, { version: '5.1.0' }).includes('ttl-change'));
});

test('a weakness of the release says what to do about it', () => {
  const weak = techniquesOn(LOGS, { ...MENDED, ...OLD }).filter(({ kind }) => kind === 'server');
  assert.equal(weak.length, 6);
  for (const { id, remedy } of weak) assert.match(remedy ?? '', /^run MongoDB \d/, id);
});

test('a database is any normal collection in it, the cluster any at all', () => {
  const audit = databaseTarget('audit');
  assert.deepEqual(waysOf('insert on audit.other', {}, audit), ['insert']);
  assert.deepEqual(waysOf('insert on audit.system.js', {}, audit), []);
  assert.deepEqual(waysOf('insert on other.x', {}, audit), []);
  assert.deepEqual(waysOf('insert on other.x', {}, CLUSTER), ['insert']);
  assert.deepEqual(waysOf('dropDatabase on other.*', {}, CLUSTER), ['drop-database']);
});

test('where a database holds time series, the buckets of any of them count as well', () => {
  const buckets = 'find on audit.system.buckets.logs';
  const audit = databaseTarget('audit');
  assert.deepEqual(waysOf(buckets, {}, audit), []);
  assert.deepEqual(waysOf(buckets, { timeSeries: true }, audit), ['buckets-find']);
  assert.deepEqual(waysOf('find on *.system.buckets.x', { timeSeries: true }, audit), ['buckets-find']);
  assert.deepEqual(waysOf(buckets, { timeSeries: true }, databaseTarget('orders')), []);
  assert.deepEqual(waysOf(buckets, { timeSeries: true }, CLUSTER), ['buckets-find']);
});

test('admin is administered by whoever may grant roles on it, once', () => {
  const admin = collectionTarget({ db: 'admin', collection: 'x' });
  assert.deepEqual(waysOf('grantRole on admin.*', {}, admin), ['grant-role-admin']);
});

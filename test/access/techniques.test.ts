import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Circumstances, techniquesOn } from '../../src/access/techniques.ts';
import type { Outcome } from '../../src/model/outcomes.ts';
import { CLUSTER, collectionTarget, databaseTarget } from '../../src/model/resource.ts';
import { type Held, LOGS, MENDED, techniquesOf } from '../support/circumstances.ts';

interface Row {
  readonly technique: string;
  readonly brings: string;
  readonly holds: Held;
  /** Each of these is not enough. */
  readonly misses: readonly Held[];
  readonly given?: Partial<Circumstances>;
}

const OLD = { version: '4.4.4' };
/** Techniques on audit.logs. */
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
    given: { timeSeries: 'buckets' },
  },
  {
    technique: 'rewrite-chunks',
    brings: 'destroy suppress',
    holds: 'update on config.*',
    misses: ['update on *.*', 'insert on config.*'],
    given: { sharded: true },
  },
  {
    technique: 'remove-chunks',
    brings: 'destroy suppress',
    holds: 'remove on config.chunks',
    misses: ['remove on config.changelog', 'remove on *.*'],
    given: { sharded: true },
  },
  {
    technique: 'rewrite-databases',
    brings: 'destroy suppress',
    holds: 'update on config.*',
    misses: ['update on config.chunks', 'insert on config.databases'],
    given: { sharded: true },
  },
  ...[
    ['rewrite-collections', 'update', 'collections', 'databases'],
    ['insert-collections', 'insert', 'collections', 'databases'],
    ['remove-collections', 'remove', 'collections', 'databases'],
    ['remove-databases', 'remove', 'databases', 'collections'],
  ].map(([technique = '', action, place, other]) => ({
    technique,
    brings: 'destroy suppress',
    holds: `${action} on config.${place}`,
    misses: [`${action} on config.${other}`, `${action} on *.*`],
    given: { sharded: true },
  })),
  ...[
    ['chunk-bounds', 'chunks'],
    ['chunk-history', 'changelog'],
  ].map(([technique = '', place]) => ({
    technique,
    brings: 'read',
    holds: `find on config.${place}`,
    misses: ['find on config.settings', 'find on *.*'],
    given: { sharded: true },
  })),
  {
    technique: 'shard-version',
    brings: 'read',
    holds: 'getShardVersion on audit.*',
    misses: ['getShardVersion on other.*', 'getShardMap on cluster'],
    given: { sharded: true },
  },
  {
    technique: 'unique-shard-key',
    brings: 'suppress',
    holds: 'enableSharding on *.*',
    misses: ['enableSharding on cluster', 'enableSharding on audit.other', 'moveChunk on audit.logs'],
    given: { sharded: true },
  },
  {
    technique: 'array-shard-key',
    brings: 'suppress',
    holds: 'reshardCollection on audit.logs',
    misses: ['reshardCollection on audit.other', 'refineCollectionShardKey on audit.logs'],
    given: { sharded: true },
  },
  {
    technique: 'block-writes',
    brings: 'suppress',
    holds: 'setUserWriteBlockMode on cluster',
    misses: ['bypassWriteBlockingMode on cluster', 'setUserWriteBlockMode on audit.*'],
  },
  {
    technique: 'block-replica-set-writes',
    brings: 'suppress',
    holds: 'blockReplicaSetWrites on cluster',
    misses: ['bypassWriteBlockingMode on cluster'],
    given: { version: '9.0.0' },
  },
  {
    technique: 'parameters',
    brings: 'suppress',
    holds: 'setParameter on cluster',
    misses: ['getParameter on cluster', 'setClusterParameter on cluster'],
  },
  {
    technique: 'retryable-writes-cap',
    brings: 'suppress',
    holds: 'convertToCapped on config.transactions',
    misses: ['convertToCapped on audit.other', 'convertToCapped on *.*'],
  },
  {
    technique: 'retryable-writes-index',
    brings: 'suppress',
    holds: 'dropIndex on config.transactions',
    misses: ['dropIndex on audit.logs', 'dropIndex on *.*'],
  },
  {
    technique: 'foreign-session',
    brings: 'suppress',
    holds: 'impersonate on cluster, listSessions on cluster, find on other.x',
    misses: ['listSessions on cluster, find on other.x', 'impersonate on cluster, listSessions on cluster'],
  },
  {
    technique: 'false-election',
    brings: 'suppress',
    holds: 'internal on cluster',
    misses: ['replSetGetStatus on cluster', 'internal on admin.*'],
  },
  {
    technique: 'internal-rename',
    brings: 'insert alter destroy unseal',
    holds: 'internal on cluster',
    misses: ['renameCollection on audit.*', 'internal on audit.logs'],
  },
  {
    technique: 'internal-chunks',
    brings: 'destroy suppress',
    holds: 'internal on cluster',
    misses: ['internal on config.*'],
    given: { sharded: true },
  },
  {
    technique: 'internal-drop',
    brings: 'alter destroy suppress',
    holds: 'internal on cluster',
    misses: ['dropCollection on config.collections', 'internal on audit.logs'],
    given: { sharded: true, version: '4.4.29' },
  },
  {
    technique: 'internal-commands',
    brings: 'read insert alter unseal',
    holds: 'internal on cluster',
    misses: ['issueDirectShardOperations on cluster'],
    given: { sharded: true },
  },
  ...[
    ['containerInsert', 'insert alter unseal'],
    ['containerDelete', 'alter'],
    ['containerUpdate', 'alter unseal'],
  ].map(([action = '', brings = '']) => ({
    technique: `apply-ops-${action}`,
    brings,
    holds: `${action} on other.x, applyOps on cluster`,
    misses: [`${action} on audit.*`, 'applyOps on cluster'],
    given: { version: '9.0.0' },
  })),
  {
    technique: 'repeated-writes',
    brings: 'read',
    holds: 'find on config.*',
    misses: ['find on config.chunks', 'find on *.*'],
  },
  {
    technique: 'pre-images',
    brings: 'read',
    holds: 'collMod on audit.logs, find on config.system.preimages',
    misses: ['collMod on audit.logs', 'find on config.system.preimages', 'collMod on audit.logs, find on config.*'],
  },
  {
    technique: 'kept-pre-images',
    brings: 'read',
    holds: 'find on config.system.preimages',
    misses: ['find on config.*', 'collMod on audit.logs'],
    given: { keepsPreImages: true },
  },
  {
    technique: 'validation-warnings',
    brings: 'read',
    holds: 'getLog on cluster',
    misses: ['serverStatus on cluster', 'getLog on audit.*'],
    given: { logsDocuments: true },
  },
  {
    technique: 'shard-key-analysis',
    brings: 'read',
    holds: 'analyzeShardKey on *.*',
    misses: ['analyze on audit.logs', 'analyzeShardKey on audit.other'],
  },
  {
    technique: 'sampled-queries',
    brings: 'read',
    holds: 'configureQueryAnalyzer on audit.logs, listSampledQueries on cluster',
    misses: ['configureQueryAnalyzer on audit.logs', 'listSampledQueries on cluster'],
  },
  {
    technique: 'sampled-queries-find',
    brings: 'read',
    holds: 'configureQueryAnalyzer on audit.*, find on config.*',
    misses: ['configureQueryAnalyzer on audit.*', 'configureQueryAnalyzer on audit.*, find on config.settings'],
  },
  {
    technique: 'index-check',
    brings: 'read',
    holds: 'dbCheck on any, find on local.system.healthlog',
    misses: ['dbCheck on *.*, find on local.system.healthlog', 'dbCheck on any', 'dbCheck on any, find on local.*'],
  },
  {
    technique: 'backup-files',
    brings: 'read',
    holds: 'fsync on cluster, readBackupFile on cluster',
    misses: ['readBackupFile on cluster', 'fsync on cluster'],
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
    technique: 'validate-log',
    brings: 'read',
    holds: 'validate on audit.logs, getLog on cluster',
    misses: ['validate on audit.logs', 'validate on audit.other, getLog on cluster'],
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
  {
    technique: 'hashed-ids',
    brings: 'read',
    holds: 'validate on audit.logs',
    misses: ['validate on audit.other', 'dbHash on audit.*'],
    given: { standalone: true },
  },
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
  ...[
    ['drop-writer', 'dropUser'],
    ['restrict-writer', 'setAuthenticationRestriction'],
    ['reset-password', 'changePassword'],
  ].map(([technique = '', action = '']) => ({
    technique,
    brings: 'suppress administer',
    holds: `${action} on accounts.*`,
    misses: [`${action} on shop.*`, `${action} on accounts.x`],
    given: { homes: ['accounts'] },
  })),
  {
    technique: 'lock-out',
    brings: 'suppress administer',
    holds: 'grantRole on shop.*, createRole on shop.*, setAuthenticationRestriction on shop.*',
    misses: [
      'createRole on shop.*, setAuthenticationRestriction on shop.*',
      'grantRole on shop.*, setAuthenticationRestriction on shop.*',
      'grantRole on shop.*, createRole on shop.*',
      'grantRole on shop.x, createRole on shop.*, setAuthenticationRestriction on shop.*',
    ],
  },
  {
    technique: 'lock-out-by-role',
    brings: 'suppress administer',
    holds: 'grantRole on shop.*',
    misses: ['grantRole on other.*', 'createRole on shop.*, setAuthenticationRestriction on shop.*'],
    given: { restrictingRoles: ['admin', 'audit', 'shop'] },
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

for (const { technique, brings, holds, misses, given } of ROWS) {
  test(`${technique}: ${holds} is enough, ${misses.join('; ')} is not`, () => {
    assert.ok(techniquesOf(holds, given).includes(technique), `${holds} is not enough`);
    for (const less of misses) assert.ok(!techniquesOf(less, given).includes(technique), less);
    const found = techniquesOn(LOGS, { ...MENDED, ...given }).find(({ id }) => id === technique);
    assert.deepEqual(found?.outcomes, brings === 'everything' ? OUTCOMES : brings.split(' '));
  });
}

/** From which release on, and behind a `mongos` or not. */
const OFFERED: readonly (readonly [technique: string, since: string, sharded: boolean | 'both'])[] = [
  ['block-writes', '6.0', 'both'],
  ['block-replica-set-writes', '9.0', 'both'],
  ['retryable-writes-drop-database', '4.4', false],
  ['cap-oplog', '4.4', 'both'],
  ['reconfigure', '4.4', 'both'],
  ['false-election', '4.4', false],
  ['foreign-session', '4.4', 'both'],
  ['internal-rename', '6.0', false],
  ['internal-chunks', '5.0', true],
  ['internal-commands', '8.0', true],
  ['remove-chunks', '4.4', true],
  ['rewrite-databases', '4.4', true],
  ['unique-shard-key', '4.4', true],
  ['array-shard-key', '5.0', true],
  ['apply-ops-containerInsert', '8.3', false],
  ['apply-ops-containerDelete', '8.3', false],
  ['apply-ops-containerUpdate', '9.0', false],
  ['shard-key-analysis', '7.0', 'both'],
  ['sampled-queries', '7.0', 'both'],
  ['sampled-queries-find', '7.0', 'both'],
  ['backup-files', '8.0', 'both'],
];
const LINES = ['4.4', '5.0', '6.0', '7.0', '8.0', '8.1', '8.2', '8.3', '9.0'];

for (const [technique, since, where] of OFFERED) {
  test(`${technique} is offered from ${since} on${where === 'both' ? '' : where ? ', behind mongos' : ', by mongod'}`, () => {
    for (const sharded of [false, true]) {
      const offering = LINES.filter((version) =>
        techniquesOn(LOGS, { ...MENDED, version, sharded }).some(({ id }) => id === technique),
      );
      const expected = where === 'both' || where === sharded ? LINES.slice(LINES.indexOf(since)) : [];
      assert.deepEqual(offering, expected, `sharded: ${sharded}`);
    }
  });
}

test('internal-drop is offered before 5.0, behind mongos', () => {
  const offering = [false, true].flatMap((sharded) =>
    LINES.flatMap((version) =>
      techniquesOn(LOGS, { ...MENDED, version, sharded }).flatMap(({ id }) =>
        id === 'internal-drop' ? [{ version, sharded }] : [],
      ),
    ),
  );
  assert.deepEqual(offering, [{ version: '4.4', sharded: true }]);
});

/** Behind a router, whether or not it is known that a config server is a shard. By mongod from which release on. */
const ON_DATA: readonly (readonly [technique: string, since: string])[] = [
  ['oplog', '4.4'],
  ['step-down', '4.4'],
  ['retryable-writes', '4.4'],
  ['retryable-writes-drop', '4.4'],
  ['retryable-writes-rename', '4.4'],
  ['retryable-writes-cap', '6.0'],
  ['retryable-writes-index', '6.0'],
  ['repeated-writes', '6.0'],
  ['pre-images', '6.0'],
  ['index-check', '8.0'],
];

for (const [technique, since] of ON_DATA) {
  test(`${technique} takes a server that holds documents: behind mongos a config server that is a shard`, () => {
    const offering = (given: Partial<Circumstances>): readonly string[] =>
      LINES.filter((version) =>
        techniquesOn(LOGS, { ...MENDED, version, ...given }).some(({ id }) => id === technique),
      );
    const sinceShards = LINES.slice(LINES.indexOf('8.0'));
    assert.deepEqual(offering({}), LINES.slice(LINES.indexOf(since)));
    assert.deepEqual(offering({ sharded: true }), sinceShards);
    assert.deepEqual(offering({ sharded: true, configShard: true }), sinceShards);
    assert.deepEqual(offering({ sharded: true, configShard: false }), []);
  });
}

test('dbCheck on a config server that is one of several shards takes issueDirectShardOperations besides', () => {
  const held = 'dbCheck on any, find on local.system.healthlog';
  const direct = `${held}, issueDirectShardOperations on cluster`;
  const byCheck = (held: string, given: Partial<Circumstances>): boolean =>
    techniquesOf(held, given).includes('index-check');
  const sharded = { sharded: true, configShard: true };
  assert.equal(byCheck(held, { ...sharded, otherShards: true }), false);
  assert.equal(byCheck(direct, { ...sharded, otherShards: true }), true);
  assert.equal(byCheck(held, { ...sharded, otherShards: false }), true);
  assert.equal(byCheck(held, sharded), true);
  assert.equal(byCheck(held, { otherShards: true }), true);
});

test('each technique is named once, whatever the circumstances', () => {
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
    assert.deepEqual(techniquesOf('insert on audit.logs', { version, sharded }), techniques);
  });
}

test('behind a mongos nobody profiles or reads what a validator logs; its 4.4 locks no writes', () => {
  const monitor = 'enableProfiler on audit.*, find on audit.system.profile, collMod on audit.logs, getLog on cluster';
  assert.deepEqual(
    techniquesOf(monitor, { sharded: true }).filter(
      (technique) => technique === 'profiler' || technique === 'validation-log',
    ),
    [],
  );
  assert.deepEqual(techniquesOf('fsync on cluster', { ...OLD, sharded: true }), []);
  assert.deepEqual(techniquesOf('fsync on cluster', { version: '5.0.0', sharded: true }), ['lock-writes']);
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
    assert.equal(techniquesOf(held, { version }).includes('apply-ops-uuid-dropCollection'), !mended);
  });
}

test('collMod makes an index expire from 5.1 on; before, only one that expires already is changed', () => {
  const held = 'collMod on audit.logs';
  assert.ok(!techniquesOf(held, { version: '5.0.9' }).includes('ttl-change'));
  assert.ok(techniquesOf(held, { version: '5.1.0' }).includes('ttl-change'));
});

test('a weakness of the release says what to do about it', () => {
  const weak = techniquesOn(LOGS, { ...MENDED, ...OLD }).filter(({ kind }) => kind === 'server');
  assert.equal(weak.length, 6);
  for (const { id, remedy } of weak) assert.match(remedy ?? '', /^run MongoDB \d/, id);
});

test('validate shows ids on a standalone, from 8.2 on', () => {
  const held = 'validate on audit.logs';
  assert.deepEqual(techniquesOf(held, { standalone: true, version: '8.2.0' }), ['hashed-ids']);
  assert.deepEqual(techniquesOf(held, { standalone: true, version: '8.0.29' }), []);
  assert.deepEqual(techniquesOf(held), []);
  assert.deepEqual(techniquesOf(held, { standalone: true, timeSeries: 'buckets' }), []);
});

test('where accounts are unknown, the writer may live in any database; a user of $external has no password', () => {
  assert.deepEqual(techniquesOf('dropUser on shop.*', { homes: undefined }), ['drop-writer']);
  const external = { homes: ['$external'] };
  assert.deepEqual(techniquesOf('dropUser on $external.*', external), ['drop-writer']);
  assert.deepEqual(techniquesOf('setAuthenticationRestriction on $external.*', external), ['restrict-writer']);
  assert.deepEqual(techniquesOf('changePassword on $external.*', external), []);
});

test('a role that restricts logins, of admin or of the own database, takes a right that gives everything', () => {
  assert.deepEqual(techniquesOf('grantRole on audit.*', { restrictingRoles: ['admin', 'audit'] }), ['grant-role']);
});

test('a database is any normal collection in it, the cluster any at all', () => {
  const audit = databaseTarget('audit');
  assert.deepEqual(techniquesOf('insert on audit.other', {}, audit), ['insert']);
  assert.deepEqual(techniquesOf('insert on audit.system.js', {}, audit), []);
  assert.deepEqual(techniquesOf('insert on other.x', {}, audit), []);
  assert.deepEqual(techniquesOf('insert on other.x', {}, CLUSTER), ['insert']);
  assert.deepEqual(techniquesOf('dropDatabase on other.*', {}, CLUSTER), ['drop-database']);
});

test('admin is administered by whoever may grant roles on it, once', () => {
  const admin = collectionTarget({ db: 'admin', collection: 'x' });
  assert.deepEqual(techniquesOf('grantRole on admin.*', {}, admin), ['grant-role-admin']);
});

/** What came after 4.4 and MongoDB's own table leaves out, or says nothing of by release. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, requirementsOf } from '../../../src/access/commands/index.ts';
import { NEWER_COMMANDS } from '../../../src/access/commands/newer.ts';
import { SIMPLE_COMMANDS } from '../../../src/access/commands/simple.ts';
import { isKnownAction } from '../../../src/model/catalogue.ts';
import { privilege } from '../../support/build.ts';
import { BY_MONGOS, ON_8_0, says } from './said.ts';

const ON_9_0 = { version: '9.0.0', sharded: false };
const ON_8_2 = { version: '8.2.1', sharded: false };
const ROUTER_8_3 = { version: '8.3.1', sharded: true };

says([
  [{ analyzeShardKey: 'app.a', key: { b: 1 } }, 'analyzeShardKey on app.a', ON_8_0, 'admin'],
  [{ configureQueryAnalyzer: 'app.a', mode: 'full' }, 'configureQueryAnalyzer on app.a', ON_8_0, 'admin'],
  [
    { configureQueryAnalyzer: 'app.a' },
    'what nobody has: configureQueryAnalyzer may only be run on the admin database',
  ],
  [{ dbCheck: 'a' }, 'dbCheck on anyResource'],
  [{ setIndexCommitQuorum: 'a' }, 'createIndex on app.a'],
  [{ setUserWriteBlockMode: 1, global: true }, 'setUserWriteBlockMode on cluster', ON_8_0, 'admin'],
  [
    { setUserWriteBlockMode: 1 },
    'what nobody has: MongoDB 5.0 has no setUserWriteBlockMode, which came with 6.0',
    { version: '5.0.9', sharded: false },
    'admin',
  ],
  [{ blockReplicaSetWrites: 1 }, 'what nobody has: MongoDB 8.0 has no blockReplicaSetWrites, which came with 9.0'],
  [{ internalRenameIfOptionsAndIndexesMatch: 1 }, 'internal on cluster', ON_8_0, 'admin'],
  [{ _configsvrRemoveChunks: 1 }, 'internal on cluster', ON_8_0, 'admin'],
  [{ _shardsvrDropCollection: 'a' }, 'internal on cluster'],
  [
    { _shardsvrDropCollection: 'a' },
    "what nobody has: mongos has no _shardsvrDropCollection; it is given to a shard, by the shard's own accounts",
    BY_MONGOS,
  ],
  [{ clusterFind: 'a' }, 'internal on cluster'],
  [{ startShardDraining: 's' }, 'removeShard on cluster', ROUTER_8_3, 'admin'],
  [{ configureCollectionBalancing: 'app.a' }, 'splitChunk on app.a', BY_MONGOS, 'admin'],
  [
    { configureCollectionBalancing: 'app.a', defragmentCollection: true },
    'splitChunk on app.a and moveChunk on app.a',
    BY_MONGOS,
    'admin',
  ],
  [{ getAuditConfig: 1 }, 'auditConfigure on cluster', ON_8_0, 'admin'],
  [{ logApplicationMessage: 'x' }, 'applicationMessage on cluster', ON_8_0, 'admin'],
  [{ releaseMemory: [1] }, 'releaseMemoryAnyCursor on cluster or releaseMemoryAnyCursor on database app', ON_8_2],
  [{ killOp: 1, op: 7, errorCode: 473 }, 'killop on cluster', ON_9_0, 'admin'],
  [{ killOp: 1, op: 7, errorCode: 1 }, "what nobody has: an operation can't be ended with that error", ON_9_0, 'admin'],
  [{ killOp: 1, op: 7, errorCode: 1 }, 'killop on cluster or that the operation is its own', ON_8_0, 'admin'],
  [{ find: 'a', rawData: true }, 'find on app.a and (performRawDataOperations on app.a or internal on app.a)', ON_8_2],
  [{ find: 'a', rawData: true }, 'find on app.a'],
  [{ applyOps: [{ op: 'ci', ns: 'app.a', o: {} }] }, 'applyOps on cluster and containerInsert on app.a', ON_9_0],
  [
    { aggregate: 'a', pipeline: [{ $rankFusion: { input: { pipelines: { b: [{ $unionWith: 'c' }] } } } }] },
    'find on app.a and find on app.c',
    ON_9_0,
  ],
  [
    { aggregate: 'a', pipeline: [{ $group: { _id: null, $doingMerge: true } }] },
    'find on app.a and internal on cluster',
    ON_9_0,
  ],
  [{ aggregate: 'a', pipeline: [{ $group: { _id: null, $doingMerge: true } }] }, 'find on app.a'],
  [{ aggregate: 1, pipeline: [{ $listClusterCatalog: {} }] }, 'listCollections on database app'],
]);

test('dbCheck takes its action on anyResource, and no list of databases is that', () => {
  const needed = requirementsOf({ dbCheck: 'a' }, 'app', ON_8_0);
  assert.equal(judge(needed, [privilege('any', 'dbCheck')]).allowed, true);
  assert.equal(judge(needed, [privilege('any', 'anyAction')]).allowed, true);
  assert.deepEqual(judge(needed, [privilege('*.*', 'dbCheck'), privilege('any', 'find')]), {
    allowed: false,
    used: [],
    missing: [],
    why: ['it does not have dbCheck on anyResource'],
  });
});

test('every action of the tables is one that some release knows', () => {
  const actions = [...SIMPLE_COMMANDS, ...NEWER_COMMANDS].map(({ action }) => action);
  assert.deepEqual(
    actions.filter((action) => !isKnownAction(action)),
    [],
  );
});

/**
 * Commands that came after 4.4, each with the release line that is known to have it. Read in the source of 5.1, 8.3 and
 * 9.0 in development, and in the manual's "Privilege Actions" where those lie between.
 */
import { CLUSTER, collectionTarget, databaseTarget } from '../../model/resource.ts';
import { argument, type Call, collectionIn, has, namespaceAt, type Rule, textAt } from './call.ts';
import { all, any, type Condition, EVERY_DATABASE, need, needOn } from './condition.ts';
import type { SimpleCommand } from './simple.ts';

const CLUSTER_COMMAND = { on: 'cluster', adminOnly: true } as const;
const SHARDED = { on: 'namespace', adminOnly: true, only: 'mongos' } as const;
const SHARDED_CLUSTER = { on: 'cluster', adminOnly: true, only: 'mongos' } as const;
const TENANT = { on: 'cluster', adminOnly: true, only: 'mongod', action: 'runTenantMigration', since: '5.0' } as const;

export const NEWER_COMMANDS: readonly SimpleCommand[] = [
  { names: 'analyze', action: 'analyze', on: 'collection', since: '7.0' },
  {
    names: 'compactStructuredEncryptionData',
    action: 'compactStructuredEncryptionData',
    on: 'collection',
    since: '6.0',
  },
  {
    names: 'cleanupStructuredEncryptionData',
    action: 'cleanupStructuredEncryptionData',
    on: 'collection',
    since: '7.0',
  },
  { names: 'createSearchIndexes', action: 'createSearchIndexes', on: 'collection', since: '7.0' },
  { names: 'dropSearchIndex', action: 'dropSearchIndex', on: 'collection', since: '7.0' },
  { names: 'listSearchIndexes', action: 'listSearchIndexes', on: 'collection', since: '7.0' },
  { names: 'updateSearchIndex', action: 'updateSearchIndex', on: 'collection', since: '7.0' },
  { names: 'analyzeShardKey', action: 'analyzeShardKey', on: 'namespace', adminOnly: true, since: '7.0' },
  { names: 'configureQueryAnalyzer', action: 'configureQueryAnalyzer', on: 'namespace', adminOnly: true, since: '7.0' },

  { names: 'reshardCollection', action: 'reshardCollection', ...SHARDED, since: '5.0' },
  { names: 'abortReshardCollection', action: 'reshardCollection', ...SHARDED, since: '5.0' },
  { names: 'commitReshardCollection', action: 'reshardCollection', ...SHARDED, since: '5.0' },
  { names: 'cleanupReshardCollection', action: 'reshardCollection', ...SHARDED, since: '5.0' },
  { names: 'moveCollection', action: 'moveCollection', ...SHARDED, since: '8.0' },
  { names: 'abortMoveCollection', action: 'moveCollection', ...SHARDED, since: '8.0' },
  { names: 'unshardCollection', action: 'unshardCollection', ...SHARDED, since: '8.0' },
  { names: 'abortUnshardCollection', action: 'unshardCollection', ...SHARDED, since: '8.0' },
  { names: 'rewriteCollection', action: 'rewriteCollection', ...SHARDED, since: '8.3' },
  { names: 'abortRewriteCollection', action: 'rewriteCollection', ...SHARDED, since: '8.3' },
  { names: 'moveRange', action: 'moveChunk', ...SHARDED, since: '6.0' },
  { names: 'resetPlacementHistory', action: 'moveChunk', ...SHARDED, since: '7.0' },
  { names: 'setAllowMigrations', action: 'moveChunk', ...SHARDED, since: '5.0' },
  { names: 'mergeAllChunksOnShard', action: 'splitChunk', ...SHARDED, since: '7.0' },
  { names: 'repairShardedCollectionChunksHistory', action: 'splitChunk', ...SHARDED },
  { names: 'untrackUnshardedCollection', action: 'internal', ...SHARDED_CLUSTER, since: '8.0' },
  { names: 'startShardDraining', action: 'removeShard', ...SHARDED_CLUSTER, since: '8.3' },
  { names: 'stopShardDraining', action: 'removeShard', ...SHARDED_CLUSTER, since: '8.3' },
  { names: 'commitShardRemoval', action: 'removeShard', ...SHARDED_CLUSTER, since: '8.3' },
  { names: 'shardDrainingStatus', action: 'shardDrainingStatus', ...SHARDED_CLUSTER, since: '8.3' },
  {
    names: 'transitionFromDedicatedConfigServer',
    action: 'transitionFromDedicatedConfigServer',
    ...SHARDED_CLUSTER,
    since: '7.0',
  },
  ...['transition', 'startTransition', 'stopTransition', 'commitTransition'].map(
    (name): SimpleCommand => ({
      names: `${name}ToDedicatedConfigServer`,
      action: 'transitionToDedicatedConfigServer',
      ...SHARDED_CLUSTER,
      since: name === 'transition' ? '7.0' : '8.3',
    }),
  ),
  {
    names: 'getTransitionToDedicatedConfigServerStatus',
    action: 'getTransitionToDedicatedConfigServerStatus',
    ...SHARDED_CLUSTER,
    since: '8.3',
  },
  { names: 'autoSplitVector', action: 'splitVector', on: 'cluster', only: 'mongod', since: '6.0' },

  { names: 'rotateCertificates', action: 'rotateCertificates', ...CLUSTER_COMMAND, since: '5.0' },
  { names: 'getAuditConfig', action: 'auditConfigure', ...CLUSTER_COMMAND, since: '5.0' },
  { names: 'setAuditConfig', action: 'auditConfigure', ...CLUSTER_COMMAND, since: '5.0' },
  { names: 'logApplicationMessage', action: 'applicationMessage', ...CLUSTER_COMMAND },
  { names: 'getClusterParameter', action: 'getClusterParameter', ...CLUSTER_COMMAND, since: '6.0' },
  { names: 'setClusterParameter', action: 'setClusterParameter', ...CLUSTER_COMMAND, since: '6.0' },
  { names: 'setUserWriteBlockMode', action: 'setUserWriteBlockMode', ...CLUSTER_COMMAND, since: '6.0' },
  { names: 'blockReplicaSetWrites', action: 'blockReplicaSetWrites', on: 'cluster', since: '9.0' },
  { names: 'getChangeStreamState', action: 'getChangeStreamState', on: 'cluster', since: '6.0' },
  { names: 'setChangeStreamState', action: 'setChangeStreamState', on: 'cluster', since: '6.0' },
  { names: 'oidcListKeys', action: 'oidcListKeys', ...CLUSTER_COMMAND, since: '7.0' },
  { names: 'oidcRefreshKeys', action: 'oidcRefreshKeys', ...CLUSTER_COMMAND, since: '7.0' },
  { names: 'removeQuerySettings', action: 'querySettings', ...CLUSTER_COMMAND, since: '8.0' },
  { names: 'setQuerySettings', action: 'querySettings', ...CLUSTER_COMMAND, since: '8.0' },
  { names: 'getTrafficRecordingStatus', action: 'trafficRecord', on: 'cluster', since: '8.1' },
  { names: 'startTrafficRecording', action: 'trafficRecord', on: 'cluster', since: '8.1' },
  { names: 'stopTrafficRecording', action: 'trafficRecord', on: 'cluster', since: '8.1' },
  { names: 'eseRotateActiveKEK', action: 'eseRotateActiveKEK', ...CLUSTER_COMMAND, since: '8.3' },
  { names: 'getESERotateActiveKEKStatus', action: 'getESERotateActiveKEKStatus', ...CLUSTER_COMMAND, since: '8.3' },

  { names: 'donorStartMigration', ...TENANT },
  { names: 'donorAbortMigration', ...TENANT },
  { names: 'donorForgetMigration', ...TENANT },
  { names: 'recipientSyncData', ...TENANT },
  { names: 'recipientForgetMigration', ...TENANT },
];

/** cluster_check_metadata_consistency_cmd.cpp: of the cluster on `admin`, else of the database or the collection. */
const checkMetadataConsistency: Rule = (call) => {
  const action = 'checkMetadataConsistency';
  const cluster = need(CLUSTER, action);
  if (typeof argument(call) === 'string') return any([cluster, needOn(collectionIn(call), action)]);
  return call.db === 'admin' ? cluster : any([cluster, need(databaseTarget(call.db), action)]);
};

/** validate_db_metadata_common.h: of one database, or of every one. */
const validateDBMetadata: Rule = (call) => {
  const { db } = call.body;
  return need(has(call.body, 'db') ? databaseTarget(textAt(call, db, 'db')) : EVERY_DATABASE, 'validate');
};

/** ftdc_commands.cpp. */
const rotateFTDC: Rule = ({ context }) =>
  all([
    need(CLUSTER, 'serverStatus', 'replSetGetStatus', ...(context.sharded ? ['connPoolStats'] : [])),
    needOn({ db: 'local', collection: 'oplog.rs' }, 'collStats'),
  ]);

/** authorization_checks.cpp, `checkAuthForReleaseMemory`: on the cluster, or where the cursors are. */
const releaseMemory: Rule = ({ db }) =>
  any([need(CLUSTER, 'releaseMemoryAnyCursor'), need(databaseTarget(db), 'releaseMemoryAnyCursor')]);

/** cluster_configure_collection_balancing.cpp: defragmenting moves chunks besides. */
const configureCollectionBalancing: Rule = (call: Call): Condition => {
  const ns = namespaceAt(call, argument(call), 'the collection');
  return needOn(ns, 'splitChunk', ...(has(call.body, 'defragmentCollection') ? ['moveChunk'] : []));
};

/** `clusterCount` counts as its own caller, and asks for `find` besides (the table of 8.3 and 9.0). */
const clusterCount: Rule = (call) => all([need(CLUSTER, 'internal'), needOn(collectionIn(call), 'find')]);

const onNamespace =
  (action: string): Rule =>
  (call) =>
    need(collectionTarget(namespaceAt(call, argument(call), 'the collection')), action);

export const NEWER_RULES: Readonly<Record<string, Rule>> = {
  dbCheck: () => ({ kind: 'anyResource', action: 'dbCheck' }),
  setProfilingFilterGlobally: () => need(EVERY_DATABASE, 'enableProfiler'),
  validateDBMetadata,
  releaseMemory,
  recreateRangeDeletionTasks: onNamespace('cleanupOrphaned'),
  setIndexCommitQuorum: (call) => needOn(collectionIn(call), 'createIndex'),
};

/** On `admin` only. */
export const NEWER_RULES_ADMIN: Readonly<Record<string, Rule>> = { rotateFTDC };

/** By `mongos` only. */
export const NEWER_RULES_MONGOS: Readonly<Record<string, Rule>> = { checkMetadataConsistency };

/** By `mongos` only, on `admin`. */
export const NEWER_RULES_MONGOS_ADMIN: Readonly<Record<string, Rule>> = { configureCollectionBalancing };

/** By `mongod` only. */
export const NEWER_RULES_MONGOD: Readonly<Record<string, Rule>> = { clusterCount };

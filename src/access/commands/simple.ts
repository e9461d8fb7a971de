/**
 * Commands that demand one action on one thing. Read in the public source of 4.4 (`checkAuthForCommand` and
 * `addRequiredPrivileges` of each command's class).
 */
import { CLUSTER, collectionTarget, databaseTarget, type Target } from '../../model/resource.ts';
import { argument, type Call, collectionIn, namespaceAt, textAt } from './call.ts';

/**
 * - `collection`: the collection of the database that the command names
 * - `namespace`: the collection that it names in full
 * - `database`: the database that it is run on
 * - `named database`: the database that it names
 */
export type On = 'collection' | 'namespace' | 'database' | 'named database' | 'cluster';

export interface SimpleCommand extends Circumstance {
  /** The name, then other spellings that the server takes. */
  readonly names: string;
  readonly action: string;
  readonly on: On;
}

/** Where and since when there is a command. */
export interface Circumstance {
  /** Refused on any database but `admin`, before any privilege is looked at. */
  readonly adminOnly?: true;
  /** The only kind of server that has it. */
  readonly only?: 'mongod' | 'mongos';
  /** The first release line that has it. */
  readonly since?: string;
}

export const SIMPLE_COMMANDS: readonly SimpleCommand[] = [
  { names: 'checkShardingIndex', action: 'find', on: 'namespace', only: 'mongod' },
  { names: 'collStats collstats', action: 'collStats', on: 'collection' },
  { names: 'compact', action: 'compact', on: 'collection', only: 'mongod' },
  { names: 'convertToCapped', action: 'convertToCapped', on: 'collection' },
  // With or without expireAfterSeconds: whoever may make an index may let the documents expire.
  { names: 'createIndexes', action: 'createIndex', on: 'collection' },
  { names: 'dataSize datasize', action: 'find', on: 'namespace' },
  { names: 'drop', action: 'dropCollection', on: 'collection' },
  { names: 'dropIndexes deleteIndexes', action: 'dropIndex', on: 'collection' },
  { names: 'geoSearch', action: 'find', on: 'collection', only: 'mongod' },
  { names: 'planCacheClear', action: 'planCacheWrite', on: 'collection' },
  { names: 'planCacheClearFilters', action: 'planCacheIndexFilter', on: 'collection' },
  { names: 'planCacheListFilters', action: 'planCacheIndexFilter', on: 'collection' },
  { names: 'planCacheSetFilter', action: 'planCacheIndexFilter', on: 'collection' },
  { names: 'reIndex', action: 'reIndex', on: 'collection', only: 'mongod' },
  { names: 'splitVector', action: 'splitVector', on: 'namespace' },
  { names: 'validate', action: 'validate', on: 'collection' },

  { names: 'dbHash dbhash', action: 'dbHash', on: 'database', only: 'mongod' },
  { names: 'dbStats dbstats', action: 'dbStats', on: 'database' },
  { names: 'dropDatabase', action: 'dropDatabase', on: 'database' },

  { names: 'addShard addshard', action: 'addShard', on: 'cluster', adminOnly: true, only: 'mongos' },
  { names: 'balancerCollectionStatus', action: 'enableSharding', on: 'namespace', adminOnly: true, only: 'mongos' },
  { names: 'clearJumboFlag', action: 'clearJumboFlag', on: 'namespace', adminOnly: true, only: 'mongos' },
  { names: 'cleanupOrphaned', action: 'cleanupOrphaned', on: 'cluster', adminOnly: true, only: 'mongod' },
  {
    names: 'enableSharding enablesharding',
    action: 'enableSharding',
    on: 'named database',
    adminOnly: true,
    only: 'mongos',
  },
  {
    names: 'flushRouterConfig flushrouterconfig',
    action: 'flushRouterConfig',
    on: 'cluster',
    adminOnly: true,
    only: 'mongos',
  },
  { names: 'getDatabaseVersion', action: 'getDatabaseVersion', on: 'named database', adminOnly: true, only: 'mongod' },
  { names: 'getShardMap', action: 'getShardMap', on: 'cluster', adminOnly: true },
  { names: 'getShardVersion getshardversion', action: 'getShardVersion', on: 'namespace', adminOnly: true },
  { names: 'listShards listshards', action: 'listShards', on: 'cluster', adminOnly: true, only: 'mongos' },
  { names: 'movePrimary moveprimary', action: 'moveChunk', on: 'named database', adminOnly: true, only: 'mongos' },
  { names: 'netstat', action: 'netstat', on: 'cluster', adminOnly: true, only: 'mongos' },
  {
    names: 'refineCollectionShardKey',
    action: 'refineCollectionShardKey',
    on: 'namespace',
    adminOnly: true,
    only: 'mongos',
  },
  { names: 'removeShard removeshard', action: 'removeShard', on: 'cluster', adminOnly: true, only: 'mongos' },
  {
    names: 'shardCollection shardcollection',
    action: 'enableSharding',
    on: 'namespace',
    adminOnly: true,
    only: 'mongos',
  },
  { names: 'shardingState', action: 'shardingState', on: 'cluster', adminOnly: true, only: 'mongod' },
  { names: 'split', action: 'splitChunk', on: 'namespace', adminOnly: true, only: 'mongos' },

  { names: 'appendOplogNote', action: 'appendOplogNote', on: 'cluster', adminOnly: true },
  { names: 'connPoolStats', action: 'connPoolStats', on: 'cluster' },
  { names: 'connPoolSync connpoolsync', action: 'connPoolSync', on: 'cluster' },
  { names: 'dropConnections', action: 'dropConnections', on: 'cluster', adminOnly: true },
  { names: 'fsync', action: 'fsync', on: 'cluster', adminOnly: true },
  { names: 'fsyncUnlock', action: 'unlock', on: 'cluster', adminOnly: true },
  { names: 'getCmdLineOpts', action: 'getCmdLineOpts', on: 'cluster', adminOnly: true },
  { names: 'getDefaultRWConcern', action: 'getDefaultRWConcern', on: 'cluster', adminOnly: true },
  { names: 'getFreeMonitoringStatus', action: 'checkFreeMonitoringStatus', on: 'cluster', adminOnly: true },
  { names: 'getLog', action: 'getLog', on: 'cluster', adminOnly: true },
  { names: 'getParameter', action: 'getParameter', on: 'cluster', adminOnly: true },
  { names: 'hostInfo', action: 'hostInfo', on: 'cluster' },
  { names: 'invalidateUserCache', action: 'invalidateUserCache', on: 'cluster', adminOnly: true },
  { names: 'killAllSessions', action: 'killAnySession', on: 'cluster' },
  { names: 'lockInfo', action: 'serverStatus', on: 'cluster', adminOnly: true, only: 'mongod' },
  { names: 'logRotate', action: 'logRotate', on: 'cluster', adminOnly: true },
  { names: 'serverStatus', action: 'serverStatus', on: 'cluster' },
  { names: 'setDefaultRWConcern', action: 'setDefaultRWConcern', on: 'cluster', adminOnly: true },
  { names: 'setFeatureCompatibilityVersion', action: 'setFeatureCompatibilityVersion', on: 'cluster', adminOnly: true },
  { names: 'setFreeMonitoring', action: 'setFreeMonitoring', on: 'cluster', adminOnly: true },
  { names: 'setParameter', action: 'setParameter', on: 'cluster', adminOnly: true },
  { names: 'shardConnPoolStats', action: 'connPoolStats', on: 'cluster' },
  { names: 'shutdown', action: 'shutdown', on: 'cluster', adminOnly: true },
  { names: 'startRecordingTraffic', action: 'trafficRecord', on: 'cluster' },
  { names: 'stopRecordingTraffic', action: 'trafficRecord', on: 'cluster' },
  { names: 'top', action: 'top', on: 'cluster', adminOnly: true, only: 'mongod' },

  { names: 'replSetAbortPrimaryCatchUp', action: 'replSetStateChange', on: 'cluster', adminOnly: true, only: 'mongod' },
  { names: 'replSetFreeze', action: 'replSetStateChange', on: 'cluster', adminOnly: true, only: 'mongod' },
  { names: 'replSetGetConfig', action: 'replSetGetConfig', on: 'cluster', adminOnly: true, only: 'mongod' },
  { names: 'replSetGetStatus', action: 'replSetGetStatus', on: 'cluster', adminOnly: true, only: 'mongod' },
  { names: 'replSetInitiate', action: 'replSetConfigure', on: 'cluster', adminOnly: true, only: 'mongod' },
  { names: 'replSetMaintenance', action: 'replSetStateChange', on: 'cluster', adminOnly: true, only: 'mongod' },
  { names: 'replSetReconfig', action: 'replSetConfigure', on: 'cluster', adminOnly: true, only: 'mongod' },
  { names: 'replSetResizeOplog', action: 'replSetResizeOplog', on: 'cluster', adminOnly: true, only: 'mongod' },
  { names: 'replSetStepDown', action: 'replSetStateChange', on: 'cluster', adminOnly: true, only: 'mongod' },
  { names: 'replSetStepUp', action: 'replSetStateChange', on: 'cluster', adminOnly: true, only: 'mongod' },
  { names: 'replSetSyncFrom', action: 'replSetStateChange', on: 'cluster', adminOnly: true, only: 'mongod' },
];

/** Commands that any account may give, and those that need no login. */
export const FREE_COMMANDS: readonly string[] = (
  'authenticate buildInfo buildinfo connectionStatus endSessions getLastError getlasterror getnonce hello isMaster ' +
  'ismaster isdbgrid listCommands logout ping refreshSessions resetError reseterror saslContinue saslStart ' +
  'startSession whatsmyuri whatsmysni _isSelf refreshLogicalSessionCacheNow'
).split(' ');

export function targetOf(call: Call, on: On): Target {
  switch (on) {
    case 'collection':
      return collectionTarget(collectionIn(call));
    case 'namespace':
      return collectionTarget(namespaceAt(call, argument(call), 'the collection'));
    case 'database':
      return databaseTarget(call.db);
    case 'named database':
      return databaseTarget(textAt(call, argument(call), 'the database'));
    case 'cluster':
      return CLUSTER;
  }
}

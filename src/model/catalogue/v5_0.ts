/** MongoDB 5.0: read. the public source of 5.0.0-rc4, adjusted to what later 5.0 servers answer in the tests of Percona's operator. */
import { type Catalogue, readCatalogue } from './read.ts';

export const CATALOGUE_5_0: Catalogue = readCatalogue({
  version: '5.0',
  source: {
    kind: 'source',
    where:
      "the public source of 5.0.0-rc4, adjusted to what later 5.0 servers answer in the tests of Percona's operator",
  },
  actions:
    'addShard advanceClusterTime anyAction appendOplogNote applicationMessage applyOps auditConfigure auditLogRotate authCheck authSchemaUpgrade authenticate bypassDocumentValidation changeCustomData changeOwnCustomData changeOwnPassword changePassword changeStream checkFreeMonitoringStatus cleanupOrphaned clearJumboFlag closeAllDatabases collMod collStats compact connPoolStats connPoolSync convertToCapped cpuProfiler createCollection createDatabase createIndex createRole createUser dbCheck dbHash dbStats dropAllRolesFromDatabase dropAllUsersFromDatabase dropCollection dropConnections dropDatabase dropIndex dropRole dropUser emptycapped enableProfiler enableSharding exportCollection find flushRouterConfig forceUUID fsync getCmdLineOpts getDatabaseVersion getDefaultRWConcern getLog getParameter getShardMap getShardVersion grantPrivilegesToRole grantRole grantRolesToRole grantRolesToUser hostInfo impersonate importCollection indexStats inprog insert internal invalidateUserCache killAnyCursor killAnySession killCursors killop listCachedAndActiveUsers listCollections listCursors listDatabases listIndexes listSessions listShards logRotate moveChunk netstat oidReset operationMetrics planCacheIndexFilter planCacheRead planCacheWrite reIndex refineCollectionShardKey remove removeShard renameCollection renameCollectionSameDB repairDatabase replSetConfigure replSetGetConfig replSetGetStatus replSetHeartbeat replSetReconfig replSetResizeOplog replSetStateChange reshardCollection resync revokePrivilegesFromRole revokeRole revokeRolesFromRole revokeRolesFromUser rotateCertificates runAsLessPrivilegedUser runTenantMigration serverStatus setAuthenticationRestriction setDefaultRWConcern setFeatureCompatibilityVersion setFreeMonitoring setParameter shardCollection shardingState shutdown splitChunk splitVector storageDetails test top touch trafficRecord unlock update updateRole updateUser useUUID validate viewRole viewUser',
  database: {
    dbAdmin: {
      '$db.*':
        'bypassDocumentValidation collMod collStats compact convertToCapped createCollection createIndex dbStats dropCollection dropDatabase dropIndex enableProfiler listCollections listIndexes planCacheIndexFilter planCacheRead planCacheWrite reIndex renameCollectionSameDB storageDetails validate',
      '$db.system.profile':
        'changeStream collStats convertToCapped createCollection dbHash dbStats dropCollection find killCursors listCollections listIndexes planCacheRead',
    },
    dbOwner: {
      '$db.*':
        'bypassDocumentValidation changeCustomData changePassword changeStream collMod collStats compact convertToCapped createCollection createIndex createRole createUser dbHash dbStats dropCollection dropDatabase dropIndex dropRole dropUser emptycapped enableProfiler find grantRole insert killCursors listCollections listIndexes planCacheIndexFilter planCacheRead planCacheWrite reIndex remove renameCollectionSameDB revokeRole setAuthenticationRestriction storageDetails update validate viewRole viewUser',
      '$db.system.js':
        'changeStream collStats convertToCapped createCollection createIndex dbHash dbStats dropCollection dropIndex emptycapped find insert killCursors listCollections listIndexes planCacheRead remove renameCollectionSameDB update',
      '$db.system.profile':
        'changeStream collStats convertToCapped createCollection dbHash dbStats dropCollection find killCursors listCollections listIndexes planCacheRead',
    },
    enableSharding: {
      '*.*': 'enableSharding refineCollectionShardKey reshardCollection',
    },
    read: {
      '$db.*': 'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes planCacheRead',
      '$db.system.js':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes planCacheRead',
    },
    readWrite: {
      '$db.*':
        'changeStream collStats convertToCapped createCollection createIndex dbHash dbStats dropCollection dropIndex emptycapped find insert killCursors listCollections listIndexes planCacheRead remove renameCollectionSameDB update',
      '$db.system.js':
        'changeStream collStats convertToCapped createCollection createIndex dbHash dbStats dropCollection dropIndex emptycapped find insert killCursors listCollections listIndexes planCacheRead remove renameCollectionSameDB update',
    },
    userAdmin: {
      '$db.*':
        'changeCustomData changePassword createRole createUser dropRole dropUser grantRole revokeRole setAuthenticationRestriction viewRole viewUser',
    },
  },
  admin: {
    __queryableBackup: {
      '*.*': 'find',
      '*.system.buckets.*': 'find',
      '*.system.js': 'find',
      '*.system.profile': 'find',
      '*.system.users': 'find',
      'admin.system.backup_users': 'find',
      'admin.system.roles': 'find',
      'admin.system.version': 'find',
      any: 'collStats listCollections listIndexes',
      cluster: 'getParameter listDatabases useUUID',
      'config.*': 'find',
      'config.settings': 'find',
      'local.*': 'find',
      'local.replset.election': 'find',
      'local.replset.minvalid': 'find',
    },
    __system: {
      any: 'anyAction',
    },
    backup: {
      '*.*': 'find',
      '*.system.buckets.*': 'find',
      '*.system.js': 'find',
      '*.system.profile': 'find',
      '*.system.users': 'find',
      'admin.system.backup_users': 'find',
      'admin.system.roles': 'find',
      'admin.system.version': 'find',
      any: 'collStats listCollections listIndexes',
      cluster: 'appendOplogNote getParameter listDatabases serverStatus useUUID',
      'config.*': 'find',
      'config.settings': 'find insert update',
      'local.*': 'find',
      'local.replset.election': 'find',
      'local.replset.minvalid': 'find',
    },
    clusterAdmin: {
      '*.*':
        'clearJumboFlag collStats dbStats dropDatabase enableSharding getDatabaseVersion getShardVersion indexStats killCursors moveChunk refineCollectionShardKey reshardCollection splitChunk splitVector',
      '*.system.buckets.*':
        'clearJumboFlag enableSharding moveChunk refineCollectionShardKey reshardCollection splitChunk splitVector',
      '*.system.profile': 'find',
      any: 'dbCheck exportCollection importCollection',
      cluster:
        'addShard appendOplogNote applicationMessage auditConfigure cleanupOrphaned connPoolStats connPoolSync dropConnections flushRouterConfig fsync getCmdLineOpts getDefaultRWConcern getLog getParameter getShardMap hostInfo inprog invalidateUserCache killAnyCursor killAnySession killop listDatabases listSessions listShards logRotate netstat oidReset operationMetrics removeShard replSetConfigure replSetGetConfig replSetGetStatus replSetResizeOplog replSetStateChange resync rotateCertificates runTenantMigration serverStatus setDefaultRWConcern setFeatureCompatibilityVersion setParameter shardingState shutdown top touch trafficRecord unlock useUUID',
      'config.*':
        'changeStream clearJumboFlag collStats dbHash dbStats enableSharding find getDatabaseVersion getShardVersion indexStats insert killCursors listCollections listIndexes moveChunk planCacheRead refineCollectionShardKey remove reshardCollection splitChunk splitVector update',
      'config.system.js':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes planCacheRead',
      'local.*':
        'changeStream clearJumboFlag collStats dbHash dbStats enableSharding find getDatabaseVersion getShardVersion indexStats insert killCursors listCollections listIndexes moveChunk planCacheRead refineCollectionShardKey remove reshardCollection splitChunk splitVector update',
      'local.replset.election': 'find insert remove update',
      'local.replset.minvalid': 'find insert remove update',
      'local.system.healthlog':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes planCacheRead',
      'local.system.js':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes planCacheRead',
      'local.system.replset':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes planCacheRead',
    },
    clusterManager: {
      '*.*':
        'clearJumboFlag enableSharding moveChunk refineCollectionShardKey reshardCollection splitChunk splitVector',
      '*.system.buckets.*':
        'clearJumboFlag enableSharding moveChunk refineCollectionShardKey reshardCollection splitChunk splitVector',
      any: 'dbCheck',
      cluster:
        'addShard appendOplogNote applicationMessage cleanupOrphaned flushRouterConfig getDefaultRWConcern listSessions listShards removeShard replSetConfigure replSetGetConfig replSetGetStatus replSetStateChange resync runTenantMigration setDefaultRWConcern setFeatureCompatibilityVersion',
      'config.*':
        'changeStream clearJumboFlag collStats dbHash dbStats enableSharding find insert killCursors listCollections listIndexes moveChunk planCacheRead refineCollectionShardKey remove reshardCollection splitChunk splitVector update',
      'config.system.js':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes planCacheRead',
      'local.*':
        'clearJumboFlag enableSharding insert moveChunk refineCollectionShardKey remove reshardCollection splitChunk splitVector update',
      'local.replset.election': 'insert remove update',
      'local.replset.minvalid': 'insert remove update',
      'local.system.healthlog':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes planCacheRead',
      'local.system.replset':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes planCacheRead',
    },
    clusterMonitor: {
      '*.*': 'collStats dbStats getDatabaseVersion getShardVersion indexStats',
      '*.system.profile': 'find',
      cluster:
        'connPoolStats getCmdLineOpts getDefaultRWConcern getLog getParameter getShardMap hostInfo inprog listDatabases listSessions listShards netstat operationMetrics replSetGetConfig replSetGetStatus serverStatus shardingState top useUUID',
      'config.*':
        'changeStream collStats dbHash dbStats find getDatabaseVersion getShardVersion indexStats killCursors listCollections listIndexes planCacheRead',
      'config.system.js':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes planCacheRead',
      'local.*':
        'changeStream collStats dbHash dbStats find getDatabaseVersion getShardVersion indexStats killCursors listCollections listIndexes planCacheRead',
      'local.replset.election': 'find',
      'local.replset.minvalid': 'find',
      'local.system.js':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes planCacheRead',
      'local.system.replset': 'find',
    },
    dbAdminAnyDatabase: {
      '*.*':
        'bypassDocumentValidation collMod collStats compact convertToCapped createCollection createIndex dbStats dropCollection dropDatabase dropIndex enableProfiler listCollections listIndexes planCacheIndexFilter planCacheRead planCacheWrite reIndex renameCollectionSameDB storageDetails validate',
      '*.system.buckets.*':
        'bypassDocumentValidation collMod collStats compact convertToCapped createCollection createIndex dbStats dropCollection dropDatabase dropIndex enableProfiler listCollections listIndexes planCacheIndexFilter planCacheRead planCacheWrite reIndex renameCollectionSameDB storageDetails validate',
      '*.system.profile':
        'changeStream collStats convertToCapped createCollection dbHash dbStats dropCollection find killCursors listCollections listIndexes planCacheRead',
      cluster: 'applyOps listDatabases',
    },
    hostManager: {
      '*.*': 'killCursors',
      cluster:
        'applicationMessage auditConfigure connPoolSync dropConnections flushRouterConfig fsync invalidateUserCache killAnyCursor killAnySession killop logRotate oidReset replSetResizeOplog resync rotateCertificates setParameter shutdown touch trafficRecord unlock',
    },
    readAnyDatabase: {
      '*.*': 'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes planCacheRead',
      '*.system.buckets.*':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes planCacheRead',
      '*.system.js': 'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes planCacheRead',
      cluster: 'listDatabases',
    },
    readWriteAnyDatabase: {
      '*.*':
        'changeStream collStats convertToCapped createCollection createIndex dbHash dbStats dropCollection dropIndex emptycapped find insert killCursors listCollections listIndexes planCacheRead remove renameCollectionSameDB update',
      '*.system.buckets.*':
        'changeStream collStats convertToCapped createCollection createIndex dbHash dbStats dropCollection dropIndex emptycapped find insert killCursors listCollections listIndexes planCacheRead remove renameCollectionSameDB update',
      '*.system.js':
        'changeStream collStats convertToCapped createCollection createIndex dbHash dbStats dropCollection dropIndex emptycapped find insert killCursors listCollections listIndexes planCacheRead remove renameCollectionSameDB update',
      cluster: 'listDatabases',
    },
    restore: {
      '*.*':
        'bypassDocumentValidation changeCustomData changePassword collMod convertToCapped createCollection createIndex createRole createUser dropCollection dropRole dropUser grantRole insert revokeRole setAuthenticationRestriction viewRole viewUser',
      '*.system.buckets.*':
        'bypassDocumentValidation collMod convertToCapped createCollection createIndex dropCollection insert',
      '*.system.js':
        'bypassDocumentValidation collMod convertToCapped createCollection createIndex dropCollection insert',
      '*.system.users':
        'bypassDocumentValidation collMod convertToCapped createCollection createIndex dropCollection find insert remove update',
      'admin.system.backup_users':
        'bypassDocumentValidation collMod convertToCapped createCollection createIndex dropCollection insert',
      'admin.system.roles': 'createIndex',
      'admin.system.version':
        'bypassDocumentValidation collMod convertToCapped createCollection createIndex dropCollection find insert',
      'admin.temproles': 'find',
      'admin.tempusers': 'find',
      any: 'listCollections',
      cluster: 'applyOps forceUUID getParameter useUUID',
      'config.*': 'bypassDocumentValidation collMod convertToCapped createCollection createIndex dropCollection insert',
      'local.*': 'bypassDocumentValidation collMod convertToCapped createCollection createIndex dropCollection insert',
      'local.replset.election':
        'bypassDocumentValidation collMod convertToCapped createCollection createIndex dropCollection insert',
      'local.replset.minvalid':
        'bypassDocumentValidation collMod convertToCapped createCollection createIndex dropCollection insert',
      'local.system.replset':
        'bypassDocumentValidation collMod convertToCapped createCollection createIndex dropCollection insert',
    },
    root: {
      '*.*':
        'bypassDocumentValidation changeCustomData changePassword changeStream clearJumboFlag collMod collStats compact convertToCapped createCollection createIndex createRole createUser dbHash dbStats dropCollection dropDatabase dropIndex dropRole dropUser emptycapped enableProfiler enableSharding find getDatabaseVersion getShardVersion grantRole indexStats insert killCursors listCachedAndActiveUsers listCollections listIndexes moveChunk planCacheIndexFilter planCacheRead planCacheWrite reIndex refineCollectionShardKey remove renameCollectionSameDB reshardCollection revokeRole setAuthenticationRestriction splitChunk splitVector storageDetails update validate viewRole viewUser',
      '*.system.buckets.*':
        'bypassDocumentValidation changeStream clearJumboFlag collMod collStats compact convertToCapped createCollection createIndex dbHash dbStats dropCollection dropDatabase dropIndex emptycapped enableProfiler enableSharding find insert killCursors listCollections listIndexes moveChunk planCacheIndexFilter planCacheRead planCacheWrite reIndex refineCollectionShardKey remove renameCollectionSameDB reshardCollection splitChunk splitVector storageDetails update validate',
      '*.system.js':
        'bypassDocumentValidation changeStream collMod collStats convertToCapped createCollection createIndex dbHash dbStats dropCollection dropIndex emptycapped find insert killCursors listCollections listIndexes planCacheRead remove renameCollectionSameDB update',
      '*.system.profile':
        'changeStream collStats convertToCapped createCollection dbHash dbStats dropCollection find killCursors listCollections listIndexes planCacheRead',
      '*.system.users':
        'bypassDocumentValidation changeStream collMod collStats convertToCapped createCollection createIndex dbHash dbStats dropCollection find insert killCursors listCollections listIndexes planCacheRead remove update',
      'admin.system.backup_users':
        'bypassDocumentValidation changeStream collMod collStats convertToCapped createCollection createIndex dbHash dbStats dropCollection find insert killCursors listCollections listIndexes planCacheRead',
      'admin.system.roles':
        'changeStream collStats createIndex dbHash dbStats dropIndex find killCursors listCollections listIndexes planCacheRead',
      'admin.system.users':
        'changeStream collStats createIndex dbHash dbStats dropIndex find killCursors listCollections listIndexes planCacheRead',
      'admin.system.version':
        'bypassDocumentValidation changeStream collMod collStats convertToCapped createCollection createIndex dbHash dbStats dropCollection find insert killCursors listCollections listIndexes planCacheRead',
      'admin.temproles': 'find',
      'admin.tempusers': 'find',
      any: 'collStats dbCheck exportCollection importCollection listCollections listIndexes validate',
      cluster:
        'addShard appendOplogNote applicationMessage applyOps auditConfigure authSchemaUpgrade cleanupOrphaned connPoolStats connPoolSync dropConnections flushRouterConfig forceUUID fsync getCmdLineOpts getDefaultRWConcern getLog getParameter getShardMap hostInfo inprog invalidateUserCache killAnyCursor killAnySession killop listDatabases listSessions listShards logRotate netstat oidReset operationMetrics removeShard replSetConfigure replSetGetConfig replSetGetStatus replSetResizeOplog replSetStateChange resync rotateCertificates runTenantMigration serverStatus setDefaultRWConcern setFeatureCompatibilityVersion setParameter shardingState shutdown top touch trafficRecord unlock useUUID viewUser',
      'config.*':
        'bypassDocumentValidation changeCustomData changePassword changeStream clearJumboFlag collMod collStats convertToCapped createCollection createIndex createRole createUser dbHash dbStats dropCollection dropRole dropUser enableSharding find getDatabaseVersion getShardVersion grantRole indexStats insert killCursors listCollections listIndexes moveChunk planCacheRead refineCollectionShardKey remove reshardCollection revokeRole setAuthenticationRestriction splitChunk splitVector update viewRole viewUser',
      'config.settings': 'find insert update',
      'config.system.js':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes planCacheRead',
      'local.*':
        'bypassDocumentValidation changeCustomData changePassword changeStream clearJumboFlag collMod collStats convertToCapped createCollection createIndex createRole createUser dbHash dbStats dropCollection dropRole dropUser enableSharding find getDatabaseVersion getShardVersion grantRole indexStats insert killCursors listCollections listIndexes moveChunk planCacheRead refineCollectionShardKey remove reshardCollection revokeRole setAuthenticationRestriction splitChunk splitVector update viewRole viewUser',
      'local.replset.election':
        'bypassDocumentValidation collMod convertToCapped createCollection createIndex dropCollection find insert remove update',
      'local.replset.minvalid':
        'bypassDocumentValidation collMod convertToCapped createCollection createIndex dropCollection find insert remove update',
      'local.system.healthlog':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes planCacheRead',
      'local.system.js':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes planCacheRead',
      'local.system.replset':
        'bypassDocumentValidation changeStream collMod collStats convertToCapped createCollection createIndex dbHash dbStats dropCollection find insert killCursors listCollections listIndexes planCacheRead',
    },
    userAdminAnyDatabase: {
      '*.*':
        'changeCustomData changePassword createRole createUser dropRole dropUser grantRole listCachedAndActiveUsers revokeRole setAuthenticationRestriction viewRole viewUser',
      '*.system.users':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes planCacheRead',
      'admin.system.backup_users':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes planCacheRead',
      'admin.system.roles':
        'changeStream collStats createIndex dbHash dbStats dropIndex find killCursors listCollections listIndexes planCacheRead',
      'admin.system.users':
        'changeStream collStats createIndex dbHash dbStats dropIndex find killCursors listCollections listIndexes planCacheRead',
      'admin.system.version':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes planCacheRead',
      cluster: 'authSchemaUpgrade invalidateUserCache listDatabases viewUser',
      'config.*':
        'changeCustomData changePassword createRole createUser dropRole dropUser grantRole revokeRole setAuthenticationRestriction viewRole viewUser',
      'local.*':
        'changeCustomData changePassword createRole createUser dropRole dropUser grantRole revokeRole setAuthenticationRestriction viewRole viewUser',
    },
  },
});

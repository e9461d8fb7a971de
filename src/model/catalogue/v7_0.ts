/** MongoDB 7.0: read. builtin_roles.yml of the 7.0 line in its public source; the same as servers answer in the tests of Percona's operator. */
import { type Catalogue, readCatalogue } from './read.ts';

export const CATALOGUE_7_0: Catalogue = readCatalogue({
  version: '7.0',
  source: {
    kind: 'source',
    where:
      "builtin_roles.yml of the 7.0 line in its public source; the same as servers answer in the tests of Percona's operator",
  },
  actions:
    'addShard advanceClusterTime allCollectionStats analyze analyzeShardKey anyAction appendOplogNote applicationMessage applyOps auditConfigure auditLogRotate authCheck authSchemaUpgrade authenticate bypassDocumentValidation bypassWriteBlockingMode changeCustomData changeOwnCustomData changeOwnPassword changePassword changeStream checkFreeMonitoringStatus checkMetadataConsistency cleanupOrphaned clearJumboFlag closeAllDatabases collMod collStats compact compactStructuredEncryptionData configureQueryAnalyzer connPoolStats connPoolSync convertToCapped cpuProfiler createCollection createDatabase createIndex createRole createSearchIndexes createUser dbCheck dbHash dbStats dropAllRolesFromDatabase dropAllUsersFromDatabase dropCollection dropConnections dropDatabase dropIndex dropRole dropSearchIndex dropUser emptycapped enableProfiler enableSharding exportCollection find flushRouterConfig forceUUID fsync fsyncUnlock getChangeStreamState getClusterParameter getCmdLineOpts getDatabaseVersion getDefaultRWConcern getLog getParameter getShardMap getShardVersion grantPrivilegesToRole grantRole grantRolesToRole grantRolesToUser hostInfo impersonate importCollection indexStats inprog insert internal invalidateUserCache issueDirectShardOperations killAnyCursor killAnySession killCursors killop listCachedAndActiveUsers listCollections listCursors listDatabases listIndexes listSampledQueries listSearchIndexes listSessions listShards logRotate moveChunk netstat oidReset oidcListKeys oidcRefreshKeys operationMetrics planCacheIndexFilter planCacheRead planCacheWrite queryStatsRead queryStatsReadTransformed reIndex refineCollectionShardKey remove removeShard renameCollection renameCollectionSameDB repairDatabase replSetConfigure replSetGetConfig replSetGetStatus replSetHeartbeat replSetReconfig replSetResizeOplog replSetStateChange reshardCollection resync revokePrivilegesFromRole revokeRole revokeRolesFromRole revokeRolesFromUser rotateCertificates runAsLessPrivilegedUser runTenantMigration serverStatus setAuthenticationRestriction setChangeStreamState setClusterParameter setDefaultRWConcern setFeatureCompatibilityVersion setFreeMonitoring setParameter setUserWriteBlockMode shardCollection shardedDataDistribution shardingState shutdown splitChunk splitVector storageDetails top touch trafficRecord transitionFromDedicatedConfigServer transitionToDedicatedConfigServer unlock update updateRole updateSearchIndex updateUser useTenant useUUID validate viewRole viewUser',
  database: {
    dbAdmin: {
      '$db.*':
        'analyze bypassDocumentValidation collMod collStats compact configureQueryAnalyzer convertToCapped createCollection createIndex createSearchIndexes dbStats dropCollection dropDatabase dropIndex dropSearchIndex enableProfiler listCollections listIndexes listSearchIndexes planCacheIndexFilter planCacheRead planCacheWrite reIndex renameCollectionSameDB storageDetails updateSearchIndex validate',
      '$db.system.profile':
        'changeStream collStats convertToCapped createCollection dbHash dbStats dropCollection find killCursors listCollections listIndexes listSearchIndexes planCacheRead',
    },
    dbOwner: {
      '$db.*':
        'analyze bypassDocumentValidation changeCustomData changePassword changeStream collMod collStats compact compactStructuredEncryptionData configureQueryAnalyzer convertToCapped createCollection createIndex createRole createSearchIndexes createUser dbHash dbStats dropCollection dropDatabase dropIndex dropRole dropSearchIndex dropUser enableProfiler find grantRole insert killCursors listCollections listIndexes listSearchIndexes planCacheIndexFilter planCacheRead planCacheWrite reIndex remove renameCollectionSameDB revokeRole setAuthenticationRestriction storageDetails update updateSearchIndex validate viewRole viewUser',
      '$db.system.js':
        'changeStream collStats compactStructuredEncryptionData convertToCapped createCollection createIndex createSearchIndexes dbHash dbStats dropCollection dropIndex dropSearchIndex find insert killCursors listCollections listIndexes listSearchIndexes planCacheRead remove renameCollectionSameDB update updateSearchIndex',
      '$db.system.profile':
        'changeStream collStats convertToCapped createCollection dbHash dbStats dropCollection find killCursors listCollections listIndexes listSearchIndexes planCacheRead',
    },
    enableSharding: {
      '*.*': 'analyzeShardKey enableSharding refineCollectionShardKey reshardCollection',
    },
    read: {
      '$db.*':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes listSearchIndexes planCacheRead',
      '$db.system.js':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes listSearchIndexes planCacheRead',
    },
    readWrite: {
      '$db.*':
        'changeStream collStats compactStructuredEncryptionData convertToCapped createCollection createIndex createSearchIndexes dbHash dbStats dropCollection dropIndex dropSearchIndex find insert killCursors listCollections listIndexes listSearchIndexes planCacheRead remove renameCollectionSameDB update updateSearchIndex',
      '$db.system.js':
        'changeStream collStats compactStructuredEncryptionData convertToCapped createCollection createIndex createSearchIndexes dbHash dbStats dropCollection dropIndex dropSearchIndex find insert killCursors listCollections listIndexes listSearchIndexes planCacheRead remove renameCollectionSameDB update updateSearchIndex',
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
      any: 'collStats listCollections listIndexes listSearchIndexes',
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
      any: 'collStats listCollections listIndexes listSearchIndexes',
      cluster: 'appendOplogNote getParameter listDatabases serverStatus setUserWriteBlockMode useUUID',
      'config.*': 'find',
      'config.settings': 'find insert update',
      'local.*': 'find',
      'local.replset.election': 'find',
      'local.replset.minvalid': 'find',
    },
    clusterAdmin: {
      '*.*':
        'analyzeShardKey clearJumboFlag collStats configureQueryAnalyzer dbStats dropDatabase enableSharding getDatabaseVersion getShardVersion indexStats killCursors moveChunk refineCollectionShardKey reshardCollection splitChunk splitVector',
      '*.system.buckets.*':
        'analyzeShardKey clearJumboFlag configureQueryAnalyzer enableSharding moveChunk refineCollectionShardKey reshardCollection splitChunk splitVector',
      '*.system.profile': 'find',
      any: 'dbCheck exportCollection importCollection',
      cluster:
        'addShard allCollectionStats appendOplogNote applicationMessage auditConfigure checkMetadataConsistency cleanupOrphaned connPoolStats connPoolSync dropConnections flushRouterConfig fsync getChangeStreamState getClusterParameter getCmdLineOpts getDefaultRWConcern getLog getParameter getShardMap hostInfo inprog invalidateUserCache killAnyCursor killAnySession killop listDatabases listSampledQueries listSessions listShards logRotate netstat oidReset oidcListKeys oidcRefreshKeys operationMetrics queryStatsRead queryStatsReadTransformed removeShard replSetConfigure replSetGetConfig replSetGetStatus replSetResizeOplog replSetStateChange resync rotateCertificates runTenantMigration serverStatus setChangeStreamState setClusterParameter setDefaultRWConcern setFeatureCompatibilityVersion setParameter shardedDataDistribution shardingState shutdown top touch trafficRecord transitionFromDedicatedConfigServer transitionToDedicatedConfigServer unlock useUUID',
      'config.*':
        'analyzeShardKey changeStream clearJumboFlag collStats configureQueryAnalyzer dbHash dbStats enableSharding find getDatabaseVersion getShardVersion indexStats insert killCursors listCollections listIndexes listSearchIndexes moveChunk planCacheRead refineCollectionShardKey remove reshardCollection splitChunk splitVector update',
      'config.system.js':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes listSearchIndexes planCacheRead',
      'config.system.sessions': 'collStats dbStats getDatabaseVersion getShardVersion indexStats',
      'local.*':
        'analyzeShardKey changeStream clearJumboFlag collStats configureQueryAnalyzer dbHash dbStats enableSharding find getDatabaseVersion getShardVersion indexStats insert killCursors listCollections listIndexes listSearchIndexes moveChunk planCacheRead refineCollectionShardKey remove reshardCollection splitChunk splitVector update',
      'local.replset.election': 'find insert remove update',
      'local.replset.minvalid': 'find insert remove update',
      'local.system.healthlog':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes listSearchIndexes planCacheRead',
      'local.system.js':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes listSearchIndexes planCacheRead',
      'local.system.replset':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes listSearchIndexes planCacheRead',
    },
    clusterManager: {
      '*.*':
        'analyzeShardKey clearJumboFlag configureQueryAnalyzer enableSharding moveChunk refineCollectionShardKey reshardCollection splitChunk splitVector',
      '*.system.buckets.*':
        'analyzeShardKey clearJumboFlag configureQueryAnalyzer enableSharding moveChunk refineCollectionShardKey reshardCollection splitChunk splitVector',
      any: 'dbCheck',
      cluster:
        'addShard appendOplogNote applicationMessage checkMetadataConsistency cleanupOrphaned flushRouterConfig getChangeStreamState getClusterParameter getDefaultRWConcern listSessions listShards removeShard replSetConfigure replSetGetConfig replSetGetStatus replSetStateChange resync runTenantMigration setChangeStreamState setClusterParameter setDefaultRWConcern setFeatureCompatibilityVersion transitionFromDedicatedConfigServer transitionToDedicatedConfigServer',
      'config.*':
        'analyzeShardKey changeStream clearJumboFlag collStats configureQueryAnalyzer dbHash dbStats enableSharding find insert killCursors listCollections listIndexes listSearchIndexes moveChunk planCacheRead refineCollectionShardKey remove reshardCollection splitChunk splitVector update',
      'config.system.js':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes listSearchIndexes planCacheRead',
      'local.*':
        'analyzeShardKey clearJumboFlag configureQueryAnalyzer enableSharding insert moveChunk refineCollectionShardKey remove reshardCollection splitChunk splitVector update',
      'local.replset.election': 'insert remove update',
      'local.replset.minvalid': 'insert remove update',
      'local.system.healthlog':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes listSearchIndexes planCacheRead',
      'local.system.replset':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes listSearchIndexes planCacheRead',
    },
    clusterMonitor: {
      '*.*': 'collStats dbStats getDatabaseVersion getShardVersion indexStats',
      '*.system.profile': 'find',
      cluster:
        'allCollectionStats connPoolStats getCmdLineOpts getDefaultRWConcern getLog getParameter getShardMap hostInfo inprog listDatabases listSampledQueries listSessions listShards netstat operationMetrics queryStatsRead queryStatsReadTransformed replSetGetConfig replSetGetStatus serverStatus shardedDataDistribution shardingState top useUUID',
      'config.*':
        'changeStream collStats dbHash dbStats find getDatabaseVersion getShardVersion indexStats killCursors listCollections listIndexes listSearchIndexes planCacheRead',
      'config.system.js':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes listSearchIndexes planCacheRead',
      'config.system.sessions': 'collStats dbStats getDatabaseVersion getShardVersion indexStats',
      'local.*':
        'changeStream collStats dbHash dbStats find getDatabaseVersion getShardVersion indexStats killCursors listCollections listIndexes listSearchIndexes planCacheRead',
      'local.replset.election': 'find',
      'local.replset.minvalid': 'find',
      'local.system.js':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes listSearchIndexes planCacheRead',
      'local.system.replset': 'find',
    },
    dbAdminAnyDatabase: {
      '*.*':
        'analyze bypassDocumentValidation collMod collStats compact configureQueryAnalyzer convertToCapped createCollection createIndex createSearchIndexes dbStats dropCollection dropDatabase dropIndex dropSearchIndex enableProfiler listCollections listIndexes listSearchIndexes planCacheIndexFilter planCacheRead planCacheWrite reIndex renameCollectionSameDB storageDetails updateSearchIndex validate',
      '*.system.buckets.*':
        'analyze bypassDocumentValidation collMod collStats compact configureQueryAnalyzer convertToCapped createCollection createIndex createSearchIndexes dbStats dropCollection dropDatabase dropIndex dropSearchIndex enableProfiler listCollections listIndexes listSearchIndexes planCacheIndexFilter planCacheRead planCacheWrite reIndex renameCollectionSameDB storageDetails updateSearchIndex validate',
      '*.system.profile':
        'changeStream collStats convertToCapped createCollection dbHash dbStats dropCollection find killCursors listCollections listIndexes listSearchIndexes planCacheRead',
      cluster: 'applyOps listDatabases',
    },
    directShardOperations: {
      cluster: 'issueDirectShardOperations',
    },
    hostManager: {
      '*.*': 'killCursors',
      cluster:
        'applicationMessage auditConfigure connPoolSync dropConnections flushRouterConfig fsync invalidateUserCache killAnyCursor killAnySession killop logRotate oidReset oidcListKeys oidcRefreshKeys replSetResizeOplog resync rotateCertificates setParameter shutdown touch trafficRecord unlock',
    },
    readAnyDatabase: {
      '*.*':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes listSearchIndexes planCacheRead',
      '*.system.buckets.*':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes listSearchIndexes planCacheRead',
      '*.system.js':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes listSearchIndexes planCacheRead',
      cluster: 'listDatabases',
    },
    readWriteAnyDatabase: {
      '*.*':
        'changeStream collStats compactStructuredEncryptionData convertToCapped createCollection createIndex createSearchIndexes dbHash dbStats dropCollection dropIndex dropSearchIndex find insert killCursors listCollections listIndexes listSearchIndexes planCacheRead remove renameCollectionSameDB update updateSearchIndex',
      '*.system.buckets.*':
        'changeStream collStats compactStructuredEncryptionData convertToCapped createCollection createIndex createSearchIndexes dbHash dbStats dropCollection dropIndex dropSearchIndex find insert killCursors listCollections listIndexes listSearchIndexes planCacheRead remove renameCollectionSameDB update updateSearchIndex',
      '*.system.js':
        'changeStream collStats compactStructuredEncryptionData convertToCapped createCollection createIndex createSearchIndexes dbHash dbStats dropCollection dropIndex dropSearchIndex find insert killCursors listCollections listIndexes listSearchIndexes planCacheRead remove renameCollectionSameDB update updateSearchIndex',
      cluster: 'listDatabases',
    },
    restore: {
      '*.*':
        'bypassDocumentValidation changeCustomData changePassword collMod convertToCapped createCollection createIndex createRole createSearchIndexes createUser dropCollection dropRole dropUser grantRole insert revokeRole setAuthenticationRestriction updateSearchIndex viewRole viewUser',
      '*.system.buckets.*':
        'bypassDocumentValidation collMod convertToCapped createCollection createIndex createSearchIndexes dropCollection insert updateSearchIndex',
      '*.system.js':
        'bypassDocumentValidation collMod convertToCapped createCollection createIndex createSearchIndexes dropCollection insert updateSearchIndex',
      '*.system.users':
        'bypassDocumentValidation collMod convertToCapped createCollection createIndex createSearchIndexes dropCollection find insert remove update updateSearchIndex',
      '*.system.views': 'dropCollection',
      'admin.system.backup_users':
        'bypassDocumentValidation collMod convertToCapped createCollection createIndex createSearchIndexes dropCollection insert updateSearchIndex',
      'admin.system.roles': 'createIndex',
      'admin.system.version':
        'bypassDocumentValidation collMod convertToCapped createCollection createIndex createSearchIndexes dropCollection find insert updateSearchIndex',
      'admin.temproles': 'find',
      'admin.tempusers': 'find',
      any: 'listCollections',
      cluster: 'applyOps bypassWriteBlockingMode forceUUID getParameter setUserWriteBlockMode useUUID',
      'config.*':
        'bypassDocumentValidation collMod convertToCapped createCollection createIndex createSearchIndexes dropCollection insert updateSearchIndex',
      'local.*':
        'bypassDocumentValidation collMod convertToCapped createCollection createIndex createSearchIndexes dropCollection insert updateSearchIndex',
      'local.replset.election':
        'bypassDocumentValidation collMod convertToCapped createCollection createIndex createSearchIndexes dropCollection insert updateSearchIndex',
      'local.replset.minvalid':
        'bypassDocumentValidation collMod convertToCapped createCollection createIndex createSearchIndexes dropCollection insert updateSearchIndex',
      'local.system.replset':
        'bypassDocumentValidation collMod convertToCapped createCollection createIndex createSearchIndexes dropCollection insert updateSearchIndex',
    },
    root: {
      '*.*':
        'analyze analyzeShardKey bypassDocumentValidation changeCustomData changePassword changeStream clearJumboFlag collMod collStats compact compactStructuredEncryptionData configureQueryAnalyzer convertToCapped createCollection createIndex createRole createSearchIndexes createUser dbHash dbStats dropCollection dropDatabase dropIndex dropRole dropSearchIndex dropUser enableProfiler enableSharding find getDatabaseVersion getShardVersion grantRole indexStats insert killCursors listCachedAndActiveUsers listCollections listIndexes listSearchIndexes moveChunk planCacheIndexFilter planCacheRead planCacheWrite reIndex refineCollectionShardKey remove renameCollectionSameDB reshardCollection revokeRole setAuthenticationRestriction splitChunk splitVector storageDetails update updateSearchIndex validate viewRole viewUser',
      '*.system.buckets.*':
        'analyze analyzeShardKey bypassDocumentValidation changeStream clearJumboFlag collMod collStats compact compactStructuredEncryptionData configureQueryAnalyzer convertToCapped createCollection createIndex createSearchIndexes dbHash dbStats dropCollection dropDatabase dropIndex dropSearchIndex enableProfiler enableSharding find insert killCursors listCollections listIndexes listSearchIndexes moveChunk planCacheIndexFilter planCacheRead planCacheWrite reIndex refineCollectionShardKey remove renameCollectionSameDB reshardCollection splitChunk splitVector storageDetails update updateSearchIndex validate',
      '*.system.js':
        'bypassDocumentValidation changeStream collMod collStats compactStructuredEncryptionData convertToCapped createCollection createIndex createSearchIndexes dbHash dbStats dropCollection dropIndex dropSearchIndex find insert killCursors listCollections listIndexes listSearchIndexes planCacheRead remove renameCollectionSameDB update updateSearchIndex',
      '*.system.profile':
        'changeStream collStats convertToCapped createCollection dbHash dbStats dropCollection find killCursors listCollections listIndexes listSearchIndexes planCacheRead',
      '*.system.users':
        'bypassDocumentValidation changeStream collMod collStats convertToCapped createCollection createIndex createSearchIndexes dbHash dbStats dropCollection find insert killCursors listCollections listIndexes listSearchIndexes planCacheRead remove update updateSearchIndex',
      '*.system.views': 'dropCollection',
      'admin.system.backup_users':
        'bypassDocumentValidation changeStream collMod collStats convertToCapped createCollection createIndex createSearchIndexes dbHash dbStats dropCollection find insert killCursors listCollections listIndexes listSearchIndexes planCacheRead updateSearchIndex',
      'admin.system.roles':
        'changeStream collStats createIndex createSearchIndexes dbHash dbStats dropIndex dropSearchIndex find killCursors listCollections listIndexes listSearchIndexes planCacheRead',
      'admin.system.users':
        'changeStream collStats createIndex createSearchIndexes dbHash dbStats dropIndex dropSearchIndex find killCursors listCollections listIndexes listSearchIndexes planCacheRead',
      'admin.system.version':
        'bypassDocumentValidation changeStream collMod collStats convertToCapped createCollection createIndex createSearchIndexes dbHash dbStats dropCollection find insert killCursors listCollections listIndexes listSearchIndexes planCacheRead updateSearchIndex',
      'admin.temproles': 'find',
      'admin.tempusers': 'find',
      any: 'collStats dbCheck exportCollection importCollection listCollections listIndexes listSearchIndexes validate',
      cluster:
        'addShard allCollectionStats appendOplogNote applicationMessage applyOps auditConfigure authSchemaUpgrade bypassWriteBlockingMode checkMetadataConsistency cleanupOrphaned connPoolStats connPoolSync dropConnections flushRouterConfig forceUUID fsync getChangeStreamState getClusterParameter getCmdLineOpts getDefaultRWConcern getLog getParameter getShardMap hostInfo inprog invalidateUserCache issueDirectShardOperations killAnyCursor killAnySession killop listDatabases listSampledQueries listSessions listShards logRotate netstat oidReset oidcListKeys oidcRefreshKeys operationMetrics queryStatsRead queryStatsReadTransformed removeShard replSetConfigure replSetGetConfig replSetGetStatus replSetResizeOplog replSetStateChange resync rotateCertificates runTenantMigration serverStatus setChangeStreamState setClusterParameter setDefaultRWConcern setFeatureCompatibilityVersion setParameter setUserWriteBlockMode shardedDataDistribution shardingState shutdown top touch trafficRecord transitionFromDedicatedConfigServer transitionToDedicatedConfigServer unlock useTenant useUUID viewUser',
      'config.*':
        'analyzeShardKey bypassDocumentValidation changeCustomData changePassword changeStream clearJumboFlag collMod collStats configureQueryAnalyzer convertToCapped createCollection createIndex createRole createSearchIndexes createUser dbHash dbStats dropCollection dropRole dropUser enableSharding find getDatabaseVersion getShardVersion grantRole indexStats insert killCursors listCollections listIndexes listSearchIndexes moveChunk planCacheRead refineCollectionShardKey remove reshardCollection revokeRole setAuthenticationRestriction splitChunk splitVector update updateSearchIndex viewRole viewUser',
      'config.settings': 'find insert update',
      'config.system.change_collection': 'find insert remove update',
      'config.system.js':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes listSearchIndexes planCacheRead',
      'config.system.preimages': 'find remove',
      'config.system.sessions': 'collStats dbStats getDatabaseVersion getShardVersion indexStats',
      'local.*':
        'analyzeShardKey bypassDocumentValidation changeCustomData changePassword changeStream clearJumboFlag collMod collStats configureQueryAnalyzer convertToCapped createCollection createIndex createRole createSearchIndexes createUser dbHash dbStats dropCollection dropRole dropUser enableSharding find getDatabaseVersion getShardVersion grantRole indexStats insert killCursors listCollections listIndexes listSearchIndexes moveChunk planCacheRead refineCollectionShardKey remove reshardCollection revokeRole setAuthenticationRestriction splitChunk splitVector update updateSearchIndex viewRole viewUser',
      'local.replset.election':
        'bypassDocumentValidation collMod convertToCapped createCollection createIndex createSearchIndexes dropCollection find insert remove update updateSearchIndex',
      'local.replset.minvalid':
        'bypassDocumentValidation collMod convertToCapped createCollection createIndex createSearchIndexes dropCollection find insert remove update updateSearchIndex',
      'local.system.healthlog':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes listSearchIndexes planCacheRead',
      'local.system.js':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes listSearchIndexes planCacheRead',
      'local.system.replset':
        'bypassDocumentValidation changeStream collMod collStats convertToCapped createCollection createIndex createSearchIndexes dbHash dbStats dropCollection find insert killCursors listCollections listIndexes listSearchIndexes planCacheRead updateSearchIndex',
    },
    userAdminAnyDatabase: {
      '*.*':
        'changeCustomData changePassword createRole createUser dropRole dropUser grantRole listCachedAndActiveUsers revokeRole setAuthenticationRestriction viewRole viewUser',
      '*.system.users':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes listSearchIndexes planCacheRead',
      'admin.system.backup_users':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes listSearchIndexes planCacheRead',
      'admin.system.roles':
        'changeStream collStats createIndex createSearchIndexes dbHash dbStats dropIndex dropSearchIndex find killCursors listCollections listIndexes listSearchIndexes planCacheRead',
      'admin.system.users':
        'changeStream collStats createIndex createSearchIndexes dbHash dbStats dropIndex dropSearchIndex find killCursors listCollections listIndexes listSearchIndexes planCacheRead',
      'admin.system.version':
        'changeStream collStats dbHash dbStats find killCursors listCollections listIndexes listSearchIndexes planCacheRead',
      cluster: 'authSchemaUpgrade invalidateUserCache listDatabases viewUser',
      'config.*':
        'changeCustomData changePassword createRole createUser dropRole dropUser grantRole revokeRole setAuthenticationRestriction viewRole viewUser',
      'local.*':
        'changeCustomData changePassword createRole createUser dropRole dropUser grantRole revokeRole setAuthenticationRestriction viewRole viewUser',
    },
  },
});

/** The actions by which nothing comes about that a technique is about, with the reason and where that is read. */
interface Harmless {
  readonly actions: readonly string[];
  /** One sentence. */
  readonly why: string;
  /** Where it is read, and what was tried. */
  readonly source: string;
  /** Whether no command of any release asks for it. */
  readonly neverAsked?: true;
}

export const HARMLESS: readonly Harmless[] = [
  {
    actions: ['addShard'],
    why: "A new shard has to log in with the cluster's own key file or certificate.",
    source: 'cluster_add_shard_cmd.cpp',
  },
  {
    actions: ['advanceClusterTime'],
    why: "It puts the cluster's clock ahead by a year at most, and no document's own time.",
    source: 'logical_time_validator.cpp; tried on 5.1: with a clock a year ahead writes go on',
  },
  {
    actions: [
      'allCollectionStats',
      'checkMetadataConsistency',
      'collStats',
      'connPoolStats',
      'dbStats',
      'getDatabaseVersion',
      'getShardMap',
      'getTransitionToDedicatedConfigServerStatus',
      'hostInfo',
      'indexStats',
      'listShards',
      'netstat',
      'operationMetrics',
      'replSetGetConfig',
      'replSetGetStatus',
      'serverStatus',
      'shardDrainingStatus',
      'shardedDataDistribution',
      'shardingState',
      'top',
    ],
    why: 'It shows counts, sizes and states, and no documents.',
    source: "the commands' checks in the source of 5.1 and 9.0",
  },
  {
    actions: ['analyze'],
    why: 'Its command is one of test builds only.',
    source: 'analyze_cmd.cpp',
  },
  {
    actions: ['appendOplogNote'],
    why: 'It writes a note into the oplog, which changes no collection.',
    source: 'oplog_note.cpp',
  },
  {
    actions: ['applicationMessage'],
    why: "It writes a line into MongoDB's own audit log.",
    source: 'generic.cpp',
  },
  {
    actions: ['auditConfigure'],
    why: "It says what MongoDB's own audit log records, which is no collection.",
    source: 'Enterprise; the manual, “setAuditConfig”',
  },
  {
    actions: [
      'auditLogRotate',
      'authCheck',
      'authenticate',
      'createDatabase',
      'dropAllRolesFromDatabase',
      'dropAllUsersFromDatabase',
      'grantPrivilegesToRole',
      'grantRolesToRole',
      'grantRolesToUser',
      'replSetReconfig',
      'revokePrivilegesFromRole',
      'revokeRolesFromRole',
      'revokeRolesFromUser',
      'shardCollection',
      'updateRole',
      'updateUser',
    ],
    why: "No command asks for it: it names an event in MongoDB's own audit log.",
    source: 'action_type.idl, “ID only”',
    neverAsked: true,
  },
  {
    actions: [
      'authSchemaUpgrade',
      'closeAllDatabases',
      'cpuProfiler',
      'fsyncUnlock',
      'killCursors',
      'listCursors',
      'repairDatabase',
      'replSetHeartbeat',
      'resync',
      'runAsLessPrivilegedUser',
      'storageDetails',
      'touch',
    ],
    why: 'No command asks for it.',
    source: 'no use in the source of 4.4 to 9.0',
    neverAsked: true,
  },
  {
    actions: ['bypassDefaultMaxTimeMS'],
    why: 'It lifts a time limit from its own operations.',
    source: 'default_max_time_ms_cluster_parameter.cpp',
  },
  {
    actions: ['bypassWriteBlockingMode'],
    why: 'Who holds it goes on writing while others may not, what it may write anyway.',
    source: 'set_user_write_block_mode_command.cpp',
  },
  {
    actions: ['changeCustomData', 'changeOwnCustomData'],
    why: 'Custom data grants nothing.',
    source: 'user_management_commands_common.cpp',
  },
  {
    actions: ['changeOwnPassword'],
    why: 'It sets its own password only.',
    source: 'user_management_commands_common.cpp',
  },
  {
    actions: ['changeStream'],
    why: 'A change stream asks for find besides, which reads by itself.',
    source: 'document_source_change_stream.h; tried on 4.4',
  },
  {
    actions: ['checkFreeMonitoringStatus', 'setFreeMonitoring'],
    why: 'It has to do with free monitoring, which shows counts to MongoDB Inc.',
    source: 'free_mon_commands.cpp of 5.1',
  },
  {
    actions: ['cleanupOrphaned'],
    why: 'It deletes copies that a shard does not own.',
    source: 'cleanup_orphaned_cmd.cpp',
  },
  {
    actions: ['cleanupStructuredEncryptionData', 'compactStructuredEncryptionData'],
    why: 'It takes tokens that only whoever has the data keys can make, and packs what sealed fields are found by.',
    source: 'fle2_compact_cmd.cpp, fle2_cleanup_cmd.cpp',
  },
  {
    actions: [
      'clearJumboFlag',
      'moveChunk',
      'moveCollection',
      'removeShard',
      'rewriteCollection',
      'splitChunk',
      'transitionFromDedicatedConfigServer',
      'transitionToDedicatedConfigServer',
      'unshardCollection',
    ],
    why: 'It moves documents between shards, where the same rights hold.',
    source: 'the commands of sharded clusters in the source of 5.1 and 9.0',
  },
  {
    actions: ['compact'],
    why: 'It packs files; documents stay as they are.',
    source: 'compact.cpp, auto_compact.cpp',
  },
  {
    actions: ['connPoolSync', 'dropConnections'],
    why: 'Servers connect to each other anew; what is under way goes on.',
    source:
      'conn_pool_sync.cpp, drop_connections_command.cpp; tried on two shards of 5.1: 60,000 inserts through mongos went on',
  },
  {
    actions: ['createSearchIndexes', 'dropSearchIndex', 'updateSearchIndex'],
    why: 'It concerns the index of a search engine beside the server; to search asks for find.',
    source: 'search_index_commands.cpp',
  },
  {
    actions: ['createUser'],
    why: 'A new account without grantRole gets no role.',
    source: 'user_management_commands_common.cpp; tried on 4.4',
  },
  {
    actions: ['dbHash'],
    why: 'It shows hashes of collections, which tell no more than whether two are equal.',
    source: 'dbhash.cpp',
  },
  {
    actions: ['emptycapped'],
    why: 'Its command is one of test builds only.',
    source: 'capped collections in the source of 4.4 and 5.0',
  },
  {
    actions: ['eseRotateActiveKEK', 'getESERotateActiveKEKStatus'],
    why: "It seals the server's own storage by a new key; what is stored stays readable to the server.",
    source: 'Enterprise; not in the public source, and not tried',
  },
  {
    actions: ['exportCollection', 'importCollection'],
    why: 'It takes files of a collection on the host of the server, where no privilege leads.',
    source: 'Enterprise; not in the public source, and not tried',
  },
  {
    actions: ['flushRouterConfig'],
    why: "A router reads the cluster's catalogue anew.",
    source: 'flush_router_config_cmd.cpp',
  },
  {
    actions: ['getChangeStreamState', 'setChangeStreamState'],
    why: 'It says whether change streams of a tenant are kept.',
    source: 'serverless only; nothing uses it from 8.3 on',
  },
  {
    actions: ['getClusterParameter', 'getCmdLineOpts', 'getParameter'],
    why: 'It shows how the server is configured, without its secrets.',
    source: 'generic_servers.cpp, parameters.cpp',
  },
  {
    actions: [
      'getDefaultRWConcern',
      'listCachedAndActiveUsers',
      'listClusterCatalog',
      'listCollections',
      'listDatabases',
      'listExtensions',
      'listIndexes',
      'listSearchIndexes',
      'viewRole',
    ],
    why: 'It shows names and definitions, and no documents.',
    source: "the commands' checks in the source of 5.1 and 9.0",
  },
  {
    actions: ['invalidateUserCache'],
    why: 'Servers read accounts and roles anew, as they do by themselves.',
    source: 'user_management_commands_common.cpp',
  },
  {
    actions: ['issueDirectShardOperations'],
    why: 'It lifts a refusal on a shard; what is done there asks for its own action.',
    source: 'direct_connection_util.cpp',
  },
  {
    actions: ['killAnyCursor'],
    why: 'It ends cursors of readers; a writer has none.',
    source: 'authorization_checks.cpp',
  },
  {
    actions: ['logRotate', 'rotateCertificates'],
    why: 'It opens a new log file, or reads the certificates of the host anew.',
    source: 'generic_servers.cpp, rotate_certificates_command.cpp',
  },
  {
    actions: ['oidReset'],
    why: 'It changes how the server makes identifiers of its own.',
    source: 'generic_servers.cpp',
  },
  {
    actions: ['oidcListKeys', 'oidcRefreshKeys'],
    why: 'It concerns the keys of an identity provider, which are public.',
    source: 'Enterprise; not in the public source',
  },
  {
    actions: ['planCacheIndexFilter', 'planCacheWrite'],
    why: 'It says which indexes queries use: they get slower, and their answers stay.',
    source: 'index_filter_commands.cpp, plan_cache_clear_command.cpp',
  },
  {
    actions: ['querySettings'],
    why: "It can have shapes of queries refused, an auditor's too; no document is read, written or lost by it.",
    source: 'query_settings_cmds.cpp; tried on 8.3',
  },
  {
    actions: ['queryStatsRead', 'queryStatsReadTransformed'],
    why: 'It shows the shapes of queries; values in them are replaced.',
    source: 'document_source_query_stats.h',
  },
  {
    actions: ['reIndex'],
    why: 'On a standalone it makes the indexes of a collection anew.',
    source: 'drop_indexes_cmd.cpp',
  },
  {
    actions: ['refineCollectionShardKey'],
    why: 'The longer key takes an index, and whoever can make one needs nothing else.',
    source: 'cluster_refine_collection_shard_key_cmd.cpp',
  },
  {
    actions: ['releaseMemoryAnyCursor'],
    why: 'It moves what cursors hold in memory to the disk.',
    source: 'release_memory.idl',
  },
  {
    actions: ['renameCollection'],
    why: 'It renames only for whoever may drop and insert at the target, which is a technique by itself.',
    source: 'internal_rename_if_options_and_indexes_match_cmd.cpp of 5.0 and 5.1',
  },
  {
    actions: ['replSetResizeOplog'],
    why: 'It sizes the oplog, which keeps 990 MB at least; members that fall behind copy all data anew.',
    source: 'resize_oplog.cpp',
  },
  {
    actions: ['runTenantMigration'],
    why: 'It moves databases of a tenant with certificates of both sides, and is refused without them.',
    source: 'tenant_migration_donor_cmds.cpp; tried on 5.1',
  },
  {
    actions: ['setClusterParameter'],
    why: 'It sets time limits of readers and what sharded clusters do among their servers; no cluster parameter stops an insert.',
    source: 'the cluster parameters in the source of 9.0; tried on 8.3',
  },
  {
    actions: ['setFeatureCompatibilityVersion'],
    why: 'It switches features of a release off and on; documents stay, and writers go on.',
    source: 'set_feature_compatibility_version_command.cpp; tried on 8.3',
  },
  {
    actions: ['trafficRecord'],
    why: 'It records what clients send into a folder of the host, which no privilege reads.',
    source: 'traffic_recording_cmds.cpp',
  },
  {
    actions: ['unlock'],
    why: 'It ends a lock.',
    source: 'fsync.cpp',
  },
  {
    actions: ['useTenant'],
    why: 'It works on servers of several tenants only, which take an unsupported option to start.',
    source: 'validated_tenancy_scope_factory.cpp',
  },
  {
    actions: ['viewUser'],
    why: 'It shows accounts, and the hashes of their passwords, which least-privilege/reads-credentials tells: to use one takes to guess the password.',
    source: 'user_management_commands_common.cpp; tried on 4.4',
  },
];

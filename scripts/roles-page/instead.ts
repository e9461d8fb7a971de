/** What to grant in the place of an action that techniques take, or whom to leave it to: one sentence for each. */

const MIGRATIONS = 'Leave it to migrations, which an account of their own applies.';
const ACCOUNTS = 'Leave accounts and roles to policies, which an account of their own applies.';
const OPERATORS = 'Leave it to people who operate the cluster, under breakGlass with a reason and a date.';
const CLUSTER = 'Nobody but the servers of a cluster needs it.';
const RESTORE = 'Give it to an account that is there for the time of a restore only.';
const OPLOG = 'No service needs applyOps, and no restore but one that replays the oplog.';
const SYNC = 'Leave it to the account of mongosync, for the time of a migration between clusters.';

export const INSTEAD: Readonly<Record<string, string>> = {
  analyzeShardKey: OPERATORS,
  applyOps: OPLOG,
  blockReplicaSetWrites: OPERATORS,
  bypassDocumentValidation: 'Let the writer send what the validator takes; migrate old documents as another account.',
  changePassword: 'Give changeOwnPassword, by which an account sets its own.',
  collMod: MIGRATIONS,
  configureQueryAnalyzer: OPERATORS,
  containerDelete: CLUSTER,
  containerInsert: CLUSTER,
  containerUpdate: CLUSTER,
  convertToCapped: 'Create a collection capped, by a migration.',
  createCollection: MIGRATIONS,
  createIndex: MIGRATIONS,
  dbCheck: OPERATORS,
  dropCollection: MIGRATIONS,
  dropDatabase: MIGRATIONS,
  dropIndex: MIGRATIONS,
  dropRole: ACCOUNTS,
  dropUser: ACCOUNTS,
  enableProfiler: 'Read slow queries in the log on the host, or profile a copy of the data.',
  enableSharding: OPERATORS,
  find: 'Name the collections that are read, and none of local, config and admin.',
  forceUUID: RESTORE,
  fsync: 'Take backups by snapshots of the storage, which need no lock.',
  getLog: 'Read the log on the host, where it can be collected for those who may see it.',
  grantRole: ACCOUNTS,
  impersonate: CLUSTER,
  inprog: 'Every account sees its own operations without it ($currentOp with allUsers: false).',
  insert: 'Name the collection; insert on it alone adds documents and changes none.',
  internal: CLUSTER,
  killAnySession: 'Every account ends its own sessions without it.',
  killop: 'Every account ends its own operations without it.',
  listSampledQueries: OPERATORS,
  listSessions: 'Every account lists its own sessions without it ($listLocalSessions with allUsers: false).',
  performRawDataOperations: RESTORE,
  planCacheRead: OPERATORS,
  readBackupFile: 'Leave it to the account of the backup.',
  remove: 'Let retention be a TTL index that the policy allows, or an account of its own.',
  renameCollectionSameDB: MIGRATIONS,
  replSetConfigure: OPERATORS,
  replSetStateChange: OPERATORS,
  reshardCollection: OPERATORS,
  revokeRole: ACCOUNTS,
  setAuthenticationRestriction: ACCOUNTS,
  setDefaultRWConcern: OPERATORS,
  setParameter: OPERATORS,
  setUserWriteBlockMode: SYNC,
  shutdown: OPERATORS,
  splitVector: OPERATORS,
  update: 'Add documents that supersede others instead of changing them.',
  useUUID: RESTORE,
};

/** The same for MongoDB's own roles. */
export const INSTEAD_OF_ROLE: Readonly<Record<string, string>> = {
  read: 'Name the collections that are read. On local and config no service needs it.',
  readWrite: 'Name the collections and the actions. It drops collections, makes indexes and caps them.',
  dbAdmin: MIGRATIONS,
  userAdmin: ACCOUNTS,
  dbOwner: 'Split it: a role that names collections for the service, migrations and policies for the rest.',
  enableSharding: OPERATORS,
  readAnyDatabase: 'Grant read on each database that is meant. It reads admin too, and databases that come later.',
  readWriteAnyDatabase: 'Grant actions on each collection that is meant.',
  userAdminAnyDatabase: ACCOUNTS,
  dbAdminAnyDatabase: MIGRATIONS,
  clusterMonitor: 'Grant serverStatus, replSetGetStatus and what else the exporter asks for, on the cluster.',
  hostManager: OPERATORS,
  clusterManager: OPERATORS,
  clusterAdmin: OPERATORS,
  __queryableBackup: CLUSTER,
  backup:
    'Leave it to the account of the backup, from the addresses of its hosts only. It reads the credentials of every account.',
  restore: RESTORE,
  root: OPERATORS,
  __system: CLUSTER,
  directShardOperations: OPERATORS,
  searchCoordinator: CLUSTER,
};

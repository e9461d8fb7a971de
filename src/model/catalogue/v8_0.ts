/** MongoDB 8.0 and its patches, and the short-lived 8.1 and 8.2. */
import { changed, type Release } from './release.ts';
import { RELEASE_7_0 } from './v7_0.ts';

export const RELEASE_8_0: Release = changed(RELEASE_7_0, {
  version: '8.0',
  source: {
    kind: 'source',
    where:
      'builtin_roles.yml of the lines before and after 8.0 where they agree, and what 8.0 servers answer in the tests ' +
      "of Percona's operator",
  },
  actions: [
    '+bypassDefaultMaxTimeMS',
    '+cleanupStructuredEncryptionData',
    '+listClusterCatalog',
    '+moveCollection',
    '+querySettings',
    '+readBackupFile',
    '+unshardCollection',
  ],
  lists: {
    readWrite: ['+cleanupStructuredEncryptionData'],
    clusterManager: ['+moveCollection', '+unshardCollection'],
    // The buckets of time series are left out of it from here on.
    dbAdmin: ['-configureQueryAnalyzer'],
  },
  database: {
    dbAdmin: { on: { '$db.*': ['+configureQueryAnalyzer'] } },
    enableSharding: { on: { '*.*': ['+moveCollection', '+unshardCollection'] } },
  },
  admin: {
    dbAdminAnyDatabase: { on: { '*.*': ['+configureQueryAnalyzer'] } },
    clusterMonitor: { on: { cluster: ['+listClusterCatalog'], '*.system.buckets.*': ['+...clusterMonitor'] } },
    hostManager: { on: { cluster: ['+compact'] } },
    clusterManager: { on: { cluster: ['+querySettings'] } },
    backup: { on: { cluster: ['+readBackupFile'] } },
    root: { on: { cluster: ['+bypassDefaultMaxTimeMS'] } },
  },
});

export const RELEASE_8_0_24: Release = changed(RELEASE_8_0, {
  version: '8.0.24',
  source: { kind: 'manual', where: 'SERVER-122697' },
  database: { enableSharding: { on: { cluster: ['+enableSharding'] } } },
  admin: { clusterManager: { inherits: ['+enableSharding'] } },
});

export const RELEASE_8_1: Release = changed(RELEASE_8_0, {
  version: '8.1',
  source: {
    kind: 'source',
    where: 'builtin_roles.yml between 8.1 and 8.2 in the public source of Percona Server for MongoDB (spring 2025)',
  },
  actions: ['-runTenantMigration'],
  admin: {
    clusterManager: { on: { cluster: ['-runTenantMigration'] } },
    searchCoordinator: {
      inherits: ['+clusterMonitor', '+directShardOperations', '+readAnyDatabase'],
      on: { cluster: ['+bypassDefaultMaxTimeMS'], 'config.*': ['+...readWrite'] },
    },
  },
});

export const RELEASE_8_2: Release = changed(RELEASE_8_1, {
  version: '8.2',
  source: {
    kind: 'source',
    where:
      'builtin_roles.yml between 8.1 and 8.2 in the public source of Percona Server for MongoDB (spring 2025), with ' +
      "SERVER-103168; where searchCoordinator writes is what MongoDB's operator for Kubernetes expects of 8.2",
  },
  actions: ['+performRawDataOperations', '+releaseMemoryAnyCursor'],
  lists: { read: ['+performRawDataOperations'], restore: ['+performRawDataOperations'] },
  admin: {
    __queryableBackup: {
      on: { '*.*': ['+performRawDataOperations'], '*.system.buckets.*': ['+performRawDataOperations'] },
    },
    searchCoordinator: { on: { 'config.*': ['-...readWrite'], '__mdb_internal_search.*': ['+...readWrite'] } },
  },
});

/** MongoDB 8.3 and its patches. */
import { changed, type Release } from './release.ts';
import { RELEASE_8_2 } from './v8_0.ts';

export const RELEASE_8_3: Release = changed(RELEASE_8_2, {
  version: '8.3',
  source: { kind: 'source', where: 'builtin_roles.yml of 8.3 in its public source (spring 2026)' },
  actions: [
    '-getChangeStreamState',
    '-operationMetrics',
    '-setChangeStreamState',
    '+containerDelete',
    '+containerInsert',
    '+eseRotateActiveKEK',
    '+getESERotateActiveKEKStatus',
    '+getTransitionToDedicatedConfigServerStatus',
    '+listExtensions',
    '+rewriteCollection',
    '+shardDrainingStatus',
  ],
  lists: {
    dbAdmin: ['+performRawDataOperations'],
    clusterManager: ['+rewriteCollection'],
    queryableBackup: ['+performRawDataOperations'],
    restore: ['+containerDelete', '+containerInsert'],
  },
  database: { enableSharding: { on: { '*.*': ['+rewriteCollection'] } } },
  admin: {
    clusterMonitor: {
      on: {
        cluster: [
          '-operationMetrics',
          '+getTransitionToDedicatedConfigServerStatus',
          '+listExtensions',
          '+shardDrainingStatus',
        ],
      },
    },
    clusterManager: {
      on: {
        cluster: [
          '-getChangeStreamState',
          '-setChangeStreamState',
          '+getTransitionToDedicatedConfigServerStatus',
          '+listExtensions',
          '+shardDrainingStatus',
        ],
      },
    },
    __queryableBackup: {
      on: { '*.*': ['-performRawDataOperations'], '*.system.buckets.*': ['-performRawDataOperations'] },
    },
    searchCoordinator: { on: { cluster: ['+fsync'] } },
  },
});

export const RELEASE_8_3_3: Release = changed(RELEASE_8_3, {
  version: '8.3.3',
  source: { kind: 'manual', where: 'SERVER-122697' },
  database: { enableSharding: { on: { cluster: ['+enableSharding'] } } },
  admin: { clusterManager: { inherits: ['+enableSharding'] } },
});

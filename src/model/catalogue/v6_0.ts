/** MongoDB 6.0. */
import { changed, type Release } from './release.ts';
import { RELEASE_5_0_6 } from './v5_0.ts';

export const RELEASE_6_0: Release = changed(RELEASE_5_0_6, {
  version: '6.0',
  source: {
    kind: 'source',
    where: "the public source of 6.0.0, adjusted to what later 6.0 servers answer in the tests of Percona's operator",
  },
  actions: [
    '+allCollectionStats',
    '+bypassWriteBlockingMode',
    '+compactStructuredEncryptionData',
    '+createSearchIndexes',
    '+dropSearchIndex',
    '+fsyncUnlock',
    '+getClusterParameter',
    '+listSearchIndexes',
    '+queryStatsRead',
    '+queryStatsReadTransformed',
    '+setClusterParameter',
    '+setUserWriteBlockMode',
    '+shardedDataDistribution',
    '+updateSearchIndex',
    '+useTenant',
  ],
  lists: {
    read: ['+listSearchIndexes'],
    readWrite: [
      '-emptycapped',
      '+compactStructuredEncryptionData',
      '+createSearchIndexes',
      '+dropSearchIndex',
      '+updateSearchIndex',
    ],
    readAndIndex: ['+createSearchIndexes', '+dropSearchIndex'],
    dbAdmin: ['+createSearchIndexes', '+dropSearchIndex', '+listSearchIndexes', '+updateSearchIndex'],
    restore: ['+createSearchIndexes', '+updateSearchIndex'],
  },
  admin: {
    clusterMonitor: {
      on: {
        cluster: [
          '-checkFreeMonitoringStatus',
          '+allCollectionStats',
          '+queryStatsRead',
          '+queryStatsReadTransformed',
          '+shardedDataDistribution',
        ],
        'config.system.sessions': ['+...clusterMonitor'],
      },
    },
    clusterManager: { on: { cluster: ['-setFreeMonitoring', '+getClusterParameter', '+setClusterParameter'] } },
    __queryableBackup: { on: { any: ['+listSearchIndexes'] } },
    backup: { on: { cluster: ['+setUserWriteBlockMode'] } },
    restore: {
      on: {
        cluster: ['+bypassWriteBlockingMode', '+setUserWriteBlockMode'],
        'admin.system.roles': ['+createSearchIndexes'],
        '*.system.views': ['+dropCollection'],
      },
    },
    directShardOperations: {},
    root: {
      inherits: ['+directShardOperations'],
      on: { cluster: ['+useTenant'], 'config.system.preimages': ['+find', '+remove'] },
    },
  },
});

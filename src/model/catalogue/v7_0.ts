/** MongoDB 7.0. */
import { changed, type Release } from './release.ts';
import { RELEASE_6_0 } from './v6_0.ts';

export const RELEASE_7_0: Release = changed(RELEASE_6_0, {
  version: '7.0',
  source: {
    kind: 'source',
    where:
      'builtin_roles.yml of the 7.0 line in its public source; the same as servers answer in the tests of ' +
      "Percona's operator. The actions are those of 7.3 development without what came after 7.0",
  },
  actions: [
    '+analyze',
    '+analyzeShardKey',
    '+checkMetadataConsistency',
    '+configureQueryAnalyzer',
    '+getChangeStreamState',
    '+issueDirectShardOperations',
    '+listSampledQueries',
    '+oidcListKeys',
    '+oidcRefreshKeys',
    '+setChangeStreamState',
    '+transitionFromDedicatedConfigServer',
    '+transitionToDedicatedConfigServer',
  ],
  lists: {
    dbAdmin: ['+analyze', '+configureQueryAnalyzer'],
    clusterManager: ['+analyzeShardKey', '+configureQueryAnalyzer'],
  },
  database: { enableSharding: { on: { '*.*': ['+analyzeShardKey'] } } },
  admin: {
    clusterMonitor: { on: { cluster: ['+listSampledQueries'] } },
    hostManager: { on: { cluster: ['+oidcListKeys', '+oidcRefreshKeys'] } },
    clusterManager: {
      on: {
        cluster: [
          '+checkMetadataConsistency',
          '+getChangeStreamState',
          '+setChangeStreamState',
          '+transitionFromDedicatedConfigServer',
          '+transitionToDedicatedConfigServer',
        ],
      },
    },
    restore: { on: { 'admin.system.roles': ['-createSearchIndexes'] } },
    directShardOperations: { on: { cluster: ['+issueDirectShardOperations'] } },
    root: { on: { 'config.system.change_collection': ['+...write', '+find'] } },
  },
});

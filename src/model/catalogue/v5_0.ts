/** MongoDB 5.0 and its patches, and the short-lived 5.1 to 5.3. */
import { changed, type Release } from './release.ts';
import { RELEASE_4_4 } from './v4_4.ts';

export const RELEASE_5_0: Release = changed(RELEASE_4_4, {
  version: '5.0',
  source: {
    kind: 'server',
    where: 'rolesInfo, answered by a server of 5.1 in development (July 2021, feature compatibility 5.0)',
  },
  actions: [
    '+applyOps',
    '+auditConfigure',
    '+exportCollection',
    '+importCollection',
    '+operationMetrics',
    '+reshardCollection',
    '+rotateCertificates',
    '+runTenantMigration',
  ],
  lists: { clusterManager: ['+reshardCollection'] },
  database: { enableSharding: { on: { '*.*': ['+reshardCollection'] } } },
  admin: {
    readAnyDatabase: { on: { '*.system.buckets.*': ['+...read'] } },
    readWriteAnyDatabase: { on: { '*.system.buckets.*': ['+...readWrite'] } },
    userAdminAnyDatabase: { on: { 'admin.system.new_users': ['-...read'] } },
    dbAdminAnyDatabase: { on: { cluster: ['+applyOps'], '*.system.buckets.*': ['+...dbAdmin'] } },
    clusterMonitor: { on: { cluster: ['+operationMetrics'] } },
    hostManager: { on: { cluster: ['+auditConfigure', '+rotateCertificates'] } },
    clusterManager: { on: { cluster: ['+runTenantMigration'] } },
    clusterAdmin: { on: { any: ['+exportCollection', '+importCollection'] } },
    __queryableBackup: {
      on: { '*.system.buckets.*': ['+...queryableBackup'], 'admin.system.new_users': ['-...queryableBackup'] },
    },
    restore: { on: { '*.system.buckets.*': ['+...restore'], 'admin.system.new_users': ['-...restore'] } },
  },
});

export const RELEASE_5_0_4: Release = changed(RELEASE_5_0, {
  version: '5.0.4',
  source: {
    kind: 'manual',
    where:
      "CVE-2021-32036 (SERVER-59294); the role is what later 5.0 servers answer in the tests of Percona's operator",
  },
  actions: ['+oidReset'],
  admin: { hostManager: { on: { cluster: ['+oidReset'] } } },
});

/** What else later patches grant is taken to have come with this one: with which it came is not known. */
export const RELEASE_5_0_6: Release = changed(RELEASE_5_0_4, {
  version: '5.0.6',
  source: {
    kind: 'manual',
    where: "SERVER-61931 for the buckets; the rest is what later 5.0 servers answer in the tests of Percona's operator",
  },
  actions: ['+dbCheck'],
  admin: {
    clusterManager: {
      on: { any: ['+dbCheck'], '*.system.buckets.*': ['+...clusterManager'], 'local.system.healthlog': ['+...read'] },
    },
    restore: { on: { cluster: ['+applyOps'] } },
  },
});

export const RELEASE_5_1: Release = changed(RELEASE_5_0, {
  version: '5.1',
  source: { kind: 'server', where: 'rolesInfo, answered by a server of 5.1 in development (July 2021)' },
});

export const RELEASE_5_2: Release = changed(RELEASE_5_0_6, {
  version: '5.2',
  source: { kind: 'manual', where: 'SERVER-61931; else what later 5.0 servers answer' },
});

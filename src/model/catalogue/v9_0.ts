/** MongoDB 9.0, as it was in development. */
import { changed, type Release } from './release.ts';
import { RELEASE_8_3_3 } from './v8_3.ts';

export const RELEASE_9_0: Release = changed(RELEASE_8_3_3, {
  version: '9.0',
  source: { kind: 'source', where: 'builtin_roles.yml and action_type.idl of 9.0 in development (April 2026)' },
  actions: ['+blockReplicaSetWrites', '+containerUpdate'],
  lists: { restore: ['-containerDelete', '-containerInsert'] },
  admin: { clusterManager: { on: { cluster: ['+blockReplicaSetWrites'] } } },
});

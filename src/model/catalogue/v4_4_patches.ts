/** The patches of MongoDB 4.4 with which something came. */
import { changed, type Release } from './release.ts';
import { RELEASE_4_4 } from './v4_4.ts';

export const RELEASE_4_4_9: Release = changed(RELEASE_4_4, {
  version: '4.4.9',
  source: { kind: 'manual', where: 'SERVER-36263 and the documentation ticket DOCS-14282, which name action and role' },
  actions: ['+applyOps'],
  admin: { dbAdminAnyDatabase: { on: { cluster: ['+applyOps'] } } },
});

export const RELEASE_4_4_10: Release = changed(RELEASE_4_4_9, {
  version: '4.4.10',
  source: {
    kind: 'manual',
    where: 'CVE-2021-32036 (SERVER-59294); that hostManager holds the action is inferred from 5.0',
  },
  actions: ['+oidReset'],
  admin: { hostManager: { on: { cluster: ['+oidReset'] } } },
});

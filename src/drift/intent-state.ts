/** What a policy says as a state: a cluster that has exactly that and nothing else. */
import { CATALOGUES } from '../model/catalogue.ts';
import { lowestVersion, satisfies } from '../model/version.ts';
import type { Intent } from '../policy/intent.ts';
import type { ClusterState } from '../state/state.ts';

/** Where a policy says nothing about versions, nothing is held against it that newer releases have mended. */
const NEWEST_KNOWN = '8.3.99';

/** A replica set of the oldest release that the policy admits, or of the `version` given. */
export function intentState({ roles, users, cluster }: Intent, version?: string): ClusterState {
  return {
    server: {
      version: version ?? lowestVersion(cluster.version ?? '') ?? NEWEST_KNOWN,
      edition: 'community',
      topology: 'replicaSet',
    },
    roles: roles.map(({ role }) => role),
    users: users.map(({ user }) => user),
    unreadable: [],
  };
}

/** The newest release known to us that the policy admits; nothing if it is none of those. */
export function newestAdmitted({ cluster }: Intent): string | undefined {
  const { version } = cluster;
  if (version === undefined) return NEWEST_KNOWN;
  return CATALOGUES.map((catalogue) => `${catalogue.version}.99`).findLast((release) => satisfies(release, version));
}

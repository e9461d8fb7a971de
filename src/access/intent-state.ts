/** What policies say as a state: a cluster that has exactly that and nothing else. */
import { CATALOGUES, NEWEST_RELEASE, OLDEST_RELEASE } from '../model/catalogue.ts';
import {
  formatNamespace,
  formatRole,
  formatUser,
  type Namespace,
  parseNamespace,
  roleKey,
  userKey,
} from '../model/names.ts';
import { lowestVersion, releaseLine, satisfies } from '../model/version.ts';
import type { Intent } from '../policy/intent.ts';
import type { ClusterState, Collection, Database, OwnedObject } from '../state/state.ts';

/** Where a policy says nothing about versions, nothing is held against it that newer releases have mended. */
const NEWEST_KNOWN = `${NEWEST_RELEASE}.99`;

/**
 * A replica set of the oldest release that the policy admits, or of the `version` given. Accounts that the policy took over
 * hold what it says of them: what its restrictions take from them, `makePlan` works out.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { compilePolicy, intentState, parsePolicyFile, whoCan } from 'mongoward';
 *
 * const text = `
 * apiVersion: mongoward/v1
 * metadata: { name: trail }
 * roles:
 *   writer@audit:
 *     privileges: [{ on: audit.logs, allow: insert-only }]
 * users:
 *   app@admin:
 *     roles: [writer@audit]
 *     password: { fromEnv: APP_PASSWORD }
 * `;
 * const { intent } = compilePolicy([parsePolicyFile({ file: 'trail.yaml', text })]);
 * const { principals } = whoCan(intentState(intent), 'insert', 'audit.logs');
 * assert.deepEqual(principals.map(({ path }) => path), [['app@admin', 'writer@audit']]);
 * ```
 */
export function intentState({ roles, users, cluster }: Intent, version?: string): ClusterState {
  return {
    server: {
      version: version ?? oldestAdmitted(cluster.version),
      edition: 'community',
      topology: 'replicaSet',
    },
    roles: roles.map(({ role }) => role),
    users: users.map(({ user }) => user),
    unreadable: [],
  };
}

/** A range without a lower end, such as `<5`, admits the oldest release that is known. */
function oldestAdmitted(range: string | undefined): string {
  return range === undefined ? NEWEST_KNOWN : (lowestVersion(range) ?? OLDEST_RELEASE);
}

/**
 * The same with everything that the `others` of a run define, in whose accounts and roles the policy finds itself: where
 * both define one, it is the policy's own. Collections, key vaults and the ownership of what is the others' are known.
 */
export function stateAmong(intent: Intent, others: readonly Intent[], version?: string): ClusterState {
  const alone = intentState(intent, version);
  const roles = new Map(others.flatMap((each) => each.roles.map(({ role }) => [roleKey(role), role] as const)));
  const users = new Map(others.flatMap((each) => each.users.map(({ user }) => [userKey(user), user] as const)));
  for (const role of alone.roles ?? []) roles.set(roleKey(role), role);
  for (const user of alone.users ?? []) users.set(userKey(user), user);
  return {
    ...alone,
    roles: [...roles.values()],
    users: [...users.values()],
    databases: databasesOf([...others, intent]),
    keyVaults: vaultsOf([...others, intent]).map((ns) => ({ ns: formatNamespace(ns), keys: [] })),
    objects: ownedByOthers(intent, others),
  };
}

function databasesOf(policies: readonly Intent[]): readonly Database[] {
  const databases = new Map<string, Map<string, Collection>>();
  const add = ({ db, collection }: Namespace, options: Collection['options']): void => {
    const collections = databases.get(db) ?? new Map<string, Collection>();
    databases.set(db, collections);
    collections.set(collection, { name: collection, type: 'collection', options, indexes: [] });
  };
  for (const ns of vaultsOf(policies)) add(ns, {});
  for (const { collections } of policies) for (const { ns, validation } of collections) add(ns, { ...validation });
  return [...databases].map(([name, collections]) => ({ name, collections: [...collections.values()] }));
}

function vaultsOf(policies: readonly Intent[]): readonly Namespace[] {
  const names = new Set(
    policies.flatMap(({ collections }) => collections.flatMap(({ encryption }) => encryption?.keyVault ?? [])),
  );
  return [...names].flatMap((name) => parseNamespace(name) ?? []);
}

function ownedByOthers(intent: Intent, others: readonly Intent[]): readonly OwnedObject[] {
  const roles = new Set(intent.roles.map(({ role }) => roleKey(role)));
  const users = new Set(intent.users.map(({ user }) => userKey(user)));
  return others.flatMap(({ policy, ...other }): OwnedObject[] => [
    ...other.roles
      .filter(({ role }) => !roles.has(roleKey(role)))
      .map(({ role }): OwnedObject => ({ kind: 'role', target: formatRole(role), policy, created: true })),
    ...other.users
      .filter(({ user }) => !users.has(userKey(user)))
      .map(({ user }): OwnedObject => ({ kind: 'user', target: formatUser(user), policy, created: true })),
  ]);
}

/** The newest release known to us that the policy admits; nothing if it is none of those. */
export function newestAdmitted({ cluster }: Intent): string | undefined {
  const { version } = cluster;
  if (version === undefined) return NEWEST_KNOWN;
  return CATALOGUES.map((catalogue) => `${releaseLine(catalogue.version)}.99`).findLast((release) =>
    satisfies(release, version),
  );
}

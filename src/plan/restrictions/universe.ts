/** What there is of databases and collections: everything that wildcards are written out to. */
import { sortedSet } from '../../model/order.ts';
import { actionsOfServer } from '../../model/server-actions.ts';
import { compareVersions } from '../../model/version.ts';
import type { Intent } from '../../policy/intent.ts';
import { type ClusterState, OWN_DATABASE } from '../../state/state.ts';

/** Everything that wildcards are written out to: what is there, and what the policy names. */
export interface Universe {
  readonly databases: readonly string[];
  collections(db: string): readonly string[];
  /** Every action that the release knows, for what `anyAction` stands for. */
  readonly actions: readonly string[];
  /** Whether the release knows the resource `system_buckets`; 4.4 refuses a role that names it (tried). */
  readonly buckets: boolean;
}

/** Databases and collections that are there, and those that the policy names. */
export function universeOf(intent: Intent, state: ClusterState): Universe {
  const named = intent.roles.flatMap(({ role }) =>
    role.privileges.flatMap(({ resource }) => ('db' in resource && resource.db !== '' ? [resource.db] : [])),
  );
  const vaults = intent.collections.flatMap(({ encryption }) => encryption?.keyVault.split('.', 1) ?? []);
  return universeOfState(state, [...named, ...vaults]);
}

/** Databases and collections that are there, and the databases of these names. */
export function universeOfState(
  { databases = [], roles = [], server }: ClusterState,
  named: readonly string[] = [],
): Universe {
  const own = new Set(['local', 'config', OWN_DATABASE]);
  const names = sortedSet(['admin', ...databases.map(({ name }) => name), ...named]);
  const byDatabase = new Map(databases.map(({ name, collections }) => [name, (collections ?? []).map((c) => c.name)]));
  const actions = [...actionsOfServer(roles, server.version)].filter((action) => action !== 'anyAction').sort();
  return {
    databases: names.filter((name) => !own.has(name)),
    collections: (db) => byDatabase.get(db) ?? [],
    actions,
    buckets: compareVersions(server.version, '5.0') >= 0,
  };
}

/** A database that is gone stays covered: it may come back, and a role need not change for it. */
export function widened(universe: Universe, covered: readonly string[]): Universe {
  if (covered.length === 0) return universe;
  const databases = sortedSet([...universe.databases, ...covered.filter((name) => !name.includes('.'))]);
  return {
    ...universe,
    databases,
    collections: (db) =>
      sortedSet([
        ...universe.collections(db),
        ...covered.filter((name) => name.startsWith(`${db}.`)).map((name) => name.slice(db.length + 1)),
      ]),
  };
}

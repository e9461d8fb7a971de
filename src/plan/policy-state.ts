/** What a policy makes where nothing else is: its accounts as a plan would leave them. */
import { stateAmong } from '../access/intent-state.ts';
import { databaseNameProblem, formatNamespace } from '../model/names.ts';
import type { Intent } from '../policy/intent.ts';
import type { ClusterState, Database } from '../state/state.ts';
import { resolve } from './desired.ts';

export interface PolicyStateOptions {
  /** `YYYY-MM-DD`: by it exemptions have ended. */
  readonly today?: string;
  /**
   * `db` or `db.collection`, besides what the policy itself names: an account that is kept out of one place keeps what it
   * has in all others that there are, so that those which are asked about have to be there.
   */
  readonly places?: readonly string[];
}

/**
 * Its accounts and collections alone, with its restrictions carried out on the accounts that it took over: they hold the
 * roles that a plan would give them.
 */
export function policyState(intent: Intent, { today, places = [] }: PolicyStateOptions = {}): ClusterState {
  const alone = stateAmong(intent, []);
  const rewrites = [...intent.restrictions, ...intent.collections].some(({ remedy }) => remedy === 'rewrite');
  if (!rewrites || !intent.users.some(({ adopted }) => adopted)) return alone;
  const there = { ...alone, databases: databasesOf([...placesNamed(intent), ...places]), objects: [] };
  const { roles = [], users = [] } = resolve(intent, there, today === undefined ? {} : { today }).desired;
  return { ...alone, roles, users };
}

/** What a policy is about: `audit.logs`, `audit.*`, `shop`. */
export function placesNamed({ collections, restrictions, roles }: Intent): readonly string[] {
  return [
    ...collections.map(({ ns }) => formatNamespace(ns)),
    ...collections.flatMap(({ encryption }) => encryption?.keyVault ?? []),
    ...restrictions.flatMap(({ on }) => on),
    ...roles.flatMap(({ role }) =>
      role.privileges.flatMap(({ resource }) => {
        if (!('db' in resource)) return [];
        return 'collection' in resource ? `${resource.db}.${resource.collection}` : resource.db;
      }),
    ),
  ];
}

/** What is no name of a database (`*.*`) is none. */
function databasesOf(places: readonly string[]): readonly Database[] {
  const databases = new Map<string, Set<string>>();
  for (const place of places) {
    const [db = ''] = place.split('.', 1);
    if (db === '*' || databaseNameProblem(db) !== undefined) continue;
    const collection = place.slice(db.length + 1);
    const known = databases.get(db) ?? new Set<string>();
    databases.set(db, collection === '' || collection === '*' ? known : known.add(collection));
  }
  return [...databases].map(([name, collections]) => ({
    name,
    collections: [...collections].map((each) => ({ name: each, type: 'collection', options: {}, indexes: [] })),
  }));
}

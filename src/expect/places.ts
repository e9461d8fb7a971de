/** Which databases and collections there are: what policies name, and what is given. A slip of the pen is none of them. */
import { type Namespace, parseNamespace } from '../model/names.ts';
import type { Target } from '../model/resource.ts';
import type { Intent } from '../policy/intent.ts';
import { didYouMean } from '../policy/nearest.ts';
import type { Database } from '../state/state.ts';
import type { World } from './world.ts';

export interface KnownPlaces {
  /** By database the collections that are known; `open`: it may have any others. */
  readonly databases: ReadonlyMap<string, { readonly collections: ReadonlySet<string>; readonly open: boolean }>;
}

/** The server's own, which are there without being named. */
const OWN = ['admin', 'config', 'local', 'mongoward'];

export function knownPlaces({ policies, before, state }: World): KnownPlaces {
  const databases = new Map<string, { collections: Set<string>; open: boolean }>();
  const at = (db: string) => {
    const found = databases.get(db) ?? { collections: new Set<string>(), open: false };
    databases.set(db, found);
    return found;
  };
  for (const db of OWN) at(db).open = true;
  for (const { db, collection } of [...(state.databases ?? [])].flatMap(namespacesOf))
    at(db).collections.add(collection);
  for (const { db, collection } of policies.flatMap(placesOf)) {
    const place = at(db);
    if (collection !== undefined) place.collections.add(collection);
  }
  // A database of which no collection is named may have any.
  for (const { name, collections = [] } of before.databases ?? []) if (collections.length === 0) at(name).open = true;
  for (const place of databases.values()) place.open ||= place.collections.size === 0;
  return { databases };
}

function namespacesOf({ name, collections = [] }: Database): readonly Namespace[] {
  return collections.map((each) => ({ db: name, collection: each.name }));
}

type Mentioned = Pick<Namespace, 'db'> & Partial<Pick<Namespace, 'collection'>>;

/** What a policy names: collections, and databases where it means all of them. */
function placesOf({ collections, roles, users, restrictions }: Intent): readonly Mentioned[] {
  const whole = (ns: Namespace): Mentioned => (ns.collection === '' || ns.collection === '*' ? { db: ns.db } : ns);
  const inRoles = roles.flatMap(({ role }): Mentioned[] => [
    { db: role.db },
    ...role.privileges.flatMap(({ resource }) =>
      'collection' in resource && resource.db !== '' ? [whole(resource)] : [],
    ),
  ]);
  const inUsers = users.flatMap(({ user }) => [user, ...user.roles]).filter(({ db }) => db !== '$external');
  const restricted = restrictions.flatMap(({ on }) => on.flatMap((text) => parseNamespace(text) ?? []));
  return [
    ...collections.map(({ ns }) => ns),
    ...inRoles,
    ...inUsers.map(({ db }) => ({ db })),
    ...restricted.filter(({ db }) => db !== '*').map(whole),
  ];
}

/** Why there is no such place, so that nobody could do anything there; nothing if there is one. */
export function placeProblem(on: Target, { databases }: KnownPlaces): string | undefined {
  if (on.kind === 'cluster') return undefined;
  const known = databases.get(on.db);
  if (known === undefined) {
    const near = didYouMean(on.db, databases.keys());
    return `nothing names the database ${on.db}${near}: name it under given.databases if the cluster has it`;
  }
  if (on.kind === 'database' || known.open || known.collections.has(on.collection)) return undefined;
  if (on.collection.startsWith('system.')) return undefined;
  const near = didYouMean(on.collection, known.collections);
  return `nothing names the collection ${on.db}.${on.collection}${near}: name it under given.databases if the cluster has it`;
}

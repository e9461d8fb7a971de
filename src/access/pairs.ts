/**
 * What takes two accounts: one defines a view of a collection that it can't read, the other reads the view. The server
 * lets a view be defined over anything by whoever may not read the view itself (`checkAuthForCreate` and
 * `checkAuthForCollMod` of auth_checks.cpp; tried on 4.4).
 */

import { formatNamespace, formatUser, type Namespace } from '../model/names.ts';
import { sortedSet } from '../model/order.ts';
import { collectionTarget, isNormalCollection } from '../model/resource.ts';
import type { User } from '../model/role.ts';
import type { ClusterState } from '../state/state.ts';
import { type Accounts, assess } from './analysis.ts';
import { onTarget } from './scope.ts';
import { techniqueOfAction } from './techniques.ts';

export interface Pair {
  /** Who may define the view and may not read it: `name@db`, sorted. */
  readonly definers: readonly string[];
  /** Who may read the view and can't read the collection alone: `name@db`, sorted. */
  readonly readers: readonly string[];
  /** `db.view`; `db.*` stands for any name that nothing else is said about. */
  readonly view: string;
  /** The shard whose own accounts they are. */
  readonly shard?: string;
}

/** The pairs that can read the collection together. `alone`: the accounts that need nobody else. */
export function readingPairs(
  accounts: Accounts,
  state: ClusterState,
  ns: Namespace,
  alone: ReadonlySet<User>,
): readonly Pair[] {
  const views = state.databases
    ?.find(({ name }) => name === ns.db)
    ?.collections?.filter(({ type }) => type === 'view')
    .map(({ name }) => name);
  const defining = new Map(
    candidateNames(accounts, ns).map((name): [string, readonly string[]] => [
      name,
      views?.includes(name) ? ['createCollection', 'collMod'] : ['createCollection'],
    ]),
  );
  const technique = (action: string, name: string) =>
    techniqueOfAction(action, onTarget(collectionTarget({ db: ns.db, collection: name })));
  const techniques = [...defining].flatMap(([name, actions]) =>
    ['find', ...actions].map((action) => technique(action, name)),
  );
  const assessment = assess(accounts, state.server.version, techniques);
  const able = (name: string, ...actions: readonly string[]): readonly User[] =>
    actions.flatMap((action) => assessment.who([technique(action, name)]).map(({ user }) => user));
  return [...defining].flatMap(([name, actions]) => {
    const readers = able(name, 'find');
    const definers = able(name, ...actions).filter((user) => !readers.includes(user) && !alone.has(user));
    const others = readers.filter((user) => !alone.has(user));
    if (definers.length === 0 || others.length === 0) return [];
    const view = formatNamespace({ db: ns.db, collection: name === ANY ? '*' : name });
    return [{ definers: sortedSet(definers.map(formatUser)), readers: sortedSet(others.map(formatUser)), view }];
  });
}

/** Stands for a name that no privilege names: no collection can be called this. */
const ANY = '\0';

/** Every name in the collection's database that some privilege names, and one that none does. */
function candidateNames({ roles }: Accounts, ns: Namespace): readonly string[] {
  const names = roles.flatMap(({ privileges }) =>
    privileges.flatMap(({ resource, actions }) => {
      if (!('collection' in resource) || resource.collection === '' || resource.collection === ns.collection) return [];
      const here = resource.db === ns.db || resource.db === '';
      return here && isNormalCollection(resource) && actions.some((action) => RELEVANT.has(action))
        ? [resource.collection]
        : [];
    }),
  );
  return sortedSet([ANY, ...names]);
}

const RELEVANT = new Set(['find', 'createCollection', 'collMod', 'anyAction']);

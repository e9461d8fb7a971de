/** The desired state: the actual one with the intent carried out, and what stands in its way. */
import { formatNamespace, formatUser, parseNamespace, type RoleRef, roleKey, userKey } from '../model/names.ts';
import { bucketsOf } from '../model/resource.ts';
import { canonicalUser, type Role, type User } from '../model/role.ts';
import { usersAscend } from '../model/user-finder.ts';
import type { Intent, IntentCollection, IntentUser, Origin, PartOrigin } from '../policy/intent.ts';
import type { Position } from '../policy/problem.ts';
import { fromExtendedJson } from '../state/extended-json.ts';
import { leftOut } from '../state/left-out.ts';
import { findCollection } from '../state/lookup.ts';
import type { ClusterState, Collection, Database, OwnedObject } from '../state/state.ts';
import { addKeyVault } from './desired-key-vault.ts';
import { ownedKey } from './operations/targets/owned-object-target.ts';
import { roleTargetKey } from './operations/targets/role-target.ts';
import { addsMechanism, userTargetKey } from './operations/targets/user-target.ts';
import { foreignObjects, madeId, noLongerOwned, recordAfter, stillThere, withoutHeld } from './ownership.ts';
import { type Restricted, restrict } from './restrictions/restrict.ts';
import { retentionObstacles, withoutForbiddenIndexes } from './retention.ts';

/** Something that no operation can bring about, or that nobody allowed: a person must act first. */
export interface Obstacle {
  readonly target: string;
  readonly message: string;
  readonly at?: Position;
  /** Whether it is only that a part of the state is unknown. */
  readonly unknown?: boolean;
}

export interface Resolved {
  readonly desired: ClusterState;
  readonly obstacles: readonly Obstacle[];
  /** What the policy once owned, no longer names, and keeps. It is there, as far as that is known. */
  readonly orphans: readonly OwnedObject[];
  /** What the restrictions come to; absent if the policy demands nothing of other accounts. */
  readonly restricted?: Restricted;
}

export interface ResolveOptions {
  /** Drop what has left the policy, if the record says that the policy made it. */
  readonly prune?: boolean;
  /**
   * What the journal says that the policy made, as ids of operations (`createUser app@admin`): what the record alone says
   * is an obstacle then, because whoever writes the record could have anything dropped. Absent: the record is believed.
   */
  readonly made?: ReadonlySet<string>;
  /** `YYYY-MM-DD`: by it exemptions have ended, and data encryption keys are too old. */
  readonly today?: string;
}

/**
 * Carries the intent out on a copy of the state. What the state does not know (an absent part) is an obstacle where the
 * intent needs it: unknown is never taken for none.
 */
export function resolve(intent: Intent, actual: ClusterState, options: ResolveOptions = {}): Resolved {
  const foreign = foreignObjects(intent, actual.objects ?? []).map(({ kind, target, owner, at }) => {
    return { target, message: `the ${kind} ${target} belongs to the policy "${owner}"`, at };
  });
  const obstacles: Obstacle[] = [...missingParts(intent, actual), ...foreign];
  const stated: ClusterState = {
    ...actual,
    ...(actual.roles && { roles: mergeRoles(intent, actual.roles) }),
    ...(actual.users && { users: mergeUsers(intent, actual.users, obstacles) }),
    ...(actual.databases && { databases: mergeDatabases(intent, actual, actual.databases, obstacles) }),
  };
  const restricted = restrict(intent, stated, actual, options);
  obstacles.push(...(restricted?.refusals ?? []));
  const managed = restricted?.managed ?? [];
  const users = restricted?.users ?? stated.users;
  const ownership = { intent, managed, objects: actual.objects ?? [] };
  const unowned = noLongerOwned(ownership);
  const unheld = withoutHeld(unowned, users ?? [], stated.roles ?? []);
  const pruned = options.prune === true ? unheld : [];
  // Where the restrictions have been worked out, whoever still holds a managed role has nothing else to hold in its place.
  const orphans = restricted === undefined ? unowned : unheld;
  const dropped = new Set(pruned.filter(({ created }) => created).map(ownedKey));
  obstacles.push(...unconfirmed(pruned, actual, intent.policy, options.made));
  const stays = (ref: RoleRef): boolean => !dropped.has(roleTargetKey(ref));
  const holdingWhatStays = <T extends { readonly roles: readonly RoleRef[] }>(holder: T): T =>
    dropped.size === 0 || holder.roles.every(stays) ? holder : { ...holder, roles: holder.roles.filter(stays) };

  const desired: ClusterState = {
    ...stated,
    ...(stated.roles && { roles: (restricted?.roles ?? stated.roles).filter(stays).map(holdingWhatStays) }),
    ...(users && {
      users:
        dropped.size === 0 ? users : users.filter((user) => !dropped.has(userTargetKey(user))).map(holdingWhatStays),
    }),
    ...(actual.objects && { objects: recordAfter(ownership, actual, pruned) }),
  };
  return {
    desired,
    obstacles,
    orphans: stillThere(
      orphans.filter((orphan) => !pruned.includes(orphan)),
      actual,
    ),
    ...(restricted && { restricted }),
  };
}

/** What is there, would be dropped, and was made by the policy as the record alone says. */
function unconfirmed(
  pruned: readonly OwnedObject[],
  { roles = [], users = [] }: ClusterState,
  policy: string,
  made: ResolveOptions['made'],
): Obstacle[] {
  if (made === undefined) return [];
  const there = new Set([...roles.map(roleTargetKey), ...users.map(userTargetKey)]);
  return pruned
    .filter((object) => object.created && there.has(ownedKey(object)) && !made.has(madeId(object)))
    .map(({ kind, target }) => ({
      target,
      message: `the ownership record says that the policy "${policy}" made the ${kind} ${target}, and the journal does not confirm that. The ${kind} is not dropped. mongoward migrate repair sets the record right`,
    }));
}

function missingParts(intent: Intent, actual: ClusterState): Obstacle[] {
  const rewrites = [...intent.restrictions, ...intent.collections].some(({ remedy }) => remedy === 'rewrite');
  const needs: readonly [keyof ClusterState, boolean][] = [
    ['roles', intent.roles.length > 0 || rewrites],
    ['users', intent.users.length > 0 || rewrites],
    ['databases', intent.collections.length > 0 || rewrites],
    ['objects', true],
  ];
  return needs
    .filter(([part, needed]) => needed && actual[part] === undefined)
    .map(([part]) => {
      const why = actual.unreadable.find((entry) => entry.what === part)?.why ?? leftOut(part);
      return { target: part, unknown: true, message: `the ${part} of the cluster are unknown: ${why}` };
    });
}

/** Everything that is not named stays the very same object, so that comparing it costs nothing. */
function mergeRoles(intent: Intent, roles: readonly Role[]): Role[] {
  const merged = new Map(roles.map((role) => [roleKey(role), role]));
  for (const { role } of intent.roles) merged.set(roleKey(role), role);
  return [...merged.values()];
}

function mergeUsers(intent: Intent, users: readonly User[], obstacles: Obstacle[]): readonly User[] {
  if (intent.users.length === 0 && usersAscend(users)) return users;
  const merged = new Map(users.map((user) => [userKey(user), user]));
  for (const entry of intent.users) {
    const present = merged.get(userKey(entry.user));
    const obstacle = passwordObstacle(entry, present);
    if (obstacle !== undefined) obstacles.push(obstacle);
    const mechanisms = entry.user.mechanisms ?? present?.mechanisms;
    const customData = decodedData(entry, obstacles);
    merged.set(
      userKey(entry.user),
      canonicalUser({ ...entry.user, ...(mechanisms && { mechanisms }), ...(customData && { customData }) }),
    );
  }
  return [...merged.values()];
}

function decodedData({ user, origin }: IntentUser, obstacles: Obstacle[]): User['customData'] {
  const { customData } = user;
  if (customData === undefined) return undefined;
  const name = formatUser(user);
  return decoded(customData, `the customData of ${name}`, { target: name, at: origin }, obstacles);
}

/** What stands in a policy as relaxed Extended JSON: `{$date: …}` is a date. Nothing, and an obstacle, if it is none. */
function decoded<T extends Readonly<Record<string, unknown>>>(
  document: T,
  what: string,
  { target, at }: { readonly target: string; readonly at: Origin },
  obstacles: Obstacle[],
): T | undefined {
  try {
    return Object.fromEntries(Object.entries(document).map(([key, value]) => [key, fromExtendedJson(value)])) as T;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    obstacles.push({ target, message: `${what} is no Extended JSON: ${reason}`, at: at() });
    return undefined;
  }
}

/** A password is needed for a user that is made, and to give an existing one a mechanism that it does not have. */
function passwordObstacle({ user, password, origin }: IntentUser, present: User | undefined): Obstacle | undefined {
  if (user.db === '$external' || password !== undefined) return undefined;
  const target = formatUser(user);
  if (present === undefined) {
    return {
      target,
      message: `the user ${target} does not exist and the policy names no password for it`,
      at: origin(),
    };
  }
  if (!addsMechanism(present, user)) return undefined;
  const message = `${target} can't log in by ${(user.mechanisms ?? []).join(', ')} until its password is set again, and the policy names none`;
  return { target, message, at: origin() };
}

function mergeDatabases(
  intent: Intent,
  actual: ClusterState,
  databases: readonly Database[],
  obstacles: Obstacle[],
): Database[] {
  const merged = new Map(databases.map((database) => [database.name, database]));
  const isSpelledOtherwise = (db: string, origin: PartOrigin, ...path: readonly string[]): boolean => {
    const other = otherSpelling(db, merged);
    if (other === undefined) return false;
    const message = `the database ${db} can't be made beside ${other}: MongoDB has no two that differ by case only. Write ${other}`;
    obstacles.push({ target: db, message, at: origin(...path) });
    return true;
  };
  for (const entry of intent.collections) {
    if (isSpelledOtherwise(entry.ns.db, entry.origin)) continue;
    const database = merged.get(entry.ns.db) ?? { name: entry.ns.db, collections: [] };
    if (database.collections === undefined) {
      const why = actual.unreadable.find((part) => part.what === `databases.${entry.ns.db}`)?.why ?? 'not read';
      obstacles.push({
        target: entry.ns.db,
        message: `the collections of ${entry.ns.db} are unknown: ${why}`,
        at: entry.origin(),
      });
      continue;
    }
    const present = findCollection(actual, entry.ns);
    const buckets = present?.type === TIME_SERIES ? bucketsOf(entry.ns.collection) : undefined;
    const others = database.collections
      .filter(({ name }) => name !== entry.ns.collection)
      .map((collection) => (collection.name === buckets ? withoutForbiddenIndexes(entry, collection) : collection));
    merged.set(database.name, { ...database, collections: [...others, desiredCollection(entry, present, obstacles)] });
  }
  for (const { encryption, origin } of intent.collections) {
    if (encryption === undefined) continue;
    const vault = parseNamespace(encryption.keyVault);
    if (vault !== undefined && !isSpelledOtherwise(vault.db, origin, 'encryption', 'keyVault'))
      addKeyVault(encryption.keyVault, actual, merged);
  }
  return [...merged.values()];
}

/** How a database is spelled of which the name differs by case only: the server makes no second one (DatabaseDifferCase). */
function otherSpelling(db: string, databases: ReadonlyMap<string, Database>): string | undefined {
  if (databases.has(db)) return undefined;
  return [...databases.keys()].find((name) => name.toLowerCase() === db.toLowerCase());
}

function desiredCollection(
  entry: IntentCollection,
  present: Collection | undefined,
  obstacles: Obstacle[],
): Collection {
  const target = formatNamespace(entry.ns);
  const at: Origin = () => entry.origin('schema');
  const validation = decoded(entry.validation ?? {}, `the schema of ${target}`, { target, at }, obstacles);
  if (present === undefined) {
    return { name: entry.ns.collection, type: 'collection', options: { ...validation }, indexes: [] };
  }
  const inTheWay = [...unfit(entry, present), ...retentionObstacles(entry, present)];
  obstacles.push(...inTheWay.map((message) => ({ target, message, at: entry.origin() })));
  if (present.type === 'view') return present;
  const options = present.type === TIME_SERIES ? present.options : { ...present.options, ...validation };
  return withoutForbiddenIndexes(entry, { ...present, options });
}

const TIME_SERIES = 'timeseries';

/** What it is, where that stands in the way of what the policy wants. */
function unfit({ ns, validation, schema, encryption }: IntentCollection, { type }: Collection): readonly string[] {
  const target = formatNamespace(ns);
  if (type === TIME_SERIES) {
    if (validation === undefined) return [];
    const wanted = [...(schema ? ['schema'] : []), ...(encryption ? ['encryption'] : [])].join(' and ');
    return [`${target} is a time series, and MongoDB takes no validator for it. Take its ${wanted} out of the policy`];
  }
  if (type === 'collection') return [];
  return [`${target} is a ${type}, not a collection. A policy can't protect what it shows`];
}

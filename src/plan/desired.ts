/** The desired state: the actual one with the intent carried out, and what stands in its way. */
import { formatNamespace, formatRole, formatUser, type RoleRef, roleKey, splitAt, userKey } from '../model/names.ts';
import { canonicalUser, type Role, type User } from '../model/role.ts';
import type { Intent, IntentCollection, IntentUser } from '../policy/intent.ts';
import type { Position } from '../policy/problem.ts';
import { fromExtendedJson } from '../state/extended-json.ts';
import { findCollection } from '../state/lookup.ts';
import type { ClusterState, Collection, Database, Index, OwnedObject } from '../state/state.ts';
import { addKeyVault } from './key-vault.ts';
import { addsMechanism } from './operations/targets/user.ts';
import type { ManagedRole } from './restrictions/managed-roles.ts';
import { recordOf } from './restrictions/record.ts';
import { type Restricted, restrict } from './restrictions/solve.ts';

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
  /** What the policy once owned, no longer names, and keeps. */
  readonly orphans: readonly OwnedObject[];
  /** What the restrictions come to; absent if the policy demands nothing of other accounts. */
  readonly restricted?: Restricted;
}

export interface ResolveOptions {
  /** Drop what has left the policy, if the record says that the policy made it. */
  readonly prune?: boolean;
  /** `YYYY-MM-DD`: by it exemptions have ended, and data encryption keys are too old. */
  readonly today?: string;
}

/**
 * Carries the intent out on a copy of the state. What the state does not know (an absent part) is an obstacle where the
 * intent needs it: unknown is never taken for none.
 */
export function resolve(intent: Intent, actual: ClusterState, options: ResolveOptions = {}): Resolved {
  const obstacles: Obstacle[] = [...missingParts(intent, actual), ...foreignObjects(intent, actual)];
  const stated: ClusterState = {
    ...actual,
    ...(actual.roles && { roles: mergeRoles(intent, actual.roles) }),
    ...(actual.users && { users: mergeUsers(intent, actual.users, obstacles) }),
    ...(actual.databases && { databases: mergeDatabases(intent, actual, actual.databases, obstacles) }),
  };
  const restricted = restrict(intent, stated, actual, options);
  obstacles.push(...(restricted?.refusals ?? []));
  const managed = restricted?.managed ?? [];
  const wanted = new Set([
    ...intent.roles.map((entry) => `role\0${roleKey(entry.role)}`),
    ...managed.map(({ role }) => `role\0${roleKey(role)}`),
    ...intent.users.map((entry) => `user\0${userKey(entry.user)}`),
    ...intent.collections.map((entry) => `collection\0${formatNamespace(entry.ns)}`),
  ]);
  const unwanted = (actual.objects ?? []).filter(
    (object) => object.policy === intent.policy && !wanted.has(objectKey(object)),
  );
  const users = restricted?.users ?? stated.users;
  const unheld = withoutHeld(unwanted, users ?? [], stated.roles ?? []);
  const pruned = options.prune === true ? unheld : [];
  // Where the restrictions have been worked out, whoever still holds a managed role has nothing else to hold in its place.
  const orphans = restricted === undefined ? unwanted : unheld;
  const dropped = new Set(pruned.filter(({ created }) => created).map(objectKey));
  const droppedRole = (ref: RoleRef): boolean => dropped.has(`role\0${roleKey(ref)}`);
  const keep = (refs: readonly RoleRef[]): readonly RoleRef[] =>
    refs.some(droppedRole) ? refs.filter((ref) => !droppedRole(ref)) : refs;

  const desired: ClusterState = {
    ...stated,
    ...(stated.roles && {
      roles: (restricted?.roles ?? stated.roles)
        .filter((role) => !droppedRole(role))
        .map((role) => (keep(role.roles) === role.roles ? role : { ...role, roles: keep(role.roles) })),
    }),
    ...(users && {
      users: users
        .filter((user) => !dropped.has(`user\0${userKey(user)}`))
        .map((user) => (keep(user.roles) === user.roles ? user : { ...user, roles: keep(user.roles) })),
    }),
    ...(actual.objects && {
      objects: mergeObjects(intent, actual, actual.objects, new Set(pruned.map(objectKey)), managed),
    }),
  };
  return {
    desired,
    obstacles,
    orphans: orphans.filter((orphan) => !pruned.includes(orphan)),
    ...(restricted && { restricted }),
  };
}

/** Not those that somebody holds in the place of another role, or everything would go with them. */
function withoutHeld(
  orphans: readonly OwnedObject[],
  users: readonly User[],
  roles: readonly Role[],
): readonly OwnedObject[] {
  const keys = new Set(orphans.map(objectKey));
  const byKey = new Map(roles.map((role) => [`role\0${roleKey(role)}`, role]));
  const held = new Set<string>();
  const open = [...users, ...roles.filter((role) => !keys.has(`role\0${roleKey(role)}`))].flatMap((each) => each.roles);
  for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
    const key = `role\0${roleKey(ref)}`;
    if (!keys.has(key) || held.has(key)) continue;
    held.add(key);
    open.push(...(byKey.get(key)?.roles ?? []));
  }
  return orphans.filter((orphan) => orphan.replaces === undefined || !held.has(objectKey(orphan)));
}

/** One text per object: `name@db` is told apart by its last `@`, as in a policy. */
function objectKey({ kind, target }: Pick<OwnedObject, 'kind' | 'target'>): string {
  const name = kind === 'collection' ? undefined : splitAt(target);
  return `${kind}\0${name === undefined ? target : `${name.db}.${name.name}`}`;
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
      const why = actual.unreadable.find((entry) => entry.what === part)?.why;
      return {
        target: part,
        unknown: true,
        message: `the ${part} of the cluster are unknown${why === undefined ? '' : `: ${why}`}`,
      };
    });
}

function foreignObjects(intent: Intent, actual: ClusterState): Obstacle[] {
  const owners = new Map((actual.objects ?? []).map((object) => [objectKey(object), object.policy]));
  const check = (kind: OwnedObject['kind'], target: string, at: () => Position): Obstacle[] => {
    const owner = owners.get(objectKey({ kind, target }));
    if (owner === undefined || owner === intent.policy) return [];
    return [{ target, message: `the ${kind} ${target} belongs to the policy "${owner}"`, at: at() }];
  };
  return [
    ...intent.roles.flatMap((entry) => check('role', formatRole(entry.role), entry.origin)),
    ...intent.users.flatMap((entry) => check('user', formatUser(entry.user), entry.origin)),
    ...intent.collections.flatMap((entry) => check('collection', formatNamespace(entry.ns), entry.origin)),
  ];
}

/** Everything that is not named stays the very same object, so that comparing it costs nothing. */
function mergeRoles(intent: Intent, roles: readonly Role[]): Role[] {
  const merged = new Map(roles.map((role) => [roleKey(role), role]));
  for (const { role } of intent.roles) merged.set(roleKey(role), role);
  return [...merged.values()];
}

function mergeUsers(intent: Intent, users: readonly User[], obstacles: Obstacle[]): User[] {
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

/** `{$date: …}` is a date. */
function decodedData({ user, origin }: IntentUser, obstacles: Obstacle[]): User['customData'] {
  if (user.customData === undefined) return undefined;
  try {
    return Object.fromEntries(Object.entries(user.customData).map(([key, value]) => [key, fromExtendedJson(value)]));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `the customData of ${formatUser(user)} is no Extended JSON: ${reason}`;
    obstacles.push({ target: formatUser(user), message, at: origin() });
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
  for (const entry of intent.collections) {
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
    const others = database.collections.filter((collection) => collection.name !== entry.ns.collection);
    merged.set(database.name, { ...database, collections: [...others, desiredCollection(entry, present, obstacles)] });
  }
  for (const { encryption } of intent.collections) if (encryption) addKeyVault(encryption.keyVault, actual, merged);
  return [...merged.values()];
}

function desiredCollection(
  entry: IntentCollection,
  present: Collection | undefined,
  obstacles: Obstacle[],
): Collection {
  const validation = entry.validation ?? {};
  if (present === undefined) {
    return { name: entry.ns.collection, type: 'collection', options: { ...validation }, indexes: [] };
  }
  const target = formatNamespace(entry.ns);
  const block = (message: string): void => void obstacles.push({ target, message, at: entry.origin() });
  if (present.type !== 'collection') {
    block(`${target} is a ${present.type}, not a collection: a policy can't protect what it shows`);
    return present;
  }
  if (present.options.capped === true && keepsForever(entry)) {
    block(`${target} is capped: the server removes its oldest documents; copy it into a collection that is not`);
  }
  if (present.indexes === undefined && keepsDocuments(entry)) block(`the indexes of ${target} are unknown`);
  return {
    ...present,
    options: { ...present.options, ...validation },
    ...(present.indexes && { indexes: present.indexes.filter((index) => !isForbiddenIndex(entry, index)) }),
  };
}

function keepsForever({ retention, protection }: IntentCollection): boolean {
  return retention === undefined ? protection !== 'none' : retention.seconds === undefined;
}

function keepsDocuments(entry: IntentCollection): boolean {
  return entry.retention !== undefined || entry.protection !== 'none';
}

/** A TTL index that removes documents earlier than the policy's retention, or at all if they are kept for ever. */
export function isForbiddenIndex(entry: IntentCollection, index: Index): boolean {
  if (index.expireAfterSeconds === undefined || !keepsDocuments(entry)) return false;
  if (keepsForever(entry)) return true;
  return index.expireAfterSeconds < (entry.retention?.seconds ?? 0);
}

function mergeObjects(
  intent: Intent,
  actual: ClusterState,
  objects: readonly OwnedObject[],
  forgotten: ReadonlySet<string>,
  managed: readonly ManagedRole[],
): OwnedObject[] {
  const merged = new Map(objects.map((object) => [objectKey(object), object]));
  for (const key of forgotten) merged.delete(key);
  const own = (kind: OwnedObject['kind'], target: string, exists: boolean, adopted = false): void => {
    const key = objectKey({ kind, target });
    const known = merged.get(key);
    // What was there before its policy is never dropped with it: adopting a cluster writes nothing to it.
    if (adopted && exists && known === undefined) return;
    // What was taken over, has gone since and is made again is the policy's own from then on.
    if (known === undefined || (!exists && !known.created && known.policy === intent.policy)) {
      merged.set(key, { kind, target, policy: intent.policy, created: !exists });
    }
  };
  const roles = new Set(actual.roles?.map(roleKey));
  const users = new Set(actual.users?.map(userKey));
  // What is unknown may exist: it is not claimed as the policy's own.
  const exists = (part: unknown, found: boolean): boolean => part === undefined || found;
  for (const { role, adopted } of intent.roles) {
    own('role', formatRole(role), exists(actual.roles, roles.has(roleKey(role))), adopted);
  }
  for (const { user, adopted } of intent.users) {
    own('user', formatUser(user), exists(actual.users, users.has(userKey(user))), adopted);
  }
  for (const { ns } of intent.collections) {
    own('collection', formatNamespace(ns), exists(actual.databases, findCollection(actual, ns) !== undefined));
  }
  for (const each of managed) {
    const record = recordOf(intent.policy, each);
    merged.set(objectKey(record), record);
  }
  return [...merged.values()];
}

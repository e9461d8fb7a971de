/** What policies own of a cluster, by the ownership record: what this one has left behind, what others own, what is recorded. */

import { formatNamespace, formatRole, formatUser, roleKey, userKey } from '../model/names.ts';
import type { Role, User } from '../model/role.ts';
import type { Intent } from '../policy/intent.ts';
import type { Position } from '../policy/problem.ts';
import { findCollection } from '../state/lookup.ts';
import type { ClusterState, OwnedObject } from '../state/state.ts';
import type { TargetKey } from './operations/target.ts';
import { ownedKey } from './operations/targets/owned-object-target.ts';
import { roleTargetKey } from './operations/targets/role-target.ts';
import { userTargetKey } from './operations/targets/user-target.ts';
import { validationTarget } from './operations/targets/validation-target.ts';
import type { ManagedRole } from './restrictions/managed-roles.ts';
import { recordOf } from './restrictions/record.ts';

/** A policy, the managed roles that it needs, and the ownership record. */
export interface Ownership {
  readonly intent: Intent;
  readonly managed: readonly ManagedRole[];
  readonly objects: readonly OwnedObject[];
}

/** What the policy once owned and no longer names. */
export function noLongerOwned({ intent, managed, objects }: Ownership): readonly OwnedObject[] {
  const wanted = new Set<TargetKey>([
    ...intent.roles.map(({ role }) => roleTargetKey(role)),
    ...managed.map(({ role }) => roleTargetKey(role)),
    ...intent.users.map(({ user }) => userTargetKey(user)),
    ...intent.collections.map(({ ns }) => validationTarget.key({ ns })),
  ]);
  return objects.filter((object) => object.policy === intent.policy && !wanted.has(ownedKey(object)));
}

/** Not those that somebody holds in the place of another role, or everything would go with them. */
export function withoutHeld(
  orphans: readonly OwnedObject[],
  users: readonly User[],
  roles: readonly Role[],
): readonly OwnedObject[] {
  if (orphans.length === 0) return orphans;
  const keys = new Set(orphans.map(ownedKey));
  const byKey = new Map(roles.map((role) => [roleTargetKey(role), role]));
  const held = new Set<TargetKey>();
  const open = [...users, ...roles.filter((role) => !keys.has(roleTargetKey(role)))].flatMap((each) => each.roles);
  for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
    const key = roleTargetKey(ref);
    if (!keys.has(key) || held.has(key)) continue;
    held.add(key);
    for (const next of byKey.get(key)?.roles ?? []) open.push(next);
  }
  return orphans.filter((orphan) => orphan.replaces === undefined || !held.has(ownedKey(orphan)));
}

/** Those that are there. What is unknown may be. */
export function stillThere(
  objects: readonly OwnedObject[],
  { roles, users, databases }: ClusterState,
): readonly OwnedObject[] {
  if (objects.length === 0) return objects;
  const unread = new Set((databases ?? []).flatMap(({ name, collections }) => (collections ? [] : [name])));
  const there = new Set<TargetKey>([
    ...(roles ?? []).map(roleTargetKey),
    ...(users ?? []).map(userTargetKey),
    ...(databases ?? []).flatMap(({ name: db, collections = [] }) =>
      collections.map((each) => validationTarget.key({ ns: { db, collection: each.name } })),
    ),
  ]);
  const isUnknown = ({ kind, target }: OwnedObject): boolean => {
    switch (kind) {
      case 'role':
        return roles === undefined;
      case 'user':
        return users === undefined;
      case 'collection':
        return databases === undefined || unread.has(target.slice(0, target.indexOf('.')));
    }
  };
  return objects.filter((object) => isUnknown(object) || there.has(ownedKey(object)));
}

/** Whether `--prune` drops it. Otherwise it is only forgotten: what somebody else has made, and every collection. */
export function isDroppedByPrune({ kind, created }: OwnedObject): boolean {
  return created && kind !== 'collection';
}

/** The id of the operation that makes the object. */
export function madeId({ kind, target }: Pick<OwnedObject, 'kind' | 'target'>): string {
  const words = { role: 'createRole', user: 'createUser', collection: 'createCollection' } as const;
  return `${words[kind]} ${target}`;
}

/** What the policy names and another one owns. */
export interface ForeignObject {
  readonly kind: OwnedObject['kind'];
  readonly target: string;
  readonly owner: string;
  readonly at: Position;
}

export function foreignObjects(intent: Intent, objects: readonly OwnedObject[]): readonly ForeignObject[] {
  const owners = new Map(objects.map((object) => [ownedKey(object), object.policy]));
  const check = (kind: OwnedObject['kind'], target: string, at: () => Position): readonly ForeignObject[] => {
    const owner = owners.get(ownedKey({ kind, target }));
    return owner === undefined || owner === intent.policy ? [] : [{ kind, target, owner, at: at() }];
  };
  return [
    ...intent.roles.flatMap((entry) => check('role', formatRole(entry.role), entry.origin)),
    ...intent.users.flatMap((entry) => check('user', formatUser(entry.user), entry.origin)),
    ...intent.collections.flatMap((entry) => check('collection', formatNamespace(entry.ns), entry.origin)),
  ];
}

/** The record once the policy is carried out: without what it forgets, with what it makes or takes over. */
export function recordAfter(
  { intent, managed, objects }: Ownership,
  actual: ClusterState,
  forgotten: readonly OwnedObject[],
): OwnedObject[] {
  const merged = new Map(objects.map((object) => [ownedKey(object), object]));
  for (const object of forgotten) merged.delete(ownedKey(object));
  const own = (kind: OwnedObject['kind'], target: string, exists: boolean, adopted = false): void => {
    const key = ownedKey({ kind, target });
    const known = merged.get(key);
    // What was there before its policy is never dropped with it: adopting a cluster writes nothing to it.
    if (adopted && exists && known === undefined) return;
    // What was taken over, has gone since and is made again is the policy's own from then on.
    if (known === undefined || (!exists && !known.created && known.policy === intent.policy)) {
      merged.set(key, { kind, target, policy: intent.policy, created: !exists });
    }
  };
  const roles = new Set(intent.roles.length === 0 ? [] : actual.roles?.map(roleKey));
  const users = new Set(intent.users.length === 0 ? [] : actual.users?.map(userKey));
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
    merged.set(ownedKey(record), record);
  }
  return [...merged.values()];
}

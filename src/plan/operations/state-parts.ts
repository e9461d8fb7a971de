/** The parts of a state that operations change, each object by its name. */

import { formatNamespace, type Namespace, roleKey, userKey } from '../../model/names.ts';
import type { Role, User } from '../../model/role.ts';
import type { DataKey, KeyVault } from '../../state/key-vault.ts';
import { type ClusterState, type Collection, type Database, type OwnedObject, objectKey } from '../../state/state.ts';

export interface StateParts {
  readonly roles: Map<string, Role>;
  readonly users: Map<string, User>;
  readonly databases: Map<string, Database>;
  readonly keyVaults: Map<string, KeyVault>;
  readonly objects: Map<string, OwnedObject>;
}

export function takeApart(state: ClusterState): StateParts {
  return {
    roles: new Map(state.roles?.map((role) => [roleKey(role), role])),
    users: new Map(state.users?.map((user) => [userKey(user), user])),
    databases: new Map(state.databases?.map((database) => [database.name, database])),
    keyVaults: new Map(state.keyVaults?.map((vault) => [vault.ns, vault])),
    objects: new Map(state.objects?.map((object) => [objectKey(object), object])),
  };
}

/** The state with these parts. A part that is unknown stays unknown. */
export function putTogether(state: ClusterState, parts: StateParts): ClusterState {
  return {
    ...state,
    ...(state.roles && { roles: [...parts.roles.values()] }),
    ...(state.users && { users: [...parts.users.values()] }),
    ...(state.databases && { databases: [...parts.databases.values()] }),
    ...(state.keyVaults && { keyVaults: [...parts.keyVaults.values()] }),
    ...(state.objects && { objects: [...parts.objects.values()] }),
  };
}

export function changeCollection(
  { databases }: StateParts,
  ns: Namespace,
  change: (collection: Collection) => Collection,
): void {
  const database = databases.get(ns.db);
  if (database?.collections === undefined) return;
  const collections = database.collections.map((one) => (one.name === ns.collection ? change(one) : one));
  databases.set(ns.db, { ...database, collections });
}

/** Of a vault that nobody has looked into nothing is known afterwards either. */
export function changeKeys(
  { keyVaults }: StateParts,
  ns: Namespace,
  change: (keys: readonly DataKey[]) => readonly DataKey[],
): void {
  const name = formatNamespace(ns);
  const vault = keyVaults.get(name);
  if (vault !== undefined) keyVaults.set(name, { ns: name, keys: change(vault.keys) });
}

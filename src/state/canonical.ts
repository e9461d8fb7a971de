/** The canonical form of a state: merged and sorted, so that equal states are equal texts. */

import { roleKey, userKey } from '../model/names.ts';
import { sortedBy, sortedSet } from '../model/order.ts';
import { canonicalRole, canonicalUser, sharingRoles, type User } from '../model/role.ts';
import type { DataKey, KeyVault } from './key-vault.ts';
import type { Shard } from './shards.ts';
import { type ClusterState, type Collection, type Database, objectKey, type ServerInfo } from './state.ts';

function canonicalCollection(collection: Collection): Collection {
  const { indexes, ...rest } = collection;
  return indexes === undefined ? rest : { ...rest, indexes: sortedBy(indexes, (index) => index.name) };
}

function canonicalDatabase(database: Database): Database {
  const { name, collections } = database;
  if (collections === undefined) return { name };
  return {
    name,
    collections: sortedBy(collections, (collection) => collection.name).map(canonicalCollection),
  };
}

function canonicalServer({ version, edition, topology, configShard, simulated }: ServerInfo): ServerInfo {
  return {
    version,
    edition,
    topology,
    ...(configShard === undefined ? {} : { configShard }),
    ...(simulated === true ? { simulated } : {}),
  };
}

function canonicalKeyVault({ ns, keys }: KeyVault): KeyVault {
  return { ns, keys: sortedBy(keys, (key) => key._id ?? '').map(canonicalKey) };
}

/** Field by field: whatever else a hand-made snapshot holds of a key, its material above all, goes no further. */
function canonicalKey({ _id, keyAltNames, masterKey, creationDate, updateDate, status }: DataKey): DataKey {
  return {
    ...(_id === undefined ? {} : { _id }),
    keyAltNames: sortedSet(keyAltNames),
    masterKey,
    ...(creationDate === undefined ? {} : { creationDate }),
    ...(updateDate === undefined ? {} : { updateDate }),
    status,
  };
}

function canonicalUsers(users: readonly User[]): readonly User[] {
  return sharingRoles(sortedBy(users.map(canonicalUser), userKey));
}

function canonicalShard({ name, users, roles, why }: Shard): Shard {
  return {
    name,
    ...(users && { users: canonicalUsers(users) }),
    ...(roles && { roles: sortedBy(roles.map(canonicalRole), roleKey) }),
    ...(why === undefined ? {} : { why }),
  };
}

/**
 * Roles and users merged and sorted, everything else sorted; unknown parts stay unknown.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { canonicalState } from 'mongoward';
 *
 * const server = { version: '8.0.4', edition: 'community', topology: 'replicaSet' };
 * const read = { role: 'read', db: 'audit' };
 * const state = { server, users: [{ user: 'app', db: 'admin', roles: [read, read], customData: {} }], unreadable: [] };
 * assert.deepEqual(canonicalState(state).users, [{ user: 'app', db: 'admin', roles: [read] }]);
 * ```
 */
export function canonicalState(state: ClusterState): ClusterState {
  return {
    server: canonicalServer(state.server),
    ...(state.roles && { roles: sortedBy(state.roles.map(canonicalRole), roleKey) }),
    ...(state.users && { users: canonicalUsers(state.users) }),
    ...(state.databases && { databases: sortedBy(state.databases, (db) => db.name).map(canonicalDatabase) }),
    ...(state.settings && { settings: state.settings }),
    ...(state.keyVaults && { keyVaults: sortedBy(state.keyVaults, ({ ns }) => ns).map(canonicalKeyVault) }),
    ...(state.objects && { objects: sortedBy(state.objects, objectKey) }),
    ...(state.shards && { shards: sortedBy(state.shards, ({ name }) => name).map(canonicalShard) }),
    ...(state.operator && { operator: state.operator }),
    unreadable: sortedBy(state.unreadable, (entry) => `${entry.what}\0${entry.why}`),
  };
}

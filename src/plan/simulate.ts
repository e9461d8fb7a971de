/** A state with operations carried out on it: what the cluster will be, without a cluster. */

import { findKeys } from '../encryption/keys.ts';
import { formatNamespace, type Namespace, roleKey, userKey } from '../model/names.ts';
import type { Role, User } from '../model/role.ts';
import type { DataKey, KeyVault } from '../state/key-vault.ts';
import type { ClusterState, Collection, Database, OwnedObject } from '../state/state.ts';
import type { DataKeyState, Operation } from './operations/operation.ts';

/**
 * The state after the operations, each of which finds its target as its `before` says; whether it does is for
 * `standingOf` to tell. A part that is unknown stays unknown.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { compilePolicy, makePlan, parsePolicyFile, simulate } from 'mongoward';
 *
 * const text = `
 * apiVersion: mongoward/v1
 * metadata: { name: trail }
 * roles:
 *   writer@audit:
 *     privileges: [{ on: audit.logs, allow: insert-only }]
 * `;
 * const { intent } = compilePolicy([parsePolicyFile({ file: 'trail.yaml', text })]);
 * const state = {
 *   server: { version: '8.0.4', edition: 'community', topology: 'replicaSet' },
 *   roles: [],
 *   users: [],
 *   databases: [],
 *   objects: [],
 *   unreadable: [],
 * };
 * const after = simulate(state, makePlan(intent, state).operations);
 * assert.deepEqual(after.roles.map(({ role }) => role), ['writer']);
 * assert.deepEqual(state.roles, []);
 * ```
 */
export function simulate(state: ClusterState, operations: readonly Operation[]): ClusterState {
  const roles = new Map(state.roles?.map((role) => [roleKey(role), role]));
  const users = new Map(state.users?.map((user) => [userKey(user), user]));
  const databases = new Map(state.databases?.map((database) => [database.name, database]));
  const objects = new Map(state.objects?.map((object) => [objectKey(object), object]));
  const keyVaults = new Map(state.keyVaults?.map((vault) => [vault.ns, vault]));
  for (const operation of operations) carryOut(operation, { roles, users, databases, keyVaults, objects });
  return {
    ...state,
    ...(state.roles && { roles: [...roles.values()] }),
    ...(state.users && { users: [...users.values()] }),
    ...(state.databases && { databases: [...databases.values()] }),
    ...(state.keyVaults && { keyVaults: [...keyVaults.values()] }),
    ...(state.objects && { objects: [...objects.values()] }),
  };
}

interface Parts {
  readonly roles: Map<string, Role>;
  readonly users: Map<string, User>;
  readonly databases: Map<string, Database>;
  readonly keyVaults: Map<string, KeyVault>;
  readonly objects: Map<string, OwnedObject>;
}

function carryOut(operation: Operation, { roles, users, databases, keyVaults, objects }: Parts): void {
  switch (operation.kind) {
    case 'createCollection': {
      const { ns, ...options } = operation.after;
      const made: Collection = {
        name: ns.collection,
        type: 'collection',
        options,
        indexes: [{ v: 2, key: { _id: 1 }, name: '_id_' }],
      };
      const { name, collections } = databases.get(ns.db) ?? { name: ns.db, collections: [] };
      if (collections !== undefined) databases.set(ns.db, { name, collections: [...collections, made] });
      // If keys are to be kept there: there are none yet.
      if (!keyVaults.has(formatNamespace(ns))) {
        keyVaults.set(formatNamespace(ns), { ns: formatNamespace(ns), keys: [] });
      }
      return;
    }
    case 'collMod': {
      const { ns, ...validation } = operation.after;
      changeCollection(databases, ns, ({ options, ...rest }) => {
        const { validator: _v, validationLevel: _l, validationAction: _a, ...kept } = options;
        return { ...rest, options: { ...kept, ...validation } };
      });
      return;
    }
    case 'createIndex': {
      const { ns, index } = operation.after;
      changeCollection(databases, ns, ({ indexes, ...rest }) => ({
        ...rest,
        ...(indexes && { indexes: [...indexes, index] }),
      }));
      return;
    }
    case 'dropIndex': {
      const { ns, index } = operation.before;
      changeCollection(databases, ns, ({ indexes, ...rest }) => ({
        ...rest,
        ...(indexes && { indexes: indexes.filter(({ name }) => name !== index.name) }),
      }));
      return;
    }
    case 'createDataKey': {
      const { key, masterKey } = operation.after;
      const keyAltNames = 'keyAltName' in key ? [key.keyAltName] : [];
      changeKeys(keyVaults, operation.after, (keys) => [...keys, { keyAltNames, masterKey, status: 0 }]);
      return;
    }
    case 'rewrapDataKey': {
      const { key, masterKey } = operation.after;
      changeKeys(keyVaults, operation.after, (keys) => {
        const rewrapped = new Set(findKeys({ keys }, key));
        return keys.map((one) => {
          const { updateDate: _before, ...rest } = one;
          return rewrapped.has(one) ? { ...rest, masterKey } : one;
        });
      });
      return;
    }
    case 'createRole':
    case 'grantPrivilegesToRole':
    case 'revokePrivilegesFromRole':
    case 'grantRolesToRole':
    case 'revokeRolesFromRole':
    case 'updateRole':
      roles.set(roleKey(operation.after), operation.after);
      return;
    case 'dropRole':
      roles.delete(roleKey(operation.before));
      return;
    case 'createUser':
    case 'grantRolesToUser':
    case 'revokeRolesFromUser':
    case 'updateUser':
    case 'rotatePassword':
      users.set(userKey(operation.after), operation.after);
      return;
    case 'dropUser':
      users.delete(userKey(operation.before));
      return;
    case 'recordObject':
      objects.set(objectKey(operation.after), operation.after);
      return;
    case 'forgetObject':
      objects.delete(objectKey(operation.before));
      return;
  }
}

function changeCollection(
  databases: Map<string, Database>,
  ns: Namespace,
  change: (collection: Collection) => Collection,
): void {
  const database = databases.get(ns.db);
  if (database?.collections === undefined) return;
  const collections = database.collections.map((one) => (one.name === ns.collection ? change(one) : one));
  databases.set(ns.db, { ...database, collections });
}

/** Of a vault that nobody has looked into nothing is known afterwards either. */
function changeKeys(
  keyVaults: Map<string, KeyVault>,
  { ns }: DataKeyState,
  change: (keys: readonly DataKey[]) => readonly DataKey[],
): void {
  const name = formatNamespace(ns);
  const vault = keyVaults.get(name);
  if (vault !== undefined) keyVaults.set(name, { ns: name, keys: change(vault.keys) });
}

function objectKey({ kind, target }: OwnedObject): string {
  return `${kind}\0${target}`;
}

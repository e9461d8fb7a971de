/** Key vaults as part of the desired state. */
import { findKeyVault, KEY_VAULT_INDEX, keyVaultIndex, sharedNames } from '../encryption/key-names.ts';
import { parseNamespace } from '../model/names.ts';
import type { ClusterState, Collection, Database } from '../state/state.ts';
import { isPlainCollection } from './key-vault-hazards.ts';

/**
 * A key vault with its unique index on alternative names, made before anybody makes a key. An index that is there and
 * wrong, names that two keys share, and a vault that is no collection are for a person to mend: the drift report tells them.
 */
export function addKeyVault(keyVault: string, actual: ClusterState, merged: Map<string, Database>): void {
  const ns = parseNamespace(keyVault);
  if (ns === undefined) return;
  const database = merged.get(ns.db) ?? { name: ns.db, collections: [] };
  if (database.collections === undefined) return;
  const present = database.collections.find(({ name }) => name === ns.collection);
  if (present !== undefined && !isPlainCollection(present)) return;
  const vault = findKeyVault(actual, keyVault);
  const possible = vault === undefined || sharedNames(vault).length === 0;
  const indexes = present === undefined ? [] : present.indexes;
  if (indexes === undefined || keyVaultIndex(indexes) !== 'missing' || !possible) return;
  const desired: Collection = {
    ...(present ?? { name: ns.collection, type: 'collection', options: {} }),
    indexes: [...indexes, KEY_VAULT_INDEX],
  };
  const others = database.collections.filter((collection) => collection !== present);
  merged.set(ns.db, { ...database, collections: [...others, desired] });
}

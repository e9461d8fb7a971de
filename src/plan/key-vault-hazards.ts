/** What takes data encryption keys away without anybody's doing, and what can't hold them. No operation mends either. */
import { formatNamespace, parseNamespace } from '../model/names.ts';
import type { Intent, PartOrigin } from '../policy/intent.ts';
import { findCollection } from '../state/lookup.ts';
import type { ClusterState, Collection } from '../state/state.ts';
import { mendText, type Removal, removalsIn } from './retention.ts';

export interface KeyVaultHazard {
  /** `expiry`: keys are deleted. `type`: it is no collection, so that it holds none. */
  readonly kind: 'expiry' | 'type';
  /** `encryption.__keyVault` */
  readonly keyVault: string;
  /** Begins with `the`, and has no full stop at its end: what is the case, then what to do. */
  readonly message: string;
  readonly origin: () => ReturnType<PartOrigin>;
}

/** Of each key vault that the policy names, once. */
export function keyVaultHazards({ collections }: Pick<Intent, 'collections'>, actual: ClusterState): KeyVaultHazard[] {
  const known = new Set<string>();
  return collections.flatMap(({ encryption, origin }): KeyVaultHazard[] => {
    const ns = encryption && parseNamespace(encryption.keyVault);
    const present = ns && findCollection(actual, ns);
    if (ns === undefined || present === undefined) return [];
    const keyVault = formatNamespace(ns);
    if (known.has(keyVault)) return [];
    known.add(keyVault);
    const at = (): ReturnType<PartOrigin> => origin('encryption', 'keyVault');
    if (!isPlainCollection(present)) {
      const message = `the key vault ${keyVault} is a ${present.type}, not a collection: no index keeps the names of its keys unique. Name the collection that holds the keys as keyVault`;
      return [{ kind: 'type', keyVault, message, origin: at }];
    }
    return removalsIn(present).map((removal) => ({
      kind: 'expiry',
      keyVault,
      message: `${removalText(keyVault, removal)}, and what these keys have sealed can't be read any more. ${mendText(ns, removal)}`,
      origin: at,
    }));
  });
}

/** A view or a time series takes no index that keeps names unique. */
export function isPlainCollection({ type }: Pick<Collection, 'type'>): boolean {
  return type === 'collection';
}

function removalText(keyVault: string, removal: Removal): string {
  switch (removal.by) {
    case 'index':
      return `the index ${removal.index} deletes keys of ${keyVault} after ${removal.seconds} s`;
    case 'option':
      return `the key vault ${keyVault} deletes keys after ${removal.seconds} s by its option expireAfterSeconds`;
    case 'capped':
      return `the key vault ${keyVault} is capped, so that the server deletes its oldest keys`;
  }
}

/** Data encryption keys as a policy names them, looked up in what the key vault has. */
import type { EncryptionEntry } from '../generated/policy.ts';
import { sortedBy, sortedSet } from '../model/order.ts';
import type { DataKey, KeyVault } from '../state/key-vault.ts';
import type { ClusterState, Index } from '../state/state.ts';
import { type SealedField, sealedFields } from './sealed-field.ts';

/** How a policy refers to a key. */
export type KeyName = { readonly keyAltName: string } | { readonly keyId: string };

export interface WantedKey {
  readonly name: KeyName;
  /** The fields sealed with it. */
  readonly fields: readonly SealedField[];
}

/** Every key that the field map names, with its fields. A field without a key is in none. */
export function wantedKeys({ fields }: EncryptionEntry): readonly WantedKey[] {
  const byName = new Map<string, { name: KeyName; fields: SealedField[] }>();
  for (const field of sealedFields(fields)) {
    const name = keyNameOf(field);
    if (name === undefined) continue;
    const entry = byName.get(keyText(name)) ?? { name, fields: [] };
    byName.set(keyText(name), { name, fields: [...entry.fields, field] });
  }
  return sortedBy(byName.values(), ({ name }) => keyText(name));
}

export function keyNameOf({ keyAltName, keyId }: SealedField): KeyName | undefined {
  if (keyAltName !== undefined) return { keyAltName };
  return keyId === undefined ? undefined : { keyId: keyId.toLowerCase() };
}

/** `"audit-pii"`, or the UUID. */
export function keyText(name: KeyName): string {
  return 'keyAltName' in name ? JSON.stringify(name.keyAltName) : name.keyId;
}

export function findKeyVault({ keyVaults }: ClusterState, ns: string): KeyVault | undefined {
  return keyVaults?.find((vault) => vault.ns === ns);
}

/** The keys of that name: more than one if the vault lacks its unique index. */
export function findKeys({ keys }: Pick<KeyVault, 'keys'>, name: KeyName): readonly DataKey[] {
  return keys.filter((key) =>
    'keyAltName' in name ? key.keyAltNames.includes(name.keyAltName) : key._id?.toLowerCase() === name.keyId,
  );
}

/** Alternative names that several keys bear. */
export function sharedNames({ keys }: KeyVault): readonly string[] {
  const seen = new Set<string>();
  const shared = keys.flatMap(({ keyAltNames }) =>
    sortedSet(keyAltNames).filter((name) => seen.has(name) || !seen.add(name)),
  );
  return sortedSet(shared);
}

/** Whole days since the key was made or last rewrapped, where that is known. `today` is `YYYY-MM-DD`. */
export function keyAgeDays({ updateDate }: DataKey, today: string): number | undefined {
  if (updateDate === undefined) return undefined;
  const age = Date.parse(`${today}T23:59:59.999Z`) - Date.parse(updateDate);
  return Math.floor(age / 86_400_000);
}

const ALT_NAMES = 'keyAltNames';

/** The index that MongoDB recommends for every key vault (manual, "Create a Unique Index on your Key Vault"). */
export const KEY_VAULT_INDEX: Index = {
  name: 'keyAltNames_1',
  key: { [ALT_NAMES]: 1 },
  unique: true,
  partialFilterExpression: { [ALT_NAMES]: { $exists: true } },
};

export type IndexFitness = 'right' | 'missing' | { readonly wrong: Index };

/** Whether alternative names are kept unique. Keys without any must not collide, so the index has to be partial. */
export function keyVaultIndex(indexes: readonly Index[]): IndexFitness {
  const candidates = indexes.filter(({ key }) => Object.keys(key).join() === ALT_NAMES);
  if (candidates.some(isRight)) return 'right';
  const [wrong] = candidates;
  return wrong === undefined ? 'missing' : { wrong };
}

function isRight({ unique, partialFilterExpression }: Index): boolean {
  return unique === true && JSON.stringify(partialFilterExpression) === `{"${ALT_NAMES}":{"$exists":true}}`;
}

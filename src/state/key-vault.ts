/** Key vaults: the data encryption keys of client-side field level encryption, never their material. */

export interface KeyVault {
  /** `db.collection` */
  readonly ns: string;
  readonly keys: readonly DataKey[];
}

/** A document of the key vault without `keyMaterial` (manual, "Encryption Keys and Key Vaults"). */
export interface DataKey {
  /** Its UUID as text; absent until it is made. */
  readonly _id?: string;
  /** Sorted. */
  readonly keyAltNames: readonly string[];
  /** The provider and its description of the master key. */
  readonly masterKey: Readonly<Record<string, unknown>> & { readonly provider: string };
  /** ISO 8601; absent until it is made. */
  readonly creationDate?: string;
  /** ISO 8601: when it was made or last rewrapped; absent until it is. */
  readonly updateDate?: string;
  /** 0: enabled, 1: disabled (client-side encryption specification). Libraries write 0 and look at nothing (`mongocrypt-key.c`). */
  readonly status: number;
}

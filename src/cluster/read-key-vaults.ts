/** Reads key vaults: which data encryption keys there are. Their material never leaves the server. */
import { Binary, type Document, type MongoClient } from 'mongodb';
import { formatNamespace, type Namespace } from '../model/names.ts';
import type { DataKey, KeyVault } from '../state/key-vault.ts';
import type { Collection, Database } from '../state/state.ts';
import { documentAt, shaped, textOf } from './answers.ts';
import { type Allowance, listed, RAW } from './listing.ts';

/** Field by field: a projection that left `keyMaterial` out would let a field of tomorrow through. */
export const KEY_PROJECTION: Readonly<Record<string, 1>> = {
  keyAltNames: 1,
  masterKey: 1,
  creationDate: 1,
  updateDate: 1,
  status: 1,
};

/** The keys of one vault; none if the collection does not exist. */
export async function readKeyVault(client: MongoClient, ns: Namespace, allowance: Allowance): Promise<KeyVault> {
  const cursor = client
    .db(ns.db)
    .collection(ns.collection)
    .find({}, { ...RAW, projection: KEY_PROJECTION });
  const documents = await listed(cursor, allowance);
  const vault = { ns: formatNamespace(ns), keys: documents.map(decodeKey) };
  shaped('keyVaults', [vault], `find on ${vault.ns}`);
  return vault;
}

function decodeKey({ _id: id, keyAltNames, masterKey, creationDate, updateDate, status }: Document): DataKey {
  const uuid = id instanceof Binary && id.sub_type === Binary.SUBTYPE_UUID;
  return {
    _id: uuid ? id.toUUID().toHexString() : textOf(id),
    keyAltNames: Array.isArray(keyAltNames) ? keyAltNames.map(textOf) : [],
    masterKey: { ...documentAt(masterKey), provider: textOf(documentAt(masterKey)['provider']) },
    creationDate: dateText(creationDate),
    updateDate: dateText(updateDate),
    status: typeof status === 'number' ? status : status === undefined ? 0 : Number.NaN,
  };
}

function dateText(value: unknown): string {
  return value instanceof Date ? value.toISOString() : textOf(value);
}

/** The collections that look like key vaults: by the name that MongoDB's manual gives them, or by their index. */
export function likelyKeyVaults(databases: readonly Database[]): readonly Namespace[] {
  return databases.flatMap(({ name: db, collections = [] }) =>
    collections.filter(looksLikeKeyVault).map(({ name: collection }) => ({ db, collection })),
  );
}

function looksLikeKeyVault({ name, type, indexes = [] }: Collection): boolean {
  if (type !== 'collection') return false;
  return /^(__)?(key_?vault|data_?keys)$/i.test(name) || indexes.some(({ key }) => Object.hasOwn(key, 'keyAltNames'));
}

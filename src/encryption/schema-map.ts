/** The driver's schemaMap of a policy, and its two ways of being written. */
import { EJSON, UUID } from 'bson';
import type { EncryptionEntry } from '../generated/policy.ts';
import type { ClusterState } from '../state/state.ts';
import { type ClientSchema, clientSchema } from './client-schema.ts';
import { findKeys, findKeyVault, keyNameOf, keyText } from './key-names.ts';
import { type SealedField, sealedFields } from './sealed-field.ts';

export interface SealedCollection {
  /** `db.collection` */
  readonly ns: string;
  readonly encryption: EncryptionEntry;
}

export type SchemaMap = Readonly<Record<string, ClientSchema<string>>>;

/** Why the key of a field can't be told. */
export interface KeyProblem {
  readonly ns: string;
  readonly field: SealedField;
  readonly message: string;
}

/**
 * Key ids are looked up by alternative name in the key vaults of `state`; those that the policy gives stand for
 * themselves, also without a state.
 */
export function schemaMap(
  collections: readonly SealedCollection[],
  state: ClusterState | undefined,
): { readonly map: SchemaMap; readonly problems: readonly KeyProblem[] } {
  const problems: KeyProblem[] = [];
  const map = collections.map(({ ns, encryption }): [string, ClientSchema<string>] => {
    const fields = sealedFields(encryption.fields).flatMap((field) => {
      const found = keyOf(field, encryption.keyVault, state);
      if ('keyId' in found) return [{ field, keyId: found.keyId }];
      problems.push({ ns, field, message: found.message });
      return [];
    });
    return [ns, clientSchema(fields)];
  });
  return { map: Object.fromEntries(map.sort(([a], [b]) => (a < b ? -1 : 1))), problems };
}

function keyOf(
  field: SealedField,
  keyVault: string,
  state: ClusterState | undefined,
): { readonly keyId: string } | { readonly message: string } {
  const name = keyNameOf(field);
  if (name === undefined) return { message: 'names no key: add keyAltName or keyId' };
  if ('keyId' in name) return name;
  const what = `its key ${keyText(name)}`;
  if (state === undefined) return { message: `${what} has an id in the key vault only: add --cluster or --snapshot` };
  const vault = findKeyVault(state, keyVault);
  if (vault === undefined) return { message: `${what} is unknown, because nobody could look into ${keyVault}` };
  const [key, ...others] = findKeys(vault, name);
  if (key?._id === undefined) return { message: `${what} is not in ${keyVault}: make it first` };
  if (others.length > 0)
    return { message: `${what} is ambiguous: ${others.length + 1} keys in ${keyVault} bear the name` };
  return { keyId: key._id };
}

/** As Extended JSON, which every driver reads. */
export function extendedJson(map: SchemaMap): string {
  const withIds = convert(map, (keyId) => new UUID(keyId));
  return `${EJSON.stringify(withIds, undefined, 2, { relaxed: false })}\n`;
}

/** As a module for the Node.js driver. */
export function javascript(map: SchemaMap): string {
  const text = JSON.stringify(
    convert(map, (keyId) => `\u0000${keyId}`),
    undefined,
    2,
  );
  const code = text
    .replaceAll(/"\\u0000([0-9a-fA-F-]+)"/g, 'new UUID("$1")')
    // Without brackets it would be the object's prototype, and the field would not be sealed.
    .replaceAll('"__proto__":', '["__proto__"]:');
  return `import { UUID } from 'mongodb';\n\nexport const schemaMap = ${code};\n`;
}

function convert<K>(map: SchemaMap, key: (keyId: string) => K): Readonly<Record<string, ClientSchema<K>>> {
  return Object.fromEntries(Object.entries(map).map(([ns, schema]) => [ns, convertSchema(schema, key)]));
}

function convertSchema<K>(schema: ClientSchema<string>, key: (keyId: string) => K): ClientSchema<K> {
  if ('encrypt' in schema) {
    const { keyId, ...rest } = schema.encrypt;
    return { encrypt: { keyId: [key(keyId[0])], ...rest } };
  }
  const properties = Object.entries(schema.properties).map(([name, inner]) => [name, convertSchema(inner, key)]);
  return { bsonType: 'object', properties: Object.fromEntries(properties) };
}

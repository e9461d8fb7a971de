/** The client's side of a field map: what the driver's `autoEncryption.schemaMap` holds for one collection. */

import { type SealedField, segmentsOf } from './sealed-field.ts';
import { ALGORITHMS } from './server-schema.ts';

/** A schema whose leaves are `encrypt`; `K` is how a key id is written. */
export type ClientSchema<K> =
  | { readonly bsonType: 'object'; readonly properties: Readonly<Record<string, ClientSchema<K>>> }
  | { readonly encrypt: { readonly keyId: readonly [K]; readonly bsonType: string; readonly algorithm: string } };

export interface KeyedField<K> {
  readonly field: SealedField;
  readonly keyId: K;
}

/**
 * Key ids are always written out. A JSON pointer (`keyId: "/tenant"`), which takes the alternative name from each
 * document, is possible with random only (manual, "CSFLE Encryption Schemas"), and the document would choose its key.
 */
export function clientSchema<K>(fields: readonly KeyedField<K>[]): ClientSchema<K> {
  return build(fields.map((entry) => ({ entry, rest: segmentsOf(entry.field.path) })));
}

interface Below<K> {
  readonly entry: KeyedField<K>;
  readonly rest: readonly string[];
}

function build<K>(fields: readonly Below<K>[]): ClientSchema<K> {
  const properties = new Map<string, Below<K>[]>();
  for (const { entry, rest } of fields) {
    const [name = '', ...below] = rest;
    properties.set(name, [...(properties.get(name) ?? []), { entry, rest: below }]);
  }
  return {
    bsonType: 'object',
    properties: Object.fromEntries(
      [...properties].map(([name, inner]) => {
        const leaf = inner.find(({ rest }) => rest.length === 0);
        return [name, leaf === undefined ? build(inner) : encrypt(leaf.entry)];
      }),
    ),
  };
}

function encrypt<K>({ field, keyId }: KeyedField<K>): ClientSchema<K> {
  return { encrypt: { keyId: [keyId], bsonType: field.bsonType, algorithm: ALGORITHMS[field.algorithm] } };
}

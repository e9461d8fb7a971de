/** Sealed fields and the schema around them, as the rules of encryption look at them. */
import type { EncryptedFieldEntry, EncryptionEntry } from '../../../generated/policy.ts';
import type { IntentCollection, Origin } from '../../../policy/intent.ts';
import type { LintContext } from '../../rule.ts';
import { partOf } from '../place.ts';

export interface SealedField {
  readonly collection: IntentCollection;
  readonly encryption: EncryptionEntry;
  /** Dotted, as it is written. */
  readonly path: string;
  readonly field: EncryptedFieldEntry;
  readonly at: Origin;
}

export function sealedFields(context: LintContext): readonly SealedField[] {
  return sealedCollections(context).flatMap(({ collection, encryption }) =>
    Object.entries(encryption.fields).map(([path, field]) => ({
      collection,
      encryption,
      path,
      field,
      at: partOf(context, collection.origin, ['encryption', 'fields', path]),
    })),
  );
}

export interface SealedCollection {
  readonly collection: IntentCollection;
  readonly encryption: EncryptionEntry;
}

export function sealedCollections({ intent }: LintContext): readonly SealedCollection[] {
  return intent.collections.flatMap((collection) =>
    collection.encryption === undefined ? [] : [{ collection, encryption: collection.encryption }],
  );
}

export type Schema = Readonly<Record<string, unknown>>;

/** The policy's own `$jsonSchema` of the collection, without what encryption adds. */
export function schemaOf({ validation }: IntentCollection): Schema | undefined {
  return asSchema(validation?.validator['$jsonSchema']);
}

export function asSchema(value: unknown): Schema | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

/** The schemas on the way to a dotted path, the whole one first; those that the policy does not write are left out. */
export function schemasAlong(
  schema: Schema | undefined,
  path: string,
): readonly { readonly path: string; readonly schema: Schema }[] {
  const found: { path: string; schema: Schema }[] = [];
  let at = schema;
  let walked = '';
  for (const part of path.split('.')) {
    at = asSchema(asSchema(at?.['properties'])?.[part]);
    walked = walked === '' ? part : `${walked}.${part}`;
    if (at === undefined) break;
    found.push({ path: walked, schema: at });
  }
  return found;
}

/** The BSON types that a schema admits; nothing if it does not say. */
export function typesOf(schema: Schema): readonly string[] | undefined {
  const written = schema['bsonType'] ?? schema['type'];
  if (typeof written === 'string') return [written];
  return Array.isArray(written) ? written.map(String) : undefined;
}

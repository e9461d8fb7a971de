/** Sealed fields and the schema around them, as the rules of encryption look at them. */
import type { EncryptedFieldEntry, EncryptionEntry } from '../../../generated/policy.ts';
import type { IntentCollection, Origin } from '../../../policy/intent.ts';
import type { LintContext } from '../../rule.ts';
import { partOf } from '../entry-place.ts';

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

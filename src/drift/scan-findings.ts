/** What a scan of stored documents found, as findings of the drift report. */

import { findKeys, findKeyVault, keyNameOf } from '../encryption/key-names.ts';
import { DEFECTS, type Defect, type FieldDemand, type Tally } from '../encryption/scan-documents.ts';
import { sealedFields } from '../encryption/sealed-field.ts';
import { unsealedSchema } from '../encryption/server-schema.ts';
import { formatNamespace } from '../model/names.ts';
import type { IntentCollection } from '../policy/intent.ts';
import type { ClusterState } from '../state/state.ts';
import type { DriftFinding } from './finding.ts';

export interface ScanResult extends Tally {
  /** `db.collection` */
  readonly ns: string;
  readonly mode: 'all' | 'sample';
  /** Documents that the validator would refuse; it is the policy's, whichever the collection has. */
  readonly refused: number;
}

/** The sealed fields with the ids of their keys, as far as the key vault tells. */
export function demandsOf({ encryption }: IntentCollection, actual: ClusterState): readonly FieldDemand[] {
  const vault = encryption && findKeyVault(actual, encryption.keyVault);
  return sealedFields(encryption?.fields ?? {}).map((field) => {
    const name = keyNameOf(field);
    if (name === undefined) return { field };
    const keyId = 'keyId' in name ? name.keyId : vault && findKeys(vault, name)[0]?._id;
    return keyId === undefined ? { field } : { field, keyId };
  });
}

/** The validator of the policy without what it demands of sealed values: the scan judges these from what it fetches. */
export function unsealedValidator({ schema, encryption }: IntentCollection) {
  return { $jsonSchema: unsealedSchema(schema ?? {}, sealedFields(encryption?.fields ?? {})) };
}

/** Counts only: what stands in a document is never told. */
export function scanFindings(entry: IntentCollection, scan: ScanResult): DriftFinding[] {
  const target = formatNamespace(entry.ns);
  const of = `of the ${scan.documents} documents ${scan.mode === 'all' ? 'there are' : 'looked at'}`;
  const refused: DriftFinding[] =
    scan.refused === 0
      ? []
      : [
          {
            kind: 'encryption',
            rule: 'encryption/scan-refused',
            severity: 'error',
            target,
            identity: [],
            message: `the policy's validator would refuse ${scan.refused} ${of}: they were stored before it, or past it`,
            origin: () => entry.origin('encryption'),
          },
        ];
  const defects = scan.fields.flatMap(({ path, values, defects: counts }) =>
    DEFECTS.flatMap((defect): DriftFinding[] =>
      counts[defect] === 0
        ? []
        : [
            {
              kind: 'encryption',
              rule: `encryption/scan-${RULES[defect]}`,
              severity: 'error',
              target,
              identity: [path],
              message: `${path}: ${counts[defect]} of ${values} values ${SAYS[defect]}`,
              origin: () => entry.origin('encryption', 'fields', path),
            },
          ],
    ),
  );
  return [...refused, ...defects];
}

const RULES = {
  plaintext: 'plaintext',
  algorithm: 'algorithm',
  unknownKey: 'unknown-key',
  wrongKey: 'wrong-key',
  bsonType: 'bson-type',
  length: 'length',
} as const satisfies Readonly<Record<Defect, string>>;

const SAYS: Readonly<Record<Defect, string>> = {
  plaintext: 'are stored in the clear',
  algorithm: 'are sealed with another algorithm than the policy says',
  unknownKey: 'are sealed with a key that is not in the key vault',
  wrongKey: 'are sealed with another key of the vault than the policy says',
  bsonType: 'were of another type before they were sealed than the policy says',
  length: 'have a length that no sealed value of their type has: they are no ciphertext',
};

/** Data encryption keys as targets of operations. */

import { findKeys, findKeyVault, keyText } from '../../../encryption/key-names.ts';
import { masterKeyDifferences } from '../../../encryption/master-key.ts';
import type { KeyForm, KeyTarget } from '../../../generated/migration.ts';
import { compoundKey } from '../../../model/keyed.ts';
import { formatNamespace, type Namespace } from '../../../model/names.ts';
import { documentKey } from '../../../state/document.ts';
import type { DataKey } from '../../../state/key-vault.ts';
import { collectionsKnown, findCollection } from '../../../state/lookup.ts';
import type { ClusterState } from '../../../state/state.ts';
import { type FilePart, line } from '../file-parts.ts';
import type { DataKeyState } from '../operation.ts';
import type { OperationTarget } from '../target.ts';

export const dataKeyTarget: OperationTarget<DataKeyState> = {
  noun: 'data key',
  chained: false,
  key: ({ ns, key }) => `data key ${compoundKey([ns.db, ns.collection, keyText(key)])}`,
  text: ({ ns, key }) => `${formatNamespace(ns)} ${keyText(key)}`,
  print: ({ ns: { db, collection }, key }) => ({ db, collection, ...key }),
  formKey: documentKey,
  /**
   * Rewrapping leaves its date and nothing else to see: a key of another date, under the master key that is wanted, has
   * been rewrapped since, by whomsoever.
   */
  presentKey({ before, after }, { state }) {
    const named = after ?? before;
    if (named === undefined) return undefined;
    const keys = knownKeys(state, named.ns);
    // Where nobody has looked nothing was seen to be done; whoever carries it out looks first.
    if (keys === undefined) return before && documentKey(before);
    const [present, ...others] = findKeys({ keys }, named.key);
    if (present === undefined) return undefined;
    if (others.length > 0) return documentKey({ keys: others.length + 1 });
    const fits = (form: DataKeyState | undefined): form is DataKeyState =>
      form !== undefined && masterKeyDifferences(present.masterKey, form.masterKey).length === 0;
    const untouched = before !== undefined && (before.updateDate ?? present.updateDate) === present.updateDate;
    if (fits(after) && !(untouched && fits(before))) return documentKey(after);
    return documentKey(untouched && fits(before) ? before : present);
  },
};

/** The keys of a vault; none where the collection is known not to exist, nothing where nobody has looked. */
export function knownKeys(actual: ClusterState, ns: Namespace): readonly DataKey[] | undefined {
  const vault = findKeyVault(actual, formatNamespace(ns));
  if (vault !== undefined) return vault.keys;
  return collectionsKnown(actual, ns.db) && findCollection(actual, ns) === undefined ? [] : undefined;
}

export function printKey({ masterKey, updateDate }: DataKeyState): FilePart {
  return line({ masterKey, ...(updateDate === undefined ? {} : { updateDate }) });
}

export function parseKey({ db, collection, ...key }: KeyTarget, form: KeyForm): DataKeyState {
  return { ns: { db, collection }, key, ...form };
}

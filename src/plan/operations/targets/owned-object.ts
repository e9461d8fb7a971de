/** Entries of the ownership record as targets of operations. */

import type { ObjectForm, ObjectTarget } from '../../../generated/migration.ts';
import { documentKey } from '../../../state/document.ts';
import { type OwnedObject, objectKey } from '../../../state/state.ts';
import { type FilePart, line } from '../file-parts.ts';
import type { OperationTarget } from '../target.ts';

export const ownedObjectTarget: OperationTarget<OwnedObject> = {
  noun: 'record',
  chained: false,
  key: (object) => `record ${objectKey(object)}`,
  text: ({ target }) => target,
  print: ({ kind, target }) => ({ kind, name: target }),
  formKey: documentKey,
  presentKey({ before, after }, { state }) {
    const named = after ?? before;
    const found = state.objects?.find(({ kind, target }) => kind === named?.kind && target === named.target);
    return found && documentKey(found);
  },
};

export function printObject({ policy, created, replaces, covers }: OwnedObject): FilePart {
  return line({ policy, created, ...(replaces !== undefined && { replaces }), ...(covers && { covers }) });
}

export function parseObject({ kind, name }: ObjectTarget, form: ObjectForm): OwnedObject {
  return { kind, target: name, ...form };
}

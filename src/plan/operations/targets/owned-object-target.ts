/** Entries of the ownership record as targets of operations. */

import type { ObjectForm, ObjectTarget } from '../../../generated/migration.ts';
import { splitAt } from '../../../model/names.ts';
import { documentKey } from '../../../state/document.ts';
import { type OwnedObject, objectKey } from '../../../state/state.ts';
import { type FilePart, line } from '../file-parts.ts';
import type { OperationTarget, TargetKey } from '../target.ts';
import { roleTargetKey } from './role-target.ts';
import { userTargetKey } from './user-target.ts';

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

/** The key of the object itself, as operations on it have it. `name@db` is told apart by its last `@`, as in a policy. */
export function ownedKey({ kind, target }: Pick<OwnedObject, 'kind' | 'target'>): TargetKey {
  const parts = splitAt(target);
  if (kind === 'collection' || parts === undefined) return `${kind} ${target}`;
  const { name, db } = parts;
  return kind === 'role' ? roleTargetKey({ role: name, db }) : userTargetKey({ user: name, db });
}

export function printObject({ policy, created, replaces, covers }: OwnedObject): FilePart {
  return line({
    policy,
    created,
    ...(replaces !== undefined && { replaces }),
    ...(covers && { covers: shortList(covers) }),
  });
}

/** As one text, where no name has a blank: a list of many would take a line for each. */
function shortList(names: readonly string[]): readonly string[] | string {
  return names.length > 1 && names.every((name) => /^[\w.*$-]+$/.test(name)) ? names.join(' ') : names;
}

export function parseObject({ kind, name }: ObjectTarget, { covers, ...form }: ObjectForm): OwnedObject {
  const list = typeof covers === 'string' ? covers.split(/\s+/) : covers;
  return { kind, target: name, ...form, ...(list && { covers: list }) };
}

/** Indexes as targets of operations. */

import type { IndexForm, IndexTarget } from '../../../generated/migration.ts';
import { compoundKey } from '../../../model/keyed.ts';
import { formatNamespace } from '../../../model/names.ts';
import { documentKey } from '../../../state/document.ts';
import { findCollection } from '../../../state/lookup.ts';
import type { Index } from '../../../state/state.ts';
import { decoded } from '../chain-break.ts';
import { type FilePart, tree } from '../file-parts.ts';
import type { IndexState } from '../operation.ts';
import type { OperationTarget } from '../target.ts';

export const indexTarget: OperationTarget<IndexState> = {
  noun: 'index',
  chained: false,
  key: ({ ns, index }) => `index ${compoundKey([ns.db, ns.collection, index.name])}`,
  text: ({ ns, index }) => `${formatNamespace(ns)}.$${index.name}`,
  print: ({ ns: { db, collection }, index }) => ({ db, collection, index: index.name }),
  formKey: documentKey,
  presentKey({ before, after }, { state }) {
    const named = after ?? before;
    if (named === undefined) return undefined;
    const { ns, index } = named;
    const found = findCollection(state, ns)?.indexes?.find(({ name }) => name === index.name);
    return found && documentKey({ ns, index: found });
  },
};

/** Its name is part of the target. */
export function printIndex({ index: { name: _name, ...index } }: IndexState): FilePart {
  return tree(index);
}

export function parseIndex({ db, collection, index }: IndexTarget, form: IndexForm): IndexState {
  return { ns: { db, collection }, index: { ...decoded<Index>(form), name: index } };
}

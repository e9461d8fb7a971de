/** The validation of a collection as the target of operations: all that a policy owns of it besides indexes. */

import type { CollectionTarget, ValidationForm } from '../../../generated/migration.ts';
import { formatNamespace, type Namespace } from '../../../model/names.ts';
import { documentKey } from '../../../state/document.ts';
import { findCollection } from '../../../state/lookup.ts';
import type { Collection } from '../../../state/state.ts';
import { decoded } from '../chain-break.ts';
import { block, type FilePart, maybe, tree } from '../file-parts.ts';
import type { ValidationState } from '../operation.ts';
import type { OperationTarget } from '../target.ts';

export const validationTarget: OperationTarget<ValidationState> = {
  noun: 'collection',
  chained: false,
  key: ({ ns }) => `collection ${formatNamespace(ns)}`,
  text: ({ ns }) => formatNamespace(ns),
  print: ({ ns: { db, collection } }) => ({ db, collection }),
  formKey: (form) => documentKey(effective(form)),
  presentKey({ before, after }, { state }) {
    const ns = (after ?? before)?.ns;
    const collection = ns && findCollection(state, ns);
    return ns && collection && documentKey(effective(validationState(ns, collection)));
  },
};

/** The part of a collection that a policy can own. */
export function validationState(ns: Namespace, { options }: Collection): ValidationState {
  const { validator, validationLevel, validationAction } = options;
  return {
    ns,
    ...(validator === undefined ? {} : { validator }),
    ...(validationLevel === undefined ? {} : { validationLevel }),
    ...(validationAction === undefined ? {} : { validationAction }),
  };
}

/** With the server's defaults, which it leaves out of its answer: no validator, `strict`, `error`. */
export function effective({ ns, validator, validationLevel, validationAction }: ValidationState): ValidationState {
  return {
    ns,
    validator: validator ?? {},
    validationLevel: validationLevel ?? 'strict',
    validationAction: validationAction ?? 'error',
  };
}

export function printValidation({ validator, validationLevel, validationAction }: ValidationState): FilePart {
  return block({ validator: maybe(tree, validator), validationLevel, validationAction });
}

export function parseValidation(
  { db, collection }: CollectionTarget,
  { validator, ...rest }: ValidationForm,
): ValidationState {
  return { ns: { db, collection }, ...(validator && { validator: decoded(validator) }), ...rest };
}

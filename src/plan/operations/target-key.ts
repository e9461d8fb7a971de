/**
 * The chain of one target: its operations follow each other, each one's `before` being the `after` of the one above.
 * Here a target and its forms are told apart.
 */

import { handlerOf } from './handlers.ts';
import type { Change, FormOf, OperationKind } from './operation.ts';
import type { TargetKey } from './target.ts';

/** The same for all operations on the same target. */
export function targetKey(change: Change): TargetKey {
  return handlerOf(change.kind).target.key(formOf(change));
}

/** A form of the target that the change is about: what is made of it, or what goes. */
export function formOf(change: Change): FormOf<OperationKind> {
  return change.after ?? change.before;
}

/** Equal for forms of the target that mean the same; nothing where it does not exist. */
export function formKey({ kind }: Pick<Change, 'kind'>, form: FormOf<OperationKind> | undefined): string | undefined {
  return form && handlerOf(kind).target.formKey(form);
}

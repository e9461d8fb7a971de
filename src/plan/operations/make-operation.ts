import { handlerOf } from './handlers.ts';
import type { Change, Operation, Reason } from './operation.ts';
import { formOf } from './target-key.ts';

/** Gives a change its identity. `first`: a change of the same kind and target comes later. */
export function makeOperation(change: Change, reason: Reason, first = false): Operation {
  const handler = handlerOf(change.kind);
  const target = handler.target.text(formOf(change));
  const idText = first ? `${target} first` : (handler.idText?.(change) ?? target);
  // A spread with fields behind it takes more than twice as long, and plans may have a hundred thousand operations.
  return Object.assign({}, change, { id: `${change.kind} ${idText}`, target, reason });
}

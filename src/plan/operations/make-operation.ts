import { handlerOf } from './handlers.ts';
import type { Change, Operation, Reason } from './operation.ts';
import { formOf } from './target-key.ts';

/** Gives a change its identity. `first`: a change of the same kind and target comes later. */
export function makeOperation(change: Change, reason: Reason, first = false): Operation {
  const handler = handlerOf(change.kind);
  const target = handler.target.text(formOf(change));
  const idText = first ? `${target} first` : (handler.idText?.(change) ?? target);
  return { ...change, id: `${change.kind} ${idText}`, target, reason };
}

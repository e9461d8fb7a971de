/** An operation as it stands in a migration's file. */
import type { FileParts } from './file-parts.ts';
import { handlerOf } from './handlers.ts';
import type { Operation } from './operation.ts';
import { formOf } from './target-key.ts';

/** What the operation is about, part by part. */
export function printTarget(operation: Operation): object {
  return handlerOf(operation.kind).target.print(formOf(operation));
}

/** What its kind has besides. `follows`: operations above have said what the target looks like. */
export function printOperation(operation: Operation, follows: boolean): FileParts {
  const handler = handlerOf(operation.kind);
  const parts = handler.print(operation);
  return follows && handler.target.chained ? { ...parts, before: undefined } : parts;
}

/** An entry of a migration's file as an operation: forms that the file leaves out follow from the operations above. */

import type { FileOperation } from '../../generated/migration.ts';
import { ChainBreak } from './chain-break.ts';
import { handlerOf } from './handlers.ts';
import { makeOperation } from './make-operation.ts';
import type { Operation, Reason } from './operation.ts';
import type { KnownForms } from './target.ts';
import { formKey, targetKey } from './target-key.ts';

/**
 * Reads one entry, and adds to `known` what it makes of its target. Throws a {@link ChainBreak} for what can't be: it does
 * not hang together with the operations above, or changes nothing.
 */
export function parseOperation(entry: FileOperation, reason: Reason, known: KnownForms): Operation {
  const early = 'early' in entry && entry.early === true;
  const change = handlerOf(entry.kind).parse(entry, known);
  const operation = { ...makeOperation(change, reason, early), ...(early && { early }) };
  refuseBroken(operation, known);
  known.set(targetKey(operation), operation.after);
  return operation;
}

function refuseBroken(operation: Operation, known: KnownForms): void {
  const { target, before, after } = operation;
  const key = targetKey(operation);
  if (known.has(key)) {
    const above = known.get(key);
    if (above === undefined && before !== undefined) {
      throw new ChainBreak(`an operation above drops ${target}, and this one changes it`);
    }
    if (above !== undefined && before === undefined) {
      throw new ChainBreak(`${target} exists after an operation above, and this one makes it`);
    }
    if (formKey(operation, above) !== formKey(operation, before)) {
      throw new ChainBreak(`"before" is not what the operations above make of ${target}`, ['before']);
    }
  }
  const changes = formKey(operation, before) !== formKey(operation, after);
  if (!changes && handlerOf(operation.kind).unseen !== true) {
    throw new ChainBreak(`it changes nothing: ${target} is the same before and after`);
  }
}

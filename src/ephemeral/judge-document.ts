/** The word of a collection's validator about a document, by the sandbox's own: offline, without a server. */
import { ObjectId } from 'bson';
import { asCommandError } from '../sandbox/errors.ts';
import {
  compileValidator,
  isStorable,
  NOT_STORABLE,
  parseAction,
  parseLevel,
  type Validator,
} from '../sandbox/validator.ts';
import type { Document } from '../sandbox/values.ts';
import type { CollectionOptions } from '../state/state.ts';

const compiled = new WeakMap<object, Validator | undefined>();

/** What the server would say of the document, in its words; nothing if it takes it. */
export function judgeDocument(options: CollectionOptions, document: unknown): string | undefined {
  const { validator, validationLevel = 'strict', validationAction = 'error' } = options;
  if (validator === undefined) return undefined;
  try {
    const [level, action] = [parseLevel(validationLevel), parseAction(validationAction)];
    const known = compiled.has(validator) ? compiled.get(validator) : compileValidator(validator, level, action);
    compiled.set(validator, known);
    const stored: Document = { _id: new ObjectId(), ...(document as Document) };
    return isStorable({ level, action, ...(known && { validator: known }) }, stored) ? undefined : NOT_STORABLE;
  } catch (thrown) {
    return asCommandError(thrown).message;
  }
}

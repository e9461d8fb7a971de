import { documentKey } from '../../../state/document.ts';
import { type CommandHandler, stays, undoneBy } from '../handler.ts';
import type { ValidationState } from '../operation.ts';
import { changeCollection } from '../state-parts.ts';
import { effective, parseValidation, printValidation, validationTarget } from '../targets/validation-target.ts';

export const collMod: CommandHandler<'collMod'> = {
  heading: ['~', 'change validation of'],
  target: validationTarget,
  phase: 'change settings',
  /** A change of level and action alone may come before one of the validator of the same collection. */
  idText({ before, after }) {
    const same = documentKey(before.validator ?? {}) === documentKey(after.validator ?? {});
    return same ? `${validationTarget.text(after)} level` : validationTarget.text(after);
  },
  command({ after }) {
    // What is not said stays as it is: going back to the defaults takes all of them.
    const { ns, ...validation } = effective(after);
    return { db: ns.db, command: { collMod: ns.collection, ...validation } };
  },
  simulate({ after: { ns, ...validation } }, parts) {
    changeCollection(parts, ns, ({ options, ...rest }) => {
      const { validator: _v, validationLevel: _l, validationAction: _a, ...kept } = options;
      return { ...rest, options: { ...kept, ...validation } };
    });
  },
  reverse({ before, after }, present, { allowUnprotect }) {
    if (present === undefined || validationTarget.formKey(present) !== validationTarget.formKey(after)) {
      return stays('what followed it on the same collection stays');
    }
    if (allowUnprotect !== true && weakens(after, before)) {
      return stays('what was there before lets more through: --allow-unprotect restores it');
    }
    return undoneBy({ kind: 'collMod', before: after, after: before });
  },
  print: ({ before, after }) => ({ before: printValidation(before), after: printValidation(after) }),
  parse: ({ kind, target, before, after }) => ({
    kind,
    before: parseValidation(target, before),
    after: parseValidation(target, after),
  }),
};

const LEVELS = ['off', 'moderate', 'strict'];

/** Whether documents may pass the second validation that the first refuses, as far as that can be ruled out at all. */
function weakens(from: ValidationState, to: ValidationState): boolean {
  const [now, then] = [effective(from), effective(to)];
  const nothingRefused = Object.keys(now.validator ?? {}).length === 0 || now.validationLevel === 'off';
  if (nothingRefused || now.validationAction === 'warn') return false;
  if (documentKey(now.validator) !== documentKey(then.validator)) return true;
  const level = ({ validationLevel }: ValidationState): number => LEVELS.indexOf(validationLevel ?? 'strict');
  return level(then) < level(now) || then.validationAction === 'warn';
}

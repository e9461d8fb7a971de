import { formatNamespace } from '../../../model/names.ts';
import type { LintRule } from '../../rule.ts';
import { partOf, writtenAt } from '../place.ts';
import { sealedCollections } from './fields.ts';

export const notEnforced: LintRule = {
  kind: 'checks',
  name: 'encryption/not-enforced',
  description: 'The server takes plaintext where the policy wants a field sealed',
  recommended: 'error',
  source:
    "MongoDB's manual, “Specify Validation Level”, “validationAction”: warn logs the refused document and stores it",
  check: (context) =>
    sealedCollections(context).flatMap(({ collection }) => {
      const written = (key: string) => writtenAt(context, collection.origin, [key]);
      const ns = formatNamespace(collection.ns);
      const mend = 'leave both keys out, and strict and error hold';
      if (written('validationLevel') === 'off') {
        const message = `a client without encryption, or with an older schema, stores plaintext in ${ns} unnoticed, for validationLevel is off: ${mend}`;
        return [{ message, at: partOf(context, collection.origin, ['validationLevel']) }];
      }
      if (written('validationAction') === 'warn') {
        const message = `plaintext is stored in ${ns} and copied into the server's log besides, for validationAction is warn: ${mend}`;
        return [{ message, at: partOf(context, collection.origin, ['validationAction']) }];
      }
      return [];
    }),
};

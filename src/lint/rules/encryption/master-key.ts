import { masterKeyProblem } from '../../../encryption/master-key.ts';
import type { LintRule } from '../../rule.ts';
import { partOf } from '../entry-place.ts';
import { sealedCollections } from './fields.ts';

export const masterKey: LintRule = {
  kind: 'checks',
  name: 'encryption/master-key',
  description: 'The master key is named incompletely or wrongly, so that no data key can be made',
  recommended: 'error',
  source:
    'client-side encryption specification, masterKey; libmongocrypt, mongocrypt-kek.c: a missing or unknown field is refused',
  check: (context) =>
    sealedCollections(context).flatMap(({ collection, encryption: { kms } }) => {
      const problem = kms && masterKeyProblem({ ...kms });
      if (problem === undefined) return [];
      const at = partOf(context, collection.origin, ['encryption', 'kms']);
      const message = `the driver refuses to make data keys, and nothing can be sealed: ${problem}`;
      return [{ message, at }];
    }),
};

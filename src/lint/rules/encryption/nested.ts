import type { LintRule } from '../../rule.ts';
import { sealedFields } from './fields.ts';

export const nested: LintRule = {
  kind: 'checks',
  name: 'encryption/nested',
  description: 'A field inside a sealed field is sealed again',
  recommended: 'error',
  source: 'the query analysis library: no encrypt under a sealed field (errors 51077, 51096)',
  check: (context) => {
    const fields = sealedFields(context);
    return fields.flatMap(({ collection, path, at }) => {
      const outer = fields.find((other) => other.collection === collection && path.startsWith(`${other.path}.`));
      if (outer === undefined) return [];
      const message = `${path} lies in ${outer.path}, which is sealed as a whole: the driver refuses the collection's schema; seal either the whole or its parts`;
      return [{ message, at }];
    });
  },
};

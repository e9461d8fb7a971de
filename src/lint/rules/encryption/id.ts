import type { LintRule } from '../../rule.ts';
import { sealedFields } from './fields.ts';

export const id: LintRule = {
  kind: 'checks',
  name: 'encryption/id',
  description: 'The _id, or a part of it, is sealed',
  recommended: 'error',
  source:
    'the query analysis library: random is not allowed for _id (error 51194), and a sealed _id must be given explicitly (51130)',
  check: (context) =>
    sealedFields(context).flatMap(({ path, field: { algorithm }, at }) => {
      if (path !== '_id' && !path.startsWith('_id.')) return [];
      if (algorithm === 'random') {
        const message = `the driver refuses every operation on the collection: ${path} can't be sealed by random, for an _id must be comparable. Seal another field, and leave the _id without meaning`;
        return [{ message, at }];
      }
      const message = `inserts without an _id are refused, upserts too, and the index on _id shows which documents have the same one: leave the _id without meaning, and seal another field instead of ${path}`;
      return [{ message, at, severity: 'warning' }];
    }),
};

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
        const message = `the driver refuses every operation on the collection, because ${path} is sealed by random and an _id must be comparable. Seal another field, and give the _id no meaning`;
        return [{ message, at }];
      }
      const message = `inserts and upserts without an _id are refused, because ${path} is sealed. The index on _id still shows which values are equal. Seal another field, and give the _id no meaning`;
      return [{ message, at, severity: 'warning' }];
    }),
};

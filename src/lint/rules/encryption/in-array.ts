import type { LintRule } from '../../rule.ts';
import { schemaOf, schemasAlong, sealedFields, typesOf } from './fields.ts';

export const inArray: LintRule = {
  kind: 'checks',
  name: 'encryption/in-array',
  description: 'A field inside an array is sealed',
  recommended: 'error',
  source:
    "MongoDB's manual, “CSFLE Encryption Schemas”: encrypt can't stand under items; the query analysis library, error 51077",
  check: (context) =>
    sealedFields(context).flatMap(({ collection, path, at }) => {
      const indexed = path.split('.').some((part) => /^(?:\d+|\$|\$\[.*\]|\[\]|\*)$/.test(part));
      const array = schemasAlong(schemaOf(collection), path).find(
        (one) => one.path !== path && typesOf(one.schema)?.includes('array'),
      );
      if (!indexed && array === undefined) return [];
      const whole = array?.path ?? path.split(/\.(?:\d+|\$|\$\[.*\]|\[\]|\*)(?:\.|$)/)[0] ?? path;
      const message = `${path} lies in an array, of which the driver seals no single element: it stays in the clear, or every write is refused; seal all of ${whole} as bsonType array by random`;
      return [{ message, at }];
    }),
};

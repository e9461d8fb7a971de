import type { LintRule } from '../../rule.ts';
import { sealedFields } from './fields.ts';

/** Fields that by their name have a handful of values. */
const FEW =
  /^(?:(?:is|has)(?:[A-Z_].*)|active|bloodType|blood_?group|enabled|ethnicity|flag|gender|locked|maritalStatus|marital_status|priority|race|religion|severity|sex|status|verified)$/;

export const lowCardinality: LintRule = {
  kind: 'checks',
  name: 'encryption/low-cardinality',
  description: 'A field with few different values is sealed deterministically, and so can be guessed',
  recommended: 'warning',
  strict: 'error',
  source: "MongoDB's manual, “Fields and Encryption Types”: low cardinality is susceptible to frequency analysis",
  check: (context) =>
    sealedFields(context).flatMap(({ path, field, at }) => {
      // What MongoDB refuses altogether is told by encryption/deterministic-type.
      if (field.algorithm !== 'deterministic' || field.bsonType === 'bool') return [];
      const own = field.schema?.['enum'];
      const values = Array.isArray(own) && own.length <= 100 ? `${own.length} values by its schema` : undefined;
      const why = values ?? (FEW.test(path.split('.').at(-1) ?? '') ? 'few values by its name' : undefined);
      if (why === undefined) return [];
      const message = `${path} has ${why}, and the same value always has the same ciphertext. Whoever reads the collection can tell the values by counting. Use algorithm: random`;
      return [{ message, at }];
    }),
};

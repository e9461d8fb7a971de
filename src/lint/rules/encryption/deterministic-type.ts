import type { LintRule } from '../../rule.ts';
import { sealedFields } from './fields.ts';

/** Why equal values of the type are not equal bytes, or too few to hide. */
const REFUSED: Readonly<Record<string, string>> = {
  array: 'arrays are not compared byte by byte',
  bool: 'two ciphertexts for two values hide nothing',
  decimal: 'one number has many encodings',
  double: 'one number has many encodings',
  javascriptWithScope: 'its scope is not compared byte by byte',
  object: 'objects are not compared byte by byte',
};

export const deterministicType: LintRule = {
  kind: 'checks',
  name: 'encryption/deterministic-type',
  description: 'A field is sealed deterministically that has a type for which MongoDB refuses it',
  recommended: 'error',
  source:
    'libmongocrypt (mongocrypt-ctx-encrypt.c: “BSON type invalid for deterministic encryption”) and the query analysis library (error 31122)',
  check: (context) =>
    sealedFields(context).flatMap(({ path, field: { algorithm, bsonType }, at }) => {
      const why = algorithm === 'deterministic' ? REFUSED[bsonType] : undefined;
      if (why === undefined) return [];
      const message = `the driver refuses every write of ${path}: ${bsonType} can't be sealed deterministically, for ${why}; use algorithm: random, which can't be searched`;
      return [{ message, at }];
    }),
};

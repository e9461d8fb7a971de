import type { LintRule } from '../../rule.ts';
import { sealedFields } from './fields.ts';

export const noKey: LintRule = {
  kind: 'checks',
  name: 'encryption/no-key',
  description: 'A sealed field names no data encryption key',
  recommended: 'error',
  source: 'the query analysis library: encrypt needs to specify a keyId (error 51097)',
  check: (context) =>
    sealedFields(context).flatMap(({ path, field: { keyAltName, keyId }, at }) => {
      if (keyAltName !== undefined || keyId !== undefined) return [];
      const message = `nothing says which key seals ${path}. The driver refuses the schema, or every application chooses its own key. Give it a keyAltName`;
      return [{ message, at }];
    }),
};

import type { LintRule } from '../../rule.ts';
import { sealedFields } from './fields.ts';

/** Positions in arrays are told by encryption/in-array. */
export const fieldPath: LintRule = {
  kind: 'checks',
  name: 'encryption/field-path',
  description: 'A sealed field has a name that no field can have',
  recommended: 'error',
  source: "MongoDB's manual, “Field Names”: dots separate, and names that begin with $ are operators",
  check: (context) =>
    sealedFields(context).flatMap(({ path, at }) => {
      const parts = path.split('.');
      const empty = parts.some((part) => part.trim() === '');
      const operator = parts.some((part) => part.startsWith('$') && !/^\$(?:\[.*\])?$/.test(part));
      if (!empty && !operator) return [];
      const why = empty ? 'a part of it is empty' : 'a part of it begins with $';
      const message = `no document has a field ${JSON.stringify(path)}, for ${why}: nothing is sealed, and what was meant is stored in the clear; write the path with a dot between names`;
      return [{ message, at }];
    }),
};

import { isBuiltinRoleName } from '../../../model/catalogue.ts';
import { formatRole } from '../../../model/names.ts';
import type { LintRule } from '../../rule.ts';

export const misleadingName: LintRule = {
  kind: 'checks',
  name: 'document/misleading-name',
  description: 'An adopted role bears the name of a built-in role that it is not',
  recommended: 'warning',
  source:
    'MongoDB takes such a name outside admin (tried on 4.4); whoever reads a grant takes the role for MongoDB’s own',
  check: ({ intent }) =>
    intent.roles
      .filter(({ role, adopted }) => adopted && isBuiltinRoleName({ role: role.role, db: 'admin' }))
      .map(({ role, origin }) => ({
        message: `${formatRole(role)} looks like MongoDB's own role ${role.role}, but is another one. Make a role of another name, grant that instead, and drop this one`,
        at: origin,
      })),
};

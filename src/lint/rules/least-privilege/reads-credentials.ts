import { formatRole } from '../../../model/names.ts';
import { collectionTarget, covers, formatResource } from '../../../model/resource.ts';
import type { LintRule } from '../../rule.ts';

const SYSTEM_USERS = collectionTarget({ db: 'admin', collection: 'system.users' });

export const readsCredentials: LintRule = {
  kind: 'checks',
  name: 'least-privilege/reads-credentials',
  description: 'A role can read the hashes of passwords',
  recommended: 'warning',
  source: 'tried on a MongoDB 4.4 server; OWASP Password Storage Cheat Sheet: hashes that leak are cracked offline',
  check: (context) => {
    const told = context.isTold;
    return context
      .privilegeLines()
      .filter(({ privilege: { resource, actions }, at }) => {
        return !('anyResource' in resource) && actions.includes('find') && covers(resource, SYSTEM_USERS) && !told(at);
      })
      .map(({ entry, privilege: { resource }, at }) => ({
        message: `whoever holds ${formatRole(entry.role)} can copy the password hashes of all accounts from admin.system.users through find on ${formatResource(resource)}, and crack them offline. Use usersInfo with viewUser on the databases needed, or treat its holder like an administrator`,
        at,
      }));
  },
};

import { formatRole } from '../../../model/names.ts';
import { formatResource } from '../../../model/resource.ts';
import type { LintRule } from '../../rule.ts';

/** Actions that change data, or what becomes of it. Those that only look are not counted, reading aside, which has its own rule. */
const CHANGING = new Set([
  'bypassDocumentValidation',
  'changePassword',
  'collMod',
  'convertToCapped',
  'createCollection',
  'createIndex',
  'createRole',
  'createUser',
  'dropCollection',
  'dropDatabase',
  'dropIndex',
  'dropRole',
  'dropUser',
  'emptycapped',
  'enableProfiler',
  'grantRole',
  'insert',
  'remove',
  'renameCollectionSameDB',
  'revokeRole',
  'setAuthenticationRestriction',
  'update',
]);

export const wildcardDatabase: LintRule = {
  kind: 'checks',
  name: 'least-privilege/wildcard-database',
  description: 'A role may change data in every database, later ones included',
  recommended: 'warning',
  strict: 'error',
  source: 'CIS MongoDB benchmark, “Ensure that role-based access control is enabled and configured appropriately”',
  check: (context) => {
    const told = context.isTold;
    return context.privilegeLines().flatMap(({ entry, privilege: { resource, actions }, at }) => {
      if (!('db' in resource) || resource.db !== '' || told(at)) return [];
      const changing = actions.filter((action) => CHANGING.has(action));
      if (changing.length === 0) return [];
      const message = `whoever holds ${formatRole(entry.role)} has ${changing.join(', ')} on ${formatResource(resource)}. That covers the databases of every other team, and those that are made later. Name the databases that it works in`;
      return [{ message, at }];
    });
  },
};

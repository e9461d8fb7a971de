import { formatRole } from '../../../model/names.ts';
import { formatResource } from '../../../model/resource.ts';
import type { LintRule } from '../../rule.ts';
import { asFound } from './exposed.ts';

export const anyAction: LintRule = {
  kind: 'checks',
  name: 'least-privilege/any-action',
  description: 'A role may do anything: anyAction',
  recommended: 'error',
  source: "MongoDB's manual, “Privilege Actions”: anyAction is not to be assigned except in exceptional circumstances",
  check: (context) => {
    const told = context.isTold;
    return context
      .privilegeLines()
      .filter(({ privilege, at }) => privilege.actions.includes('anyAction') && !told(at))
      .map(({ entry, privilege: { resource }, at }) => {
        const anywhere = 'anyResource' in resource || 'cluster' in resource || ('db' in resource && resource.db === '');
        const what = anywhere
          ? 'make itself root, read every account’s credentials and act as the server itself'
          : 'read, change and drop everything there, and whatever actions later releases add';
        return {
          message: `whoever holds ${formatRole(entry.role)} can ${what}, because anyAction on ${formatResource(resource)} stands for every action. List the actions that are needed`,
          at,
          ...asFound({ adopted: entry.adopted || !anywhere }),
        };
      });
  },
};

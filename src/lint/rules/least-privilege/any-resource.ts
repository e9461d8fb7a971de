import { formatRole } from '../../../model/names.ts';
import type { LintRule } from '../../rule.ts';
import { asFound } from './exposed.ts';

/** With `anyAction` besides, least-privilege/any-action says it. */
export const anyResource: LintRule = {
  kind: 'checks',
  name: 'least-privilege/any-resource',
  description: 'A role may act on everything there is: anyResource',
  recommended: 'error',
  source: "MongoDB's manual, “Resource Document”: anyResource is for internal use, not to be used otherwise",
  check: (context) => {
    const told = context.isTold;
    return context
      .privilegeLines()
      .filter(({ privilege: { resource, actions }, at }) => {
        return 'anyResource' in resource && !actions.includes('anyAction') && !told(at);
      })
      .map(({ entry, privilege: { actions }, at }) => ({
        message: `whoever holds ${formatRole(entry.role)} has ${actions.join(', ')} on everything, the server's own system.users, local and config included. Name the databases or "cluster" instead of "any"`,
        at,
        ...asFound(entry),
      }));
  },
};

import { roleKey } from '../../../model/names.ts';
import { type CommandHandler, undoneBy } from '../handler.ts';
import { withoutAbsent } from '../mongo-command.ts';
import { parseRole, printRole, roleTarget, roleTargetKey } from '../targets/role-target.ts';

export const createRole: CommandHandler<'createRole'> = {
  heading: ['+', 'create role'],
  target: roleTarget,
  phase: 'create roles',
  // A new role comes after those that it inherits, which the server would otherwise not find.
  waitsFor: ({ after }) => after.roles.map(roleTargetKey),
  command({ after: { role, db, privileges, roles, authenticationRestrictions } }) {
    return { db, command: withoutAbsent({ createRole: role, privileges, roles, authenticationRestrictions }) };
  },
  simulate: ({ after }, { roles }) => void roles.set(roleKey(after), after),
  effect: ({ after }, access) => access.defineRole(after, after),
  reverse: ({ after }) => undoneBy({ kind: 'dropRole', before: after }),
  print: ({ after }) => ({ after: printRole(after) }),
  parse: ({ kind, target, after }) => ({ kind, after: parseRole(target, after) }),
};

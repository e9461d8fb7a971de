import { roleKey } from '../../../model/names.ts';
import { type CommandHandler, undoneBy } from '../handler.ts';
import { parseRoleBefore, printRole, roleTarget, roleTargetKey } from '../targets/role-target.ts';

export const dropRole: CommandHandler<'dropRole'> = {
  heading: ['-', 'drop role'],
  target: roleTarget,
  phase: 'drop roles',
  // An heir goes before what it inherits: dropping that first would change the heir in passing.
  holdsUp: ({ before }) => before.roles.map(roleTargetKey),
  command({ before: { role, db } }) {
    return { db, command: { dropRole: role } };
  },
  simulate: ({ before }, { roles }) => void roles.delete(roleKey(before)),
  effect: ({ before }, access) => access.defineRole(before, undefined),
  reverse: ({ before }) => undoneBy({ kind: 'createRole', after: before }),
  print: ({ before }) => ({ before: printRole(before) }),
  parse: (entry, known) => ({ kind: entry.kind, before: parseRoleBefore(entry, known) }),
};

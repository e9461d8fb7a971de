import { canonicalRole } from '../../../model/role.ts';
import { block, line, list } from '../file-parts.ts';
import { type CommandHandler, undoneBy } from '../handler.ts';
import { changesRole, parseRoleBefore, printRole } from '../targets/role-target.ts';

export const updateRole: CommandHandler<'updateRole'> = {
  ...changesRole,
  heading: ['~', 'change restrictions of role'],
  phase: 'change settings',
  command({ after: { role, db, authenticationRestrictions } }) {
    return { db, command: { updateRole: role, authenticationRestrictions: authenticationRestrictions ?? [] } };
  },
  // From where its holders may log in says nothing about what they may do.
  effect: ({ after }, access) => access.defineRole(after, after),
  reverse: ({ before, after }) => undoneBy({ kind: 'updateRole', before: after, after: before }),
  print({ before, after: { authenticationRestrictions: restrictions } }) {
    const settings = restrictions && block({ authenticationRestrictions: list(restrictions) });
    return { before: printRole(before), after: settings ?? line({}) };
  },
  parse(entry, known) {
    const before = parseRoleBefore(entry, known);
    const { authenticationRestrictions: _replaced, ...rest } = before;
    return { kind: entry.kind, before, after: canonicalRole({ ...rest, ...entry.after }) };
  },
};

import { formatUser } from '../../../model/names.ts';
import { canonicalUser, subtractRoleRefs } from '../../../model/role.ts';
import { few } from '../file-parts.ts';
import { type CommandHandler, stays, undoneBy } from '../handler.ts';
import { withGranted } from '../held-roles.ts';
import { changesUser, NOT_MADE_AGAIN, parseUserBefore, printUser } from '../targets/user-target.ts';

export const grantRolesToUser: CommandHandler<'grantRolesToUser'> = {
  ...changesUser,
  heading: ['~', 'grant roles to user'],
  phase: 'grant roles to users',
  command({ before, after: { user, db, roles } }) {
    return { db, command: { grantRolesToUser: user, roles: subtractRoleRefs(roles, before.roles) } };
  },
  reverse({ before }, present) {
    if (present === undefined) return stays(NOT_MADE_AGAIN);
    const after = canonicalUser({ ...present, roles: before.roles });
    return undoneBy({ kind: 'revokeRolesFromUser', before: present, after });
  },
  print: ({ before, after }) => ({
    before: printUser(before),
    roles: few(subtractRoleRefs(after.roles, before.roles)),
  }),
  parse(entry, known) {
    const before = parseUserBefore(entry, known);
    const roles = withGranted(before.roles, entry.roles, `it grants what ${formatUser(before)} holds already`);
    return { kind: 'grantRolesToUser', before, after: canonicalUser({ ...before, roles }) };
  },
};

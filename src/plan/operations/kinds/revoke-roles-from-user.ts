import { formatUser } from '../../../model/names.ts';
import { canonicalUser, subtractRoleRefs } from '../../../model/role.ts';
import { few } from '../file-parts.ts';
import { type CommandHandler, stays, undoneBy } from '../handler.ts';
import { withoutRevoked } from '../held-roles.ts';
import { changesUser, NOT_MADE_AGAIN, parseUserBefore, printUser } from '../targets/user-target.ts';

export const revokeRolesFromUser: CommandHandler<'revokeRolesFromUser'> = {
  ...changesUser,
  heading: ['~', 'revoke roles from user'],
  phase: 'revoke roles from users',
  command({ before, after: { user, db, roles } }) {
    return { db, command: { revokeRolesFromUser: user, roles: subtractRoleRefs(before.roles, roles) } };
  },
  reverse({ before }, present) {
    if (present === undefined) return stays(NOT_MADE_AGAIN);
    const after = canonicalUser({ ...present, roles: before.roles });
    return undoneBy({ kind: 'grantRolesToUser', before: present, after });
  },
  print: ({ before, after }) => ({
    before: printUser(before),
    roles: few(subtractRoleRefs(before.roles, after.roles)),
  }),
  parse(entry, known) {
    const before = parseUserBefore(entry, known);
    const roles = withoutRevoked(before.roles, entry.roles, `it revokes what ${formatUser(before)} does not hold`);
    return { kind: 'revokeRolesFromUser', before, after: canonicalUser({ ...before, roles }) };
  },
};

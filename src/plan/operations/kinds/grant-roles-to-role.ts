import { formatRole } from '../../../model/names.ts';
import { canonicalRole, subtractRoleRefs } from '../../../model/role.ts';
import { few } from '../file-parts.ts';
import { type CommandHandler, undoneBy } from '../handler.ts';
import { withGranted } from '../held-roles.ts';
import { changesRole, parseRoleBefore, printRole } from '../targets/role-target.ts';

export const grantRolesToRole: CommandHandler<'grantRolesToRole'> = {
  ...changesRole,
  heading: ['~', 'grant roles to role'],
  phase: 'grant roles to roles',
  command({ before, after: { role, db, roles } }) {
    return { db, command: { grantRolesToRole: role, roles: subtractRoleRefs(roles, before.roles) } };
  },
  reverse: ({ before, after }) => undoneBy({ kind: 'revokeRolesFromRole', before: after, after: before }),
  print: ({ early, before, after }) => ({
    early,
    before: printRole(before),
    roles: few(subtractRoleRefs(after.roles, before.roles)),
  }),
  parse(entry, known) {
    const before = parseRoleBefore(entry, known);
    const roles = withGranted(before.roles, entry.roles, `it grants what ${formatRole(before)} inherits already`);
    return { kind: 'grantRolesToRole', before, after: canonicalRole({ ...before, roles }) };
  },
};

import { formatRole } from '../../../model/names.ts';
import { canonicalRole, subtractRoleRefs } from '../../../model/role.ts';
import { few } from '../file-parts.ts';
import { type CommandHandler, undoneBy } from '../handler.ts';
import { withoutRevoked } from '../held-roles.ts';
import { changesRole, parseRoleBefore, printRole } from '../targets/role-target.ts';

export const revokeRolesFromRole: CommandHandler<'revokeRolesFromRole'> = {
  ...changesRole,
  heading: ['~', 'revoke roles from role'],
  phase: 'narrow roles',
  command({ before, after: { role, db, roles } }) {
    return { db, command: { revokeRolesFromRole: role, roles: subtractRoleRefs(before.roles, roles) } };
  },
  reverse: ({ before, after }) => undoneBy({ kind: 'grantRolesToRole', before: after, after: before }),
  print: ({ early, before, after }) => ({
    early,
    before: printRole(before),
    roles: few(subtractRoleRefs(before.roles, after.roles)),
  }),
  parse(entry, known) {
    const before = parseRoleBefore(entry, known);
    const roles = withoutRevoked(before.roles, entry.roles, `it revokes what ${formatRole(before)} does not inherit`);
    return { kind: 'revokeRolesFromRole', before, after: canonicalRole({ ...before, roles }) };
  },
};

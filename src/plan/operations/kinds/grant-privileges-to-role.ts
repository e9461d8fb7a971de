import { formatRole } from '../../../model/names.ts';
import { canonicalPrivileges, type Privilege, subtractPrivileges } from '../../../model/privilege.ts';
import { canonicalRole } from '../../../model/role.ts';
import { refuseUnequal } from '../chain-break.ts';
import { parsePrivileges, printPrivileges } from '../file-privileges.ts';
import { type CommandHandler, undoneBy } from '../handler.ts';
import type { Change } from '../operation.ts';
import { changesRole, parseRoleBefore, printRole } from '../targets/role-target.ts';

export const grantPrivilegesToRole: CommandHandler<'grantPrivilegesToRole'> = {
  ...changesRole,
  heading: ['~', 'grant privileges to role'],
  phase: 'grant privileges to roles',
  command(operation) {
    const { role, db } = operation.after;
    return { db, command: { grantPrivilegesToRole: role, privileges: granted(operation) } };
  },
  reverse: ({ before, after }) => undoneBy({ kind: 'revokePrivilegesFromRole', before: after, after: before }),
  print: (operation) => ({ before: printRole(operation.before), privileges: printPrivileges(granted(operation)) }),
  parse(entry, known) {
    const before = parseRoleBefore(entry, known);
    const privileges = canonicalPrivileges(parsePrivileges(entry.privileges, 'privileges'));
    const news = subtractPrivileges(privileges, before.privileges);
    refuseUnequal(news, privileges, `it grants what ${formatRole(before)} has already`, 'privileges');
    const after = canonicalRole({ ...before, privileges: [...before.privileges, ...privileges] });
    return { kind: 'grantPrivilegesToRole', before, after };
  },
};

function granted({ before, after }: Change<'grantPrivilegesToRole'>): readonly Privilege[] {
  return subtractPrivileges(after.privileges, before.privileges);
}

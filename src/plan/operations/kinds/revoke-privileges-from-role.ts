import { formatRole } from '../../../model/names.ts';
import { besideAnyAction, canonicalPrivileges, type Privilege, subtractPrivileges } from '../../../model/privilege.ts';
import { canonicalRole } from '../../../model/role.ts';
import { refuseUnequal } from '../chain-break.ts';
import { parsePrivileges, printPrivileges } from '../file-privileges.ts';
import { type CommandHandler, undoneBy } from '../handler.ts';
import type { Change } from '../operation.ts';
import { changesRole, parseRoleBefore, printRole } from '../targets/role-target.ts';

export const revokePrivilegesFromRole: CommandHandler<'revokePrivilegesFromRole'> = {
  ...changesRole,
  heading: ['~', 'revoke privileges from role'],
  phase: 'narrow roles',
  command(operation) {
    const { role, db, privileges } = operation.after;
    if (keptBesideAnyAction(operation).length > 0) return { db, command: { updateRole: role, privileges } };
    return { db, command: { revokePrivilegesFromRole: role, privileges: revoked(operation) } };
  },
  reverse: ({ before, after }) => undoneBy({ kind: 'grantPrivilegesToRole', before: after, after: before }),
  print(operation) {
    const kept = keptBesideAnyAction(operation);
    return {
      before: printRole(operation.before),
      privileges: printPrivileges(revoked(operation)),
      kept: kept.length === 0 ? undefined : printPrivileges(kept),
    };
  },
  parse(entry, known) {
    const before = parseRoleBefore(entry, known);
    const target = formatRole(before);
    const privileges = canonicalPrivileges(parsePrivileges(entry.privileges, 'privileges'));
    const missing = subtractPrivileges(privileges, before.privileges);
    refuseUnequal(missing, [], `it revokes what ${target} does not have`, 'privileges');
    const left = [...subtractPrivileges(before.privileges, privileges), ...parsePrivileges(entry.kept ?? [], 'kept')];
    refuseUnequal(subtractPrivileges(left, before.privileges), [], `it keeps what ${target} does not have`, 'kept');
    return { kind: 'revokePrivilegesFromRole', before, after: canonicalRole({ ...before, privileges: left }) };
  },
};

function revoked({ before, after }: Change<'revokePrivilegesFromRole'>): readonly Privilege[] {
  return subtractPrivileges(before.privileges, after.privileges);
}

function keptBesideAnyAction({ before, after }: Change<'revokePrivilegesFromRole'>): readonly Privilege[] {
  return besideAnyAction(before.privileges, after.privileges);
}

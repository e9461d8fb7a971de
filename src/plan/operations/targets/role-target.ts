/** Roles as targets of operations: what they are in a migration's file, and what operations on one that stays share. */

import type { RoleForm, RoleTarget } from '../../../generated/migration.ts';
import { formatRole, type RoleRef, roleKey } from '../../../model/names.ts';
import { canonicalRole, type Role } from '../../../model/role.ts';
import { documentKey } from '../../../state/document.ts';
import type { AccessByRoles } from '../../access-moved.ts';
import { ChainBreak } from '../chain-break.ts';
import { block, type FilePart, few, list, maybe } from '../file-parts.ts';
import { parsePrivileges, printPrivileges } from '../file-privileges.ts';
import type { StateParts } from '../state-parts.ts';
import type { KnownForms, OperationTarget, TargetKey } from '../target.ts';

export const roleTarget: OperationTarget<Role> = {
  noun: 'role',
  chained: true,
  key: roleTargetKey,
  text: formatRole,
  print: ({ role, db }) => ({ role, db }),
  formKey: documentKey,
  presentKey({ before, after }, view) {
    const named = after ?? before;
    const present = named && view.role(named);
    return present && documentKey(canonicalRole(present));
  },
};

export function roleTargetKey(ref: RoleRef): TargetKey {
  return `role ${roleKey(ref)}`;
}

interface RoleChange {
  readonly before: Role;
  readonly after: Role;
}

/** What every change of a role that stays has in common. */
export const changesRole = {
  target: roleTarget,
  simulate({ after }: Pick<RoleChange, 'after'>, { roles }: StateParts): void {
    roles.set(roleKey(after), after);
  },
  effect({ before, after }: RoleChange, access: AccessByRoles) {
    return access.changeRole(before, after);
  },
};

export function printRole({ privileges, roles, authenticationRestrictions, isBuiltin }: Role): FilePart {
  return block({
    privileges: printPrivileges(privileges),
    roles: few(roles),
    authenticationRestrictions: maybe(list, authenticationRestrictions),
    isBuiltin,
  });
}

export function parseRole({ role, db }: RoleTarget, { isBuiltin, privileges, ...form }: RoleForm): Role {
  const granted = parsePrivileges(privileges, 'privileges');
  return canonicalRole({ role, db, ...form, privileges: granted, ...(isBuiltin && { isBuiltin }) });
}

/** The role before an operation, as the entry says it or the operations above leave it. Throws a {@link ChainBreak} if neither does. */
export function parseRoleBefore(
  { target, before }: { readonly target: RoleTarget; readonly before?: RoleForm },
  known: KnownForms,
): Role {
  if (before !== undefined) return parseRole(target, before);
  const form = known.get(roleTargetKey(target));
  if (form !== undefined && 'role' in form) return form;
  throw new ChainBreak(`it lacks the key "before", and no operation above says what ${formatRole(target)} looks like`);
}

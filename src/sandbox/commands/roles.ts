/** Commands that change roles (manual, "Role Management Commands"). */
import { catalogueFor } from '../../model/catalogue.ts';
import { formatRole, type RoleRef, roleKey } from '../../model/names.ts';
import { canonicalPrivileges, type Privilege, subtractPrivileges } from '../../model/privilege.ts';
import { databaseTarget, resourceKey } from '../../model/resource.ts';
import type { AuthenticationRestriction, Role } from '../../model/role.ts';
import type { Command, Context } from '../command-definition.ts';
import { commandError, locationError } from '../errors.ts';
import { onlyKnown, type Request, subject } from '../request.ts';
import type { Document } from '../values.ts';
import {
  checkRolesExist,
  mayManagePrivileges,
  mayManageRoles,
  mayRevokeAnything,
  maySetRestrictions,
  optionalPrivileges,
  optionalRestrictions,
  optionalRoles,
  requiredPrivileges,
  requiredRoles,
} from './arguments.ts';

const ARGUMENTS = ['privileges', 'roles', 'authenticationRestrictions'];

function roleOf(request: Request): RoleRef {
  return { role: subject(request), db: request.db };
}

function parse(request: Request) {
  onlyKnown(request, ARGUMENTS);
  return {
    ref: roleOf(request),
    privileges: optionalPrivileges(request),
    roles: optionalRoles(request),
    restrictions: optionalRestrictions(request),
  };
}

function invalid(message: string) {
  return commandError('InvalidRoleModification', message);
}

/** A role outside `admin` inherits from its own database only, and no role may come back to itself. */
function checkInheritance(context: Context, ref: RoleRef, inherited: readonly RoleRef[]): void {
  for (const other of inherited) {
    if (roleKey(other) === roleKey(ref)) throw invalid(`Cannot grant role ${formatRole(ref)} to itself.`);
    if (ref.db !== 'admin' && other.db !== ref.db) {
      throw invalid(`Roles on the '${ref.db}' database cannot be granted roles from other databases`);
    }
  }
  checkRolesExist(context, inherited);
  const { graph } = context.sandbox.accounts;
  const leadsBack = (refs: readonly RoleRef[]): boolean =>
    graph.closure(refs).some((role) => roleKey(role) === roleKey(ref));
  if (!leadsBack(inherited)) return;
  for (const other of inherited) {
    if (!leadsBack([other])) continue;
    throw invalid(`Granting ${formatRole(other)} to ${formatRole(ref)} would introduce a cycle in the role graph.`);
  }
}

/** A role outside `admin` holds privileges on its own database only, and none on `system_buckets` (tried on 5.1 and 8.3). */
function checkPrivileges(ref: RoleRef, privileges: readonly Privilege[]): void {
  if (ref.db === 'admin') return;
  for (const { resource } of privileges) {
    if ('collection' in resource && resource.db === ref.db) continue;
    throw invalid(
      `Roles on the '${ref.db}' database cannot be granted privileges that target other databases or the cluster`,
    );
  }
}

/** The role as it is stored; an error for a built-in one and for one that does not exist. */
function modifiable({ sandbox: { accounts } }: Context, ref: RoleRef): Role {
  const found = accounts.customRole(ref);
  if (found !== undefined) return found;
  if (accounts.isBuiltin(ref)) throw invalid(`${formatRole(ref)} is a built-in role and cannot be modified.`);
  throw commandError('RoleNotFound', `Could not find role: ${formatRole(ref)}`);
}

/** No restrictions at all are not stored as an empty list. */
function restricted(
  restrictions: readonly AuthenticationRestriction[] | undefined,
): Pick<Role, 'authenticationRestrictions'> {
  return restrictions === undefined || restrictions.length === 0 ? {} : { authenticationRestrictions: restrictions };
}

function createRole(context: Context): Document {
  const { accounts } = context.sandbox;
  const { ref, privileges, roles, restrictions } = parse(context.request);
  if (ref.role === '') throw commandError('BadValue', 'Role name must be non-empty');
  if (ref.db === 'local' || ref.db === '$external') {
    throw commandError('BadValue', `Cannot create roles in the ${ref.db} database`);
  }
  if (accounts.isBuiltin(ref)) {
    throw commandError('BadValue', 'Cannot create roles with the same name as a built-in role');
  }
  if (roles === undefined) throw commandError('BadValue', '"createRole" command requires a "roles" array');
  if (privileges === undefined) throw commandError('BadValue', '"createRole" command requires a "privileges" array');
  checkInheritance(context, ref, roles);
  checkPrivileges(ref, privileges);
  if (accounts.customRole(ref) !== undefined) throw locationError(51002, `Role "${formatRole(ref)}" already exists`);
  accounts.putRole({ ...ref, privileges, roles, ...restricted(restrictions) });
  return {};
}

function mayCreateRole({ request, caller }: Context): boolean {
  const { privileges = [], roles = [] } = parse(request);
  return (
    caller.may('createRole', databaseTarget(request.db)) &&
    mayManageRoles(caller, 'grantRole', roles) &&
    mayManagePrivileges(caller, 'grantRole', privileges) &&
    maySetRestrictions(caller, request)
  );
}

function updateRole(context: Context): Document {
  const { ref, privileges, roles, restrictions } = parse(context.request);
  if (privileges === undefined && roles === undefined && restrictions === undefined) {
    throw commandError('BadValue', 'Must specify at least one field to update in updateRole');
  }
  const before = modifiable(context, ref);
  if (roles !== undefined) checkInheritance(context, ref, roles);
  if (privileges !== undefined) checkPrivileges(ref, privileges);
  const { authenticationRestrictions: _, ...rest } = before;
  context.sandbox.accounts.putRole({
    ...(restrictions === undefined ? before : { ...rest, ...restricted(restrictions) }),
    ...(privileges === undefined ? {} : { privileges }),
    ...(roles === undefined ? {} : { roles }),
  });
  return {};
}

function mayUpdateRole({ request, caller }: Context): boolean {
  const { privileges = [], roles = [] } = parse(request);
  return (
    mayRevokeAnything(caller) &&
    mayManageRoles(caller, 'grantRole', roles) &&
    mayManagePrivileges(caller, 'grantRole', privileges) &&
    maySetRestrictions(caller, request)
  );
}

function grantPrivileges(context: Context): Document {
  onlyKnown(context.request, ['privileges']);
  const ref = roleOf(context.request);
  const granted = requiredPrivileges(context.request);
  const before = modifiable(context, ref);
  checkPrivileges(ref, granted);
  context.sandbox.accounts.putRole({
    ...before,
    privileges: canonicalPrivileges([...before.privileges, ...granted]),
  });
  return {};
}

/** What is taken from `anyAction` leaves the others, each by its name. */
function withoutAny({ resource, actions }: Privilege, revoked: readonly Privilege[], version: string): Privilege {
  const taken = revoked.some((other) => resourceKey(other.resource) === resourceKey(resource));
  return { resource, actions: taken && actions.includes('anyAction') ? [...catalogueFor(version).actions] : actions };
}

function revokePrivileges(context: Context): Document {
  onlyKnown(context.request, ['privileges']);
  const revoked = requiredPrivileges(context.request);
  const before = modifiable(context, roleOf(context.request));
  const writtenOut = before.privileges.map((privilege) => withoutAny(privilege, revoked, context.sandbox.version));
  const privileges = subtractPrivileges(writtenOut, revoked);
  context.sandbox.accounts.putRole({ ...before, privileges });
  return {};
}

function grantRoles(context: Context): Document {
  onlyKnown(context.request, ['roles']);
  const granted = requiredRoles(context.request);
  const before = modifiable(context, roleOf(context.request));
  checkInheritance(context, before, granted);
  const held = new Set(before.roles.map(roleKey));
  const added = granted.filter((ref) => !held.has(roleKey(ref)));
  context.sandbox.accounts.putRole({ ...before, roles: [...before.roles, ...added] });
  return {};
}

function revokeRoles(context: Context): Document {
  onlyKnown(context.request, ['roles']);
  const revoked = new Set(requiredRoles(context.request).map(roleKey));
  const before = modifiable(context, roleOf(context.request));
  context.sandbox.accounts.putRole({ ...before, roles: before.roles.filter((ref) => !revoked.has(roleKey(ref))) });
  return {};
}

function dropRole(context: Context): Document {
  onlyKnown(context.request, []);
  context.sandbox.accounts.removeRole(modifiable(context, roleOf(context.request)));
  return {};
}

function dropAllRoles({ request, sandbox: { accounts } }: Context): Document {
  onlyKnown(request, []);
  const roles = accounts.customRoles().filter(({ db }) => db === request.db);
  for (const role of roles) accounts.removeRole(role);
  return { n: roles.length };
}

export const ROLE_COMMANDS: readonly Command[] = [
  { name: 'createRole', authorize: mayCreateRole, run: createRole },
  { name: 'updateRole', authorize: mayUpdateRole, run: updateRole },
  {
    name: 'dropRole',
    authorize: ({ request, caller }) => caller.may('dropRole', databaseTarget(request.db)),
    run: dropRole,
  },
  {
    name: 'dropAllRolesFromDatabase',
    authorize: ({ request, caller }) => caller.may('dropRole', databaseTarget(request.db)),
    run: dropAllRoles,
  },
  {
    name: 'grantPrivilegesToRole',
    authorize: ({ request, caller }) => mayManagePrivileges(caller, 'grantRole', requiredPrivileges(request)),
    run: grantPrivileges,
  },
  {
    name: 'revokePrivilegesFromRole',
    authorize: ({ request, caller }) => mayManagePrivileges(caller, 'revokeRole', requiredPrivileges(request)),
    run: revokePrivileges,
  },
  {
    name: 'grantRolesToRole',
    authorize: ({ request, caller }) => mayManageRoles(caller, 'grantRole', requiredRoles(request)),
    run: grantRoles,
  },
  {
    name: 'revokeRolesFromRole',
    authorize: ({ request, caller }) => mayManageRoles(caller, 'revokeRole', requiredRoles(request)),
    run: revokeRoles,
  },
];

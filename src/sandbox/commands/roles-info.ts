/** `rolesInfo` (manual, "rolesInfo"). */
import type { RoleRef } from '../../model/names.ts';
import { canonicalPrivileges } from '../../model/privilege.ts';
import { databaseTarget } from '../../model/resource.ts';
import type { Role } from '../../model/role.ts';
import { roleDocument } from '../accounts.ts';
import { holdsRole } from '../authorize.ts';
import type { Command, Context } from '../command-definition.ts';
import { commandError, notSimulated } from '../errors.ts';
import { flag, onlyKnown, type Request } from '../request.ts';
import { builtinRoles } from '../sandbox-state.ts';
import { type Document, field, isTrue, numberOf } from '../values.ts';
import { parseRoleRef } from './arguments.ts';

/** The roles asked for; nothing for all of the database. */
function targetOf(request: Request): readonly RoleRef[] | undefined {
  const value = field(request.body, 'rolesInfo');
  if (numberOf(value) === 1) return undefined;
  return (Array.isArray(value) ? value : [value]).map((name) => parseRoleRef(name, request.db));
}

function mayViewRoles({ request, caller }: Context): boolean {
  const target = targetOf(request);
  if (target === undefined) return caller.may('viewRole', databaseTarget(request.db));
  return target.every((ref) => holdsRole(caller, ref) || caller.may('viewRole', databaseTarget(ref.db)));
}

function rolesInfo(context: Context): Document {
  const { request, sandbox } = context;
  onlyKnown(request, ['showPrivileges', 'showAuthenticationRestrictions', 'showBuiltinRoles']);
  const { accounts, version } = sandbox;
  const showPrivileges = field(request.body, 'showPrivileges');
  if (showPrivileges === 'asUserFragment') throw notSimulated("showPrivileges: 'asUserFragment' of rolesInfo");
  if (typeof showPrivileges === 'string') {
    throw commandError(
      'FailedToParse',
      `Failed to parse 'showPrivileges'. 'showPrivileges' should either be a boolean or the string 'asUserFragment', given: ${showPrivileges}`,
    );
  }
  const show = {
    privileges: isTrue(showPrivileges),
    restrictions: flag(request, 'showAuthenticationRestrictions'),
  };
  const builtins = flag(request, 'showBuiltinRoles') ? builtinRoles(version, request.db) : [];
  const custom = accounts.customRoles().filter(({ db }) => db === request.db);
  const asked = targetOf(request) ?? [...custom, ...builtins];
  return { roles: asked.flatMap((ref) => described(context, ref, show)) };
}

interface Show {
  readonly privileges: boolean;
  readonly restrictions: boolean;
}

/** One role as the server describes it; nothing if it does not exist. */
function described({ sandbox: { accounts } }: Context, ref: RoleRef, show: Show): readonly Document[] {
  const role = accounts.graph.role(ref);
  if (role === undefined) return [];
  const inherited = accounts.graph.closure(role.roles);
  return [
    {
      ...stored(accounts.customRole(ref) ?? role),
      ...(show.privileges ? { privileges: canonicalPrivileges(role.privileges) } : {}),
      ...(show.restrictions ? { authenticationRestrictions: role.authenticationRestrictions ?? [] } : {}),
      inheritedRoles: inherited.map((other) => ({ role: other.role, db: other.db })),
      ...(show.privileges ? { inheritedPrivileges: privilegesOf([role, ...inherited]) } : {}),
      ...(show.restrictions ? { inheritedAuthenticationRestrictions: restrictionsOf([role, ...inherited]) } : {}),
      isBuiltin: role.isBuiltin === true,
    },
  ];
}

function stored(role: Role): Document {
  const { privileges: _, authenticationRestrictions: __, _id, ...names } = roleDocument(role);
  return role.isBuiltin === true ? names : { _id, ...names };
}

function privilegesOf(roles: readonly Role[]) {
  return canonicalPrivileges(roles.flatMap((role) => role.privileges));
}

function restrictionsOf(roles: readonly Role[]) {
  return roles.flatMap(({ authenticationRestrictions: own }) => (own === undefined ? [] : [own]));
}

export const ROLES_INFO_COMMANDS: readonly Command[] = [{ name: 'rolesInfo', authorize: mayViewRoles, run: rolesInfo }];

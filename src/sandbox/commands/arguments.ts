/** What the user and role commands have in common: names, grants, and who may grant and revoke. */

import { isKnownAction } from '../../model/catalogue.ts';
import type { RoleRef } from '../../model/names.ts';
import { sortedSet } from '../../model/order.ts';
import type { Privilege } from '../../model/privilege.ts';
import { databaseTarget, type Resource, type Target } from '../../model/resource.ts';
import type { AuthenticationRestriction } from '../../model/role.ts';
import { parseRestrictions } from '../authentication-restrictions.ts';
import type { Caller } from '../authorize.ts';
import type { Context } from '../command-definition.ts';
import { commandError } from '../errors.ts';
import { optionalList, type Request, requiredList } from '../request.ts';
import { type Document, field, isDocument, typeOf } from '../values.ts';

/** A name, or a document of a name and a database; a bare name means the command's own database. */
function parseName(value: unknown, key: 'user' | 'role', db: string): { readonly name: string; readonly db: string } {
  if (typeof value === 'string') return { name: value, db };
  if (!isDocument(value)) {
    throw commandError('BadValue', `${key === 'user' ? 'User' : 'Role'} name must be either string or object`);
  }
  for (const part of [key, 'db']) {
    if (typeof field(value, part) === 'string') continue;
    throw commandError('BadValue', `${key} name must contain a string field named: ${part}`);
  }
  return { name: String(field(value, key)), db: String(field(value, 'db')) };
}

export function parseRoleRef(value: unknown, db: string): RoleRef {
  const { name, db: own } = parseName(value, 'role', db);
  return { role: name, db: own };
}

export function parseUserRef(value: unknown, db: string): { readonly user: string; readonly db: string } {
  const { name, db: own } = parseName(value, 'user', db);
  return { user: name, db: own };
}

export function optionalRoles(request: Request): readonly RoleRef[] | undefined {
  return optionalList(request, 'roles')?.map((value) => parseRoleRef(value, request.db));
}

/** The `roles` of a grant or revocation: at least one. */
export function requiredRoles(request: Request): readonly RoleRef[] {
  const roles = requiredList(request, 'roles').map((value) => parseRoleRef(value, request.db));
  if (roles.length === 0) {
    throw commandError('BadValue', `${request.name} command requires a non-empty "roles" array`);
  }
  return roles;
}

export function optionalRestrictions(request: Request): readonly AuthenticationRestriction[] | undefined {
  const list = optionalList(request, 'authenticationRestrictions');
  return list === undefined ? undefined : parseRestrictions(list);
}

export function optionalPrivileges(request: Request): readonly Privilege[] | undefined {
  return optionalList(request, 'privileges')?.map(parsePrivilege);
}

export function requiredPrivileges(request: Request): readonly Privilege[] {
  const privileges = requiredList(request, 'privileges').map(parsePrivilege);
  if (privileges.length === 0) {
    throw commandError('BadValue', `${request.name} command requires a non-empty "privileges" array`);
  }
  return privileges;
}

function unparsable(message: string) {
  return commandError('FailedToParse', message);
}

function parsePrivilege(value: unknown): Privilege {
  if (!isDocument(value)) throw unparsable('Elements in privilege arrays must be objects');
  const actions = field(value, 'actions');
  if (!Array.isArray(actions) || actions.length === 0) throw unparsable('missing actions field');
  const names = actions.map((action: unknown) => {
    if (typeof action !== 'string')
      throw unparsable(`wrong type for 'actions' field, expected string, found ${typeOf(action)}`);
    return action;
  });
  const resource = field(value, 'resource');
  if (!isDocument(resource)) throw unparsable('missing resource field');
  const parsed = parseResource(resource);
  const unknown = names.filter((name) => !isKnownAction(name));
  if (unknown.length > 0) throw unparsable(`Unrecognized action privilege strings: ${unknown.join(',')}`);
  // A privilege's actions are a set already when it is stored.
  return { resource: parsed, actions: sortedSet(names) };
}

function parseResource(resource: Document): Resource {
  const names = Object.keys(resource).sort().join();
  const { db, collection, system_buckets: buckets, cluster, anyResource } = resource;
  if (names === 'anyResource' && anyResource === true) return { anyResource: true };
  if (names === 'cluster' && cluster === true) return { cluster: true };
  if (names === 'collection,db' && typeof db === 'string' && typeof collection === 'string') return { db, collection };
  if (names === 'db,system_buckets' && typeof db === 'string' && typeof buckets === 'string') {
    return { db, system_buckets: buckets };
  }
  if (names === 'anyResource' || names === 'cluster') throw unparsable(`${names} must be true when specified`);
  if (names === 'db' || names === 'collection') {
    throw unparsable('resource must set both db and collection or neither, but not exactly one.');
  }
  throw unparsable(
    'resource must have exactly db and collection set, or have only cluster set  or have only anyResource set',
  );
}

/** The database on which a privilege's grant is decided; nothing for one that reaches several or the cluster. */
function ownDatabase(resource: Resource): string | undefined {
  return 'db' in resource && resource.db !== '' ? resource.db : undefined;
}

function mayManage(caller: Caller, action: 'grantRole' | 'revokeRole', db: string): boolean {
  return caller.may(action, databaseTarget(db));
}

export function mayManageRoles(caller: Caller, action: 'grantRole' | 'revokeRole', roles: readonly RoleRef[]): boolean {
  return roles.every((role) => mayManage(caller, action, role.db));
}

/** Privileges that concern no single database are granted and revoked by whoever may do so on `admin`. */
export function mayManagePrivileges(
  caller: Caller,
  action: 'grantRole' | 'revokeRole',
  privileges: readonly Privilege[],
): boolean {
  return privileges.every(({ resource }) => mayManage(caller, action, ownDatabase(resource) ?? 'admin'));
}

/**
 * A target that only `anyResource` and `{db: "", collection: ""}` reach: whoever replaces a whole array may take away any
 * role there is, so that the server asks for `revokeRole` everywhere.
 */
const ANY_NORMAL_RESOURCE: Target = { kind: 'database', db: '' };

export function mayRevokeAnything(caller: Caller): boolean {
  return caller.may('revokeRole', ANY_NORMAL_RESOURCE);
}

/** Whether the caller may set restrictions on accounts of the database, if there are any to set. */
export function maySetRestrictions(caller: Caller, request: Request): boolean {
  if (field(request.body, 'authenticationRestrictions') === undefined) return true;
  return caller.may('setAuthenticationRestriction', databaseTarget(request.db));
}

/** Throws for roles that do not exist. */
export function checkRolesExist({ sandbox: { accounts } }: Context, roles: readonly RoleRef[]): void {
  const unknown = roles.filter((ref) => accounts.graph.role(ref) === undefined);
  if (unknown.length === 0) return;
  const names = sortedSet(unknown.map(({ role, db }) => `${role}@${db}`)).join(', ');
  throw commandError('RoleNotFound', `Could not find role${unknown.length > 1 ? 's' : ''}: ${names}`);
}

/** Roles and users of a policy file, compiled. */
import type {
  Addresses,
  AuthenticationRestrictionEntry,
  On,
  PrivilegeEntry,
  RoleEntry,
  RoleName,
  SecretSource,
  UserEntry,
} from '../generated/policy.ts';
import { isAddressRange } from '../model/address.ts';
import { collectionNameProblem, databaseNameProblem, type RoleRef, splitAt, type UserRef } from '../model/names.ts';
import type { Privilege } from '../model/privilege.ts';
import { parseResource, type Resource } from '../model/resource.ts';
import { type AuthenticationRestriction, canonicalRole, canonicalUser } from '../model/role.ts';
import type { FileContext } from './file-context.ts';
import type { IntentGrant, IntentRole, IntentUser, SecretReference } from './intent.ts';
import { PRESETS } from './presets.ts';
import type { DocumentPath } from './problem.ts';

/** A role written in either form. The schema has made sure that a text has an `@` with something on both sides. */
export function roleRef(written: RoleName): RoleRef {
  if (typeof written !== 'string') return { role: written.name, db: written.db };
  const { name, db } = splitAt(written) ?? { name: written, db: '' };
  return { role: name, db };
}

/** A user written in either form, like {@link roleRef}. */
export function userRef(written: RoleName): UserRef {
  const { role, db } = roleRef(written);
  return { user: role, db };
}

export function compileRole(context: FileContext, key: string, entry: RoleEntry): IntentRole | undefined {
  const path = ['roles', key] as const;
  const name = qualifiedName(context, path, 'role');
  if (name === undefined) return undefined;
  const privileges = (entry.privileges ?? []).flatMap((written, index) => {
    const at = [...path, 'privileges', index];
    const privilege = compilePrivilege(context, at, written);
    return privilege === undefined ? [] : [{ kind: 'privilege' as const, privilege, origin: context.origin(at) }];
  });
  return {
    role: canonicalRole({
      role: name.name,
      db: name.db,
      privileges: privileges.map((grant) => grant.privilege),
      roles: (entry.roles ?? []).map(roleRef),
      authenticationRestrictions: authenticationRestrictions(context, path, entry),
    }),
    grants: [...privileges, ...roleGrants(context, path, entry.roles)],
    adopted: entry.adopted === true,
    origin: context.origin(path),
  };
}

function roleGrants(context: FileContext, path: DocumentPath, roles: readonly RoleName[] = []): IntentGrant[] {
  return roles.map((written, index) => ({
    kind: 'role',
    role: roleRef(written),
    origin: context.origin([...path, 'roles', index]),
  }));
}

export function compileUser(context: FileContext, key: string, entry: UserEntry): IntentUser | undefined {
  const path = ['users', key] as const;
  const name = qualifiedName(context, path, 'user');
  if (name === undefined) return undefined;
  if (name.db === '$external') refuseCredentials(context, path, entry);
  const password = entry.password && secretReference(context, [...path, 'password'], entry.password);
  return {
    user: canonicalUser({
      user: name.name,
      db: name.db,
      roles: (entry.roles ?? []).map(roleRef),
      ...(entry.mechanisms === undefined ? {} : { mechanisms: entry.mechanisms }),
      authenticationRestrictions: authenticationRestrictions(context, path, entry),
      ...(entry.customData === undefined ? {} : { customData: entry.customData }),
    }),
    grants: roleGrants(context, path, entry.roles),
    ...(password === undefined ? {} : { password }),
    adopted: entry.adopted === true,
    origin: context.origin(path),
  };
}

function qualifiedName(
  context: FileContext,
  path: readonly [string, string],
  kind: string,
): { readonly name: string; readonly db: string } | undefined {
  const [, key] = path;
  const name = splitAt(key);
  if (name === undefined) {
    context.problem('document/name', path, `"${key}" is not the name of a ${kind}: write it as name@db`);
    return undefined;
  }
  const wrong = name.name.includes('\0') ? 'its name contains a null character' : databaseNameProblem(name.db);
  // The server: “Cannot create users in the local database”, and the same of roles (tried on 4.4 and 8.3).
  if (name.db === 'local' || (kind === 'role' && name.db === '$external')) {
    context.problem('document/name', path, `${kind}s can't be in ${name.db}: define it in admin`);
    return undefined;
  }
  if (wrong === undefined) return name;
  context.problem('document/name', path, `${JSON.stringify(key)} can't be a ${kind}: ${wrong}`);
  return undefined;
}

/** Users of `$external` log in by certificate, LDAP or OIDC: MongoDB keeps neither password nor mechanism for them. */
function refuseCredentials(context: FileContext, path: DocumentPath, entry: UserEntry): void {
  for (const field of ['password', 'mechanisms'] as const) {
    if (entry[field] === undefined) continue;
    const message = `a user of $external has no ${field === 'password' ? 'password' : 'SCRAM mechanisms'}: remove "${field}"`;
    context.problem('credentials/external-password', [...path, field], message);
  }
}

/** The reference, if exactly one source is named. */
export function secretReference(
  context: Pick<FileContext, 'problem'>,
  path: DocumentPath,
  { fromEnv, fromFile }: SecretSource,
): SecretReference | undefined {
  if (fromEnv !== undefined && fromFile === undefined) return { fromEnv };
  if (fromFile !== undefined && fromEnv === undefined) return { fromFile };
  context.problem('document/schema', path, 'name exactly one source: fromEnv or fromFile');
  return undefined;
}

function authenticationRestrictions(
  context: FileContext,
  path: DocumentPath,
  entry: {
    readonly clientSource?: Addresses;
    readonly serverAddress?: Addresses;
    readonly authenticationRestrictions?: readonly AuthenticationRestrictionEntry[];
  },
): readonly AuthenticationRestriction[] {
  const { clientSource, serverAddress, authenticationRestrictions: list } = entry;
  for (const field of ['clientSource', 'serverAddress'] as const) {
    checkAddresses(context, [...path, field], entry[field]);
    for (const [index, restriction] of (list ?? []).entries()) {
      checkAddresses(context, [...path, 'authenticationRestrictions', index, field], restriction[field]);
    }
  }
  if (clientSource === undefined && serverAddress === undefined) return list ?? [];
  if (list !== undefined) {
    const message = 'write clientSource and serverAddress into the list "authenticationRestrictions", or use no list';
    context.problem('document/schema', [...path, 'authenticationRestrictions'], message);
  }
  return [{ ...(clientSource && { clientSource }), ...(serverAddress && { serverAddress }) }];
}

/** The server refuses what is neither an address nor a CIDR range. */
function checkAddresses(context: FileContext, path: DocumentPath, list: readonly string[] = []): void {
  for (const [index, address] of list.entries()) {
    if (isAddressRange(address)) continue;
    context.problem('document/schema', [...path, index], `"${address}" is neither an IP address nor a CIDR range`);
  }
}

function compilePrivilege(
  context: FileContext,
  path: DocumentPath,
  { on, allow }: PrivilegeEntry,
): Privilege | undefined {
  const resource = typeof on === 'string' ? parseResource(on) : resourceDocument(on);
  if (resource === undefined) {
    const message =
      'this is no resource document of MongoDB: {db, collection}, {cluster: true}, {anyResource: true} or {db, system_buckets}';
    context.problem('document/schema', [...path, 'on'], message);
    return undefined;
  }
  const wrong = resourceNameProblem(resource);
  if (wrong !== undefined) context.problem('document/name', [...path, 'on'], wrong);
  return { resource, actions: typeof allow === 'string' ? (PRESETS.get(allow) ?? []) : allow };
}

function resourceNameProblem(resource: Resource): string | undefined {
  if (!('db' in resource)) return undefined;
  const { db } = resource;
  const wrong = db === '' ? undefined : databaseNameProblem(db);
  if (wrong !== undefined) return `${JSON.stringify(db)} can't be a database: ${wrong}`;
  const collection = 'collection' in resource ? resource.collection : resource.system_buckets;
  const invalid = collectionNameProblem(collection);
  return invalid && `${JSON.stringify(collection)} can't be a collection: ${invalid}`;
}

function resourceDocument(on: Exclude<On, string>): Resource | undefined {
  const keys = Object.keys(on).sort().join(' ');
  switch (keys) {
    case 'cluster':
      return { cluster: true };
    case 'anyResource':
      return { anyResource: true };
    case 'collection db':
      return { db: on.db ?? '', collection: on.collection ?? '' };
    case 'system_buckets':
    case 'db system_buckets':
      return { db: on.db ?? '', system_buckets: on.system_buckets ?? '' };
    default:
      return undefined;
  }
}

/** Documents of `admin.system.roles`, `admin.system.users`, `rolesInfo` and `usersInfo` as roles and users of a state. */
import type { Document } from 'mongodb';
import type { RoleRef } from '../model/names.ts';
import type { Privilege } from '../model/privilege.ts';
import type { AuthenticationRestriction, Role, User } from '../model/role.ts';
import { readPrivileges, readRestrictions } from '../state/server-forms.ts';

const MECHANISMS = ['SCRAM-SHA-1', 'SCRAM-SHA-256', 'external'] as const;

/** Everything of a user but the credentials; of those, that a mechanism is there. */
export const USER_PROJECTION: Readonly<Record<string, 1>> = {
  user: 1,
  db: 1,
  roles: 1,
  authenticationRestrictions: 1,
  customData: 1,
  'credentials.SCRAM-SHA-1.iterationCount': 1,
  'credentials.SCRAM-SHA-256.iterationCount': 1,
  'credentials.external': 1,
};

function restrictions(document: Document): readonly AuthenticationRestriction[] {
  const list: unknown = document['authenticationRestrictions'];
  return Array.isArray(list) ? readRestrictions(list) : [];
}

export function decodeRole(document: Document): Role {
  return {
    role: String(document['role']),
    db: String(document['db']),
    privileges: readPrivileges((document['privileges'] ?? []) as Privilege[]),
    roles: (document['roles'] ?? []) as RoleRef[],
    authenticationRestrictions: restrictions(document),
    ...(document['isBuiltin'] === true ? { isBuiltin: true } : {}),
  };
}

export function decodeUser(document: Document): User {
  const credentials: Document | undefined = document['credentials'];
  return {
    user: String(document['user']),
    db: String(document['db']),
    roles: (document['roles'] ?? []) as RoleRef[],
    ...(credentials && { mechanisms: MECHANISMS.filter((name) => Object.hasOwn(credentials, name)) }),
    authenticationRestrictions: restrictions(document),
    ...(document['customData'] === undefined ? {} : { customData: document['customData'] as Record<string, unknown> }),
  };
}

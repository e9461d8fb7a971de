/** Roles and users as the server shows them in `rolesInfo` and `usersInfo`, in their one canonical form. */

import { compoundKey, getOrMake } from './keyed.ts';
import { RoleMap } from './name-maps.ts';
import { type RoleRef, roleKey, type UserRef } from './names.ts';
import { onceFor } from './once.ts';
import { hasFields, sortedSet, sortedUniqueBy, unlessSame } from './order.ts';
import { canonicalPrivileges, type Privilege } from './privilege.ts';

/**
 * From where and to which address of the server a holder may log in (manual, "Authentication Restrictions"). Addresses
 * and CIDR ranges; an absent field does not restrict.
 */
export interface AuthenticationRestriction {
  readonly clientSource?: readonly string[];
  readonly serverAddress?: readonly string[];
}

/** A role: what it grants itself and which roles it inherits. `isBuiltin` marks MongoDB's own. */
export interface Role extends RoleRef {
  readonly privileges: readonly Privilege[];
  readonly roles: readonly RoleRef[];
  readonly authenticationRestrictions?: readonly AuthenticationRestriction[];
  readonly isBuiltin?: boolean;
}

/** A user, without credentials. `mechanisms` absent: not known. */
export interface User extends UserRef {
  readonly roles: readonly RoleRef[];
  readonly mechanisms?: readonly string[];
  readonly authenticationRestrictions?: readonly AuthenticationRestriction[];
  readonly customData?: Readonly<Record<string, unknown>>;
}

/** Every role that one of them holds or inherits directly, once. */
export function grantedRoles(holders: Iterable<{ readonly roles: readonly RoleRef[] }>): readonly RoleRef[] {
  const granted = new RoleMap<RoleRef>();
  const lists = new Set<readonly RoleRef[]>();
  for (const { roles } of holders) {
    if (lists.has(roles)) continue;
    lists.add(roles);
    for (const ref of roles) if (!granted.has(ref)) granted.set(ref, ref);
  }
  return granted.values();
}

const REF_FIELDS = ['role', 'db'];

/** Sorted, each role once: the server keeps and returns a grant that was made twice as two. */
export function canonicalRoleRefs(refs: readonly RoleRef[]): readonly RoleRef[] {
  if (refs.every((ref, at) => hasFields(ref, REF_FIELDS) && (at === 0 || isBefore(refs[at - 1] as RoleRef, ref))))
    return refs;
  return sortedUniqueBy(
    refs.map(({ role, db }) => ({ role, db })),
    roleKey,
  );
}

/** As their keys are ordered. */
function isBefore(a: RoleRef, b: RoleRef): boolean {
  return a.db === b.db ? a.role < b.role : roleKey(a) < roleKey(b);
}

/** The roles of `left` that are not in `right`. */
export function subtractRoleRefs(left: Iterable<RoleRef>, right: Iterable<RoleRef>): RoleRef[] {
  const taken = new Set([...right].map(roleKey));
  return [...canonicalRoleRefs([...left].filter((ref) => !taken.has(roleKey(ref))))];
}

/** One text for the same roles, in whichever order and however often each is granted. Asked often of the same lists. */
export const roleSetKey: (refs: readonly RoleRef[]) => string = onceFor((refs) =>
  compoundKey(sortedSet(refs.map(roleKey))),
);

/**
 * Users who hold the same roles, with one list of them: what depends on these alone is found out once for the list. They
 * are canonical before and after.
 */
export function sharingRoles(users: readonly User[]): readonly User[] {
  const numbers = new RoleMap<number>();
  let different = 0;
  const numberOf = (ref: RoleRef): number =>
    getOrMake(numbers, ref, () => {
      different += 1;
      return different;
    });
  const lists = new Map<string, readonly RoleRef[]>();
  return users.map((user) => {
    const roles = getOrMake(lists, user.roles.map(numberOf).join(' '), () => user.roles);
    return roles === user.roles ? user : { ...user, roles };
  });
}

export function sameRoleSet(a: readonly RoleRef[], b: readonly RoleRef[]): boolean {
  return a === b || roleSetKey(a) === roleSetKey(b);
}

function canonicalRestrictions(restrictions: Iterable<AuthenticationRestriction>): AuthenticationRestriction[] {
  const sorted = [...restrictions].map(({ clientSource, serverAddress }) => ({
    ...(clientSource === undefined ? {} : { clientSource: sortedSet(clientSource) }),
    ...(serverAddress === undefined ? {} : { serverAddress: sortedSet(serverAddress) }),
  }));
  return sorted.length < 2 ? sorted : sortedUniqueBy(sorted, (restriction) => JSON.stringify(restriction));
}

const ROLE_FIELDS = ['role', 'db', 'privileges', 'roles'];

/** Merged, sorted, and with nothing that says nothing: no empty restrictions, no `isBuiltin: false`. What is so already is returned itself. */
export function canonicalRole(role: Role): Role {
  const privileges = unlessSame(role.privileges, canonicalPrivileges(role.privileges));
  const roles = canonicalRoleRefs(role.roles);
  if (privileges === role.privileges && roles === role.roles && hasFields(role, ROLE_FIELDS)) return role;
  const restrictions = canonicalRestrictions(role.authenticationRestrictions ?? []);
  return {
    role: role.role,
    db: role.db,
    ...(role.isBuiltin === true ? { isBuiltin: true } : {}),
    privileges,
    roles,
    ...(restrictions.length > 0 ? { authenticationRestrictions: restrictions } : {}),
  };
}

const USER_FIELDS = ['user', 'db', 'roles', 'mechanisms'];

/** Sorted and with nothing that says nothing, like {@link canonicalRole}; custom data keeps its own order. */
export function canonicalUser(user: User): User {
  const roles = canonicalRoleRefs(user.roles);
  const mechanisms = user.mechanisms && unlessSame(user.mechanisms, sortedSet(user.mechanisms));
  if (roles === user.roles && mechanisms === user.mechanisms && hasFields(user, USER_FIELDS, 3)) return user;
  const restrictions = canonicalRestrictions(user.authenticationRestrictions ?? []);
  const customData = user.customData ?? {};
  return {
    user: user.user,
    db: user.db,
    roles,
    ...(mechanisms === undefined ? {} : { mechanisms }),
    ...(restrictions.length > 0 ? { authenticationRestrictions: restrictions } : {}),
    ...(Object.keys(customData).length > 0 ? { customData } : {}),
  };
}

/** One operation of a migration's file as a change: forms that the file leaves out follow from the operations above. */

import type {
  FileOperation,
  FileRestriction,
  IndexForm,
  IndexTarget,
  KeyForm,
  KeyTarget,
  ObjectForm,
  ObjectTarget,
  RoleForm,
  RoleTarget,
  UserForm,
  UserSettings,
  UserTarget,
  ValidationForm,
} from '../generated/migration.ts';
import { formatNamespace, formatRole, formatUser, type Namespace } from '../model/names.ts';
import { canonicalPrivileges, subtractPrivileges } from '../model/privilege.ts';
import {
  canonicalRole,
  canonicalRoleRefs,
  canonicalUser,
  type Role,
  subtractRoleRefs,
  type User,
} from '../model/role.ts';
import { roleTargetKey, userTargetKey } from '../plan/chain.ts';
import { dataKeyTarget } from '../plan/data-keys.ts';
import {
  type Change,
  type DataKeyState,
  type IndexState,
  idTargetOf,
  type ValidationState,
} from '../plan/operations/operation.ts';
import type { DocumentPath } from '../policy/problem.ts';
import { fromExtendedJson } from '../state/extended-json.ts';
import type { Index, OwnedObject } from '../state/state.ts';

/** What the operations above have made of each target: its form, or nothing if it is gone. */
export type KnownForms = Map<string, Change['after']>;

/** The operations don't hang together; `path` leads from the operation to what is wrong in it. */
export class ChainBreak extends Error {
  readonly path: DocumentPath;

  constructor(message: string, path: DocumentPath = []) {
    super(message);
    this.path = path;
  }
}

export interface FileChange {
  readonly change: Change;
  readonly target: string;
  /** What tells it from others of its kind. */
  readonly idTarget: string;
}

/** Throws a {@link ChainBreak} for what can't be. */
export function changeOf(entry: FileOperation, known: KnownForms): FileChange {
  switch (entry.kind) {
    case 'createCollection': {
      const change: Change = { kind: entry.kind, after: validation(entry.target, entry.after) };
      return named(change, formatNamespace(entry.target));
    }
    case 'collMod': {
      const { kind, target, before, after } = entry;
      const change: Change = { kind, before: validation(target, before), after: validation(target, after) };
      return named(change, formatNamespace(target));
    }
    case 'createIndex': {
      const after = indexOf(entry.target, entry.after);
      return named({ kind: entry.kind, after }, `${formatNamespace(after.ns)}.$${after.index.name}`);
    }
    case 'dropIndex': {
      const before = indexOf(entry.target, entry.before);
      return named({ kind: entry.kind, before }, `${formatNamespace(before.ns)}.$${before.index.name}`);
    }
    case 'createDataKey': {
      const after = keyOf(entry.target, entry.after);
      return named({ kind: entry.kind, after }, dataKeyTarget(after));
    }
    case 'rewrapDataKey': {
      const [before, after] = [keyOf(entry.target, entry.before), keyOf(entry.target, entry.after)];
      return named({ kind: entry.kind, before, after }, dataKeyTarget(after));
    }
    case 'createRole':
      return named({ kind: entry.kind, after: roleOf(entry.target, entry.after) }, formatRole(entry.target));
    case 'grantPrivilegesToRole':
    case 'revokePrivilegesFromRole':
    case 'grantRolesToRole':
    case 'revokeRolesFromRole':
    case 'updateRole':
    case 'dropRole':
      return named(roleChange(entry, roleBefore(entry, known)), formatRole(entry.target));
    case 'createUser': {
      const { kind, target, after, password } = entry;
      return named({ kind, after: userOf(target, after), ...(password && { password }) }, formatUser(target));
    }
    case 'grantRolesToUser':
    case 'revokeRolesFromUser':
    case 'updateUser':
    case 'rotatePassword':
    case 'dropUser':
      return named(userChange(entry, userBefore(entry, known)), formatUser(entry.target));
    case 'recordObject': {
      const { kind, target, before, after } = entry;
      const record = { kind, after: objectOf(target, after), ...(before && { before: objectOf(target, before) }) };
      return named(record, target.name, `${target.kind} ${target.name}`);
    }
    case 'forgetObject': {
      const { kind, target, before } = entry;
      return named({ kind, before: objectOf(target, before) }, target.name, `${target.kind} ${target.name}`);
    }
  }
}

function named(change: Change, target: string, idTarget = idTargetOf(change, target)): FileChange {
  return { change, target, idTarget };
}

type RoleEntry = Extract<FileOperation, { target: RoleTarget; before?: RoleForm }>;
type UserEntry = Extract<FileOperation, { target: UserTarget; before?: UserForm }>;

function roleBefore({ target, before }: Exclude<RoleEntry, { kind: 'createRole' }>, known: KnownForms): Role {
  if (before !== undefined) return roleOf(target, before);
  const form = known.get(roleTargetKey(target));
  if (form !== undefined && 'role' in form) return form;
  throw new ChainBreak(missingBefore(formatRole(target)));
}

function userBefore({ target, before }: Exclude<UserEntry, { kind: 'createUser' }>, known: KnownForms): User {
  if (before !== undefined) return userOf(target, before);
  const form = known.get(userTargetKey(target));
  if (form !== undefined && 'user' in form) return form;
  throw new ChainBreak(missingBefore(formatUser(target)));
}

function missingBefore(target: string): string {
  return `it lacks the key "before", and no operation above says what ${target} looks like`;
}

function roleChange(entry: Exclude<RoleEntry, { kind: 'createRole' }>, before: Role): Change {
  const target = formatRole(before);
  switch (entry.kind) {
    case 'grantPrivilegesToRole': {
      const privileges = canonicalPrivileges(entry.privileges);
      const news = subtractPrivileges(privileges, before.privileges);
      refuseUnequal(news, privileges, `it grants what ${target} has already`, 'privileges');
      const after = canonicalRole({ ...before, privileges: [...before.privileges, ...privileges] });
      return { kind: entry.kind, before, after };
    }
    case 'revokePrivilegesFromRole': {
      const privileges = canonicalPrivileges(entry.privileges);
      const missing = subtractPrivileges(privileges, before.privileges);
      refuseUnequal(missing, [], `it revokes what ${target} does not have`, 'privileges');
      const left = [...subtractPrivileges(before.privileges, privileges), ...(entry.kept ?? [])];
      refuseUnequal(subtractPrivileges(left, before.privileges), [], `it keeps what ${target} does not have`, 'kept');
      const after = canonicalRole({ ...before, privileges: left });
      return { kind: entry.kind, before, after };
    }
    case 'grantRolesToRole': {
      const news = subtractRoleRefs(entry.roles, before.roles);
      refuseUnequal(news, canonicalRoleRefs(entry.roles), `it grants what ${target} inherits already`, 'roles');
      return {
        kind: entry.kind,
        before,
        after: canonicalRole({ ...before, roles: [...before.roles, ...entry.roles] }),
      };
    }
    case 'revokeRolesFromRole': {
      const missing = subtractRoleRefs(entry.roles, before.roles);
      refuseUnequal(missing, [], `it revokes what ${target} does not inherit`, 'roles');
      const after = canonicalRole({ ...before, roles: subtractRoleRefs(before.roles, entry.roles) });
      return { kind: entry.kind, before, after };
    }
    case 'updateRole': {
      const { authenticationRestrictions: _replaced, ...rest } = before;
      return { kind: entry.kind, before, after: canonicalRole({ ...rest, ...restrictions(entry.after) }) };
    }
    case 'dropRole':
      return { kind: entry.kind, before };
  }
}

function userChange(entry: Exclude<UserEntry, { kind: 'createUser' }>, before: User): Change {
  const target = formatUser(before);
  switch (entry.kind) {
    case 'grantRolesToUser': {
      const news = subtractRoleRefs(entry.roles, before.roles);
      refuseUnequal(news, canonicalRoleRefs(entry.roles), `it grants what ${target} holds already`, 'roles');
      return {
        kind: entry.kind,
        before,
        after: canonicalUser({ ...before, roles: [...before.roles, ...entry.roles] }),
      };
    }
    case 'revokeRolesFromUser': {
      const missing = subtractRoleRefs(entry.roles, before.roles);
      refuseUnequal(missing, [], `it revokes what ${target} does not hold`, 'roles');
      const after = canonicalUser({ ...before, roles: subtractRoleRefs(before.roles, entry.roles) });
      return { kind: entry.kind, before, after };
    }
    case 'updateUser': {
      const after = userOf(entry.target, { ...entry.after, roles: [...before.roles] });
      return { kind: entry.kind, before, after, ...(entry.password && { password: entry.password }) };
    }
    case 'rotatePassword':
      return { kind: entry.kind, before, after: before, password: entry.password };
    case 'dropUser':
      return { kind: entry.kind, before };
  }
}

function refuseUnequal(left: readonly unknown[], right: readonly unknown[], message: string, key: string): void {
  if (JSON.stringify(left) !== JSON.stringify(right)) throw new ChainBreak(message, [key]);
}

function roleOf({ role, db }: RoleTarget, { privileges, roles, isBuiltin, ...rest }: RoleForm): Role {
  return canonicalRole({ role, db, privileges, roles, ...(isBuiltin && { isBuiltin }), ...restrictions(rest) });
}

function userOf({ user, db }: UserTarget, { roles, ...settings }: UserSettings & { roles: RoleTarget[] }): User {
  const { mechanisms, customData } = settings;
  return canonicalUser({
    user,
    db,
    roles,
    ...(mechanisms && { mechanisms }),
    ...restrictions(settings),
    ...(customData && { customData: decoded<Readonly<Record<string, unknown>>>(customData) }),
  });
}

function restrictions({ authenticationRestrictions }: { readonly authenticationRestrictions?: FileRestriction[] }) {
  return authenticationRestrictions === undefined ? {} : { authenticationRestrictions };
}

function validation({ db, collection }: Namespace, { validator, ...rest }: ValidationForm): ValidationState {
  return {
    ns: { db, collection },
    ...(validator && { validator: decoded<Readonly<Record<string, unknown>>>(validator) }),
    ...rest,
  };
}

function indexOf({ db, collection, index }: IndexTarget, form: IndexForm): IndexState {
  return { ns: { db, collection }, index: { ...decoded<Index>(form), name: index } };
}

function keyOf({ db, collection, ...key }: KeyTarget, form: KeyForm): DataKeyState {
  return { ns: { db, collection }, key, ...form };
}

function objectOf({ kind, name }: ObjectTarget, { policy, created, replaces, covers }: ObjectForm): OwnedObject {
  return {
    kind,
    target: name,
    policy,
    created,
    ...(replaces !== undefined && { replaces }),
    ...(covers && { covers }),
  };
}

/** What the schema has seen as a map stays one. */
function decoded<T>(value: object): T {
  try {
    return fromExtendedJson(value) as T;
  } catch (error) {
    throw new ChainBreak(`it is not Extended JSON: ${error instanceof Error ? error.message : 'unknown'}`);
  }
}

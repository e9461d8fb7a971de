/** The chain of one target: its operations follow each other, each one's `before` being the `after` of the one above. */

import { formatNamespace, type RoleRef, roleKey, type UserRef, userKey } from '../model/names.ts';
import { documentKey } from '../state/document.ts';
import { dataKeyTarget } from './data-keys.ts';
import { effective } from './diff/collections.ts';
import type { IndexState, Operation } from './operations/operation.ts';

/** One text for all operations on the same target; a collection's validation and each of its indexes are targets of their own. */
export function targetKey(operation: Operation): string {
  switch (operation.kind) {
    case 'createCollection':
    case 'collMod':
      return `validation ${formatNamespace(operation.after.ns)}`;
    case 'createIndex':
      return indexTargetKey(operation.after);
    case 'dropIndex':
      return indexTargetKey(operation.before);
    case 'createDataKey':
    case 'rewrapDataKey':
      return `data key ${dataKeyTarget(operation.after)}`;
    case 'createRole':
      return roleTargetKey(operation.after);
    case 'grantPrivilegesToRole':
    case 'revokePrivilegesFromRole':
    case 'grantRolesToRole':
    case 'revokeRolesFromRole':
    case 'updateRole':
    case 'dropRole':
      return roleTargetKey(operation.before);
    case 'createUser':
      return userTargetKey(operation.after);
    case 'grantRolesToUser':
    case 'revokeRolesFromUser':
    case 'updateUser':
    case 'rotatePassword':
    case 'dropUser':
      return userTargetKey(operation.before);
    case 'recordObject':
      return `object ${operation.after.kind} ${operation.after.target}`;
    case 'forgetObject':
      return `object ${operation.before.kind} ${operation.before.target}`;
  }
}

function indexTargetKey({ ns, index }: IndexState): string {
  return `index ${formatNamespace(ns)}\0${index.name}`;
}

export function roleTargetKey(role: RoleRef): string {
  return `role ${roleKey(role)}`;
}

export function userTargetKey(user: UserRef): string {
  return `user ${userKey(user)}`;
}

/** The text of a form that compares equal for what means the same; nothing where the target does not exist. */
export function formKey(operation: Operation, side: 'before' | 'after'): string | undefined {
  if (operation.kind === 'createCollection' || operation.kind === 'collMod') {
    const form = operation[side];
    return form && documentKey(effective(form));
  }
  const form = operation[side];
  return form && documentKey(form);
}

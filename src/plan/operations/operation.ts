/**
 * Operations: the difference between two states as data. Each is one command of MongoDB, with what its target looks like
 * before and after, so that whoever applies it can tell "already in place" from "changed by somebody else".
 */
import type { KeyName } from '../../encryption/keys.ts';
import type { MasterKey } from '../../encryption/master-key.ts';
import type { Namespace } from '../../model/names.ts';
import type { Role, User } from '../../model/role.ts';
import type { SecretReference } from '../../policy/intent.ts';
import type { Position } from '../../policy/problem.ts';
import { documentKey } from '../../state/document.ts';
import type { Index, OwnedObject } from '../../state/state.ts';

/** What a policy owns of a collection. `validator` absent: none. */
export interface ValidationState {
  readonly ns: Namespace;
  readonly validator?: Readonly<Record<string, unknown>>;
  readonly validationLevel?: string;
  readonly validationAction?: string;
}

export interface IndexState {
  readonly ns: Namespace;
  readonly index: Index;
}

/** A data encryption key as a policy owns it; its material is never looked at. */
export interface DataKeyState {
  /** The key vault. */
  readonly ns: Namespace;
  readonly key: KeyName;
  readonly masterKey: MasterKey;
  /** ISO 8601: when it was made or last rewrapped, where it is there already. */
  readonly updateDate?: string;
}

export type RoleChange =
  | 'grantPrivilegesToRole'
  | 'grantRolesToRole'
  | 'updateRole'
  | 'revokeRolesFromRole'
  | 'revokePrivilegesFromRole';
export type UserChange = 'grantRolesToUser' | 'updateUser' | 'revokeRolesFromUser';

/** The change itself: what `before` turns into `after`, in canonical form. Absent `before`: it is made; absent `after`: it goes. */
export type Change =
  | { readonly kind: 'createCollection'; readonly before?: undefined; readonly after: ValidationState }
  | { readonly kind: 'collMod'; readonly before: ValidationState; readonly after: ValidationState }
  | { readonly kind: 'createIndex'; readonly before?: undefined; readonly after: IndexState }
  | { readonly kind: 'dropIndex'; readonly before: IndexState; readonly after?: undefined }
  | { readonly kind: 'createDataKey'; readonly before?: undefined; readonly after: DataKeyState }
  | {
      /** Its material sealed anew, by the same master key or another. Of that only the date can be read back. */
      readonly kind: 'rewrapDataKey';
      readonly before: DataKeyState;
      readonly after: DataKeyState;
    }
  | { readonly kind: 'createRole'; readonly before?: undefined; readonly after: Role }
  | { readonly kind: RoleChange; readonly before: Role; readonly after: Role }
  | { readonly kind: 'dropRole'; readonly before: Role; readonly after?: undefined }
  | {
      readonly kind: 'createUser';
      readonly before?: undefined;
      readonly after: User;
      readonly password?: SecretReference;
    }
  | { readonly kind: UserChange; readonly before: User; readonly after: User; readonly password?: SecretReference }
  | {
      /** The password set anew, on demand. It can't be read back: it is journalled, and never skipped by comparison. */
      readonly kind: 'rotatePassword';
      readonly before: User;
      readonly after: User;
      readonly password: SecretReference;
    }
  | { readonly kind: 'dropUser'; readonly before: User; readonly after?: undefined }
  | { readonly kind: 'recordObject'; readonly before?: OwnedObject; readonly after: OwnedObject }
  | { readonly kind: 'forgetObject'; readonly before: OwnedObject; readonly after?: undefined };

export type Operation = Change & {
  /** The same for the same change, unique within a plan. */
  readonly id: string;
  /** `name@db`, `db.collection`, `db.collection.$index`, or `db.collection "keyAltName"`. */
  readonly target: string;
  readonly reason: Reason;
  /** A revocation that must come before the grants, because both at once would be a cycle of inheritance. */
  readonly early?: boolean;
};

/** Why: the sentence for a reader, and the line of the policy where there is one. */
export interface Reason {
  readonly text: string;
  readonly at?: Position;
}

export type OperationKind = Operation['kind'];

/** What the encryption library carries out, and no command alone. */
export type DataKeyOperation = Extract<Operation, { readonly kind: 'createDataKey' | 'rewrapDataKey' }>;

/**
 * Whether it takes the encryption library. Every other operation is one command, that of `commandFor`.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { commandFor, compilePolicy, isDataKeyOperation, makePlan, parsePolicyFile } from 'mongoward';
 *
 * const text = `
 * apiVersion: mongoward/v1
 * metadata: { name: trail }
 * roles:
 *   writer@audit:
 *     privileges: [{ on: audit.logs, allow: insert-only }]
 * `;
 * const { intent } = compilePolicy([parsePolicyFile({ file: 'trail.yaml', text })]);
 * const state = {
 *   server: { version: '8.0.4', edition: 'community', topology: 'replicaSet' },
 *   roles: [],
 *   users: [],
 *   databases: [],
 *   objects: [],
 *   unreadable: [],
 * };
 * const commands = makePlan(intent, state).operations.flatMap((operation) =>
 *   isDataKeyOperation(operation) ? [] : [commandFor(operation)],
 * );
 * assert.deepEqual(commands.map(({ db }) => db), ['mongoward', 'audit']);
 * ```
 */
export function isDataKeyOperation(one: Operation): one is DataKeyOperation {
  return one.kind === 'createDataKey' || one.kind === 'rewrapDataKey';
}

/** Gives a change its identity: its kind and target; records are told apart by what they are about. */
export function operation(
  change: Change,
  target: string,
  reason: Operation['reason'],
  idTarget = idTargetOf(change, target),
): Operation {
  return { ...change, id: `${change.kind} ${idTarget}`, target, reason };
}

/** A change of level and action alone may come before one of the validator of the same collection. */
export function idTargetOf(change: Change, target: string): string {
  if (change.kind !== 'collMod') return target;
  const { before, after } = change;
  const same = documentKey(before.validator ?? {}) === documentKey(after.validator ?? {});
  return same ? `${target} level` : target;
}

/**
 * Operations: the difference between two states as data. Each is one command of MongoDB, with what its target looks like
 * before and after, so that whoever applies it can tell "already in place" from "changed by somebody else".
 *
 * A kind of operation has one entry in {@link Changes}, and one handler, in the file of its name in `kinds/`.
 */
import type { KeyName } from '../../encryption/key-names.ts';
import type { MasterKey } from '../../encryption/master-key.ts';
import type { Namespace } from '../../model/names.ts';
import type { Role, User } from '../../model/role.ts';
import type { SecretReference } from '../../policy/intent.ts';
import type { Position } from '../../policy/problem.ts';
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

/** What each kind of operation turns into what, in canonical form. Absent `before`: the target is made; absent `after`: it goes. */
export interface Changes {
  createCollection: { readonly before?: undefined; readonly after: ValidationState };
  collMod: { readonly before: ValidationState; readonly after: ValidationState };
  createIndex: { readonly before?: undefined; readonly after: IndexState };
  dropIndex: { readonly before: IndexState; readonly after?: undefined };
  createDataKey: { readonly before?: undefined; readonly after: DataKeyState };
  /** Its material sealed anew, by the same master key or another. Of that only the date can be read back. */
  rewrapDataKey: { readonly before: DataKeyState; readonly after: DataKeyState };
  createRole: { readonly before?: undefined; readonly after: Role };
  grantPrivilegesToRole: { readonly before: Role; readonly after: Role };
  grantRolesToRole: { readonly before: Role; readonly after: Role };
  updateRole: { readonly before: Role; readonly after: Role };
  revokeRolesFromRole: { readonly before: Role; readonly after: Role };
  revokePrivilegesFromRole: { readonly before: Role; readonly after: Role };
  dropRole: { readonly before: Role; readonly after?: undefined };
  createUser: { readonly before?: undefined; readonly after: User; readonly password?: SecretReference };
  grantRolesToUser: { readonly before: User; readonly after: User };
  updateUser: { readonly before: User; readonly after: User; readonly password?: SecretReference };
  /** The password set anew, on demand. It can't be read back: it is journalled, and never skipped by comparison. */
  rotatePassword: { readonly before: User; readonly after: User; readonly password: SecretReference };
  revokeRolesFromUser: { readonly before: User; readonly after: User };
  dropUser: { readonly before: User; readonly after?: undefined };
  /** An entry of the record of what policies own, made or changed. */
  recordObject: { readonly before?: OwnedObject; readonly after: OwnedObject };
  forgetObject: { readonly before: OwnedObject; readonly after?: undefined };
}

export type OperationKind = keyof Changes;

/** The change itself. */
export type Change<K extends OperationKind = OperationKind> = { [P in K]: { readonly kind: P } & Changes[P] }[K];

export type Operation<K extends OperationKind = OperationKind> = {
  [P in K]: { readonly kind: P } & Changes[P] & OperationIdentity;
}[K];

/** What the target of a kind looks like. */
export type FormOf<K extends OperationKind> = NonNullable<Changes[K]['before' | 'after']>;

export interface OperationIdentity {
  /** The same for the same change, unique within a plan. */
  readonly id: string;
  /** `name@db`, `db.collection`, `db.collection.$index`, or `db.collection "keyAltName"`. */
  readonly target: string;
  readonly reason: Reason;
  /** A revocation that must come before the grants, because both at once would be a cycle of inheritance. */
  readonly early?: boolean;
}

/** Why: the sentence for a reader, and the line of the policy where there is one. */
export interface Reason {
  readonly text: string;
  readonly at?: Position;
}

/** What the encryption library carries out, and no command alone. */
export type DataKeyKind = 'createDataKey' | 'rewrapDataKey';
export type DataKeyOperation = Operation<DataKeyKind>;

/** What one command carries out. Data encryption keys take the encryption library besides. */
export type CommandKind = Exclude<OperationKind, DataKeyKind>;
export type CommandOperation = Operation<CommandKind>;

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

/** What changes nothing but the record of what policies own. */
export function isRecordOperation({ kind }: Operation): boolean {
  return kind === 'recordObject' || kind === 'forgetObject';
}

/** The way back: the reverse of a migration, and what no reverse can restore. */

import { canonicalUser, type User } from '../model/role.ts';
import type { SecretReference } from '../policy/intent.ts';
import { documentKey } from '../state/document.ts';
import type { OwnedObject } from '../state/state.ts';
import { targetKey } from './chain.ts';
import { addsMechanism } from './desired.ts';
import { effective } from './diff/collections.ts';
import { type Change, type Operation, operation, type ValidationState } from './operations/operation.ts';

export interface ReverseOptions {
  /** Gives back what a migration took for protection's sake: weaker validation, narrower addresses lifted. */
  readonly allowUnprotect?: boolean;
  /** Where the password of a user is read from that has to be made anew, or given a mechanism back. */
  password?(user: User): SecretReference | undefined;
}

/** Something that stays as the migration left it. */
export interface Kept {
  readonly operation: Operation;
  /** Why, in a sentence that can follow the operation's title. */
  readonly why: string;
}

export interface ReverseMigration {
  /** In the order in which they run. */
  readonly operations: readonly Operation[];
  readonly kept: readonly Kept[];
}

/**
 * The operations that lead back, in the opposite order, so that what was widened first is narrowed last. What can't or
 * must not be restored is kept; the forms of what follows on the same target are those that then really are there.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { compilePolicy, describeOperation, makePlan, parsePolicyFile, reverseMigration } from 'mongoward';
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
 * const { operations, kept } = reverseMigration(makePlan(intent, state).operations);
 * assert.deepEqual(operations.map(describeOperation), ['drop role writer@audit', 'forget the owner of writer@audit']);
 * assert.deepEqual(kept, []);
 * ```
 */
export function reverseMigration(operations: readonly Operation[], options: ReverseOptions = {}): ReverseMigration {
  const reversed: Operation[] = [];
  const kept: Kept[] = [];
  const users = new Map<string, User | undefined>();
  for (const one of operations.toReversed()) {
    const keep = (why: string): undefined => void kept.push({ operation: one, why });
    const stays = one.kind === 'collMod' && kept.some(({ operation: later }) => targetKey(later) === targetKey(one));
    const change = stays
      ? keep('what followed it on the same collection stays')
      : changeBack(one, users, options, keep);
    if (change === undefined) continue;
    const text = `${one.kind} is undone`;
    const suffix = one.early === true ? `${one.target} first` : recordTarget(change);
    reversed.push(operation(change, one.target, { ...one.reason, text }, suffix));
  }
  return { operations: reversed, kept };
}

function recordTarget(change: Change): string | undefined {
  const record = change.kind === 'recordObject' ? change.after : change.kind === 'forgetObject' ? change.before : null;
  return record === null ? undefined : objectName(record);
}

function objectName({ kind, target }: OwnedObject): string {
  return `${kind} ${target}`;
}

/** `users`: as they are by then, where that is not what the operation left. */
function changeBack(
  one: Operation,
  users: Map<string, User | undefined>,
  options: ReverseOptions,
  keep: (why: string) => undefined,
): Change | undefined {
  switch (one.kind) {
    case 'createCollection':
      return keep('a collection is never dropped');
    case 'createIndex':
      return keep('without it two keys of a key vault could come to share a name');
    case 'createDataKey':
      return keep('what was sealed with the key could never be read again');
    case 'rewrapDataKey':
      return keep('its master key stays the one that seals it now');
    case 'dropIndex':
      return keep('an index by which documents expire is never created');
    case 'collMod':
      if (options.allowUnprotect !== true && weakens(one.after, one.before)) {
        return keep('what was there before lets more through: --allow-unprotect restores it');
      }
      return { kind: 'collMod', before: one.after, after: one.before };
    case 'createRole':
      return { kind: 'dropRole', before: one.after };
    case 'dropRole':
      return { kind: 'createRole', after: one.before };
    case 'grantPrivilegesToRole':
      return { kind: 'revokePrivilegesFromRole', before: one.after, after: one.before };
    case 'revokePrivilegesFromRole':
      return { kind: 'grantPrivilegesToRole', before: one.after, after: one.before };
    case 'grantRolesToRole':
      return { kind: 'revokeRolesFromRole', before: one.after, after: one.before };
    case 'revokeRolesFromRole':
      return { kind: 'grantRolesToRole', before: one.after, after: one.before };
    case 'updateRole':
      return { kind: 'updateRole', before: one.after, after: one.before };
    case 'createUser':
    case 'grantRolesToUser':
    case 'revokeRolesFromUser':
    case 'updateUser':
    case 'rotatePassword':
    case 'dropUser':
      return userChangeBack(one, users, options, keep);
    case 'recordObject':
      if (one.before === undefined) return { kind: 'forgetObject', before: one.after };
      return { kind: 'recordObject', before: one.after, after: one.before };
    case 'forgetObject':
      return { kind: 'recordObject', after: one.before };
  }
}

type UserOperation = Extract<
  Operation,
  {
    readonly kind:
      | 'createUser'
      | 'grantRolesToUser'
      | 'revokeRolesFromUser'
      | 'updateUser'
      | 'rotatePassword'
      | 'dropUser';
  }
>;

function userChangeBack(
  one: UserOperation,
  users: Map<string, User | undefined>,
  options: ReverseOptions,
  keep: (why: string) => undefined,
): Change | undefined {
  const key = targetKey(one);
  if (one.kind === 'dropUser') {
    const password = one.before.db === '$external' ? undefined : options.password?.(one.before);
    if (one.before.db === '$external' || password !== undefined) {
      return { kind: 'createUser', after: one.before, ...(password && { password }) };
    }
    users.set(key, undefined);
    return keep('its password went with it, and nobody says where a new one is read from');
  }
  const current = users.has(key) ? users.get(key) : one.after;
  if (current === undefined) return keep('the user is not made again');
  const to = (next: User): User => {
    users.set(key, next);
    return next;
  };
  switch (one.kind) {
    case 'createUser':
      return { kind: 'dropUser', before: current };
    case 'grantRolesToUser':
    case 'revokeRolesFromUser': {
      const kind = one.kind === 'grantRolesToUser' ? 'revokeRolesFromUser' : 'grantRolesToUser';
      return { kind, before: current, after: to(canonicalUser({ ...current, roles: one.before.roles })) };
    }
    case 'rotatePassword':
      return keep('the password that it had before is not known');
    case 'updateUser': {
      if (one.password !== undefined) keep('the password that it had before is not known');
      const wanted = canonicalUser({ ...one.before, roles: current.roles });
      if (!addsMechanism(current, wanted)) return changed(current, to(wanted));
      const password = options.password?.(one.before);
      if (password !== undefined) return { kind: 'updateUser', before: current, after: to(wanted), password };
      const gone = (wanted.mechanisms ?? []).filter((mechanism) => !current.mechanisms?.includes(mechanism));
      keep(`the credentials for ${gone.join(', ')} are gone, and nobody says where a new password is read from`);
      const { mechanisms: _gone, ...rest } = wanted;
      const partly = { ...rest, ...(current.mechanisms && { mechanisms: current.mechanisms }) };
      return changed(current, to(canonicalUser(partly)));
    }
  }
}

function changed(before: User, after: User): Change | undefined {
  return documentKey(before) === documentKey(after) ? undefined : { kind: 'updateUser', before, after };
}

const LEVELS = ['off', 'moderate', 'strict'];

/** Whether documents may pass the second validation that the first refuses, as far as that can be ruled out at all. */
function weakens(from: ValidationState, to: ValidationState): boolean {
  const [now, then] = [effective(from), effective(to)];
  const nothingRefused = Object.keys(now.validator ?? {}).length === 0 || now.validationLevel === 'off';
  if (nothingRefused || now.validationAction === 'warn') return false;
  if (documentKey(now.validator) !== documentKey(then.validator)) return true;
  const level = ({ validationLevel }: ValidationState): number => LEVELS.indexOf(validationLevel ?? 'strict');
  return level(then) < level(now) || then.validationAction === 'warn';
}

/** How an operation is undone, for the reader of a migration: the command, or why there is none. */
export function undoText(one: Operation): string {
  const { operations, kept } = reverseMigration([one]);
  const why = kept.map((entry) => `nothing, ${entry.why}`);
  return [...operations.map(({ kind }) => kind), ...why].join('; ');
}

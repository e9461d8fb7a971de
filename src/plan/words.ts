/** What an operation does, in words for people. */
import type { Operation, OperationKind } from './operations/operation.ts';

/** The sign of a heading: something is made, changed, or goes. */
export type Mark = '+' | '~' | '-';

const WORDS: Readonly<Record<OperationKind, readonly [mark: Mark, words: string]>> = {
  createCollection: ['+', 'create collection'],
  collMod: ['~', 'change validation of'],
  createIndex: ['+', 'create index'],
  dropIndex: ['-', 'drop index'],
  createDataKey: ['+', 'create data key'],
  rewrapDataKey: ['~', 'rewrap data key'],
  createRole: ['+', 'create role'],
  grantPrivilegesToRole: ['~', 'grant privileges to role'],
  grantRolesToRole: ['~', 'grant roles to role'],
  updateRole: ['~', 'change restrictions of role'],
  revokeRolesFromRole: ['~', 'revoke roles from role'],
  revokePrivilegesFromRole: ['~', 'revoke privileges from role'],
  dropRole: ['-', 'drop role'],
  createUser: ['+', 'create user'],
  grantRolesToUser: ['~', 'grant roles to user'],
  updateUser: ['~', 'change user'],
  rotatePassword: ['~', 'set a new password for user'],
  revokeRolesFromUser: ['~', 'revoke roles from user'],
  dropUser: ['-', 'drop user'],
  recordObject: ['~', 'record the owner of'],
  forgetObject: ['~', 'forget the owner of'],
};

/** `create role`, with the sign of its heading. */
export function wordsOf({ kind }: Pick<Operation, 'kind'>): readonly [mark: Mark, words: string] {
  return WORDS[kind];
}

/**
 * `create role auditWriter@audit`
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { describeOperation } from 'mongoward';
 *
 * assert.equal(describeOperation({ kind: 'dropUser', target: 'app@admin' }), 'drop user app@admin');
 * ```
 */
export function describeOperation(operation: Pick<Operation, 'kind' | 'target'>): string {
  return `${WORDS[operation.kind][1]} ${operation.target}`;
}

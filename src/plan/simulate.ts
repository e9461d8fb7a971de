/** A state with operations carried out on it: what the cluster will be, without a cluster. */

import type { ClusterState } from '../state/state.ts';
import { handlerOf } from './operations/handlers.ts';
import type { Operation } from './operations/operation.ts';
import { putTogether, takeApart } from './operations/state-parts.ts';

/**
 * The state after the operations, each of which finds its target as its `before` says; whether it does is for
 * `progressOf` to tell. A part that is unknown stays unknown.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { compilePolicy, makePlan, parsePolicyFile, simulate } from 'mongoward';
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
 * const after = simulate(state, makePlan(intent, state).operations);
 * assert.deepEqual(after.roles.map(({ role }) => role), ['writer']);
 * assert.deepEqual(state.roles, []);
 * ```
 */
export function simulate(state: ClusterState, operations: readonly Operation[]): ClusterState {
  if (operations.length === 0) return state;
  const parts = takeApart(state);
  for (const operation of operations) handlerOf(operation.kind).simulate(operation, parts);
  return putTogether(state, parts);
}

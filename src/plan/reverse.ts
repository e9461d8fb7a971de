/** The reverse of a migration, and what no reverse can restore. */

import type { ReverseOptions } from './operations/handler.ts';
import { handlerOf } from './operations/handlers.ts';
import { makeOperation } from './operations/make-operation.ts';
import type { FormOf, Operation, OperationKind } from './operations/operation.ts';
import type { TargetKey } from './operations/target.ts';
import { targetKey } from './operations/target-key.ts';

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
  const present = new Map<TargetKey, FormOf<OperationKind> | undefined>();
  for (const operation of operations.toReversed()) {
    const key = targetKey(operation);
    const now = present.has(key) ? present.get(key) : operation.after;
    const { change, kept: reasons } = handlerOf(operation.kind).reverse(operation, now, options);
    kept.push(...reasons.map((why) => ({ operation, why })));
    present.set(key, change === undefined ? now : change.after);
    if (change === undefined) continue;
    const text = `${operation.kind} is undone`;
    reversed.push(makeOperation(change, { ...operation.reason, text }, operation.early));
  }
  return { operations: reversed, kept };
}

/** How an operation is undone, for the reader of a migration: the command, or why there is none. */
export function undoText(operation: Operation): string {
  const { operations, kept } = reverseMigration([operation]);
  const why = kept.map((entry) => `nothing, ${entry.why}`);
  return [...operations.map(({ kind }) => kind), ...why].join('; ');
}

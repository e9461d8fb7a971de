/**
 * The order in which operations run: make what others need, widen before narrowing so that no running service loses
 * access in between, drop last.
 */

import type { Operation, OperationKind } from '../diff/operation.ts';
import { roleKey } from '../model/names.ts';
import { compareText } from '../model/order.ts';

const PHASES: Readonly<Record<OperationKind, number>> = {
  // What is about to be made is recorded first: after a crash in between, it is still known as ours.
  recordObject: 0,
  // Before anybody may insert: a missing collection is made by the first insert, without a validator.
  createCollection: 1,
  // Documents are expiring.
  dropIndex: 2,
  createRole: 3,
  grantPrivilegesToRole: 5,
  grantRolesToRole: 5,
  createUser: 6,
  grantRolesToUser: 7,
  updateRole: 8,
  updateUser: 8,
  collMod: 8,
  revokeRolesFromUser: 9,
  revokeRolesFromRole: 10,
  revokePrivilegesFromRole: 10,
  dropUser: 11,
  dropRole: 12,
  forgetObject: 13,
};

const EARLY_PHASE = 4;

/** The phase of an operation. Those of one phase do not depend on each other, new roles excepted. */
function phase(operation: Operation): number {
  return operation.early === true ? EARLY_PHASE : PHASES[operation.kind];
}

/** Sorted by phase; new roles after those that they inherit; otherwise by target, so that a plan is always the same. */
export function orderOperations(operations: readonly Operation[]): Operation[] {
  const depth = creationDepth(operations);
  return operations
    .map((operation, index) => ({ operation, index }))
    .sort(
      (a, b) =>
        phase(a.operation) - phase(b.operation) ||
        (depth.get(a.operation.id) ?? 0) - (depth.get(b.operation.id) ?? 0) ||
        compareText(a.operation.target, b.operation.target) ||
        a.index - b.index,
    )
    .map((entry) => entry.operation);
}

/** How many new roles stand between a new role and the deepest one that it inherits. */
function creationDepth(operations: readonly Operation[]): ReadonlyMap<string, number> {
  const created = new Map(
    operations.flatMap((operation) =>
      operation.kind === 'createRole' ? [[roleKey(operation.after), operation] as const] : [],
    ),
  );
  const depth = new Map<string, number>();
  const open = [...created.keys()];
  for (let key = open.at(-1); key !== undefined; key = open.at(-1)) {
    const operation = created.get(key);
    const inherited = (operation?.after.roles ?? []).flatMap((ref) => created.get(roleKey(ref)) ?? []);
    const waiting = inherited.filter((other) => !depth.has(other.id));
    if (operation !== undefined && waiting.length === 0) {
      depth.set(operation.id, Math.max(0, ...inherited.map((other) => (depth.get(other.id) ?? 0) + 1)));
    }
    if (waiting.length === 0) open.pop();
    else open.push(...waiting.map((other) => roleKey(other.after)));
  }
  return depth;
}

/**
 * The order in which operations run: make what others need, widen before narrowing so that no running service loses
 * access in between, drop last.
 */

import { roleKey } from '../model/names.ts';
import { compareText } from '../model/order.ts';
import type { Role } from '../model/role.ts';
import { roleTargetKey, targetKey } from './chain.ts';
import type { Operation, OperationKind } from './operations/operation.ts';

const PHASES: Readonly<Record<OperationKind, number>> = {
  // What is about to be made is recorded first: after a crash in between, it is still known as ours.
  recordObject: 0,
  // Before anybody may insert: a missing collection is made by the first insert, without a validator.
  createCollection: 1,
  createIndex: 2,
  // Documents are expiring.
  dropIndex: 2,
  // Before anything that may rest on them, and where the key management service may refuse: nothing else is half done then.
  createDataKey: 2.5,
  rewrapDataKey: 2.5,
  createRole: 3,
  grantPrivilegesToRole: 4,
  grantRolesToRole: 6,
  createUser: 7,
  grantRolesToUser: 8,
  updateRole: 9,
  updateUser: 9,
  rotatePassword: 9.5,
  collMod: 9,
  revokeRolesFromUser: 10,
  revokeRolesFromRole: 11,
  revokePrivilegesFromRole: 11,
  dropUser: 12,
  dropRole: 13,
  forgetObject: 14,
};

const EARLY_PHASE = 5;

/** The phase of an operation. Those of one phase do not depend on each other, new roles excepted. */
function phase(operation: Operation): number {
  return operation.early === true ? EARLY_PHASE : PHASES[operation.kind];
}

/** Sorted by phase; new roles after those that they inherit, dropped ones before; otherwise by target, so that a plan is always the same. */
export function orderOperations(operations: readonly Operation[]): Operation[] {
  const depth = new Map([...roleDepth(operations, 'createRole', 1), ...roleDepth(operations, 'dropRole', -1)]);
  return operations
    .map((operation, index) => ({ operation, index, phase: phase(operation), depth: depth.get(operation.id) ?? 0 }))
    .sort(
      (a, b) =>
        a.phase - b.phase ||
        a.depth - b.depth ||
        compareText(a.operation.target, b.operation.target) ||
        a.index - b.index,
    )
    .map((entry) => entry.operation);
}

/**
 * Operations in their order, put together where they may run side by side: of one phase, on different targets, none of
 * which needs another. Each wave begins when the one before it has ended. The steps of one target are never side by
 * side: what is found after a crash must be one of the forms in between.
 */
export function wavesOf(operations: readonly Operation[]): Operation[][] {
  const waves: Operation[][] = [];
  let taken = new Set<string>();
  for (const operation of operations) {
    const wave = waves.at(-1);
    const names = [targetKey(operation), ...neededBy(operation)];
    const first = wave?.[0];
    if (
      wave === undefined ||
      first === undefined ||
      phase(first) !== phase(operation) ||
      names.some((name) => taken.has(name))
    ) {
      waves.push([operation]);
      taken = new Set();
    } else wave.push(operation);
    taken.add(targetKey(operation));
    if (operation.kind === 'dropRole') for (const ref of operation.before.roles) taken.add(roleTargetKey(ref));
  }
  return waves;
}

/** A new role needs those that it inherits. */
function neededBy(operation: Operation): readonly string[] {
  return operation.kind === 'createRole' ? operation.after.roles.map(roleTargetKey) : [];
}

/**
 * How many of the roles that are made (or dropped) stand between each and the deepest of them that it inherits, times
 * `sign`: new roles come after those they inherit, dropped ones before, or the server would change them in passing.
 */
function roleDepth(
  operations: readonly Operation[],
  kind: 'createRole' | 'dropRole',
  sign: 1 | -1,
): ReadonlyMap<string, number> {
  const concerned = new Map<string, { readonly id: string; readonly role: Role }>();
  for (const operation of operations) {
    if (operation.kind !== 'createRole' && operation.kind !== 'dropRole') continue;
    const role: Role = operation.after ?? operation.before;
    if (operation.kind === kind) concerned.set(roleKey(role), { id: operation.id, role });
  }
  const depth = new Map<string, number>();
  // A state made by hand may hold a cycle of inheritance, which no server has: it must not go on for ever.
  const begun = new Set<string>();
  const open = [...concerned.keys()];
  for (let key = open.at(-1); key !== undefined; key = open.at(-1)) {
    const entry = concerned.get(key);
    const inherited = (entry?.role.roles ?? []).flatMap((ref) => concerned.get(roleKey(ref)) ?? []);
    begun.add(key);
    const waiting = inherited.filter(({ id, role }) => !depth.has(id) && !begun.has(roleKey(role)));
    if (entry !== undefined && waiting.length === 0) {
      depth.set(entry.id, sign * Math.max(0, ...inherited.map(({ id }) => Math.abs(depth.get(id) ?? 0) + 1)));
    }
    if (waiting.length === 0) open.pop();
    else open.push(...waiting.map(({ role }) => roleKey(role)));
  }
  return depth;
}

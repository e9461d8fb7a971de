/** The order in which operations run, and which of them run side by side. */

import { groupBy } from '../model/keyed.ts';
import { compareText } from '../model/order.ts';
import { handlerOf } from './operations/handlers.ts';
import type { Operation } from './operations/operation.ts';
import { phaseIndex } from './operations/phases.ts';
import type { TargetKey } from './operations/target.ts';
import { targetKey } from './operations/target-key.ts';

/** Those of one phase do not depend on each other, those on roles that inherit each other excepted. */
function phaseOf(operation: Operation): number {
  return phaseIndex(operation.early === true ? 'revoke early' : handlerOf(operation.kind).phase);
}

/** Sorted by phase; new roles after those that they inherit, dropped ones before; otherwise by target, so that a plan is always the same. */
export function orderOperations(operations: readonly Operation[]): Operation[] {
  const below = depthBy(operations, 'waitsFor');
  const above = depthBy(operations, 'holdsUp');
  const depthOf = (operation: Operation): number => (below.get(operation) ?? 0) - (above.get(operation) ?? 0);
  // Most are of few phases and of no depth: what is left to compare of these is their targets.
  return inGroups(operations, phaseOf).flatMap((phase) =>
    inGroups(phase, depthOf).flatMap((level) => level.sort((a, b) => compareText(a.target, b.target))),
  );
}

/** By a number, the lowest first; each group in the order given. */
function inGroups(operations: readonly Operation[], numberOf: (operation: Operation) => number): Operation[][] {
  return [...groupBy(operations, numberOf)].sort(([a], [b]) => a - b).map(([, group]) => group);
}

/**
 * Operations in their order, put together where they may run side by side: of one phase, on different targets, none of
 * which needs another. Each wave begins when the one before it has ended. The steps of one target are never side by
 * side: what is found after a crash must be one of the forms in between.
 */
export function wavesOf(operations: readonly Operation[]): Operation[][] {
  const waves: [Operation, ...Operation[]][] = [];
  let taken = new Set<TargetKey>();
  for (const operation of operations) {
    const wave = waves.at(-1);
    const needed = [targetKey(operation), ...related(operation, 'waitsFor')];
    if (wave === undefined || phaseOf(wave[0]) !== phaseOf(operation) || needed.some((key) => taken.has(key))) {
      waves.push([operation]);
      taken = new Set();
    } else wave.push(operation);
    for (const key of [targetKey(operation), ...related(operation, 'holdsUp')]) taken.add(key);
  }
  return waves;
}

type Relation = 'waitsFor' | 'holdsUp';

function related(operation: Operation, relation: Relation): readonly TargetKey[] {
  return handlerOf(operation.kind)[relation]?.(operation) ?? [];
}

/** How many operations of its kind come between each and the farthest to which the relation leads from it. */
function depthBy(operations: readonly Operation[], relation: Relation): ReadonlyMap<Operation, number> {
  const concerned = new Map<TargetKey, Operation>();
  for (const operation of operations) {
    if (handlerOf(operation.kind)[relation] !== undefined) concerned.set(targetKey(operation), operation);
  }
  const depth = new Map<Operation, number>();
  // A state made by hand may hold a cycle of inheritance, which no server has: it must not go on for ever.
  const begun = new Set<Operation>();
  const open = [...concerned.values()];
  for (let operation = open.at(-1); operation !== undefined; operation = open.at(-1)) {
    begun.add(operation);
    const next = related(operation, relation).flatMap((key) => concerned.get(key) ?? []);
    const waiting = next.filter((one) => !depth.has(one) && !begun.has(one));
    if (waiting.length > 0) open.push(...waiting);
    else {
      depth.set(operation, Math.max(0, ...next.map((one) => (depth.get(one) ?? 0) + 1)));
      open.pop();
    }
  }
  return depth;
}

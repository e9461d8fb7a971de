/** Where the cluster differs from the policy: the plan, read as findings, one for each target. */

import { formatRole } from '../model/names.ts';
import { handlerOf } from '../plan/operations/handlers.ts';
import { isDataKeyOperation, type Operation } from '../plan/operations/operation.ts';
import type { TargetNoun } from '../plan/operations/target.ts';
import { targetKey } from '../plan/operations/target-key.ts';
import { isDroppedByPrune } from '../plan/ownership.ts';
import type { Plan } from '../plan/plan.ts';
import { secondsUntilExpiry } from '../plan/retention.ts';
import type { OwnedObject } from '../state/state.ts';
import type { DriftFinding } from './finding.ts';

export function differences(plan: Plan): DriftFinding[] {
  const replaced = new Map(plan.managed.map(({ role, replaces }) => [formatRole(role), formatRole(replaces)]));
  const byTarget = new Map<string, Operation[]>();
  for (const operation of plan.operations) {
    // Told with what they seal, and how weighty it is, by the findings on key vaults.
    if (isDataKeyOperation(operation)) continue;
    const key = targetKey(operation);
    byTarget.set(key, [...(byTarget.get(key) ?? []), operation]);
  }
  const findings = [...byTarget.values()].flatMap((chain) => {
    const [first] = chain;
    const last = chain.at(-1);
    if (first === undefined || last === undefined) return [];
    return nounOf(first) === 'record' ? recordFinding(first) : [difference(first, last, replaced.get(first.target))];
  });
  // What is unknown is told as not seen.
  const known = plan.obstacles.filter(({ unknown }) => unknown !== true);
  const obstacles = known.map(
    ({ target, message, at }): DriftFinding => ({
      kind: 'obstacle',
      rule: 'drift/obstacle',
      severity: 'error',
      target,
      message,
      ...(at && { origin: () => at }),
    }),
  );
  const orphans = plan.orphans.map(
    (orphan): DriftFinding => ({
      kind: 'orphaned',
      rule: 'drift/orphaned',
      severity: 'error',
      target: orphan.target,
      message: `the ${orphan.kind} ${orphan.target} has left the policy and still exists: ${pruneText(orphan)}`,
    }),
  );
  return [...findings, ...obstacles, ...orphans];
}

function pruneText(orphan: OwnedObject): string {
  if (isDroppedByPrune(orphan)) return 'migrate apply --prune drops it';
  const why = orphan.created ? 'collections are never dropped' : 'the policy did not make it';
  return `${why}, so it stays; --prune forgets it`;
}

/** An object that is still to be made is missing, and nothing more. */
function recordFinding(operation: Operation): DriftFinding[] {
  if (operation.kind !== 'recordObject' || operation.after.created) return [];
  const { kind, target } = operation.after;
  const message = `the ${kind} ${target} is not in the cluster's record of what the policy owns: migrate apply records it`;
  return [{ kind: 'unrecorded', rule: 'drift/unrecorded', severity: 'info', target, message, ...originOf(operation) }];
}

/** `standsFor`: the role in whose place accounts are to hold the target, if it is a managed role. */
function difference(first: Operation, last: Operation, standsFor: string | undefined): DriftFinding {
  const kind = first.before === undefined ? 'missing' : 'changed';
  if (first.kind === 'createRole' && standsFor !== undefined) {
    // Written out database by database it would hide everything else, and nobody has ever seen it.
    const message = `the role ${first.target}, which accounts are to hold in the place of ${standsFor}, does not exist: migrate plan shows what it means for them, migrate apply makes it`;
    return { kind, rule: `drift/${kind}`, severity: 'error', target: first.target, message, ...originOf(first) };
  }
  return {
    kind,
    rule: `drift/${kind}`,
    severity: 'error',
    target: first.target,
    message: messageOf(first, last),
    states: { before: first.before, after: last.after },
    ...originOf(first),
  };
}

function originOf({ reason }: Operation): Pick<DriftFinding, 'origin'> {
  const { at } = reason;
  return at === undefined ? {} : { origin: () => at };
}

function messageOf(first: Operation, last: Operation): string {
  const noun = nounOf(first);
  if (first.kind === 'dropIndex') {
    const { index } = first.before;
    return `the index ${index.name} removes documents after ${secondsUntilExpiry(index.expireAfterSeconds)} s, and the policy keeps them`;
  }
  if (first.before === undefined) return `the ${noun} ${first.target} does not exist`;
  if (last.after === undefined) return `the ${noun} ${first.target} is not in the policy`;
  return `the ${noun} ${first.target} is not as the policy says`;
}

function nounOf({ kind }: Operation): TargetNoun {
  return handlerOf(kind).target.noun;
}

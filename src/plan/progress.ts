/** How far each target has come on its chain of operations: what is done, what is left, what somebody else changed. */

import { groupBy } from '../model/keyed.ts';
import { roleKey, userKey } from '../model/names.ts';
import { sortedSet } from '../model/order.ts';
import { withoutSecrets } from '../policy/secrets.ts';
import { sortedJson } from '../state/sorted-json.ts';
import type { ClusterState } from '../state/state.ts';
import { handlerOf } from './operations/handlers.ts';
import type { Operation } from './operations/operation.ts';
import type { StateView } from './operations/target.ts';
import { formKey, targetKey } from './operations/target-key.ts';

export interface Progress {
  /** The operations that have still to run, in order. */
  readonly left: readonly Operation[];
  /** The first operation of each target that is in none of the forms which the plan knows. */
  readonly changed: readonly Operation[];
}

/**
 * Compares every target with its operations: equal to an `after` → done up to there; equal to the first `before` →
 * nothing done; anything else → somebody changed it since the plan was made. What can't be read back is always left.
 */
export function progressOf(operations: readonly Operation[], actual: ClusterState): Progress {
  const view = viewOf(actual);
  const done = new Set<Operation>();
  const changed: Operation[] = [];
  for (const chain of groupBy(operations.filter(isSeen), targetKey).values()) {
    const [first] = chain;
    const now = handlerOf(first.kind).target.presentKey(first, view);
    const reached = chain.findLastIndex((operation) => formKey(operation, operation.after) === now);
    if (reached >= 0) for (const operation of chain.slice(0, reached + 1)) done.add(operation);
    else if (formKey(first, first.before) !== now) changed.push(first);
  }
  return { left: operations.filter((operation) => !done.has(operation)), changed };
}

/**
 * Both sides of a target that is in none of the forms which the plan knows, part by part where they differ: `here` is the
 * cluster, `expected` what the operation starts from. Of lists only what the other side lacks.
 */
export function differenceText(operation: Operation, actual: ClusterState): string {
  const now = handlerOf(operation.kind).target.presentKey(operation, viewOf(actual));
  const expected = formKey(operation, operation.before);
  if (now === undefined) return 'it is gone';
  if (expected === undefined) return 'it exists by now';
  const [here, there]: readonly Readonly<Record<string, unknown>>[] = [JSON.parse(now), JSON.parse(expected)];
  const parts = sortedSet([...Object.keys(here ?? {}), ...Object.keys(there ?? {})]);
  const differing = parts.filter((part) => sortedJson(here?.[part]) !== sortedJson(there?.[part]));
  return differing
    .map((part) => {
      const [ours, theirs] = [here?.[part], there?.[part]].map((value) =>
        part === 'customData' ? withoutSecrets(value) : value,
      );
      return `${part} here ${onlyIn(ours, theirs)}, expected ${onlyIn(theirs, ours)}`;
    })
    .join('; ');
}

const LONGEST_PART = 200;

function onlyIn(value: unknown, other: unknown): string {
  if (value === undefined) return 'nothing';
  const others = new Set(Array.isArray(other) ? other.map(sortedJson) : []);
  const own = Array.isArray(value) ? value.filter((each) => !others.has(sortedJson(each))) : value;
  if (Array.isArray(own) && own.length === 0) return 'nothing more';
  const text = sortedJson(own);
  return text.length <= LONGEST_PART ? text : `${text.slice(0, LONGEST_PART)}…`;
}

/** Whether a state shows that the operation is done. */
export function isSeen({ kind }: Operation): boolean {
  return handlerOf(kind).unseen !== true;
}

function viewOf(state: ClusterState): StateView {
  const roles = new Map(state.roles?.map((role) => [roleKey(role), role]));
  const users = new Map(state.users?.map((user) => [userKey(user), user]));
  return { state, role: (ref) => roles.get(roleKey(ref)), user: (ref) => users.get(userKey(ref)) };
}

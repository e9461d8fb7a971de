/** A plan: what has to be done to a cluster so that it is as a policy says, in order, and what that means. */
import { diffStates } from '../diff/diff.ts';
import { type Effect, effectsOf } from '../diff/effect.ts';
import { policyLines } from '../diff/lines.ts';
import type { Operation } from '../diff/operation.ts';
import { type Obstacle, type ResolveOptions, resolve } from '../diff/resolve.ts';
import type { Intent } from '../policy/intent.ts';
import type { ClusterState, OwnedObject } from '../state/state.ts';
import { orderOperations } from './order.ts';

export interface Plan {
  /** `metadata.name` of the policy. */
  readonly policy: string;
  /** In the order in which they run. Empty: the cluster is as the policy says. */
  readonly operations: readonly Operation[];
  readonly effects: ReadonlyMap<string, Effect>;
  /** What stands in the way. A plan with obstacles is never applied. */
  readonly obstacles: readonly Obstacle[];
  /** What has left the policy and still exists; dropped only on demand. */
  readonly orphans: readonly OwnedObject[];
  /** What the cluster will be afterwards. */
  readonly desired: ClusterState;
}

/** Compares what the policy wants with what there is. Pure: the same input gives the same plan. */
export function makePlan(intent: Intent, actual: ClusterState, options: ResolveOptions = {}): Plan {
  const { desired, obstacles, orphans } = resolve(intent, actual, options);
  const operations = orderOperations(diffStates(actual, desired, policyLines(intent)));
  return {
    policy: intent.policy,
    operations,
    effects: effectsOf(actual, operations),
    obstacles,
    orphans: options.prune === true ? [] : orphans,
    desired,
  };
}

/** A plan: what has to be done to a cluster so that it is as a policy says, in order, and what that means. */
import { diffStates } from '../diff/diff.ts';
import { type Effect, effectsOf } from '../diff/effect.ts';
import { policyLines } from '../diff/lines.ts';
import type { Operation } from '../diff/operation.ts';
import { type Obstacle, type ResolveOptions, resolve } from '../diff/resolve.ts';
import type { Intent } from '../policy/intent.ts';
import type { ManagedRole } from '../restrict/managed.ts';
import type { Undecided } from '../restrict/restrict.ts';
import type { Rewrite } from '../restrict/rewrite.ts';
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
  /** Before and after of every account that a restriction changes, those that change alike together. */
  readonly rewrites: readonly Rewrite[];
  /** Accounts that stay able to do what a restriction denies, until a person decides. */
  readonly undecided: readonly Undecided[];
  /** The roles that restrictions need, with what they cover. */
  readonly managed: readonly ManagedRole[];
  /** How many accounts are exempt, whether or not their day has passed. */
  readonly breakGlass: number;
  /** What the cluster will be afterwards. */
  readonly desired: ClusterState;
}

/** Compares what the policy wants with what there is. Pure: the same input gives the same plan. */
export function makePlan(intent: Intent, actual: ClusterState, options: ResolveOptions = {}): Plan {
  const { desired, obstacles, orphans, restricted } = resolve(intent, actual, options);
  const operations = orderOperations(diffStates(actual, desired, policyLines(intent, restricted)));
  return {
    policy: intent.policy,
    operations,
    effects: effectsOf(actual, operations, restricted?.rewrites),
    obstacles: [...obstacles, ...atlasObstacles(actual, operations)],
    orphans,
    rewrites: restricted?.rewrites ?? [],
    undecided: restricted?.undecided ?? [],
    managed: restricted?.managed ?? [],
    breakGlass: intent.breakGlass.length,
    desired,
  };
}

/** The server refuses user and role commands there (Atlas documentation, "Unsupported Commands"). */
function atlasObstacles({ server }: ClusterState, operations: readonly Operation[]): readonly Obstacle[] {
  const about = operations.find(({ kind }) => /User|Role/.test(kind));
  if (server.edition !== 'atlas' || about === undefined) return [];
  const message =
    "this is Atlas, where users and roles can't be managed over the wire: change them through Atlas itself; reading, who, lint and drift work";
  return [{ target: about.target, message }];
}

/** A plan: what has to be done to a cluster so that it is as a policy says, in order, and what that means. */

import { formatUser, type UserRef, userKey } from '../model/names.ts';
import { once } from '../model/once.ts';
import { canonicalUser } from '../model/role.ts';
import { exemptionsOn } from '../policy/exemptions.ts';
import type { Intent } from '../policy/intent.ts';
import type { ClusterState, OwnedObject } from '../state/state.ts';
import type { Effect } from './access-moved.ts';
import { type AccountChange, accountChanges } from './account-changes.ts';
import { dataKeyChanges } from './data-key-changes.ts';
import { type Obstacle, type ResolveOptions, resolve } from './desired.ts';
import { diffStates } from './diff/diff-states.ts';
import { effectsOf } from './effects.ts';
import { orderOperations } from './operation-order.ts';
import { handlerOf } from './operations/handlers.ts';
import { makeOperation } from './operations/make-operation.ts';
import type { Operation } from './operations/operation.ts';
import { policyLines } from './policy-lines.ts';
import type { Rewrite } from './restrictions/access-change.ts';
import type { Undecided } from './restrictions/describe-undecided.ts';
import type { ManagedRole } from './restrictions/managed-roles.ts';
import { simulate } from './simulate.ts';
import { keyWarnings, type PlanWarning, planWarnings } from './warnings.ts';

export interface Plan {
  /** `metadata.name` of the policy. */
  readonly policy: string;
  /** In the order in which they run. Empty: the cluster is as the policy says. */
  readonly operations: readonly Operation[];
  readonly effects: ReadonlyMap<string, Effect>;
  /** What it means for accounts, those that gain first. */
  readonly accounts: readonly AccountChange[];
  /** What it does besides what accounts gain and lose, and what endangers sealed fields meanwhile. */
  readonly warnings: readonly PlanWarning[];
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
  /** How many accounts are exempt. */
  readonly breakGlass: number;
  /** What the cluster will be afterwards. */
  readonly desired: ClusterState;
}

export interface PlanOptions extends ResolveOptions {
  /** The users whose passwords are set anew. */
  readonly rotate?: readonly UserRef[];
}

/**
 * Compares what the policy wants with what there is. Pure: the same input gives the same plan.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { compilePolicy, describeOperation, makePlan, parsePolicyFile, simulate } from 'mongoward';
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
 * const plan = makePlan(intent, state);
 * assert.deepEqual(plan.obstacles, []);
 * assert.deepEqual(plan.operations.map(describeOperation), [
 *   'record the owner of writer@audit',
 *   'create role writer@audit',
 * ]);
 * assert.deepEqual(makePlan(intent, simulate(state, plan.operations)).operations, []);
 * ```
 */
export function makePlan(intent: Intent, actual: ClusterState, options: PlanOptions = {}): Plan {
  const { desired, obstacles, orphans, restricted } = resolve(intent, actual, options);
  const differences = diffStates(actual, desired, policyLines(intent, restricted));
  const rotations = rotationsOf(intent, desired, differences, options.rotate ?? []);
  const keys = dataKeyChanges(intent, actual, options.today);
  const operations = orderOperations([...differences, ...rotations.operations, ...keys.operations]);
  const accounts = operations.length === 0 ? [] : accountChanges(actual, desired, operations);
  const effects = once(() => effectsOf(actual, operations, restricted?.rewrites, accounts));
  return {
    policy: intent.policy,
    operations,
    // What accounts gain and lose in all is told to people; step by step it is worked out for whoever asks.
    get effects() {
      return effects();
    },
    accounts,
    warnings: [...keyWarnings(intent, actual), ...planWarnings(actual, operations, accounts, intent.collections)],
    obstacles: [...obstacles, ...rotations.obstacles, ...keys.obstacles, ...atlasObstacles(actual, operations)],
    orphans: options.prune === true ? [] : orphans,
    rewrites: restricted?.rewrites ?? [],
    undecided: restricted?.undecided ?? [],
    managed: restricted?.managed ?? [],
    breakGlass: exemptionsOn(intent, options.today).count,
    desired: simulate(desired, keys.operations),
  };
}

/** A user that is made, or whose password is set anyway, needs no rotation besides. */
function rotationsOf(
  intent: Intent,
  desired: ClusterState,
  differences: readonly Operation[],
  rotate: readonly UserRef[],
): { readonly operations: readonly Operation[]; readonly obstacles: readonly Obstacle[] } {
  const operations: Operation[] = [];
  const obstacles: Obstacle[] = [];
  const set = new Set(differences.filter((one) => 'password' in one).map(({ target }) => target));
  for (const ref of new Map(rotate.map((user) => [userKey(user), user])).values()) {
    const target = formatUser(ref);
    const entry = intent.users.find(({ user }) => userKey(user) === userKey(ref));
    const user = desired.users?.find((candidate) => userKey(candidate) === userKey(ref));
    if (entry === undefined) {
      obstacles.push({ target, message: `the policy "${intent.policy}" does not define the user ${target}` });
    } else if (entry.password === undefined) {
      obstacles.push({ target, message: `the policy names no password for ${target}`, at: entry.origin() });
    } else if (user !== undefined && !set.has(target)) {
      const form = canonicalUser(user);
      const change = { kind: 'rotatePassword', before: form, after: form, password: entry.password } as const;
      operations.push(makeOperation(change, { text: 'a new password was asked for', at: entry.origin() }));
    }
  }
  return { operations, obstacles };
}

/** The server refuses user and role commands there (Atlas documentation, "Unsupported Commands"). */
function atlasObstacles({ server }: ClusterState, operations: readonly Operation[]): readonly Obstacle[] {
  const about = operations.find(({ kind }) => ['role', 'user'].includes(handlerOf(kind).target.noun));
  if (server.edition !== 'atlas' || about === undefined) return [];
  const message =
    "this is Atlas, where users and roles can't be managed over the wire: change them through Atlas itself; reading, who, lint and drift work";
  return [{ target: about.target, message }];
}

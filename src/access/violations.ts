/**
 * What a state violates: every protection, exclusive `access`, dedicated database and restriction of the policies, held
 * against every account. Whoever asks, for files or for a cluster, before a write or after it, asks here.
 */
import { formatUser } from '../model/names.ts';
import type { User } from '../model/role.ts';
import type { Intent } from '../policy/intent.ts';
import { placesOf } from '../state/shards.ts';
import type { ClusterState } from '../state/state.ts';
import { dedicatedViolations } from './violations/dedicated.ts';
import { examinationOf, peopleOf } from './violations/examination.ts';
import { protectionViolations } from './violations/protections.ts';
import { restrictionViolations } from './violations/restrictions.ts';
import { ofShard, ofShardName, type Violation } from './violations/violation.ts';

export {
  listed,
  type Mend,
  ofShardName,
  VIOLATION_RULE_NAMES,
  type Violation,
  type ViolationRule,
  violationText,
} from './violations/violation.ts';

export interface ViolationOptions {
  /** `YYYY-MM-DD`: exemptions hold to the end of their day. Without it none has ended. */
  readonly today?: string | undefined;
}

/**
 * Every violation: dedicated databases, then accounts, then those that shards have for themselves. The accounts of a
 * state are held against all the policies, whichever of these defines them; an exemption counts in the policy that
 * states it. Where roles or users are unknown, nothing can be said
 * about accounts: the state's `unreadable` tells why. Pure.
 *
 * @param state what a cluster has, what a plan would leave, or what policies alone make
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { compilePolicy, parsePolicyFile, parseSnapshot, violationsOf, violationText } from 'mongoward';
 *
 * const text = `
 * apiVersion: mongoward/v1
 * metadata: { name: trail }
 * collections:
 *   audit.logs: { protection: append-only }
 * `;
 * const { intent } = compilePolicy([parsePolicyFile({ file: 'trail.yaml', text })]);
 * const state = parseSnapshot(`{
 *   "mongowardSnapshot": 1,
 *   "server": { "version": "8.0.4" },
 *   "roles": [],
 *   "users": [{ "user": "app", "db": "admin", "roles": [{ "role": "readWrite", "db": "audit" }] }]
 * }`);
 * const [violation] = violationsOf([intent], state, { today: '2026-11-23' });
 * assert.equal(violation.target, 'app@admin');
 * assert.deepEqual(violation.outcomes, ['alter', 'destroy']);
 * assert.deepEqual(violation.path, ['app@admin', 'readWrite@audit', 'update on audit.*']);
 * assert.equal(violation.origin().line, 5);
 * assert.match(violationText(violation), /Revoke readWrite@audit,/);
 * ```
 */
export function violationsOf(
  policies: readonly Intent[],
  state: ClusterState,
  { today }: ViolationOptions = {},
): readonly Violation[] {
  return violationsBy(policies, state, today, () => true);
}

/** Of accounts only those that are asked for, each by its name, `app@admin of shard a` on a shard. */
function violationsBy(
  policies: readonly Intent[],
  state: ClusterState,
  today: string | undefined,
  isAsked: (account: string) => boolean,
): readonly Violation[] {
  return [
    ...policies.flatMap((intent) => dedicatedViolations(intent, state)),
    ...placesOf(state).flatMap(({ state: there, shard }) => {
      const found = violationsByAccounts(policies, there, today, (user) =>
        isAsked(shard === undefined ? formatUser(user) : ofShardName(formatUser(user), shard)),
      );
      return shard === undefined ? found : found.map((violation) => ofShard(violation, shard));
    }),
  ];
}

function violationsByAccounts(
  policies: readonly Intent[],
  state: ClusterState,
  today: string | undefined,
  isAsked: (user: User) => boolean,
): readonly Violation[] {
  const people = peopleOf(state);
  if (people === undefined) return [];
  return policies.flatMap((intent) => {
    const examination = examinationOf(intent, state, people, today, isAsked);
    const protections = protectionViolations(examination);
    const weak = new Set(protections.filter(({ vulnerability }) => vulnerability).map(({ target }) => target));
    // What a release lets an account do is told once.
    const restrictions = restrictionViolations(examination).filter(
      ({ vulnerability, target }) => !vulnerability || !weak.has(target),
    );
    return [...protections, ...restrictions];
  });
}

/**
 * What a change would make: the errors that the state after it has and the one before it has not, or not for all of
 * their outcomes. What is so today a change may leave as it is.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { compilePolicy, makePlan, parsePolicyFile, parseSnapshot, violationsMade } from 'mongoward';
 *
 * const compile = (text) => compilePolicy([parsePolicyFile({ file: 'p.yaml', text })]).intent;
 * const trail = compile(`
 * apiVersion: mongoward/v1
 * metadata: { name: trail }
 * collections: { audit.logs: { protection: append-only } }
 * `);
 * const shop = compile(`
 * apiVersion: mongoward/v1
 * metadata: { name: shop }
 * roles: { cleaner@audit: { privileges: [{ on: audit.logs, allow: [remove] }] } }
 * users: { shop@admin: { roles: [cleaner@audit], password: { fromEnv: SHOP_PASSWORD } } }
 * `);
 * const state = parseSnapshot(
 *   '{ "mongowardSnapshot": 1, "server": { "version": "8.0.4" }, "roles": [], "users": [], "objects": [] }',
 * );
 * const made = violationsMade([trail, shop], state, makePlan(shop, state).desired);
 * assert.deepEqual(made.map(({ policy, target }) => [policy, target]), [['trail', 'shop@admin']]);
 * ```
 */
export function violationsMade(
  policies: readonly Intent[],
  before: ClusterState,
  after: ClusterState,
  options: ViolationOptions = {},
): readonly Violation[] {
  return violationsAfter(policies, before, after, options).made;
}

/** The errors of the state after a change: what the change makes, and what is so before it already and stays. */
export function violationsAfter(
  policies: readonly Intent[],
  before: ClusterState,
  after: ClusterState,
  options: ViolationOptions = {},
): { readonly made: readonly Violation[]; readonly standing: readonly Violation[] } {
  const errors = violationsOf(policies, after, options).filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return { made: [], standing: [] };
  // An error is about a user or a database: what groups could be given is none.
  const targets = new Set(errors.map(({ target }) => target));
  const known = new Set(
    violationsBy(policies, before, options.today, (account) => targets.has(account)).flatMap(keysOf),
  );
  const isMade = (violation: Violation): boolean => keysOf(violation).some((key) => !known.has(key));
  return { made: errors.filter(isMade), standing: errors.filter((violation) => !isMade(violation)) };
}

/** One text for each outcome, the same for the same violation in two states. */
function keysOf({ rule, policy, target, on, outcomes, fact }: Violation): readonly string[] {
  const details = outcomes.length === 0 ? [fact] : outcomes;
  return details.map((detail) => JSON.stringify([rule, policy, target, on, detail]));
}

/**
 * The policies of a run together: what they make, and what of that violates one of them. Every policy's demands are held
 * against the accounts of all.
 */
import { circumstancesOf } from '../access/circumstances.ts';
import { newestAdmitted, stateAmong } from '../access/intent-state.ts';
import { techniquesOn } from '../access/techniques.ts';
import { type Violation, violationsOf } from '../access/violations.ts';
import { formatNamespace, type Namespace, userKey } from '../model/names.ts';
import { once } from '../model/once.ts';
import { CLUSTER, collectionTarget, isOfBuckets, namesBuckets } from '../model/resource.ts';
import { releaseLine } from '../model/version.ts';
import { restrict } from '../plan/restrictions/restrict.ts';
import type { Intent, Origin } from '../policy/intent.ts';
import type { ClusterState } from '../state/state.ts';
import { type GrantLines, grantLines } from './grant-lines.ts';

/** A violation, and the line of a policy where it is to be mended. */
export interface LocatedViolation {
  readonly violation: Violation;
  readonly at: Origin;
  /** The policy that the line belongs to, which need not be the one that is violated. */
  readonly policy: string;
  /** The release that lets it, if it is not the oldest one that the policy admits. */
  readonly release?: string;
  /**
   * What the plan makes of it. `open`: nothing, the policies are to be mended. `rewritten`: it rewrites the adopted
   * account, which can't any longer. `undecided`: it rewrites the account and can't keep it out all the same; a person
   * has to decide.
   */
  readonly fate: 'open' | 'rewritten' | 'undecided';
}

export interface LintedPolicies {
  /** All that compiled. */
  readonly policies: readonly Intent[];
  readonly lines: GrantLines;
  /** What violates any of the policies, whichever policy's line is to blame. */
  violations(): readonly LocatedViolation[];
  /** What there is once the plan of the policy has rewritten the accounts that it may rewrite. */
  rewritten(policy: Intent): ClusterState;
}

export interface LintedOptions {
  readonly today: string;
  /** Instead of the oldest release that a policy admits. */
  readonly targetVersion?: string | undefined;
}

export function lintedPolicies(policies: readonly Intent[], options: LintedOptions): LintedPolicies {
  // Not by name: two that a variable gives the same name are two all the same.
  const examined = new Map(policies.map((intent) => [intent, once(() => examine(intent, policies, options))]));
  return {
    policies,
    lines: grantLines(policies),
    violations: once(() => [...examined.values()].flatMap((each) => each().violations())),
    rewritten: (policy) => {
      const found = examined.get(policy);
      if (found === undefined) throw new Error(`${policy.policy} is none of the policies`);
      return found().rewritten();
    },
  };
}

interface Examined {
  violations(): readonly LocatedViolation[];
  rewritten(): ClusterState;
}

function examine(intent: Intent, policies: readonly Intent[], { today, targetVersion }: LintedOptions): Examined {
  const others = policies.filter((other) => other !== intent);
  const adopted = new Set(
    [...others, intent].flatMap(({ users }) => users.filter((each) => each.adopted).map(({ user }) => userKey(user))),
  );
  const definitions = (violation: Violation): LocatedViolation[] =>
    policies.flatMap(({ policy, collections }) =>
      collections
        .filter(({ ns }) => violation.objects.includes(formatNamespace(ns)))
        .map(({ origin }) => ({ violation, at: origin, policy, fate: 'open' as const })),
    );
  // Of an object that two policies define, the policy's own lines count.
  const lines = grantLines([intent, ...others]);
  const on = (version: string | undefined, seen: (state: ClusterState) => ClusterState = (state) => state) => {
    const state = seen(stateAmong(intent, others, version));
    const restricted = once(() => restrict(intent, state, state, { today }));
    const rewritten = once((): ClusterState => {
      const { roles, users } = restricted() ?? {};
      return { ...state, ...(roles && { roles }), ...(users && { users }) };
    });
    const remaining = once(() => {
      const left = violationsOf([intent], rewritten(), { today });
      return new Map(left.map((violation) => [violationKey(violation), violation]));
    });
    const undecided = once(
      () => new Set(restricted()?.undecided.flatMap(({ user, unmanaged }) => (unmanaged ? [] : [userKey(user)]))),
    );
    const located = (violation: Violation): LocatedViolation[] => {
      const { principal, mend } = violation;
      if (principal === undefined) return definitions(violation);
      const line = { violation, ...lines.of(principal, mend.depth) };
      if (!adopted.has(userKey(principal.user))) return [{ ...line, fate: 'open' }];
      const left = remaining().get(violationKey(violation));
      if (left === undefined) return [{ ...line, fate: 'rewritten' }];
      const { outcomes, fact } = left;
      const rest = { ...violation, outcomes, fact };
      return [{ ...line, violation: rest, fate: undecided().has(userKey(principal.user)) ? 'undecided' : 'open' }];
    };
    const violations = once(() => {
      const told = violationsOf([intent], state, { today });
      const found = told.flatMap(located);
      if (!found.some(({ fate }) => fate === 'rewritten')) return found;
      // A role that the plan takes from everybody is still there for a group to be given.
      const known = new Set(told.map(violationKey));
      const left = [...remaining().values()].filter((violation) => !known.has(violationKey(violation)));
      return [...found, ...left.flatMap(located)];
    });
    return { state, rewritten, violations };
  };
  const oldest = on(targetVersion);
  const series = seriesNamed(policies);
  const ofOldest = (): readonly LocatedViolation[] => {
    const found = oldest.violations();
    if (series.size === 0) return found;
    const told = new Set(found.flatMap(({ violation }) => outcomeKeys(violation)));
    const ofSeries = on(targetVersion, (state) => withSeries(state, series)).violations();
    return [...found, ...ofSeries.filter(({ violation }) => outcomeKeys(violation).some((key) => !told.has(key)))];
  };
  const violations = (): readonly LocatedViolation[] => {
    const newest = targetVersion === undefined ? newestAdmitted(intent) : undefined;
    const known = ofOldest();
    if (newest === undefined || releaseLine(newest) === releaseLine(oldest.state.server.version)) return known;
    const there = on(newest);
    if (!knowsMore(there.state, oldest.state, intent)) return known;
    const told = new Set(known.flatMap(({ violation }) => outcomeKeys(violation)));
    const later = there
      .violations()
      .filter(({ violation }) => !violation.vulnerability && outcomeKeys(violation).some((key) => !told.has(key)))
      .map((each) => ({ ...each, release: releaseLine(newest) }));
    return [...known, ...later];
  };
  return { violations, rewritten: oldest.rewritten };
}

/**
 * Collections whose buckets a role names: that grants something only where they are time series, which no policy says.
 */
function seriesNamed(policies: readonly Intent[]): ReadonlySet<string> {
  const resources = policies.flatMap(({ roles }) =>
    roles.flatMap(({ role }) => role.privileges.map(({ resource }) => resource).filter(isOfBuckets)),
  );
  const isNamed = (ns: Namespace): boolean => resources.some((resource) => namesBuckets(resource, ns));
  // MongoDB takes no validator for a series.
  const mayBeSeries = policies.flatMap(({ collections }) =>
    collections.filter((each) => each.validation === undefined),
  );
  return new Set(mayBeSeries.filter(({ ns }) => isNamed(ns)).map(({ ns }) => formatNamespace(ns)));
}

function withSeries(state: ClusterState, series: ReadonlySet<string>): ClusterState {
  const databases = state.databases?.map(({ name: db, collections = [] }) => ({
    name: db,
    collections: collections.map((collection) =>
      series.has(formatNamespace({ db, collection: collection.name }))
        ? { ...collection, type: 'timeseries' as const, options: {} }
        : collection,
    ),
  }));
  return { ...state, ...(databases && { databases }) };
}

function violationKey({ rule, target, on, vulnerability }: Violation): string {
  return JSON.stringify([rule, target, on, vulnerability]);
}

function outcomeKeys({ rule, target, on, outcomes }: Violation): readonly string[] {
  return outcomes.map((outcome) => JSON.stringify([rule, target, on, outcome]));
}

/** Whether the state of a newer release knows techniques that the other does not: for a protected collection, or for any. */
function knowsMore(newer: ClusterState, older: ClusterState, { collections }: Intent): boolean {
  return [CLUSTER, ...collections.map(({ ns }) => collectionTarget(ns))].some((subject) => {
    const known = new Set(techniquesOn(subject, circumstancesOf(older, subject)).map(({ id }) => id));
    return techniquesOn(subject, circumstancesOf(newer, subject)).some(({ id }) => !known.has(id));
  });
}

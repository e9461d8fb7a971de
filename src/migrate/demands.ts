/** A cluster held against all the policies of a run, before the first write and after the last. */
import { type Violation, violationsAfter, violationsMade, violationsOf, violationText } from '../access/violations.ts';
import { Failure } from '../failure.ts';
import type { Intent } from '../policy/intent.ts';
import type { ClusterState } from '../state/state.ts';

export interface RunDemands {
  readonly policies?: readonly Intent[];
  /** `YYYY-MM-DD` */
  readonly today?: string;
}

/** Throws a Failure if what is about to be written would violate a policy in a way that the cluster does not today. */
export function refuseViolations(
  before: ClusterState,
  after: ClusterState,
  { policies = [], today }: RunDemands,
  advice = 'nothing was changed; mend what is named above and plan again',
): void {
  refuseMade(violationsMade(policies, before, after, { today }), advice);
}

/** Throws a Failure that names each violation, if there is one. */
export function refuseMade(made: readonly Violation[], advice: string): void {
  if (made.length === 0) return;
  throw new Failure('what would be written violates what the policies demand', {
    details: made.map(violationLine),
    advice,
  });
}

/**
 * Who can do what the policies' protections rule out, by no fault of the release. Accounts that a restriction leaves for
 * a person to decide about are told by the plan.
 */
export function stillOpen(state: ClusterState, { policies = [], today }: RunDemands): readonly Violation[] {
  return violationsOf(policies, state, { today }).filter((one) => one.severity === 'error' && isTold(one));
}

/** What a change would make, and what stays open although it is carried out: the first is refused, the second told. */
export function heldAgainst(
  before: ClusterState,
  after: ClusterState,
  { policies = [], today }: RunDemands,
): { readonly made: readonly Violation[]; readonly open: readonly Violation[] } {
  const { made, standing } = violationsAfter(policies, before, after, { today });
  return { made, open: standing.filter(isTold) };
}

/** Of a restriction the plan tells whom it leaves for a person to decide about. */
function isTold({ rule }: Violation): boolean {
  return rule !== 'protection/restriction';
}

/** What is open once a run has ended: the same, and what restrictions rule out and was not so when it began. */
export function openViolations(before: ClusterState, after: ClusterState, demands: RunDemands): readonly Violation[] {
  const { policies = [], today } = demands;
  const made = violationsMade(policies, before, after, { today });
  return [...stillOpen(after, demands), ...made.filter(({ rule }) => rule === 'protection/restriction')];
}

/** `audit.yaml:3: …`: the demand's place, and what breaks it. */
function violationLine(violation: Violation): string {
  const { file, line } = violation.origin();
  return `${file}:${line}: ${violationText(violation)}`;
}

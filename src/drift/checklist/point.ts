/** What a point of the checklist is, and what points have in common. */
import { formatNamespace } from '../../model/names.ts';
import type { Intent, IntentCollection } from '../../policy/intent.ts';
import type { ClusterState } from '../../state/state.ts';
import type { AccessMatrix } from '../access-matrix.ts';
import type { DriftFinding } from '../finding.ts';
import type { DriftReport } from '../report.ts';

/**
 * - `verified`: the cluster shows it
 * - `declared`: a person answers for it, and its review is not overdue
 * - `failed`: the cluster shows that it is not so, or its review is overdue
 * - `unknown`: not verifiable from here, and nobody declares it
 */
export type PointStatus = 'verified' | 'declared' | 'failed' | 'unknown';

export interface ChecklistPoint {
  readonly id: string;
  /** `Access`, `In transit` and so on: points of a group stand together. */
  readonly group: string;
  /** What the guide asks, in a sentence without a full stop. */
  readonly title: string;
  readonly status: PointStatus;
  /** Why it is so, in sentences. */
  readonly evidence: readonly string[];
  /** Where a person keeps the proof of what is declared. */
  readonly link?: string;
}

export interface ChecklistInput {
  readonly intent: Intent;
  readonly actual: ClusterState;
  readonly report: DriftReport;
  readonly matrix: AccessMatrix;
  readonly today: string;
}

export interface Judged {
  readonly status: PointStatus;
  readonly evidence: readonly string[];
  readonly link?: string;
}

export interface Point {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  /** What can be seen of the cluster; nothing if the cluster can't show it. */
  readonly seen?: (context: Context) => Judged | undefined;
  /** The attestation by which people declare it. */
  readonly control?: string;
}

export interface Context extends ChecklistInput {
  readonly trails: readonly IntentCollection[];
}

const NO_TRAIL: Judged = { status: 'unknown', evidence: ['The policy declares no append-only collection.'] };

/** A point about each trail: the worst of them decides. */
export function ofTrails(
  { trails }: Context,
  judgeOne: (trail: IntentCollection, ns: string) => readonly string[] | undefined,
  good: (ns: string) => string,
): Judged {
  if (trails.length === 0) return NO_TRAIL;
  const problems = trails.map((trail) => judgeOne(trail, formatNamespace(trail.ns)));
  if (problems.some((list) => list === undefined)) {
    return { status: 'unknown', evidence: ['Accounts or collections of the cluster could not be seen.'] };
  }
  const told = problems.flatMap((list) => list ?? []);
  if (told.length > 0) return { status: 'failed', evidence: [...new Set(told)] };
  return { status: 'verified', evidence: trails.map(({ ns }) => good(formatNamespace(ns))) };
}

/** Who breaks the policy at a place with one of these outcomes; nothing where accounts are unknown. */
export function breakers(
  { matrix, actual }: Context,
  place: string,
  outcomes: readonly string[],
): readonly string[] | undefined {
  if (actual.roles === undefined || actual.users === undefined) return undefined;
  const at = matrix.places.indexOf(place);
  return matrix.accounts.flatMap(({ account, cells }) => {
    const broken = (cells[at] ?? []).filter(
      ({ decision, outcome }) => decision === 'broken' && outcomes.includes(outcome),
    );
    return broken.length === 0
      ? []
      : [`${account} can ${broken.map(({ outcome }) => outcome).join(' and ')} ${place}, and must not.`];
  });
}

export function findingsOn({ report }: Context, rules: readonly string[], target?: string): readonly string[] {
  return report.findings
    .filter(
      ({ rule, severity, ...finding }) =>
        severity === 'error' && rules.includes(rule) && (target === undefined || finding.target === target),
    )
    .map(({ message }: DriftFinding) => `${capital(message)}.`);
}

export function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

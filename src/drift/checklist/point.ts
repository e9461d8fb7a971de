/** What a point of the checklist is, and what points have in common. */
import { formatNamespace } from '../../model/names.ts';
import { once } from '../../model/once.ts';
import type { Intent, IntentCollection } from '../../policy/intent.ts';
import { findCollection } from '../../state/lookup.ts';
import type { ClusterState, Collection } from '../../state/state.ts';
import type { Access, AccessMatrix } from '../access-matrix.ts';
import type { DriftFinding } from '../finding.ts';
import type { DriftReport } from '../report.ts';

/**
 * - `verified`: the cluster shows it
 * - `declared`: a person answers for it, and its review is not overdue
 * - `failed`: the cluster shows that it is not so, or its review is overdue
 * - `unknown`: not verifiable from here, and nobody declares it
 */
export type PointStatus = 'verified' | 'declared' | 'failed' | 'unknown';

/** What a reader sees of it. */
export const STATUS_WORDS: Readonly<Record<PointStatus, string>> = {
  verified: 'verified',
  declared: 'declared',
  failed: 'not so',
  unknown: 'not verifiable from here',
};

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

/** What was found out about one trail: what is wrong, and what could not be looked at; all in sentences. */
export interface Look {
  readonly wrong?: readonly string[];
  readonly unseen?: readonly string[];
}

/** A point about each trail: what is wrong with any of them decides, then what could not be seen. */
export function ofTrails(
  { trails }: Context,
  lookAt: (trail: IntentCollection, ns: string) => Look,
  good: (ns: string, trail: IntentCollection) => string,
): Judged {
  if (trails.length === 0) return NO_TRAIL;
  const looks = trails.map((trail) => lookAt(trail, formatNamespace(trail.ns)));
  const wrong = looks.flatMap((look) => look.wrong ?? []);
  if (wrong.length > 0) return { status: 'failed', evidence: [...new Set(wrong)] };
  const unseen = looks.flatMap((look) => look.unseen ?? []);
  if (unseen.length > 0) return { status: 'unknown', evidence: [...new Set(unseen)] };
  return { status: 'verified', evidence: trails.map((trail) => good(formatNamespace(trail.ns), trail)) };
}

/** The collection of a trail as it stands in the cluster, or why nothing can be said about it. */
export function storedTrail({ actual }: Context, { ns }: IntentCollection): Collection | Look {
  const databases = collectionsUnseen(actual, ns.db);
  if (databases !== undefined) return databases;
  const found = findCollection(actual, ns);
  if (found === undefined) return { wrong: [`${formatNamespace(ns)} does not exist yet.`] };
  return found;
}

/** Unknown is not none: what a database holds, nobody may have been able to list. */
export function collectionsUnseen({ databases }: ClusterState, db: string): Look | undefined {
  if (databases === undefined) return { unseen: ['Databases of the cluster could not be seen.'] };
  const hidden = databases.some(({ name, collections }) => name === db && collections === undefined);
  return hidden ? { unseen: [`The collections of ${db} could not be seen.`] } : undefined;
}

/** Whoever breaks the policy at a place with one of these outcomes, by grants or because the server's release lets it. */
export function breakers(context: Context, place: string, outcomes: readonly string[]): Look {
  return whoCan(context, place, ({ outcome, isRuledOut }) => isRuledOut && outcomes.includes(outcome));
}

/** Whoever can bring one of these outcomes about at a place, ruled out or not, but for those of last resort. */
export function able(context: Context, place: string, outcomes: readonly string[]): Look {
  return whoCan(context, place, ({ outcome, decision }) => decision !== 'exempt' && outcomes.includes(outcome));
}

function whoCan({ matrix }: Context, place: string, counts: (access: Access) => boolean): Look {
  const at = matrix.places.indexOf(place);
  const wrong = matrix.accounts.flatMap(({ account, cells }) => {
    const found = (cells[at] ?? []).filter(counts);
    const say = (list: readonly Access[], more: string): readonly string[] =>
      list.length === 0 ? [] : [`${account} can ${outcomesText(list)} ${place}${more}.`];
    const granted = found.filter(({ decision }) => decision !== 'release');
    return [
      ...say(
        granted.filter(({ isRuledOut }) => isRuledOut),
        ', and must not',
      ),
      ...say(
        granted.filter(({ isRuledOut }) => !isRuledOut),
        '',
      ),
      ...say(
        found.filter(({ decision }) => decision === 'release'),
        ", because the server's release lets it",
      ),
    ];
  });
  return { wrong, unseen: accountsUnseen(matrix) };
}

/** Made when it is needed: what Node.js knows of languages takes 19 ms to load. */
const and = once(() => new Intl.ListFormat('en-GB'));

/** `read, insert and alter` */
export function outcomesText(accesses: readonly Pick<Access, 'outcome'>[]): string {
  return and().format(accesses.map(({ outcome }) => outcome));
}

export function accountsUnseen({ unseen }: AccessMatrix): readonly string[] {
  return unseen.map((who) => `Not seen: ${who}.`);
}

export function findingsOn({ report }: Context, rules: readonly string[], target?: string): readonly string[] {
  return report.findings
    .filter(
      ({ rule, severity, ...finding }) =>
        severity === 'error' && rules.includes(rule) && (target === undefined || finding.target === target),
    )
    .map(({ message }: DriftFinding) => `${capital(message)}.`);
}

/** As a sentence begins. What begins with a name keeps it as it is. */
export function capital(text: string): string {
  return text.replace(/^the /, 'The ');
}

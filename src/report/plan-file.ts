/**
 * A plan as a file that somebody approves: the JSON of the plan, and what it rests on. What is applied later is planned
 * anew and held against it, so that nothing in the file is ever taken for true: it is the plan that was approved, or not.
 */
import { createHash } from 'node:crypto';
import type { PlanReport as PlanJson } from '../generated/output-migrate-plan.ts';

import { policyHash } from '../migrate/policy-hash.ts';
import { stateDigests } from '../migrate/state-digests.ts';
import { formatUser, type UserRef } from '../model/names.ts';

import type { Plan } from '../plan/plan.ts';
import type { Intent } from '../policy/intent.ts';
import { sortedJson } from '../state/sorted-json.ts';
import type { ClusterState } from '../state/state.ts';
import type { Evidence } from './evidence.ts';
import { planJson } from './json.ts';

export type PlanFile = PlanJson & { readonly basis: NonNullable<PlanJson['basis']> };

export interface PlannedFrom {
  readonly intent: Intent;
  readonly state: ClusterState;
  /** How the cluster or the snapshot is called, never with credentials. */
  readonly name: string;
  readonly prune: boolean;
  readonly rotate: readonly UserRef[];
}

export function planFile(plan: Plan, from: PlannedFrom, evidence: Evidence): PlanFile {
  const { intent, state, name, prune, rotate } = from;
  return {
    ...planJson(plan, evidence),
    basis: {
      source: name,
      server: state.server.version,
      policy: intent.policy,
      policyHash: policyHash(intent),
      prune,
      rotate: rotate.map(formatUser).sort(),
      state: { ...stateDigests(intent, state) },
    },
  };
}

/** How much of a hash a person compares. */
const SHOWN = 16;

/** Whether a document has the form of a plan file, as far as {@link planDifferences} looks into it. */
export function isPlanFile(document: unknown): document is PlanFile {
  if (typeof document !== 'object' || document === null) return false;
  const { basis, operations, accounts } = document as Partial<Record<keyof PlanFile, unknown>>;
  if (!isListOf(operations, 'id', 'reason') || !isListOf(accounts, 'accounts', 'why')) return false;
  if (typeof basis !== 'object' || basis === null) return false;
  const { source, server, policy, policyHash: hash, prune, rotate, state } = basis as Record<string, unknown>;
  return (
    [source, server, policy, hash].every((text) => typeof text === 'string') &&
    typeof prune === 'boolean' &&
    Array.isArray(rotate) &&
    rotate.every((name) => typeof name === 'string') &&
    typeof state === 'object' &&
    state !== null
  );
}

/** A list of documents that have these keys. */
function isListOf(list: unknown, ...keys: readonly string[]): boolean {
  if (!Array.isArray(list)) return false;
  return list.every(
    (each) =>
      typeof each === 'object' && each !== null && keys.every((key) => typeof each[key] === 'object' || key === 'id'),
  );
}

/**
 * In what two plans differ, in sentences, what they rest on first; none: one is the other. Where nothing is left to do,
 * only the cluster and the policy count: what was approved is in place.
 */
export function planDifferences(approved: PlanFile, current: PlanFile): readonly string[] {
  if (current.operations.length === 0 && current.obstacles.length === 0) return originDifferences(approved, current);
  return [
    ...basisDifferences(approved, current),
    ...partDifferences('the operation', byId(approved.operations), byId(current.operations)),
    ...partDifferences('the change of', byAccount(approved.accounts), byAccount(current.accounts)),
    ...restDifferences(approved, current),
  ];
}

/**
 * In what two plans rest on something else: cluster, policy, options, and the objects whose names in the state's digests
 * `counts` lets through.
 */
export function basisDifferences(
  approved: PlanFile,
  current: PlanFile,
  counts: (name: string) => boolean = () => true,
): readonly string[] {
  const then = approved.basis;
  const now = current.basis;
  const counted = (digests: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(digests).filter(([name]) => counts(name)));
  return [
    ...originDifferences(approved, current),
    ...(then.server === now.server ? [] : [`it was planned for MongoDB ${then.server}, and this is ${now.server}`]),
    ...(then.prune === now.prune && sortedJson(then.rotate) === sortedJson(now.rotate)
      ? []
      : ['it was planned with other options']),
    ...differences(counted(then.state), counted(now.state), {
      gone: (what) => `${what} was there when it was planned, and is gone`,
      added: (what) => `${what} is new since it was planned`,
      changed: (what) => `${what} has changed since it was planned`,
    }),
  ];
}

function originDifferences(approved: PlanFile, current: PlanFile): string[] {
  const then = approved.basis;
  const now = current.basis;
  // A snapshot may be of any cluster: there the state has to tell.
  const isSame = approved.evidence?.sources[0]?.kind === 'snapshot' || hostsIn(then.source) === hostsIn(now.source);
  return [
    ...(isSame ? [] : [`it was planned for ${then.source}, and this is ${now.source}`]),
    ...(then.policy === now.policy
      ? []
      : [`it was planned from the policy "${then.policy}", and this is "${now.policy}"`]),
    ...(then.policyHash === now.policyHash
      ? []
      : [`the policy has changed since: sha256 ${short(then.policyHash)} then, ${short(now.policyHash)} now`]),
  ];
}

function short(hash: string): string {
  return hash.slice(0, SHOWN);
}

/** A cluster may be called by its name and its hosts, or by its hosts alone: `prod (db1:27017)`. */
function hostsIn(source: string): string {
  return /\(([^()]+)\)$/.exec(source)?.[1] ?? source;
}

function partDifferences(
  what: string,
  then: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): string[] {
  return differences(prefixed(what, then), prefixed(what, now), PART_SAID);
}

function prefixed(what: string, parts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(parts).map(([name, form]) => [`${what} ${name}`, form]));
}

type Said = Readonly<Record<'gone' | 'added' | 'changed', (what: string) => string>>;

export const PART_SAID: Said = {
  gone: (part) => `${part} was approved, and is no part of the plan now`,
  added: (part) => `${part} is a part of the plan now, and was not approved`,
  changed: (part) => `${part} is not what was approved`,
};

function differences(
  then: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
  said: Said,
): string[] {
  return [...new Set([...Object.keys(then), ...Object.keys(now)])].sort().flatMap((key) => {
    const before = Object.hasOwn(then, key) ? then[key] : undefined;
    const after = Object.hasOwn(now, key) ? now[key] : undefined;
    if (before === after) return [];
    return [after === undefined ? said.gone(key) : before === undefined ? said.added(key) : said.changed(key)];
  });
}

/** Which plan it is: SHA-256 in hexadecimal. */
export function planHash(plan: PlanFile): string {
  return createHash('sha256').update(sortedJson(plan)).digest('hex');
}

/** Without the lines of the policy: they move when somebody adds a comment. */
function byId(operations: PlanJson['operations']): Record<string, string> {
  return Object.fromEntries(
    operations.map(({ reason, ...each }) => [String(each.id), sortedJson({ ...each, reason: reason.text })]),
  );
}

function byAccount(accounts: PlanJson['accounts']): Record<string, string> {
  return Object.fromEntries(
    accounts.flatMap(({ accounts: names, why, ...change }) => {
      const form = sortedJson({ ...change, why: why.map(({ text }) => text) });
      return names.map((name): [string, string] => [name, form]);
    }),
  );
}

/** Parts that are told one by one, or that differ from run to run. */
const TOLD = ['basis', 'evidence', 'operations', 'accounts', 'warnings', 'undecided', 'rewrites', 'orphans'];

/** The order of the operations, whom the policies exempt, what a person decides about, and whatever else is in the file. */
function restDifferences(approved: PlanFile, current: PlanFile): string[] {
  const exempt = ({ evidence }: PlanFile): string =>
    sortedJson((evidence?.exemptions ?? []).map(({ ended: _ended, ...each }) => each));
  const others = ({ ...parts }: PlanFile): Record<string, string> =>
    Object.fromEntries(
      Object.entries(parts).flatMap(([key, part]) => (TOLD.includes(key) ? [] : [[`"${key}"`, sortedJson(part)]])),
    );
  const order = ({ operations }: PlanFile): string => sortedJson(operations.map(({ id }) => id));
  const ids = ({ operations }: PlanFile): string => sortedJson(operations.map(({ id }) => id).sort());
  const warned = ({ warnings = [] }: PlanFile): string => sortedJson(warnings.map(({ message }) => message));
  const decided = ({ undecided, rewrites, orphans }: PlanFile): string => sortedJson([undecided, rewrites, orphans]);
  return [
    ...(ids(approved) === ids(current) && order(approved) !== order(current)
      ? ['the operations run in another order']
      : []),
    ...(warned(approved) === warned(current) ? [] : ['what it warns of is not what was approved']),
    ...(decided(approved) === decided(current) ? [] : ['what restrictions do to accounts is not what was approved']),
    ...(exempt(approved) === exempt(current) ? [] : ['whom the policies exempt is not what was approved']),
    ...differences(others(approved), others(current), PART_SAID),
  ];
}

/**
 * What the cluster remembers of every run that changed it: one entry for each migration, or for each application of a
 * policy without files. Written by whoever holds the lock; never a secret in it.
 */

import type { ToldChange } from './migration.ts';

/** `mongoward.migrations`, one document for each entry. */
export const JOURNAL_COLLECTION = 'migrations';

export const JOURNAL_STATUSES = ['running', 'applied', 'failed', 'interrupted', 'rollingBack', 'rolledBack'] as const;

/** Somebody is at it, or was cut short: see {@link JournalStatus}. */
export const UNFINISHED_STATUSES: readonly JournalStatus[] = ['running', 'rollingBack'];

export const OPERATION_OUTCOMES = ['pending', 'sent', 'done', 'inPlace', 'failed', 'unknown'] as const;

/**
 * - `running`: somebody is at it, or was cut short: whoever holds the lock next settles it;
 * - `applied`: every operation is in place;
 * - `failed`: an operation was refused, or the proof found something open; the next run goes on;
 * - `interrupted`: the run was cut short and another one has since taken over what was left;
 * - `rollingBack`, `rolledBack`: the same for a rollback.
 */
export type JournalStatus = (typeof JOURNAL_STATUSES)[number];

/**
 * - `pending`: not begun; `sent`: its wave was begun, and nothing is known yet;
 * - `done`: the server confirmed it; `inPlace`: found in place, nothing was sent;
 * - `failed`: the server refused it; `unknown`: sent, and no answer came, or its run was cut short.
 */
export type OperationOutcome = (typeof OPERATION_OUTCOMES)[number];

export interface JournalOperation {
  /** `Operation.id` */
  readonly id: string;
  /** Operations of one wave do not depend on each other and run side by side. From 1. */
  readonly wave: number;
  readonly outcome: OperationOutcome;
}

/** Who did it, as shown to people: nothing here is a secret. */
export interface Holder {
  /** The account, `name@db`; absent on a server without authorization. */
  readonly account?: string;
  /** The user of the operating system, the machine and the process. */
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** `mongoward 0.1.0` */
  readonly tool: string;
}

export interface JournalRun {
  readonly direction: 'apply' | 'rollback';
  readonly by: Holder;
  /** The lock's fencing token: a later run has a greater one. */
  readonly token: number;
  /** Server time. */
  readonly startedAt: Date;
  readonly finishedAt?: Date;
  /** Who was to gain what by what was left to do when it began. Absent in runs of old and of a rollback. */
  readonly gains?: readonly ToldChange[];
  /** How many accounts gain besides, where there are too many for the journal. */
  readonly moreGain?: number;
  /** What was to be refused from then on that was taken before. */
  readonly warnings?: readonly string[];
  /** What went wrong, in one sentence. */
  readonly error?: string;
}

/** What the journal keeps of what was told before the question. */
export type ToldToday = Pick<JournalRun, 'gains' | 'moreGain' | 'warnings'>;

export interface JournalEntry {
  /** `<version>_<slug>` of a migration; `policy <name> <start>` without files. */
  readonly id: string;
  readonly kind: 'migration' | 'policy';
  /** `metadata.name` */
  readonly policy: string;
  /** The hash of the migration's file, as in `mongoward.sum`, or of the plan that was approved; absent without files. */
  readonly fileHash?: string;
  readonly policyHash?: string;
  readonly status: JournalStatus;
  /** Of the last run, in the order of the plan. */
  readonly operations: readonly JournalOperation[];
  /** The oldest first. */
  readonly runs: readonly JournalRun[];
}

/** The ids of operations that runs of the policy have carried out, or may have: what a rollback has undone is none. */
export function operationsOf(entries: readonly JournalEntry[], policy: string): ReadonlySet<string> {
  const own = entries.filter((entry) => entry.policy === policy && entry.status !== 'rolledBack');
  const begun = own.flatMap(({ operations }) =>
    operations.filter(({ outcome }) => outcome !== 'pending' && outcome !== 'failed'),
  );
  return new Set(begun.map(({ id }) => id));
}

/** The entry of a migration's file: its name without the ending. */
export function entryId(fileName: string): string {
  return fileName.replace(/\.yaml$/, '');
}

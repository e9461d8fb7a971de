/** Carries operations out under the lock, wave by wave, and keeps the journal of it. */

import { Failure } from '../failure.ts';
import { wavesOf } from '../plan/operation-order.ts';
import { type Batch, batchesOf } from '../plan/operations/commands.ts';
import { describeOperation } from '../plan/operations/describe-operation.ts';
import type { Operation } from '../plan/operations/operation.ts';
import { OWN_DATABASE } from '../state/state.ts';
import { type HeldLock, type KeyService, UncertainFailure } from './cluster.ts';
import {
  JOURNAL_COLLECTION,
  type JournalEntry,
  type JournalOperation,
  type JournalRun,
  type JournalStatus,
  type OperationOutcome,
  type ToldToday,
} from './journal.ts';

/** What a run is about, as the journal tells it. */
export type Subject = Pick<JournalEntry, 'id' | 'kind' | 'policy' | 'fileHash' | 'policyHash'> & {
  readonly direction: JournalRun['direction'];
  /** How many runs the entry has had. */
  readonly runs: number;
} & ToldToday;

export interface Execution {
  readonly subject: Subject;
  /** All of them, in order, those that are in place already too. */
  readonly operations: readonly Operation[];
  /** Those that have still to run, in the same order. */
  readonly left: readonly Operation[];
  /** By the operation's id. */
  readonly secrets: ReadonlyMap<string, string>;
  /** There if any operation is about a data encryption key. */
  readonly keys: KeyService | undefined;
  /** Told after each operation that is done. */
  progress?(operation: Operation): void;
}

/** How many commands are on their way at once; the server carries user and role commands out one by one. */
const SIDE_BY_SIDE = 8;

/** A run that is written down; its end is for whoever proves the result. */
export interface WrittenRun {
  finish(status: JournalStatus, error?: string): Promise<void>;
}

/**
 * Runs what is left. Throws a Failure that says what failed, what is done and how much is left; nothing new is begun
 * after a failure, and what is under way is waited for.
 */
export async function carryOut(held: HeldLock, execution: Execution): Promise<WrittenRun> {
  const { operations, left, subject, secrets } = execution;
  const waves = wavesOf(left);
  const journal = new Journal(held, subject, outcomesOf(operations, waves));
  await journal.begin(waves[0] ?? []);
  for (const [index, wave] of waves.entries()) {
    if (index > 0) await journal.mark(wave);
    const failures = await runWave(held, batchesOf(wave, secrets), journal, execution);
    const [first] = failures;
    if (first === undefined) continue;
    const failure = failureOf(first, journal, execution);
    // The first failure is what a person must know of; if the journal can't be written, the next run settles it.
    await journal.finish(subject.direction === 'apply' ? 'failed' : 'rollingBack', failure.message).catch(() => {});
    throw failure;
  }
  return journal;
}

interface BatchFailure {
  readonly batch: Batch;
  readonly error: unknown;
}

async function runWave(
  held: HeldLock,
  batches: readonly Batch[],
  journal: Journal,
  { keys, progress }: Execution,
): Promise<readonly BatchFailure[]> {
  const failures: BatchFailure[] = [];
  const open = batches.values();
  const work = async (): Promise<void> => {
    for (const batch of open) {
      if (failures.length > 0) return;
      try {
        await send(held, batch, keys);
        journal.note(batch.operations, 'done');
        for (const operation of batch.operations) progress?.(operation);
      } catch (error) {
        journal.note(batch.operations, error instanceof UncertainFailure ? 'unknown' : 'failed');
        failures.push({ batch, error });
      }
    }
  };
  // Keys are made one by one: a service that does not answer must be waited for once.
  const sideBySide = batches.some(({ command }) => command === undefined) ? 1 : SIDE_BY_SIDE;
  await Promise.all(Array.from({ length: Math.min(sideBySide, batches.length) }, work));
  return failures;
}

function send(held: HeldLock, { command, operations }: Batch, keys: KeyService | undefined): Promise<void> {
  if (command !== undefined) return held.run(command);
  const [operation] = operations;
  return held.exclusively(async () => {
    if (keys === undefined) throw new Failure('nothing here can make data encryption keys');
    await keys.run(operation);
  });
}

/** How many of the operations left are named. */
const NAMED = 3;

/** A rollback is finished by rolling back again: `apply` refuses while it is half done. */
const AGAIN: Readonly<Record<JournalRun['direction'], string>> = {
  apply: 'mend the cause and apply again: what is done stays done',
  rollback: 'mend the cause and roll back again: what is done stays done',
};

function failureOf({ batch, error }: BatchFailure, journal: Journal, { left: all, subject }: Execution): Failure {
  const [operation] = batch.operations;
  const what = operation === undefined ? 'an operation' : describeOperation(operation);
  const message = error instanceof Error ? error.message : String(error);
  const left = all.filter(({ id }) => journal.outcome(id) !== 'done');
  const names = left.slice(0, NAMED).map(describeOperation).join(', ');
  const more = left.length > NAMED ? ` and ${left.length - NAMED} more` : '';
  return new Failure(`could not ${what}: ${message}`, {
    details: [`done: ${all.length - left.length} of ${all.length}`, `left: ${names}${more}`],
    advice: AGAIN[subject.direction],
    cause: error,
  });
}

function outcomesOf(operations: readonly Operation[], waves: readonly (readonly Operation[])[]): JournalOperation[] {
  const waveOf = new Map(waves.flatMap((wave, index) => wave.map(({ id }) => [id, index + 1] as const)));
  return operations.map(({ id }) => {
    const wave = waveOf.get(id);
    return wave === undefined ? { id, wave: 0, outcome: 'inPlace' } : { id, wave, outcome: 'pending' };
  });
}

/** One entry while it is being written. Writes of somebody who lost the lock find no entry with their token. */
class Journal implements WrittenRun {
  readonly #held: HeldLock;
  readonly #subject: Subject;
  readonly #operations: JournalOperation[];
  readonly #index: ReadonlyMap<string, number>;

  constructor(held: HeldLock, subject: Subject, operations: JournalOperation[]) {
    this.#held = held;
    this.#subject = subject;
    this.#operations = operations;
    this.#index = new Map(operations.map(({ id }, index) => [id, index]));
  }

  outcome(id: string): OperationOutcome | undefined {
    return this.#operations[this.#index.get(id) ?? -1]?.outcome;
  }

  note(operations: readonly Operation[], outcome: OperationOutcome): void {
    for (const { id } of operations) {
      const at = this.#index.get(id) ?? -1;
      const known = this.#operations[at];
      if (known !== undefined) this.#operations[at] = { ...known, outcome };
    }
  }

  async begin(first: readonly Operation[]): Promise<void> {
    const { id, direction, gains, moreGain, warnings, runs: _runs, ...subject } = this.#subject;
    const { holder: by, token, since: startedAt } = this.#held;
    this.note(first, 'sent');
    const status = direction === 'apply' ? 'running' : 'rollingBack';
    const told = { ...(gains && { gains }), ...(moreGain && { moreGain }), ...(warnings && { warnings }) };
    const update = {
      $set: { ...subject, status, token, operations: this.#operations },
      $push: { runs: { direction, by, token, startedAt, ...told } },
      $currentDate: { changedAt: true },
    };
    // An entry with a greater token is somebody's who has the lock by now: this then collides with it.
    await this.#write({ q: { _id: id, token: { $not: { $gte: token } } }, u: update, upsert: true });
  }

  /** The wave before is over, and this one begins. */
  async mark(wave: readonly Operation[]): Promise<void> {
    this.note(wave, 'sent');
    await this.#change({ $set: { operations: this.#operations }, $currentDate: { changedAt: true } });
  }

  async finish(status: JournalStatus, error?: string): Promise<void> {
    const run = `runs.${this.#subject.runs}`;
    await this.#change({
      $set: { status, operations: this.#operations, ...(error === undefined ? {} : { [`${run}.error`]: error }) },
      $currentDate: { changedAt: true, [`${run}.finishedAt`]: true },
    });
  }

  #change(update: object): Promise<void> {
    return this.#write({ q: { _id: this.#subject.id, token: this.#held.token }, u: update });
  }

  async #write(update: { readonly q: object; readonly u: object; readonly upsert?: true }): Promise<void> {
    try {
      await this.#held.run({ db: OWN_DATABASE, command: { update: JOURNAL_COLLECTION, updates: [update] } });
    } catch (error) {
      if (!(error instanceof UncertainFailure)) throw error;
      throw new UncertainFailure(`could not write the journal: ${error.message}`, {
        advice: AGAIN[this.#subject.direction],
        cause: error,
      });
    }
  }
}

/**
 * Settles what earlier runs left open: whoever has the lock knows that they are over. `left`: the operations that the
 * same policy still needs; what it needs no more was done.
 */
export async function settle(
  held: HeldLock,
  entry: JournalEntry,
  left: ReadonlySet<string> | undefined,
): Promise<void> {
  const operations = entry.operations.map((operation): JournalOperation => {
    if (operation.outcome !== 'sent') return operation;
    return { ...operation, outcome: left === undefined ? 'unknown' : left.has(operation.id) ? 'pending' : 'done' };
  });
  const over = operations.every(({ outcome }) => outcome === 'done' || outcome === 'inPlace');
  const update = {
    q: { _id: entry.id, status: entry.status },
    u: { $set: { status: over ? 'applied' : 'interrupted', operations }, $currentDate: { changedAt: true } },
  };
  await held.run({ db: OWN_DATABASE, command: { update: JOURNAL_COLLECTION, updates: [update] } });
}

/** Carries migration files out on a cluster, and back: one after the other, each with its own entry in the journal. */

import { Failure } from '../failure.ts';
import { formatNamespace } from '../model/names.ts';
import { sortedSet } from '../model/order.ts';
import type { User } from '../model/role.ts';
import { describeOperation } from '../plan/operations/describe-operation.ts';
import { isDataKeyOperation, type Operation } from '../plan/operations/operation.ts';
import { knownKeys } from '../plan/operations/targets/data-key-target.ts';
import { isSeen, progressOf } from '../plan/progress.ts';
import { type Kept, reverseMigration } from '../plan/reverse.ts';
import { simulate } from '../plan/simulate.ts';
import { planWarnings } from '../plan/warnings.ts';
import type { SecretReference } from '../policy/intent.ts';
import type { ClusterState } from '../state/state.ts';
import {
  type ExecutionOptions,
  finishProven,
  keyService,
  lockOptions,
  progressTo,
  readSecrets,
  refuseChanged,
  refuseReplacements,
} from './apply.ts';
import type { Cluster, HeldLock } from './cluster.ts';
import { openViolations, refuseViolations } from './demands.ts';
import { begunFiles, type MigrationFile, pendingOf } from './directory.ts';
import { carryOut, type Execution, settle, type WrittenRun } from './execute.ts';
import { guard } from './guards.ts';
import { entryId, type JournalEntry, type JournalRun } from './journal.ts';
import { misleadingIn, refuseMisleading, type Transition, transition } from './pending.ts';
import { toldToday } from './told-changes.ts';

/** A migration, forwards or backwards, as it is to be carried out. */
export interface Step extends Transition {
  readonly file: MigrationFile;
  /** All of them, in order. `left`: those that have still to run on the state that the steps before it leave. */
  readonly operations: readonly Operation[];
  /** What a rollback leaves as it is. */
  readonly kept: readonly Kept[];
}

export interface FilesOptions extends ExecutionOptions {
  /** The version at which to stop: the last to be applied, or the last to stay. */
  readonly to?: string;
  /** Shows the steps and asks; `false` stops with nothing written. */
  confirm(steps: readonly Step[], actual: ClusterState): Promise<boolean>;
}

export interface RollbackOptions extends FilesOptions {
  /** Allow what lets more accounts alter what is protected, or more documents pass. */
  readonly allowUnprotect?: boolean;
  /** Where the password is read from of a user that has to be made again. */
  password?(user: User): SecretReference | undefined;
}

export interface FilesResult {
  readonly outcome: 'in-place' | 'dry-run' | 'declined' | 'done';
  readonly steps: readonly Step[];
  /** How many operations this run carried out. */
  readonly done: number;
  readonly state: ClusterState;
}

/**
 * Applies what is pending, or was left half done. With nothing pending it takes no lock and writes nothing. Throws a
 * Failure if the files and the journal don't fit, and for what {@link applyPolicy} throws one for.
 */
export function applyMigrations(
  cluster: Cluster,
  files: readonly MigrationFile[],
  options: FilesOptions,
): Promise<FilesResult> {
  return carryOutSteps(cluster, 'apply', options, (state, entries, finished) => {
    const { pending, problems } = pendingOf(files, entries, options.to);
    if (problems.length > 0) {
      throw new Failure('the migration files and what was applied on this cluster do not fit', {
        details: problems,
        advice: 'nothing was changed; mongoward migrate status shows all of them',
      });
    }
    refuseHalfRolledBack(entries);
    const open = pending.filter(({ name }) => !finished.has(name));
    return stepsOf('apply', open, state, entries, ({ migration }) => ({ operations: migration.operations, kept: [] }));
  });
}

/**
 * Takes applied migrations back, the last one first: only that one, or all that are later than `to`. What can't be
 * restored is kept and told.
 */
export function rollBackMigrations(
  cluster: Cluster,
  files: readonly MigrationFile[],
  options: RollbackOptions,
): Promise<FilesResult> {
  const { allowUnprotect, password } = options;
  const reversing = { ...(allowUnprotect === undefined ? {} : { allowUnprotect }), ...(password && { password }) };
  const reckless = allowUnprotect === true ? { ...options, policies: [] } : options;
  return carryOutSteps(cluster, 'rollback', reckless, (state, entries, finished) => {
    const open = goingBack(files, entries, options.to).filter(({ name }) => !finished.has(name));
    return stepsOf('rollback', open, state, entries, ({ migration }) =>
      reverseMigration(migration.operations, reversing),
    );
  });
}

/** The steps that are left; `finished`: the files that this run is done with, which the entries do not tell yet. */
type Survey = (state: ClusterState, entries: readonly JournalEntry[], finished: ReadonlySet<string>) => readonly Step[];

async function carryOutSteps(
  cluster: Cluster,
  direction: JournalRun['direction'],
  options: FilesOptions,
  survey: Survey,
): Promise<FilesResult> {
  const [actual, entries] = await Promise.all([cluster.read(), cluster.journal('all')]);
  const steps = survey(actual, entries, new Set());
  const result = { steps, done: 0, state: actual };
  if (steps.length === 0) return { ...result, outcome: 'in-place' };
  const operations = steps.flatMap(({ left }) => left);
  refuseReplacements(operations, options);
  const desired = simulate(actual, operations);
  refuseViolations(actual, desired, options, direction === 'rollback' ? UNPROTECTING : undefined);
  if (direction === 'apply') refuseMisleadingSteps(steps, entries);
  guard({ operations, actual, desired }, await cluster.operator());
  const secrets = new Map(steps.map(({ file, left }) => [file.name, readSecrets(left, options)]));
  const keys = await keyService(operations, options);
  if (options.dryRun === true) return { ...result, outcome: 'dry-run' };
  if (!(await options.confirm(steps, actual))) return { ...result, outcome: 'declined' };
  return cluster.withLock(lockOptions(options), async (held) => {
    const [now, found] = await Promise.all([cluster.read(), cluster.journal('all')]);
    for (const entry of found) if (isCutShort(entry)) await settle(held, entry, undefined);
    const finished = new Set<string>();
    let state = now;
    let done = 0;
    // What somebody else has carried out meanwhile is no longer among the steps.
    for (let [step] = survey(state, found, finished); step !== undefined; [step] = survey(state, found, finished)) {
      const known = secrets.get(step.file.name);
      if (known === undefined) throw new Failure(`${step.file.name} was not pending a moment ago: apply again`);
      if (direction === 'apply') refuseMisleadingSteps([step], found);
      const run = await runStep(held, direction, step, found, { secrets: known, keys }, options);
      state = await cluster.read();
      await proveStep(run, direction, step, [actual, state], options);
      finished.add(step.file.name);
      done += step.left.length;
    }
    return { outcome: 'done', steps, done, state };
  });
}

/** Of what is half done, the journal knows what no state shows. */
function refuseMisleadingSteps(steps: readonly Step[], entries: readonly JournalEntry[]): void {
  const files = steps.map(({ file }) => file);
  const begun = begunFiles(files, entries);
  for (const step of steps) refuseMisleading(step.file, misleadingIn(step.file, step, begun));
}

/** A policy applied without files, cut short. A migration that was cut short is a step itself. */
function isCutShort({ kind, status }: JournalEntry): boolean {
  return kind === 'policy' && status === 'running';
}

/** Each migration on the state that those before it leave. */
function stepsOf(
  direction: JournalRun['direction'],
  files: readonly MigrationFile[],
  actual: ClusterState,
  entries: readonly JournalEntry[],
  operationsOf: (file: MigrationFile) => Pick<Step, 'operations' | 'kept'>,
): Step[] {
  let before = actual;
  return files.map((file) => {
    const { operations, kept } = operationsOf(file);
    refuseUnseenKeys(operations, before);
    const { left, changed } = progressOf(operations, before);
    refuseChanged(changed, before, direction);
    const made = transition(
      before,
      left.filter((one) => !wasJournalled(one, file, entries)),
    );
    before = made.after;
    return { file, operations, kept, ...made };
  });
}

/** A key that nobody could look for is neither there nor missing. */
function refuseUnseenKeys(operations: readonly Operation[], state: ClusterState): void {
  const unseen = operations.filter(isDataKeyOperation).filter(({ after }) => knownKeys(state, after.ns) === undefined);
  if (unseen.length === 0) return;
  const vaults = sortedSet(unseen.map(({ after }) => formatNamespace(after.ns)));
  throw new Failure(`the keys in ${vaults.join(', ')} are unknown`, {
    details: state.unreadable.map(({ what, why }) => `${what}: ${why}`),
    advice: `nothing was changed; whoever makes or rewraps keys needs find on ${vaults.join(', ')}`,
  });
}

/** What no comparison shows is taken for done if the journal says so. */
function wasJournalled(operation: Operation, file: MigrationFile, entries: readonly JournalEntry[]): boolean {
  if (isSeen(operation)) return false;
  const entry = entries.find(({ id }) => id === entryId(file.name));
  return entry?.operations.some(({ id, outcome }) => id === operation.id && outcome === 'done') ?? false;
}

function refuseHalfRolledBack(entries: readonly JournalEntry[]): void {
  const half = entries.find(({ status }) => status === 'rollingBack');
  if (half === undefined) return;
  throw new Failure(`the rollback of ${half.id} was cut short`, {
    advice: 'nothing was changed; finish it with mongoward migrate rollback, then apply',
  });
}

/** The last applied migration, or all later than `to`, the last one first. */
function goingBack(
  files: readonly MigrationFile[],
  entries: readonly JournalEntry[],
  to: string | undefined,
): readonly MigrationFile[] {
  const there = entries
    .filter(({ kind, status }) => kind === 'migration' && status !== 'rolledBack')
    .map(({ id, fileHash }) => ({ id, fileHash, version: id.slice(0, id.indexOf('_')) }))
    .sort((a, b) => (a.version < b.version ? 1 : -1));
  if (to !== undefined && !there.some(({ version }) => version === to)) {
    throw new Failure(`no migration of version ${to} is applied on this cluster`, {
      advice: 'mongoward migrate status lists what is applied',
    });
  }
  const back = to === undefined ? there.slice(0, 1) : there.filter(({ version }) => version > to);
  return back.map(({ id, fileHash }) => {
    const file = files.find(({ name }) => entryId(name) === id);
    if (file === undefined) {
      throw new Failure(`the file of ${id}, which says what to take back, is missing`, {
        advice: 'nothing was changed; get the file back from version control',
      });
    }
    if (file.hash !== fileHash) {
      throw new Failure(`${file.name} is not the file that was applied`, {
        advice: 'nothing was changed; get the file back from version control',
      });
    }
    return file;
  });
}

/** A rollback may give nobody access to what is protected who has none now. */
const UNPROTECTING = 'nothing was changed; add --allow-unprotect if that is meant';

function runStep(
  held: HeldLock,
  direction: JournalRun['direction'],
  { file, operations, left, before, effects }: Step,
  entries: readonly JournalEntry[],
  means: Pick<Execution, 'secrets' | 'keys'>,
  options: FilesOptions,
): Promise<WrittenRun> {
  const { policy, policyHash } = file.migration;
  const id = entryId(file.name);
  const runs = entries.find((entry) => entry.id === id)?.runs.length ?? 0;
  return carryOut(held, {
    subject: {
      id,
      kind: 'migration',
      policy,
      policyHash,
      fileHash: file.hash,
      direction,
      runs,
      ...(direction === 'apply' && toldToday(effects, planWarnings(before, left, effects))),
    },
    operations,
    left,
    ...means,
    ...progressTo(options),
  });
}

async function proveStep(
  run: WrittenRun,
  direction: JournalRun['direction'],
  { operations }: Step,
  [before, state]: readonly [before: ClusterState, after: ClusterState],
  options: FilesOptions,
): Promise<void> {
  const { left, changed } = progressOf(operations, state);
  const rest = [...left, ...changed].filter(isSeen).map(describeOperation);
  const opened = direction === 'apply' ? openViolations(before, state, options) : [];
  await finishProven(run, direction === 'apply' ? 'applied' : 'rolledBack', rest, opened);
}

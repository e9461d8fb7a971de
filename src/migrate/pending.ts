/** What is pending, as if it were carried out: the state that a new migration is planned on. */

import { Failure } from '../failure.ts';
import type { Namespace } from '../model/names.ts';
import { type AccountChange, accountChanges } from '../plan/account-changes.ts';
import { handlerOf } from '../plan/operations/handlers.ts';
import { isDataKeyOperation, type Operation } from '../plan/operations/operation.ts';
import type { TargetNoun } from '../plan/operations/target.ts';
import { formOf } from '../plan/operations/target-key.ts';
import { knownKeys } from '../plan/operations/targets/data-key-target.ts';
import { isSeen, progressOf } from '../plan/progress.ts';
import { reverseMigration } from '../plan/reverse.ts';
import { simulate } from '../plan/simulate.ts';
import { planWarnings } from '../plan/warnings.ts';
import { collectionsKnown } from '../state/lookup.ts';
import type { ClusterState } from '../state/state.ts';
import { commentProblems } from './comment-problems.ts';
import type { MigrationFile } from './directory.ts';
import { untoldGains, untrueChanges, warningProblems } from './head-problems.ts';

/**
 * The state once the files are applied. Throws a Failure for one that no longer fits, because something else has changed
 * what it is about or it was planned without another that now stands before it.
 */
export function afterPending(
  state: ClusterState,
  pending: readonly MigrationFile[],
  { looked = lookAhead(state, pending), journalled = true }: AfterPendingOptions = {},
): ClusterState {
  for (const [at, { file, changed }] of looked.entries()) {
    if (changed.length === 0) continue;
    const details = changed.map(({ target }) => `${target} has changed since this migration was planned`);
    // Where those before it are still to be applied, so is this one.
    if (journalled || at > 0) {
      const message = `the pending migration ${file.name} no longer fits the cluster`;
      throw new Failure(message, { details, advice: planAgain(file) });
    }
    const message = `${file.name} is neither in place nor still to be applied as it was planned`;
    throw new Failure(message, { details, advice: ASK_THE_CLUSTER });
  }
  return looked.at(-1)?.after ?? state;
}

interface AfterPendingOptions {
  readonly looked?: readonly PendingFile[];
  /** Whether the journal says that the files are pending; else the state does, as of a snapshot. */
  readonly journalled?: boolean;
}

const ASK_THE_CLUSTER =
  'only the journal tells whether it was applied and its target changed since, and a snapshot has none: use --cluster instead of --snapshot; nothing was changed';

/** Throws a Failure for a file that says something else than it does: it is not what its reader approved. */
export function refuseMisleading(file: MigrationFile, misleading: readonly string[]): void {
  if (misleading.length === 0) return;
  throw new Failure(`${file.name} says something else than its operations do`, {
    details: misleading,
    advice: planAgain(file),
  });
}

function planAgain({ name }: MigrationFile): string {
  return `nothing was changed; remove ${name}, run mongoward migrate rebase, and plan it again`;
}

/** What operations make of a state. */
export interface Transition {
  /** Those that are not in place. */
  readonly left: readonly Operation[];
  readonly before: ClusterState;
  readonly after: ClusterState;
  /** What it means for accounts. */
  readonly effects: readonly AccountChange[];
}

export function transition(before: ClusterState, left: readonly Operation[]): Transition {
  const after = simulate(before, left);
  return { left, before, after, effects: accountChanges(before, after, left) };
}

/** A pending file on the state that those before it leave. */
export interface PendingFile extends Transition {
  readonly file: MigrationFile;
  /** What is in the way: something else has changed what these operations are about. */
  readonly changed: readonly Operation[];
  /** What its comments and its head say and its operations do not do, and what they keep quiet. */
  readonly misleading: readonly string[];
}

/**
 * It ends at the first file that no longer fits: of what follows nobody can tell. `begun`: the names of those that
 * {@link begunFiles} tells, which were judged before.
 */
export function lookAhead(
  state: ClusterState,
  pending: readonly MigrationFile[],
  begun: ReadonlySet<string> = new Set(),
): readonly PendingFile[] {
  const looked: PendingFile[] = [];
  let before = state;
  for (const file of pending) {
    const { operations } = file.migration;
    const { left, changed } = progressOf(operations, before);
    if (changed.length > 0) return [...looked, { file, changed, ...transition(before, []), misleading: [] }];
    const made = transition(before, left);
    looked.push({ file, changed, ...made, misleading: misleadingIn(file, made, begun) });
    before = made.after;
  }
  return looked;
}

/**
 * What the comments and the head of a file say and its operations do not do, and what they keep quiet. Of a file that is
 * half applied the access alone that it gives in all: on the way an account may be without what it had and will have again,
 * and from where it may log in is neither where it could before nor where it will.
 */
export function misleadingIn(
  { name, migration, text }: MigrationFile,
  made: Transition,
  begun: ReadonlySet<string> = new Set(),
): readonly string[] {
  const { accounts, operations, warnings } = migration;
  const { effects, left, before, after } = made;
  if (begun.has(name)) {
    const inAll = accountChanges(asItBegan(before, operations, left), after, operations);
    return untoldGains(
      accounts,
      inAll.map(({ logins: _way, ...change }) => change),
    );
  }
  const whole = left.length === operations.length;
  return [
    ...untoldGains(accounts, effects),
    ...untrueChanges(accounts, effects, after, whole),
    ...warningProblems(warnings, planWarnings(before, left, effects), whole),
    ...(text === undefined ? [] : commentProblems(text, migration)),
  ];
}

/** The state before the operations that are done, as far as these tell. */
function asItBegan(state: ClusterState, operations: readonly Operation[], left: readonly Operation[]): ClusterState {
  const open = new Set(left);
  const done = operations.filter((operation) => !open.has(operation));
  const undoing = { allowUnprotect: true, password: () => ({ fromEnv: 'ANY' }) };
  return simulate(state, reverseMigration(done, undoing).operations);
}

/**
 * Which files are pending where no journal tells, as in a snapshot: those after the last one that is in place. What
 * leaves no trace in a state counts as done with the rest of its migration.
 */
export function notInPlace(state: ClusterState, files: readonly MigrationFile[]): readonly MigrationFile[] {
  const last = files.findLastIndex((file) => {
    if ((file.unreadable?.() ?? []).length > 0) return false;
    const seen = file.migration.operations.filter((one) => leavesTrace(one, state));
    const { left, changed } = progressOf(seen, state);
    return seen.length > 0 && left.length + changed.length === 0;
  });
  return files.slice(last + 1);
}

/** Whether a state shows anything of what a file is about. Where it does not, nobody can tell how far that has come. */
export function showsAnyOf(state: ClusterState, { migration }: MigrationFile): boolean {
  return migration.operations.some((one) => leavesTrace(one, state));
}

/** What a state shows of an operation: of a password nothing, of anything else what somebody has looked at. */
function leavesTrace(one: Operation, state: ClusterState): boolean {
  if (isDataKeyOperation(one)) return knownKeys(state, one.after.ns) !== undefined;
  if (!isSeen(one)) return false;
  const form = formOf(one);
  if ('ns' in form) return collectionsKnown(state, form.ns.db);
  const part = PART_OF[handlerOf(one.kind).target.noun];
  return part !== undefined && state[part] !== undefined;
}

const PART_OF: Readonly<Partial<Record<TargetNoun, 'roles' | 'users' | 'objects'>>> = {
  role: 'roles',
  user: 'users',
  record: 'objects',
};

/** What has to be read of a cluster because files are about it: the indexes of collections, the keys of vaults. */
export interface ReadByFiles {
  readonly indexesOf: readonly Namespace[];
  readonly keyVaults: readonly Namespace[];
}

const READ_FOR = ['createIndex', 'dropIndex', 'createDataKey', 'rewrapDataKey'] as const;

export function readByFiles(files: readonly MigrationFile[]): ReadByFiles {
  const operations = files.flatMap((file) => (file.mayHold?.(READ_FOR) === false ? [] : file.migration.operations));
  const keyVaults = operations.filter(isDataKeyOperation).map(({ after }) => after.ns);
  const indexed = operations.flatMap((operation) => {
    if (operation.kind === 'dropIndex') return [operation.before.ns];
    return operation.kind === 'createIndex' ? [operation.after.ns] : [];
  });
  return { indexesOf: [...indexed, ...keyVaults], keyVaults };
}

/** What is pending, as if it were carried out: the state that a new migration is planned on. */

import { Failure } from '../failure.ts';
import type { Namespace } from '../model/names.ts';
import { type AccountChange, accountChanges } from '../plan/account-changes.ts';
import { isDataKeyOperation, type Operation } from '../plan/operations/operation.ts';
import { knownKeys } from '../plan/operations/targets/data-key-target.ts';
import { isSeen, progressOf } from '../plan/progress.ts';
import { simulate } from '../plan/simulate.ts';
import type { ClusterState } from '../state/state.ts';
import type { MigrationFile } from './directory.ts';

/**
 * The state once the files are applied. Throws a Failure for one that no longer fits: something else has changed what
 * it is about, or it was planned without another that now stands before it.
 */
export function afterPending(state: ClusterState, pending: readonly MigrationFile[]): ClusterState {
  return pending.reduce((current, { name, migration }) => {
    const { left, changed } = progressOf(migration.operations, current);
    if (changed.length > 0) {
      throw new Failure(`the pending migration ${name} no longer fits the cluster`, {
        details: changed.map(({ target }) => `${target} has changed since this migration was planned`),
        advice: `nothing was changed; remove ${name}, run mongoward migrate rebase, and plan it again`,
      });
    }
    return simulate(current, left);
  }, state);
}

/**
 * By the name of each file, what it means for accounts once those before it are applied. It ends at the first file that
 * no longer fits: of what follows nobody can tell.
 */
export function effectsOfPending(
  state: ClusterState,
  pending: readonly MigrationFile[],
): ReadonlyMap<string, readonly AccountChange[]> {
  const effects = new Map<string, readonly AccountChange[]>();
  let before = state;
  for (const { name, migration } of pending) {
    const { left, changed } = progressOf(migration.operations, before);
    if (changed.length > 0) return effects;
    const after = simulate(before, left);
    effects.set(name, accountChanges(before, after, left));
    before = after;
  }
  return effects;
}

/**
 * Which files are pending where no journal tells, as in a snapshot: those after the last one that is in place. What
 * leaves no trace in a state counts as done with the rest of its migration.
 */
export function notInPlace(state: ClusterState, files: readonly MigrationFile[]): readonly MigrationFile[] {
  const last = files.findLastIndex(({ migration }) => {
    const seen = migration.operations.filter((one) => leavesTrace(one, state));
    const { left, changed } = progressOf(seen, state);
    return seen.length > 0 && left.length + changed.length === 0;
  });
  return files.slice(last + 1);
}

/** What a state shows of an operation: of a password nothing, of keys where somebody has looked. */
function leavesTrace(one: Operation, state: ClusterState): boolean {
  if (isDataKeyOperation(one)) return knownKeys(state, one.after.ns) !== undefined;
  return isSeen(one);
}

/** What has to be read of a cluster because files are about it: the indexes of collections, the keys of vaults. */
export interface ReadByFiles {
  readonly indexesOf: readonly Namespace[];
  readonly keyVaults: readonly Namespace[];
}

export function readByFiles(files: readonly MigrationFile[]): ReadByFiles {
  const operations = files.flatMap(({ migration }) => migration.operations);
  const keyVaults = operations.filter(isDataKeyOperation).map(({ after }) => after.ns);
  const indexed = operations.flatMap((operation) => {
    if (operation.kind === 'dropIndex') return [operation.before.ns];
    return operation.kind === 'createIndex' ? [operation.after.ns] : [];
  });
  return { indexesOf: [...indexed, ...keyVaults], keyVaults };
}

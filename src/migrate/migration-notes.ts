/** What a folder of migrations has in store for a cluster: what does not fit, what is pending, what that would do. */
import { type Violation, violationsMade, violationText } from '../access/violations.ts';
import type { Intent } from '../policy/intent.ts';
import type { ClusterState } from '../state/state.ts';
import { begunFiles, type MigrationFile, readThrough, statusOfFiles } from './directory.ts';
import type { JournalEntry } from './journal.ts';
import { lookAhead, notInPlace, type PendingFile, showsAnyOf } from './pending.ts';

/**
 * - `edited`: it, or the folder, is not as its sum or the journal says;
 * - `pending`: it is still to be applied;
 * - `unfit`: something else has changed what it is about;
 * - `misleading`: its comments or its head say something else than its operations do;
 * - `violating`: what it would leave violates a policy.
 */
export interface MigrationNote {
  readonly what: 'edited' | 'pending' | 'unfit' | 'misleading' | 'violating';
  /** The file, without its folder. */
  readonly name: string;
  readonly message: string;
  readonly violation?: Violation;
}

export interface FolderAndJournal {
  readonly files: readonly MigrationFile[];
  /** In what the folder is not as its sum says. */
  readonly problems: readonly { readonly name: string; readonly message: string }[];
  /** The cluster's journal. Absent: what is pending is told from the state. */
  readonly entries?: readonly JournalEntry[] | undefined;
}

/** `today`: `YYYY-MM-DD`. */
export function migrationNotes(
  { files, problems, entries }: FolderAndJournal,
  actual: ClusterState,
  policies: readonly Intent[],
  today: string,
): readonly MigrationNote[] {
  const known = entries && statusOfFiles(files, entries);
  const pending =
    known?.files.filter(({ status }) => status !== 'applied').map(({ file }) => file) ?? notInPlace(actual, files);
  // A file that can't be read is not missing.
  const unread = new Set(problems.map(({ name }) => name));
  const read = readThrough(pending);
  const judged = known === undefined ? read.files.filter((file) => showsAnyOf(actual, file)) : read.files;
  const edited = [...problems, ...read.problems, ...(known?.problems ?? []).filter(({ name }) => !unread.has(name))];
  return [
    ...edited.map(({ name, message }) => ({ what: 'edited' as const, name, message })),
    ...(known === undefined ? judged : pending).map(({ name }) => ({
      what: 'pending' as const,
      name,
      message: known === undefined ? NOT_IN_PLACE : 'it is pending',
    })),
    // Without the journal the first of them may have been applied, and what it did changed since.
    ...lookAhead(actual, judged, entries && begunFiles(files, entries)).flatMap((each, at) =>
      notesAhead(each, policies, today).filter(({ what }) => what !== 'unfit' || known !== undefined || at > 0),
    ),
  ];
}

const NOT_IN_PLACE =
  'not everything that it does is in place. Without the journal nobody can tell whether it is still to be applied, or what it did was changed since';

/** Of one pending file. */
export function notesAhead(
  { file: { name }, before, after, changed, misleading }: PendingFile,
  policies: readonly Intent[],
  today: string,
): readonly MigrationNote[] {
  return [
    ...changed.map(({ target }) => ({
      what: 'unfit' as const,
      name,
      message: `${target} has changed since it was planned`,
    })),
    ...misleading.map((message) => ({ what: 'misleading' as const, name, message })),
    ...violationsMade(policies, before, after, { today }).map((violation) => ({
      what: 'violating' as const,
      name,
      message: violationText(violation),
      violation,
    })),
  ];
}

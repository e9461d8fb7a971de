/** A folder of migrations put right after a merge: what is chained anew, and what is moved to the end. */
import { compareText, sortedBy } from '../model/order.ts';
import { targetKey } from '../plan/operations/target-key.ts';
import { documentKey } from '../state/document.ts';
import { type DirectoryProblem, type MigrationFile, sumProblems } from './directory.ts';
import { formatMigrationName, nextVersion } from './file-names.ts';
import { formatSum } from './sum.ts';

export interface Rebase {
  /** In the order in which they now run, under their new names. */
  readonly files: readonly MigrationFile[];
  readonly sum: string;
  /** In what the folder was not as its sum said. */
  readonly mended: readonly DirectoryProblem[];
  /** What was given a later time, in order. Its text stays the same. */
  readonly moved: readonly { readonly from: string; readonly to: string }[];
  /** Migrations that were planned without each other and change the same thing. */
  readonly clashes: readonly Clash[];
}

export interface Clash {
  /** The later one, which finds its target otherwise than it was planned. */
  readonly name: string;
  readonly target: string;
  readonly earlier: string;
}

/**
 * Takes the files as they are: chains them anew, and moves those named to the end, in their order, at the time `now` or
 * right after the last one.
 */
export function rebase(
  files: readonly MigrationFile[],
  sum: string | undefined,
  move: ReadonlySet<string>,
  now: Date,
): Rebase {
  const staying = sortedBy(
    files.filter(({ name }) => !move.has(name)),
    ({ name }) => name,
  );
  const moved: { from: string; to: string }[] = [];
  const result = [...staying];
  for (const file of files.filter(({ name }) => move.has(name)).sort((a, b) => compareText(a.name, b.name))) {
    const version = nextVersion(now, result.at(-1)?.migration.version);
    const migration = { ...file.migration, version };
    const name = formatMigrationName(migration);
    moved.push({ from: file.name, to: name });
    result.push({ name, hash: file.hash, migration, ...(file.text !== undefined && { text: file.text }) });
  }
  const mended = sumProblems(files, sum);
  const suspects = new Set([...mended.map(({ name }) => name), ...moved.map(({ to }) => to)]);
  // Where the sum itself can't be read, nothing in it vouches for any file.
  const trusted = !mended.some(({ name }) => !files.some((file) => file.name === name));
  return {
    files: result,
    sum: formatSum(result),
    mended,
    moved,
    clashes: clashesOf(result).filter(({ name, earlier }) => !trusted || suspects.has(name) || suspects.has(earlier)),
  };
}

/** Neighbours on the same target of which the second does not begin with what the first leaves. */
function clashesOf(files: readonly MigrationFile[]): readonly Clash[] {
  const left = new Map<string, { readonly name: string; readonly form: object | undefined }>();
  const clashes: Clash[] = [];
  for (const { name, migration } of files) {
    for (const operation of migration.operations) {
      const key = targetKey(operation);
      const above = left.get(key);
      // What the earlier one has brought about already is no clash.
      const fits = sameForm(above?.form, operation.before) || sameForm(above?.form, operation.after);
      if (above !== undefined && above.name !== name && !fits) {
        clashes.push({ name, target: operation.target, earlier: above.name });
      }
      left.set(key, { name, form: operation.after });
    }
  }
  return clashes;
}

/** What the server chooses where nobody says it: the mechanisms of a user, the date of a key. */
const CHOSEN = ['mechanisms', 'updateDate'];

function sameForm(left: object | undefined, right: object | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  const unsaid = new Set(CHOSEN.filter((field) => !(field in left && field in right)));
  const key = (form: object): string =>
    documentKey(Object.fromEntries(Object.entries(form).filter(([field]) => !unsaid.has(field))));
  return key(left) === key(right);
}

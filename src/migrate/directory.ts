/** A folder of migrations: whether it is as its sum says, and how it stands to what a cluster's journal tells. */
import { compareText, sortedBy } from '../model/order.ts';
import type { Operation } from '../plan/operations/operation.ts';
import { parseMigrationName } from './file-names.ts';
import { entryId, type JournalEntry } from './journal.ts';
import type { FileHead, Migration } from './migration.ts';
import { parseMigration } from './parse-migration.ts';
import { chained, type Hashed, hashOf, parseSum, SUM_FILE, type SumLine } from './sum.ts';
import { vouchedFile } from './vouched-file.ts';

export interface MigrationFile extends Hashed {
  /** Of a file that the folder's sum vouches for it is read when it is asked for: a Failure is thrown then if it can't be. */
  readonly migration: Migration;
  /** Known without reading the rest. Absent: it is what the migration says. */
  readonly head?: FileHead;
  /** As it was read, for whoever looks at its comments. Absent: it was never written. */
  readonly text?: string;
  /** Why it can't be read, which is looked at now. Absent: it has been read. */
  unreadable?(): readonly DirectoryProblem[];
  /** Whether it may hold such operations, told without reading it; it errs on the side of yes. Absent: it may. */
  mayHold?(kinds: readonly Operation['kind'][]): boolean;
}

/** What the name and the head of a file say. */
export function headOfFile(file: MigrationFile): FileHead {
  return file.head ?? file.migration;
}

/** Reads what has not been read yet: the files before the first that can't be read, and what is wrong with all others. */
export function readThrough(files: readonly MigrationFile[]): Directory {
  const problems = files.flatMap((file) => file.unreadable?.() ?? []);
  const end = files.findIndex(({ name }) => problems.some((problem) => problem.name === name));
  return { files: end < 0 ? files : files.slice(0, end), problems };
}

export interface FileText {
  /** Without its folder. */
  readonly name: string;
  readonly text: string;
}

/**
 * - `edited`, `missing`, `inserted`, `reordered`: the folder is not as its sum says, or not as it was applied;
 * - `out-of-order`: it is pending, and runs before one that is applied;
 * - `invalid`: it can't be read.
 */
export type ProblemKind = 'edited' | 'missing' | 'inserted' | 'reordered' | 'out-of-order' | 'invalid';

export interface DirectoryProblem {
  readonly kind: ProblemKind;
  /** The file that it is about, without its folder. */
  readonly name: string;
  readonly line?: number;
  readonly message: string;
}

export interface Directory {
  /** Those that can be read, in the order in which they run. */
  readonly files: readonly MigrationFile[];
  readonly problems: readonly DirectoryProblem[];
}

/**
 * Reads the migrations of a folder, and holds them against its sum. `folder` is how messages name it. Where the folder is as
 * its sum says, each file is read when it is needed.
 */
export function readDirectory(folder: string, texts: readonly FileText[], sum: string | undefined): Directory {
  const hashes = new Map(texts.map(({ name, text }) => [name, hashOf(text)]));
  const notAsItSays = sumProblems(
    [...hashes].map(([name, hash]) => ({ name, hash })),
    sum,
  );
  const files: MigrationFile[] = [];
  const problems: DirectoryProblem[] = [];
  for (const file of sortedBy(texts, ({ name }) => name)) {
    const { name, text } = file;
    const hash = hashes.get(name) ?? '';
    const named = parseMigrationName(name);
    if (notAsItSays.length === 0 && named !== undefined) {
      files.push(vouchedFile(folder, file, hash, named));
      continue;
    }
    const parsed = parseMigration(`${folder}/${name}`, text);
    for (const { line, message } of parsed.problems) problems.push({ kind: 'invalid', name, line, message });
    if (parsed.migration !== undefined) files.push({ name, hash, migration: parsed.migration, text });
  }
  return { files, problems: [...problems, ...notAsItSays] };
}

/** In what the files of a folder are not what its sum says. */
export function sumProblems(files: readonly Hashed[], sum: string | undefined): readonly DirectoryProblem[] {
  if (sum === undefined) {
    if (files.length === 0) return [];
    return [
      { kind: 'missing', name: SUM_FILE, message: 'it is missing, so that nobody can tell whether files were changed' },
    ];
  }
  const parsed = parseSum(sum);
  if (!('lines' in parsed)) {
    return [{ kind: 'invalid', name: SUM_FILE, line: parsed.line, message: parsed.message }];
  }
  const present = new Map(files.map((file) => [file.name, file.hash]));
  const listed = new Set(parsed.lines.map(({ name }) => name));
  const last = parsed.lines.at(-1)?.name ?? '';
  const changed = parsed.lines.flatMap(({ name, hash }): DirectoryProblem[] => {
    const now = present.get(name);
    if (now === undefined) return [{ kind: 'missing', name, message: `it is in ${SUM_FILE}, and not in the folder` }];
    return now === hash ? [] : [{ kind: 'edited', name, message: 'it was edited after it was planned' }];
  });
  const inserted = sortedBy(files, ({ name }) => name)
    .filter(({ name }) => !listed.has(name))
    .map(({ name }): DirectoryProblem => {
      const where = compareText(name, last) < 0 ? `, and would run before ${last}` : '';
      return { kind: 'inserted', name, message: `it is not in ${SUM_FILE}${where}` };
    });
  return [...changed, ...inserted, ...orderProblems(parsed.lines)];
}

/** Lines out of their order; or, with all in order, the first of which the chain tells that something is gone above it. */
function orderProblems(lines: readonly SumLine[]): DirectoryProblem[] {
  const above = (index: number): SumLine | undefined => lines[index - 1];
  const problem = ({ line }: SumLine, message: string): DirectoryProblem => ({
    kind: 'reordered',
    name: SUM_FILE,
    line,
    message,
  });
  const astray = lines.flatMap((line, index) => {
    const before = above(index);
    if (before === undefined || compareText(before.name, line.name) < 0) return [];
    return [problem(line, `${line.name} stands after ${before.name}, and runs before it`)];
  });
  if (astray.length > 0) return astray;
  const broken = lines.find((line, index) => chained(above(index)?.chain ?? '', line) !== line.chain);
  if (broken === undefined) return [];
  return [problem(broken, `the files above ${broken.name} are not those that were there when it was planned`)];
}

export type FileStatus = 'applied' | 'half-done' | 'rolled-back' | 'pending';

export interface FileWithStatus {
  readonly file: MigrationFile;
  readonly status: FileStatus;
  readonly entry?: JournalEntry;
}

export interface DirectoryStatus {
  /** In the order in which they run. */
  readonly files: readonly FileWithStatus[];
  readonly problems: readonly DirectoryProblem[];
}

const STATUSES: Readonly<Record<JournalEntry['status'], FileStatus>> = {
  applied: 'applied',
  running: 'half-done',
  failed: 'half-done',
  interrupted: 'half-done',
  rollingBack: 'half-done',
  rolledBack: 'rolled-back',
};

/** Joins the files with what the cluster remembers of them. */
export function statusOfFiles(files: readonly MigrationFile[], entries: readonly JournalEntry[]): DirectoryStatus {
  const journal = new Map(entries.filter(({ kind }) => kind === 'migration').map((entry) => [entry.id, entry]));
  const known = files.map((file): FileWithStatus => {
    const entry = journal.get(entryId(file.name));
    return entry === undefined ? { file, status: 'pending' } : { file, status: STATUSES[entry.status], entry };
  });
  const problems: DirectoryProblem[] = [];
  const touched = known.filter(({ status }) => status === 'applied' || status === 'half-done');
  const latest = touched.at(-1)?.file.name ?? '';
  for (const { file, status, entry } of known) {
    const { name } = file;
    const begun = status === 'applied' || status === 'half-done';
    if (begun && entry?.fileHash !== undefined && entry.fileHash !== file.hash) {
      problems.push({ kind: 'edited', name, message: 'it is not the file that was applied on this cluster' });
    }
    if (!begun && compareText(name, latest) < 0) {
      problems.push({
        kind: 'out-of-order',
        name,
        message: `it is pending, and ${latest}, which is later, is applied`,
      });
    }
  }
  const present = new Set(files.map(({ name }) => entryId(name)));
  for (const { id, status } of sortedBy(journal.values(), (entry) => entry.id)) {
    if (present.has(id) || status === 'rolledBack') continue;
    problems.push({
      kind: 'missing',
      name: `${id}.yaml`,
      message: 'it was applied on this cluster, and its file is gone',
    });
  }
  return { files: known, problems };
}

/**
 * The names of files that are half applied as they are: what they say was held against what they do before their first
 * write, and what is left of them does something else than the whole.
 */
export function begunFiles(files: readonly MigrationFile[], entries: readonly JournalEntry[]): ReadonlySet<string> {
  const begun = statusOfFiles(files, entries).files.filter(
    ({ file, status, entry }) => status === 'half-done' && entry?.fileHash === file.hash,
  );
  return new Set(begun.map(({ file }) => file.name));
}

/**
 * What `migrate apply` has still to do, in order: those that are pending, half done or rolled back, up to the version
 * `to`. `problems` are sentences; with one of them nothing may be applied.
 */
export function pendingOf(
  files: readonly MigrationFile[],
  entries: readonly JournalEntry[],
  to?: string,
): { readonly pending: readonly MigrationFile[]; readonly problems: readonly string[] } {
  const { files: known, problems } = statusOfFiles(files, entries);
  const sentences = problems.map(({ name, message }) => `${name}: ${message}`);
  if (to !== undefined && !files.some((file) => headOfFile(file).version === to)) {
    return { pending: [], problems: [...sentences, `there is no migration of version ${to}`] };
  }
  const pending = known.filter(
    ({ status, file }) => status !== 'applied' && (to === undefined || headOfFile(file).version <= to),
  );
  return { pending: pending.map(({ file }) => file), problems: sentences };
}

/** Whether a file in the folder of migrations is, by its name, meant to be one. */
export function isMigrationFile(name: string): boolean {
  return parseMigrationName(name) !== undefined || /\.ya?ml$/i.test(name);
}

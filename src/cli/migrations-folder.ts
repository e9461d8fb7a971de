/**
 * The folder of migrations: the one that the cluster's entry names; else `migrations/` for one cluster,
 * `migrations/<cluster>/` where the configuration names several.
 */
import { type Dirent, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Argv } from 'yargs';
import { Failure } from '../failure.ts';
import { MAX_FILE_BYTES, readText, reasonOf } from '../files/read-file.ts';
import { writeWhole } from '../files/write-file.ts';
import {
  type Directory,
  type DirectoryProblem,
  type FileText,
  isMigrationFile,
  type MigrationFile,
  readDirectory,
} from '../migrate/directory.ts';
import { SUM_FILE } from '../migrate/sum.ts';
import { isLogin } from '../policy/secrets.ts';
import type { Config } from './files.ts';
import { clusterEntry } from './inputs.ts';
import { refuseStrayLink } from './policy-files.ts';
import type { Terminal } from './terminal.ts';

const FOLDER = 'migrations';

export interface FolderArguments {
  readonly dir?: string | undefined;
  readonly cluster?: string | undefined;
}

export interface MigrationsFolder {
  readonly path: string;
  /** As messages name it. */
  readonly shown: string;
  readonly texts: readonly FileText[];
  readonly sum: string | undefined;
}

/** `--dir` */
export function withDir<T>(yargs: Argv<T>) {
  return yargs.option('dir', {
    type: 'string',
    requiresArg: true,
    describe: 'Folder of migration files (migrations, or migrations/<cluster>)',
  });
}

/**
 * The folder with its texts, empty if it does not exist; nothing in it is checked yet. Throws a Failure where nobody can
 * tell which one is meant.
 */
export function readFolder(terminal: Terminal, args: FolderArguments, config: Config): MigrationsFolder {
  if (args.dir !== undefined && isLogin(args.dir)) {
    throw new Failure('--dir holds a login instead of a folder', { advice: '--cluster says where the migrations go' });
  }
  const path = folderPath(terminal, args, config);
  const shown = (relative(terminal.cwd, path) || '.').replaceAll('\\', '/');
  if (!existsSync(path)) return { path, shown, texts: [], sum: undefined };
  const names = namesIn(terminal, config, path, shown).sort();
  const text = (name: string): string => readText(join(path, name), `${shown}/${name}`, LIMIT);
  return {
    path,
    shown,
    texts: names.filter(isMigrationFile).map((name) => ({ name, text: text(name) })),
    sum: names.includes(SUM_FILE) ? text(SUM_FILE) : undefined,
  };
}

const LIMIT = { maxBytes: MAX_FILE_BYTES, advice: 'remove it, and plan fewer changes at a time' };

/** The migrations and the sum. A link is read as what it leads to, which is a file of the project. */
function namesIn(terminal: Terminal, config: Config, path: string, shown: string): string[] {
  const entries = entriesIn(path, shown).filter(({ name }) => isMigrationFile(name) || name === SUM_FILE);
  for (const entry of entries) {
    if (entry.isSymbolicLink()) refuseStrayLink(terminal, config, path, entry.name);
    else if (!entry.isFile())
      throw new Failure(`${shown}/${entry.name} is no file`, { advice: 'remove it, or give it another name' });
  }
  return entries.map(({ name }) => name);
}

function entriesIn(path: string, shown: string): readonly Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    throw new Failure(`can't read the folder ${shown}: ${reasonOf(error)}`, { cause: error });
  }
}

function folderPath(terminal: Terminal, { dir, cluster }: FolderArguments, config: Config): string {
  if (dir !== undefined) return resolve(terminal.cwd, dir);
  const base = resolve(config.folder, FOLDER);
  const clusters = config.data.clusters ?? {};
  const entry = clusterEntry(config, cluster);
  if (entry?.migrations !== undefined) return resolve(config.folder, entry.migrations);
  const names = Object.keys(clusters);
  const [only = ''] = names;
  if (names.length < 2) return hasMigrations(join(base, only)) && !hasMigrations(base) ? join(base, only) : base;
  if (entry === undefined || cluster === undefined || /[/\\]|^\.\.?$/.test(cluster)) {
    throw new Failure(`${config.file} names ${names.length} clusters, and each has a folder of migrations`, {
      advice: `say which with --dir: ${names.map((name) => `${FOLDER}/${name}`).join(', ')}`,
    });
  }
  const claimed = Object.values(clusters).some(
    ({ migrations }) => migrations !== undefined && resolve(config.folder, migrations) === base,
  );
  if (!claimed && hasMigrations(base)) throw unclaimed(config, names);
  return join(base, cluster);
}

/** Of the time when there was one cluster. Whose they are the files don't say. */
function unclaimed({ file }: Config, names: readonly string[]): Failure {
  const [first = ''] = names;
  return new Failure(`${FOLDER}/ holds migrations, and ${file} does not say of which of its ${names.length} clusters`, {
    details: [
      `if they are of ${first}: add "migrations: ${FOLDER}" to clusters.${first} in ${file}`,
      `or move them: mkdir ${FOLDER}/${first} && git mv ${FOLDER}/*.yaml ${FOLDER}/${SUM_FILE} ${FOLDER}/${first}`,
    ],
    advice: `each cluster has a folder of its own, ${FOLDER}/<cluster>, because a migration is planned against one cluster; nothing was changed`,
  });
}

function hasMigrations(folder: string): boolean {
  return existsSync(folder) && entriesIn(folder, folder).some(({ name }) => isMigrationFile(name));
}

/** For whoever only reads: where there are no migrations at all, it does not matter which folder is meant. */
export function readFolderIfAny(terminal: Terminal, args: FolderArguments, config: Config): MigrationsFolder {
  const path = resolve(config.folder, FOLDER);
  if (args.dir === undefined && !existsSync(path)) return { path, shown: FOLDER, texts: [], sum: undefined };
  return readFolder(terminal, args, config);
}

/** The migrations, in order; none if there is no folder. Throws a Failure unless every file is as its sum says. */
export function loadMigrations(terminal: Terminal, args: FolderArguments, config: Config): readonly MigrationFile[] {
  return filesOf(readFolder(terminal, args, config));
}

export function filesOf(folder: MigrationsFolder): readonly MigrationFile[] {
  const { files, problems } = directoryOf(folder);
  if (problems.length > 0) throw folderFailure(folder, problems);
  return files;
}

export function directoryOf({ shown, texts, sum }: MigrationsFolder): Directory {
  return readDirectory(shown, texts, sum);
}

export function folderFailure({ shown }: MigrationsFolder, problems: readonly DirectoryProblem[]): Failure {
  const sentences = problems.map((problem) => problemSentence(shown, problem));
  const [first = '', ...others] = sentences;
  return new Failure(first, {
    details: others,
    advice: problems.every(({ kind }) => kind !== 'invalid')
      ? 'nothing was changed; get the files back from version control, or take them as they are with mongoward migrate rebase'
      : 'nothing was changed',
  });
}

/** `migrations/20260131120000_a.yaml:3: …` */
export function problemSentence(shown: string, { name, line, message }: DirectoryProblem): string {
  return `${shown}/${name}${line === undefined ? '' : `:${line}`}: ${message}`;
}

/** What a folder is to hold besides what it holds: a new text, or nothing where a file goes. */
export type FolderChanges = ReadonlyMap<string, string | undefined>;

/**
 * Writes files and the sum, each as a whole or not at all, the sum last: interrupted in between, the sum tells. Nothing is
 * removed before everything new is there.
 */
export function writeFolder({ path, shown }: MigrationsFolder, changes: FolderChanges, sum: string): void {
  const texts = [...changes].flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const]));
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new Failure(`can't make the folder ${shown}: ${reasonOf(error)}`, { cause: error });
  }
  for (const [name, text] of [...texts, [SUM_FILE, sum] as const]) {
    writeWhole(join(path, name), `${shown}/${name}`, text, { links: 'replaced' });
  }
  for (const [name, text] of changes) if (text === undefined) rmSync(join(path, name), { force: true });
}

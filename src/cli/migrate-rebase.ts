/** `migrate rebase`: the folder of migrations put right after a merge. */
import { Failure } from '../failure.ts';
import {
  type DirectoryProblem,
  headOfFile,
  type MigrationFile,
  readThrough,
  statusOfFiles,
} from '../migrate/directory.ts';
import type { JournalEntry } from '../migrate/journal.ts';
import { rebase } from '../migrate/rebase.ts';
import { SUM_FILE } from '../migrate/sum.ts';
import { count, wrap } from '../report/layout.ts';
import { rebaseText } from '../report/rebase-text.ts';
import { defineCommand, type ExitCode } from './command.ts';
import { withCluster, withConfig } from './common-options.ts';
import { loadConfig } from './files.ts';
import { usingCluster } from './inputs.ts';
import {
  directoryOf,
  type FolderChanges,
  folderFailure,
  type MigrationsFolder,
  problemSentence,
  readFolder,
  withDir,
  writeFolder,
} from './migrations-folder.ts';

export const migrateRebase = defineCommand({
  command: 'rebase [versions..]',
  describe: 'Mend the migration files after a merge: chain them anew, move late ones to the end',
  examples: [
    ['$0 migrate rebase --cluster prod', 'Move those to the end that the cluster is past already'],
    ['$0 migrate rebase 20260131120000', 'Move this one to the end, without a cluster'],
  ],
  options: (yargs) =>
    withDir(withCluster(withConfig(yargs))).positional('versions', {
      type: 'string',
      array: true,
      describe: 'Migrations to move to the end',
    }),
  run: async (args, terminal): Promise<ExitCode> => {
    const config = loadConfig(terminal, args.config);
    const folder = readFolder(terminal, args, config);
    if (args.dir !== undefined && folder.texts.length === 0 && folder.sum === undefined) {
      throw new Failure(`there are no migrations in ${folder.shown}`, { advice: '--dir names the folder to mend' });
    }
    const found = directoryOf(folder);
    // Whoever writes the sum vouches for all of them.
    const { files, problems } = readThrough(found.files);
    const unreadable = [...found.problems, ...problems].filter(
      ({ kind, name }) => kind === 'invalid' && name !== SUM_FILE,
    );
    if (unreadable.length > 0) throw folderFailure(folder, unreadable);
    const named = namedFiles(files, args.versions ?? [], folder);
    const late =
      args.cluster === undefined
        ? []
        : await usingCluster(terminal, args, config, { indexesOf: [] }, async (cluster) =>
            lateFiles(folder, files, await cluster.journal('all'), named),
          );
    const move = new Set([...named, ...late]);
    const result = rebase(files, folder.sum, move, terminal.now());
    if (result.mended.length + result.moved.length === 0) {
      const sentence = `Nothing to do: ${folder.shown} is as its sum says (${count(files.length, 'migration')}).`;
      terminal.out(`${terminal.paint('bold', wrap(sentence, 0, terminal.paint.width))}\n`);
      return 0;
    }
    const texts = new Map(folder.texts.map(({ name, text }) => [name, text]));
    const changes: FolderChanges = new Map(
      result.moved.flatMap(({ from, to }): [string, string | undefined][] => [
        [to, texts.get(from)],
        [from, undefined],
      ]),
    );
    writeFolder(folder, changes, result.sum);
    terminal.out(`${rebaseText(result, folder.shown, terminal.paint)}\n`);
    return result.clashes.length > 0 ? 1 : 0;
  },
});

function namedFiles(
  files: readonly MigrationFile[],
  versions: readonly string[],
  { shown }: MigrationsFolder,
): readonly string[] {
  return versions.flatMap((version) => {
    const found = files.filter((file) => String(version) === headOfFile(file).version || version === file.name);
    if (found.length === 0) throw new Failure(`there is no migration of version ${version} in ${shown}`);
    return found.map(({ name }) => name);
  });
}

/** What is pending and would run before what is applied. Throws a Failure for what no rebase can mend. */
function lateFiles(
  folder: MigrationsFolder,
  files: readonly MigrationFile[],
  entries: readonly JournalEntry[],
  named: readonly string[],
): readonly string[] {
  const { files: known, problems } = statusOfFiles(files, entries);
  const applied = known.find(({ file, status }) => named.includes(file.name) && status !== 'pending');
  if (applied !== undefined) {
    throw new Failure(`${folder.shown}/${applied.file.name} was applied on this cluster, and can't be moved`, {
      advice: 'nothing was changed',
    });
  }
  const lost = problems.filter(({ kind }: DirectoryProblem) => kind !== 'out-of-order');
  if (lost.length > 0) {
    const [first = '', ...others] = lost.map((problem) => problemSentence(folder.shown, problem));
    throw new Failure(first, {
      details: others,
      advice: 'nothing was changed; get what was applied back from version control',
    });
  }
  return problems.map(({ name }) => name);
}

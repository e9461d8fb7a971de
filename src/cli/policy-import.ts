/** `policy import`: a policy from the files of another tool. */
import { resolve } from 'node:path';
import type { ImportNote } from '../adopt/import/node.ts';
import { SOURCES } from '../adopt/import/sources.ts';
import { Failure } from '../failure.ts';
import { FILE_LIMIT, MAX_FILE_BYTES, readText } from '../files/read-file.ts';
import { count, wrap } from '../report/layout.ts';
import { defineCommand } from './command.ts';
import { expandPaths } from './glob.ts';
import { policyIn, writePolicyFiles } from './policy-folder.ts';
import type { Terminal } from './terminal.ts';

export const policyImport = defineCommand({
  command: 'import <files..>',
  describe: "Write a policy from another tool's files, without any secret",
  examples: [
    ['$0 policy import --from terraform main.tf', 'Users and roles of Terraform; also of terraform show -json'],
    ['$0 policy import --from mongosh init.js create-users.sh', 'What scripts make, without running them'],
    ['$0 policy import --from ansible site.yml --var app_db=shop', 'With a value for a variable'],
  ],
  options: (yargs) =>
    yargs
      .positional('files', { type: 'string', array: true, demandOption: true, describe: 'Files of the tool' })
      .option('from', { choices: SOURCES, demandOption: true, requiresArg: true, describe: 'What they are' })
      .option('output', { type: 'string', alias: 'o', requiresArg: true, default: 'policies', describe: 'Folder' })
      .option('name', { type: 'string', requiresArg: true, describe: "The policy's name (imported)" })
      .option('var', { type: 'string', array: true, requiresArg: true, describe: 'Value of a variable: name=value' })
      .option('db', {
        type: 'string',
        requiresArg: true,
        describe: 'mongosh: the database that scripts begin in (test)',
      })
      .option('force', { type: 'boolean', default: false, describe: 'Overwrite files that are there' }),
  run: async (args, terminal) => {
    const { importPolicy } = await import('../adopt/import/import.ts');
    const limit = { maxBytes: MAX_FILE_BYTES, advice: FILE_LIMIT.advice };
    const files = expandPaths(terminal.cwd, args.files).map((file) => ({
      file,
      text: readText(resolve(terminal.cwd, file), file, limit),
    }));
    const imported = await importPolicy(args.from, files, {
      name: args.name ?? policyIn(terminal, args.output) ?? 'imported',
      variables: variablesOf(args.var ?? []),
      ...(args.db !== undefined && { db: args.db }),
    });
    const { notes, leftOut } = imported;
    if (imported.files.size === 0) {
      tell(terminal, notes);
      throw new Failure('nothing in these files could be taken over: no user and no role', {
        details: leftOut.map(({ what, why }) => `${what}: ${why}`),
        advice: 'nothing was written',
      });
    }
    writePolicyFiles(terminal, args.output, imported.files, args.force);
    tell(terminal, notes);
    for (const { what, why } of leftOut) terminal.err(`left out: ${what}: ${why}\n`);
    const lost = notes.filter((note) => note.lost).length + leftOut.length;
    const taken = `${count(imported.roles.length, 'role')} and ${count(imported.users.length, 'user')} taken over`;
    const closing = lost === 0 ? `${taken}.` : `${taken}, ${count(lost, 'thing')} left out: each is named above.`;
    terminal.out(`${terminal.paint('bold', wrap(closing, 0, terminal.paint.width))}\n`);
    return lost === 0 ? 0 : 1;
  },
});

function tell(terminal: Terminal, notes: readonly ImportNote[]): void {
  for (const { file, line, message } of notes) terminal.err(`${file}:${line}: ${message}\n`);
}

function variablesOf(flags: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    flags.map((flag): [string, string] => {
      const at = flag.indexOf('=');
      if (at < 1) throw new Failure(`--var ${flag} is not in the form name=value`);
      return [flag.slice(0, at), flag.slice(at + 1)];
    }),
  );
}

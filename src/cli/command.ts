/** What a command of the program is: yargs' options and help, and a function from arguments to an exit code. */
import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { Terminal } from './terminal.ts';

/** 0: nothing to say. 1: findings. 2: the command could not do its job. */
export type ExitCode = 0 | 1 | 2;

export interface Command<A> {
  /** As yargs wants it: `lint [paths..]`. */
  readonly command: string;
  readonly describe: string;
  /** Lines for `--help`: a command line and what it does. */
  readonly examples: readonly (readonly [commandLine: string, what: string])[];
  readonly options: (yargs: Argv) => Argv<A>;
  readonly run: (args: ArgumentsCamelCase<A>, terminal: Terminal) => Promise<ExitCode>;
}

/** Keeps the types of options and arguments together. */
export function defineCommand<A>(command: Command<A>): Command<A> {
  return command;
}

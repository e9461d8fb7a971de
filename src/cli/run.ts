/** From the command line to an exit code. */
import yargs, { type Argv } from 'yargs';
import { Failure } from '../failure.ts';
import type { Command, ExitCode } from './command.ts';
import { ASKED_BY_SHELL } from './completion.ts';
import { environmentOptions, switched } from './environment-options.ts';
import { guarded, withoutGivenLogins } from './guard.ts';
import { VERSION } from './package-version.ts';
import type { StandardStream } from './standard-stream.ts';
import { processTerminal, type Terminal } from './terminal.ts';
import { type Asked, type OptionKinds, optionKinds, refuseRepeated, usageFailure } from './usage.ts';

const PROGRAM = 'mongoward';

/** What became of a command line, as far as it went. */
interface Course {
  /** What the command does; absent where help was asked for. */
  work?: () => Promise<ExitCode>;
  asked: Asked;
  /** What the command takes, once it is known which it is. */
  kinds: OptionKinds | undefined;
  examples?: Command<never>['examples'];
}

/** Thrown to yargs, which would lay out the help of every command that it has handed over to. */
const LINE_IS_READ = new Error('the command line is read');

/** A command of any arguments, ready to be put into yargs. */
type Install = (parent: Argv, noun: string, course: Course, terminal: Terminal) => void;

function install<A>(command: Command<A>): Install {
  return (parent, noun, course, terminal) => {
    parent.command<A>(
      command.command,
      command.describe,
      (child) => {
        course.examples = command.examples;
        const built = command.options(child as Argv);
        course.kinds = optionKinds(built);
        course.asked = { ...course.asked, usage: `${noun} ${command.command}`, options: course.kinds.names };
        const words = [...command.command.matchAll(/[<[]([a-z-]+)/g)].map(([, word = '']) => word);
        const given = Object.entries(environmentOptions(course.kinds, terminal.env, course.asked.argv));
        const values = given.filter(([name]) => !words.includes(name));
        course.asked = { ...course.asked, fromEnvironment: values.map(([name]) => name) };
        built.config(Object.fromEntries(values));
        return built;
      },
      (args) => {
        refuseRepeated(args, course.kinds?.lists ?? []);
        course.work = () => command.run(args, terminal);
        throw LINE_IS_READ;
      },
    );
  };
}

interface Noun {
  readonly describe: string;
  /** Loaded one by one: the linter loads neither the driver nor what other commands need. */
  readonly commands: Readonly<Record<string, () => Promise<Install>>>;
}

const NOUNS: ReadonlyMap<string, Noun> = new Map([
  [
    'policy',
    {
      describe:
        'Policies as files: lint, explain, show, test, can, who, diff, init, import, export, schema-map, types, crud-service',
      commands: {
        lint: async () => install((await import('./policy-lint.ts')).policyLint),
        explain: async () => install((await import('./policy-explain.ts')).policyExplain),
        show: async () => install((await import('./policy-show.ts')).policyShow),
        test: async () => install((await import('./policy-test.ts')).policyTest),
        can: async () => install((await import('./policy-can.ts')).policyCan),
        who: async () => install((await import('./policy-who.ts')).policyWho),
        diff: async () => install((await import('./policy-diff.ts')).policyDiff),
        init: async () => install((await import('./policy-init.ts')).policyInit),
        import: async () => install((await import('./policy-import.ts')).policyImport),
        export: async () => install((await import('./policy-export.ts')).policyExport),
        'schema-map': async () => install((await import('./policy-schema-map.ts')).policySchemaMap),
        types: async () => install((await import('./policy-types.ts')).policyTypes),
        'crud-service': async () => install((await import('./policy-crud-service.ts')).policyCrudService),
      },
    },
  ],
  [
    'migrate',
    {
      describe: 'From policy to cluster: plan, new, status, rebase, apply, rollback, unlock, repair',
      commands: {
        plan: async () => install((await import('./migrate-plan.ts')).migratePlan),
        new: async () => install((await import('./migrate-new.ts')).migrateNew),
        status: async () => install((await import('./migrate-status.ts')).migrateStatus),
        rebase: async () => install((await import('./migrate-rebase.ts')).migrateRebase),
        apply: async () => install((await import('./migrate-apply.ts')).migrateApply),
        rollback: async () => install((await import('./migrate-rollback.ts')).migrateRollback),
        repair: async () => install((await import('./migrate-repair.ts')).migrateRepair),
        unlock: async () => install((await import('./migrate-unlock.ts')).migrateUnlock),
      },
    },
  ],
  [
    'drift',
    {
      describe: 'From cluster to policy: report, watch',
      commands: {
        report: async () => install((await import('./drift-report.ts')).driftReport),
        watch: async () => install((await import('./drift-watch.ts')).driftWatch),
      },
    },
  ],
  [
    'cluster',
    {
      describe: 'The cluster itself: snapshot, doctor',
      commands: {
        snapshot: async () => install((await import('./cluster-snapshot.ts')).clusterSnapshot),
        doctor: async () => install((await import('./cluster-doctor.ts')).clusterDoctor),
      },
    },
  ],
]);

/** The one command of the noun that the words name, or all of them: for the help, and to guess what was meant. */
async function commandsOf({ commands }: Noun, argv: readonly string[]): Promise<readonly Install[]> {
  const named = argv.flatMap((word) => (Object.hasOwn(commands, word) ? (commands[word] ?? []) : []));
  return Promise.all((named.length > 0 ? named : Object.values(commands)).map((load) => load()));
}

/**
 * Runs one command line, without the names of node and of the program. Gives the exit code; whatever goes wrong is on
 * standard error by then, in one sentence with what to do, without a stack unless `--verbose` is given.
 */
export async function run(line: readonly string[], given: Terminal): Promise<ExitCode> {
  const terminal = guarded(given);
  if (line[0] === 'completion' && line[1] === ASKED_BY_SHELL) return complete(line.slice(3), terminal);
  const argv = withHelp(withoutSeparator(line));
  const unknown = argv.find((word) => !word.startsWith('-') && !NOUNS.has(word)) ?? '';
  const course: Course = { asked: { argv, usage: '', options: [], unknown, fromEnvironment: [] }, kinds: undefined };
  try {
    refuseNoWords(argv);
    const reading = program(argv, terminal, course).parseAsync([...argv], {}, (_error, _args, output) => {
      if (output === '') return;
      const examples = output === VERSION ? '' : examplesText(course.examples ?? []);
      terminal.out(`${output}\n${examples}`);
    });
    await reading.catch((error: unknown) => {
      if (error !== LINE_IS_READ) throw error;
    });
    return (await course.work?.()) ?? 0;
  } catch (error) {
    report(error, withoutLoginsOf(line, terminal), switched('verbose', argv, terminal.env) === true);
    return 2;
  }
}

/** The same terminal, whose messages have none of the logins of the command line and the environment. */
function withoutLoginsOf(line: readonly string[], terminal: Terminal): Terminal {
  const variables = Object.entries(terminal.env).filter(([name]) => name.startsWith('MONGOWARD_'));
  const given = [...line, ...variables.map(([, value = '']) => value)];
  return { ...terminal, err: (text) => terminal.err(withoutGivenLogins(text, given)) };
}

/** The same in this process's own terminal. */
export function runProcess(
  line: readonly string[],
  output: StandardStream,
  messages: StandardStream,
): Promise<ExitCode> {
  return run(line, processTerminal(line, output, messages));
}

/** Answers a shell, one candidate a line. */
async function complete(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { completions } = await import('./completions.ts');
  const verbs = [...NOUNS].map(([name, noun]): [string, string[]] => [name, Object.keys(noun.commands)]);
  const found = await completions(terminal, words, {
    nouns: new Map<string, readonly string[]>([...verbs, ['init', []], ['demo', []], ['completion', []]]),
    describe: async (before) => {
      const course: Course = {
        asked: { argv: before, usage: '', options: [], unknown: '', fromEnvironment: [] },
        kinds: undefined,
      };
      const named = before.filter((word) => !word.startsWith('-')).slice(0, 2);
      await program(named, terminal, course).parseAsync([...named, '--help'], {}, () => {});
      return course.kinds && { usage: course.asked.usage, kinds: course.kinds };
    },
  });
  for (const candidate of found) terminal.out(`${candidate}\n`);
  return 0;
}

/**
 * An empty word comes of a shell's variable that is not set, and would stand for the working directory. `-` names standard
 * input elsewhere: yargs leaves it out of the positionals, so that other files would be looked at.
 */
function refuseNoWords(argv: readonly string[]): void {
  const advice = "say what it stands for: a shell's variable that is not set gives nothing";
  if (argv.includes('')) throw new Failure('a word of the command line is empty', { advice });
  const option = argv.find((word) => /^--[^=]+=$/.test(word));
  if (option !== undefined) throw new Failure(`${option.slice(0, -1)} needs a value`, { advice });
  if (argv.includes('-')) {
    throw new Failure('"-" stands for no file', {
      advice: 'name the file; policy lint --stdin reads standard input, and ./- is a file of that name',
    });
  }
}

/**
 * yargs leaves what stands after `--` out of the positionals of a command, so that files named there would not be looked
 * at, in silence. What begins with a dash there is a path, and not an option.
 */
function withoutSeparator(line: readonly string[]): readonly string[] {
  const at = line.indexOf('--');
  if (at < 0) return line;
  return [...line.slice(0, at), ...line.slice(at + 1).map((word) => (word.startsWith('-') ? `./${word}` : word))];
}

/** `help` and `version` as words, and nothing at all: what is wanted is to know what there is. */
function withHelp(argv: readonly string[]): readonly string[] {
  const [first, ...rest] = argv;
  if (first === 'help') return [...rest, '--help'];
  if (first === 'version' && rest.length === 0) return ['--version'];
  return argv.length === 0 ? ['--help'] : argv;
}

function program(argv: readonly string[], terminal: Terminal, course: Course): Argv {
  const root = yargs()
    .scriptName(PROGRAM)
    // An option that may be repeated takes one value each time, and leaves the rest to the positionals.
    .parserConfiguration({ 'greedy-arrays': false })
    .usage('$0 <command>\n\nWho may do what in MongoDB, as files: linted, planned, applied, watched.')
    .option('verbose', { type: 'boolean', global: true, describe: 'Show where an error comes from' })
    .option('color', { type: 'boolean', global: true, describe: 'Colours, or none: --no-color' })
    .option('progress', { type: 'boolean', global: true, describe: 'How far it is, on a terminal: --no-progress' });
  for (const [name, noun] of NOUNS) {
    root.command(name, noun.describe, async (child) => {
      course.asked = { ...course.asked, usage: name };
      for (const add of await commandsOf(noun, argv)) add(child, name, course, terminal);
      return child.demandCommand(1, `Name a command of "${name}".`);
    });
  }
  root.command('init', 'Write a configuration, a first policy, a hook and a CI job', async (child) => {
    const { init } = await import('./init.ts');
    install({ ...init, command: '$0' })(child, 'init', course, terminal);
    return child;
  });
  root.command('demo', 'Show the whole job, on a server of its own, in seconds', async (child) => {
    const { demo } = await import('./demo.ts');
    install({ ...demo, command: '$0' })(child, 'demo', course, terminal);
    return child;
  });
  root.command('completion <shell>', 'What a shell needs to complete command lines: bash, zsh, fish', async (child) => {
    const { completion } = await import('./completion.ts');
    install({ ...completion, command: '$0 <shell>' })(child, 'completion', course, terminal);
    return child;
  });
  return root
    .demandCommand(1, 'Name a command.')
    .recommendCommands()
    .strict()
    .wrap(terminal.paint.width)
    .help()
    .alias('help', 'h')
    .version(VERSION)
    .alias('version', 'v')
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      if (error !== undefined && error.name !== 'YError') throw error;
      throw usageFailure(message ?? error?.message ?? 'wrong arguments', course.asked);
    });
}

/** Each line as it is typed. yargs would break it in the middle, where it is longer than half of the terminal. */
function examplesText(examples: Command<never>['examples']): string {
  if (examples.length === 0) return '';
  const texts = examples.map(([line, what]) => `  ${line.replace('$0', PROGRAM)}\n      ${what}\n`);
  return `\nExamples:\n${texts.join('')}`;
}

function report(error: unknown, terminal: Terminal, verbose: boolean): void {
  const known = error instanceof Failure;
  const message = error instanceof Error ? error.message : String(error);
  terminal.err(`mongoward: ${known ? message : `unexpected error: ${message}`}\n`);
  for (const detail of known ? error.details : []) terminal.err(`  ${detail}\n`);
  if (known && error.advice !== undefined) terminal.err(`  ${error.advice}\n`);
  if (!known && !verbose)
    terminal.err('  this is a bug in mongoward: run it again with --verbose and report what it says\n');
  const stack = verbose && error instanceof Error ? (error.stack ?? '') : '';
  for (const line of stack === '' ? [] : stack.split('\n')) terminal.err(`${line}\n`);
}

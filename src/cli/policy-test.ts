/** `policy test`: the expectations that stand beside policies, by the model and on a server. */
import { resolve } from 'node:path';
import type { Proof } from '../ephemeral/prove.ts';
import { type Coverage, coverageOf } from '../expect/coverage.ts';
import type { ExpectationFile } from '../expect/expectation.ts';
import type { JudgeDocument } from '../expect/model.ts';
import { coverageProblems, findingsOf, type TestReport } from '../expect/report.ts';
import { askFile, type FileResult, judgeFile } from '../expect/run.ts';
import { Failure } from '../failure.ts';
import { testJson } from '../report/expectations-json.ts';
import { testFindings, testText } from '../report/expectations-text.ts';
import { FINDINGS_FORMATS } from '../report/formats/index.ts';
import { jsonText } from '../report/json-text.ts';
import { defineCommand, type ExitCode } from './command.ts';
import { withFormat, withPolicy } from './common-options.ts';
import { reportEvidence, withTimestamp } from './evidence.ts';
import { loadTests, type Tests } from './expectation-files.ts';
import { type Config, loadConfig } from './files.ts';
import { usingClient } from './inputs.ts';
import { printReport } from './rendered.ts';
import { type Terminal, withProgress } from './terminal.ts';
import { whenChanged } from './watch.ts';
import { initExpectations, updateExpectations } from './write-expectations.ts';

export const policyTest = defineCommand({
  command: 'test [paths..]',
  describe: 'Try expectations: who may do what, and who may not; exit code 1: one fails',
  examples: [
    ['$0 policy test', 'The expectations (*.test.yaml) beside the policies, by the model'],
    ['$0 policy test --server', 'On a server of its own too, each account logged in'],
    ['$0 policy test --init', 'Expectations written: what the policies promise'],
  ],
  options: (yargs) =>
    withTimestamp(withFormat(withPolicy(yargs), ['text', 'json', 'tap', ...FINDINGS_FORMATS]))
      .positional('paths', { type: 'string', array: true, describe: 'Files of expectations, policies, and folders' })
      .option('server', {
        type: 'boolean',
        default: false,
        describe: 'Try them on a server of its own too: a mongod that is found, else the sandbox',
      })
      .option('download', {
        type: 'boolean',
        default: false,
        describe: 'Download a mongod for --server if the machine has none',
      })
      .option('against', {
        type: 'string',
        requiresArg: true,
        describe: 'Try them on a test cluster too: its name, or a URI',
      })
      .option('timeout', { type: 'number', requiresArg: true, default: 10, describe: 'Seconds to look for a server' })
      .option('init', {
        type: 'boolean',
        default: false,
        describe: 'Write expectations: everything that a policy promises',
      })
      .option('force', { type: 'boolean', default: false, describe: 'Let --init overwrite files that are there' })
      .option('update', {
        type: 'boolean',
        default: false,
        describe: 'Add what is missing to the files; what stands in them stays',
      })
      .option('watch', { type: 'boolean', default: false, describe: 'Run again whenever a file changes, until Ctrl+C' })
      .option('coverage', {
        type: 'boolean',
        default: false,
        describe: 'Name every grant and protection that nothing tries',
      })
      .option('min-coverage', {
        type: 'number',
        requiresArg: true,
        describe: 'Exit with 1 if less than this percentage of a policy is exercised',
      }),
  run: async (args, terminal) => {
    const atLeast = percentage(args.minCoverage);
    if (args.init && (args.update || args.watch)) {
      throw new Failure('--init writes new files, and goes with neither --update nor --watch');
    }
    const config = loadConfig(terminal, args.config);
    const load = (): Tests => loadTests(terminal, args, config);
    if (args.init) {
      initExpectations(terminal, load(), args.force);
      return 0;
    }
    const runOnce = async (): Promise<ExitCode> => {
      const tests = load();
      refuseNone(tests);
      if (args.update) updateExpectations(terminal, tests, await documentJudge('all'));
      return print(
        terminal,
        args,
        await reportOf(terminal, args, config, args.update ? load() : tests, atLeast),
        tests,
      );
    };
    if (!args.watch) return runOnce();
    return watch(terminal, runOnce, () => namedFiles(load()));
  },
});

function refuseNone({ parsed }: Tests): void {
  if (parsed.length > 0) return;
  throw new Failure('there are no expectations (*.test.yaml) beside the policies', {
    advice: 'write some by mongoward policy test --init',
  });
}

function percentage(given: number | undefined): number {
  if (given === undefined) return 0;
  if (given >= 0 && given <= 100) return given;
  throw new Failure('--min-coverage is a percentage, 0 to 100', { advice: 'see mongoward policy test --help' });
}

async function runTests({ files }: Tests, { today }: Terminal): Promise<readonly FileResult[]> {
  const judgeDocument = await documentJudge(files.map(({ file }) => file));
  return files.map(({ file, subject }) => judgeFile(askFile(file, subject, { judgeDocument, today })));
}

interface ServerArguments {
  readonly server: boolean;
  readonly download: boolean;
  readonly against?: string | undefined;
  readonly timeout: number;
}

/** What a server says; nothing where none was asked for. */
async function proofOf(
  terminal: Terminal,
  { server, download, against, timeout }: ServerArguments,
  config: Config,
  { files }: Tests,
): Promise<Proof | undefined> {
  const { today, env } = terminal;
  if (against !== undefined) {
    if (server || download)
      throw new Failure('--against names a cluster, and --server starts a server: give one of them');
    const { proveAgainst } = await import('../ephemeral/prove.ts');
    return usingClient(terminal, { cluster: against, timeout }, config, (client, uri, label) =>
      proveAgainst(files, { client, uri, label, today, say: () => {} }),
    );
  }
  if (!server && !download) return undefined;
  const { prove } = await import('../ephemeral/prove.ts');
  return withProgress(terminal, 'Starting', (say) => prove(files, { env, download, today, say }));
}

/** Loaded only where a validator is asked: it brings a part of the sandbox along. */
async function documentJudge(files: readonly ExpectationFile[] | 'all'): Promise<JudgeDocument> {
  const asks =
    files === 'all' ||
    files.some(({ expectations }) =>
      expectations.some((each) => each.kind === 'document' || (each.kind === 'run' && 'insert' in each.command)),
    );
  if (!asks) return () => undefined;
  return (await import('../ephemeral/judge-document.ts')).judgeDocument;
}

async function reportOf(
  terminal: Terminal,
  args: ServerArguments,
  config: Config,
  tests: Tests,
  atLeast: number,
): Promise<TestReport> {
  const proof = await proofOf(terminal, args, config, tests);
  const files = proof?.results ?? (await runTests(tests, terminal));
  const coverage = tests.policies.flatMap(({ intent }): Coverage[] => {
    const own = files.filter((each) => each.world.intent === intent);
    if (own.length === 0) return [];
    return [
      coverageOf(
        intent,
        own.flatMap(({ results }) => results.flatMap(({ trials }) => trials)),
      ),
    ];
  });
  const problems = [...tests.problems, ...coverageProblems(coverage, atLeast)];
  return { files, coverage, problems, ...(proof && { server: proof.server }) };
}

/** Runs at once, and again on each change; what can't be run is told, and waits for the next one. */
async function watch(
  terminal: Terminal,
  runOnce: () => Promise<ExitCode>,
  files: () => readonly string[],
): Promise<ExitCode> {
  let named: readonly string[] = [];
  const now = (): readonly string[] => {
    try {
      named = files();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
    return named.map((file) => resolve(terminal.cwd, file));
  };
  let code: ExitCode = 0;
  const run = async (): Promise<void> => {
    try {
      code = await runOnce();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      code = 2;
      for (const line of [error.message, ...error.details]) terminal.err(`mongoward: ${line}\n`);
    }
    terminal.err(`${terminal.now().toISOString().slice(11, 19)} watching ${named.length} files; Ctrl+C ends it\n`);
  };
  await whenChanged(now, run, { signal: terminal.ending() });
  return code;
}

function namedFiles({ parsed, policies }: Tests): readonly string[] {
  return [...parsed, ...policies.flatMap(({ files }) => files)].map(({ file }) => file);
}

async function print(
  terminal: Terminal,
  {
    format,
    coverage,
    timestamp,
  }: {
    readonly format: 'text' | 'json' | 'tap' | (typeof FINDINGS_FORMATS)[number];
    readonly coverage: boolean;
    readonly timestamp: boolean;
  },
  report: TestReport,
  { parsed, policies }: Tests,
): Promise<ExitCode> {
  const texts = new Map(
    [...parsed, ...policies.flatMap(({ files }) => files)].map(({ file, text = '' }) => [file, text]),
  );
  const linesOf = (file: string): readonly string[] => texts.get(file)?.split(/\r?\n/) ?? [];
  const evidence = reportEvidence(terminal, { timestamp }, { policies: policies.map(({ intent }) => intent) });
  await printReport(terminal, format, {
    evidence,
    text: () => `${testText(report, { linesOf, all: coverage, paint: terminal.paint })}\n`,
    json: () => jsonText(testJson(report, evidence)),
    findings: (facts) => testFindings(report, facts),
  });
  return findingsOf(report).some(({ severity }) => severity === 'error') ? 1 : 0;
}

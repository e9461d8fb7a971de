/** `policy test`: the expectations that stand beside policies, by the model and on a server. */
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
import { loadTests, type Tests } from './expectation-files.ts';
import { loadConfig } from './files.ts';
import { withFormat, withPolicy } from './inputs.ts';
import { printReport } from './rendered.ts';
import { type Terminal, withProgress } from './terminal.ts';

export const policyTest = defineCommand({
  command: 'test [paths..]',
  describe: 'Try expectations: who may do what, and who may not; exit code 1: one fails',
  examples: [
    ['$0 policy test', 'The expectations (*.test.yaml) beside the policies, by the model'],
    ['$0 policy test policies/audit-trail.test.yaml --format tap', 'Those of one file, for a test runner'],
  ],
  options: (yargs) =>
    withFormat(withPolicy(yargs), ['text', 'json', 'tap', ...FINDINGS_FORMATS])
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
    const config = loadConfig(terminal, args.config);
    const tests = loadTests(terminal, args, config);
    if (tests.parsed.length === 0) {
      throw new Failure('there are no expectations (*.test.yaml) beside the policies', {
        advice: 'write some by mongoward policy test --init',
      });
    }
    const proof = args.server || args.download ? await proveTests(tests, terminal, args.download) : undefined;
    const files = proof?.results ?? (await runTests(tests, terminal));
    const report = { ...reportOf(tests, files, atLeast), ...(proof && { server: proof.server }) };
    return print(terminal, args, report, tests);
  },
});

function percentage(given: number | undefined): number {
  if (given === undefined) return 0;
  if (given >= 0 && given <= 100) return given;
  throw new Failure('--min-coverage is a percentage, 0 to 100', { advice: 'see mongoward policy test --help' });
}

async function runTests({ files }: Tests, { today }: Terminal): Promise<readonly FileResult[]> {
  const judgeDocument = await documentJudge(files.map(({ file }) => file));
  return files.map(({ file, subject }) => judgeFile(askFile(file, subject, { judgeDocument, today })));
}

async function proveTests({ files }: Tests, terminal: Terminal, download: boolean): Promise<Proof> {
  const { prove } = await import('../ephemeral/prove.ts');
  return withProgress(terminal, 'Starting', (say) =>
    prove(files, { env: terminal.env, download, today: terminal.today, say }),
  );
}

/** Loaded only where a validator is asked: it brings a part of the sandbox along. */
async function documentJudge(files: readonly ExpectationFile[]): Promise<JudgeDocument> {
  const asks = files.some(({ expectations }) =>
    expectations.some((each) => each.kind === 'document' || (each.kind === 'run' && 'insert' in each.command)),
  );
  if (!asks) return () => undefined;
  return (await import('../ephemeral/judge-document.ts')).judgeDocument;
}

function reportOf({ policies, problems }: Tests, files: readonly FileResult[], atLeast: number): TestReport {
  const coverage = policies.flatMap(({ intent }): Coverage[] => {
    const own = files.filter((each) => each.world.intent === intent);
    return own.length === 0
      ? []
      : [
          coverageOf(
            intent,
            own.flatMap(({ results }) => results.flatMap(({ trials }) => trials)),
          ),
        ];
  });
  return { files, coverage, problems: [...problems, ...coverageProblems(coverage, atLeast)] };
}

async function print(
  terminal: Terminal,
  {
    format,
    coverage,
  }: { readonly format: 'text' | 'json' | 'tap' | (typeof FINDINGS_FORMATS)[number]; readonly coverage: boolean },
  report: TestReport,
  { parsed, policies }: Tests,
): Promise<ExitCode> {
  const texts = new Map(
    [...parsed, ...policies.flatMap(({ files }) => files)].map(({ file, text = '' }) => [file, text]),
  );
  const linesOf = (file: string): readonly string[] => texts.get(file)?.split(/\r?\n/) ?? [];
  await printReport(terminal, format, {
    text: () => `${testText(report, { linesOf, all: coverage, paint: terminal.paint })}\n`,
    json: () => jsonText(testJson(report)),
    findings: (facts) => testFindings(report, facts),
  });
  return findingsOf(report).some(({ severity }) => severity === 'error') ? 1 : 0;
}

/** `policy lint`: offline, for pre-commit. */
import { dirname, resolve } from 'node:path';
import { Failure } from '../failure.ts';
import { writeWhole } from '../files/write-file.ts';
import { fixAll } from '../lint/fix.ts';
import { findRule, unknownRule } from '../lint/levels.ts';
import { type Crash, type LintOptions, type LintReport, lintPolicies } from '../lint/lint.ts';
import type { ParsedFile } from '../policy/compile.ts';
import { lintFindings } from '../report/findings.ts';
import { jsonText } from '../report/json-text.ts';
import { count } from '../report/layout.ts';
import { lintJson } from '../report/lint-json.ts';
import { lintText } from '../report/lint-text.ts';
import { defineCommand, type ExitCode } from './command.ts';
import { withConfig, withFormat } from './common-options.ts';
import { reportEvidence, withTimestamp } from './evidence.ts';
import { type Config, isPolicyText, loadConfig, parseFiles, parseInput, parseNeighbours } from './files.ts';
import { clusterEntry, knownEntry, refuseUnusedVariables, variableLayers } from './inputs.ts';
import { type FoundFiles, findConfigured, findFiles, policyFilesIn, tellUnread } from './policy-files.ts';
import { printReport, REPORT_FORMATS } from './rendered.ts';
import type { Terminal } from './terminal.ts';

export const policyLint = defineCommand({
  command: 'lint [paths..]',
  describe: 'Say what is wrong in policies, without a cluster',
  examples: [
    ['$0 policy lint', 'Lint the policies of this folder'],
    ['$0 policy lint policies/audit-trail.yaml --format sarif', 'Lint the policy that a file belongs to'],
    ['$0 policy lint --fix', 'Mend what has one right answer'],
  ],
  options: (yargs) =>
    withTimestamp(withFormat(withConfig(yargs), REPORT_FORMATS))
      .positional('paths', { type: 'string', array: true, describe: 'Policy files and folders' })
      .option('cluster', {
        type: 'string',
        requiresArg: true,
        describe: 'Of the configuration: whose policies and variables count',
      })
      .option('rule', { type: 'string', array: true, requiresArg: true, describe: 'Look for this rule only' })
      .option('max-warnings', {
        type: 'number',
        requiresArg: true,
        describe: 'Exit with 1 on more warnings than this',
      })
      .option('quiet', { type: 'boolean', default: false, describe: 'Show errors alone' })
      .option('full', { type: 'boolean', default: false, describe: 'Show every finding of a rule that has many' })
      .option('fix', { type: 'boolean', describe: 'Mend what has one right answer, in the files' })
      .option('stdin', { type: 'boolean', describe: 'Lint what comes in on standard input' })
      .option('stdin-filename', {
        type: 'string',
        requiresArg: true,
        describe: 'The file that it stands for, whose neighbours count',
      }),
  run: async (args, terminal) => {
    const maxWarnings = warningLimit(args.maxWarnings);
    if (args.fix === true && args.stdin === true) throw new Failure('--fix changes files, and --stdin is none');
    for (const name of args.rule ?? []) {
      if (findRule(name) === undefined) throw new Failure(`--rule: ${unknownRule(name)}`, { advice: HOW_TO_LIST });
    }
    const config = loadConfig(terminal, args.config);
    if (args.cluster !== undefined) knownEntry(args.cluster, config);
    const { given, beside } = await filesToLint(terminal, config, args);
    const names = given.map(({ file }) => file);
    const neighbours = parseNeighbours(terminal, beside, ({ message }) => terminal.err(`note: ${message}\n`));
    const options: LintOptions = {
      ...config.data.lint,
      ...(args.rule && { only: args.rule }),
      variables: variableLayers(terminal, args, config),
      today: terminal.today,
    };
    refuseUnusedVariables(args.var ?? [], [...given, ...neighbours]);
    const lint = (files: readonly ParsedFile[]): LintReport => lintPolicies([...files, ...neighbours], names, options);
    const mended = args.fix === true ? fixAll(given, lint) : { files: given, count: 0 };
    writeFixed(terminal, given, mended.files);
    const parsed = [...mended.files, ...neighbours];
    const report = lint(mended.files);
    const evidence = reportEvidence(terminal, args, {
      policies: report.intents,
      others: report.broken.map((name) => ({ name })),
      unseen: report.crashes.map(({ rule, policy }) => ({
        what: `policy "${policy}"`,
        why: `the rule ${rule} failed`,
      })),
    });
    const shown = args.quiet
      ? { ...report, findings: report.findings.filter(({ severity }) => severity === 'error') }
      : report;
    await printReport(terminal, args.format, {
      evidence,
      text: () => `${lintText(report, linesOf(parsed), evidence, terminal.paint, args)}\n`,
      json: () => jsonText(lintJson(shown, evidence)),
      findings: (facts) => lintFindings(shown, names, facts),
    });
    if (mended.count > 0) terminal.err(`mended: ${count(mended.count, 'finding')}\n`);
    for (const crash of report.crashes) for (const line of crashLines(crash)) terminal.err(`${line}\n`);
    return exitCodeFor(report, maxWarnings);
  },
});

const HOW_TO_LIST = 'mongoward policy explain lists them';

function warningLimit(given: number | undefined): number {
  if (given === undefined) return Number.POSITIVE_INFINITY;
  if (Number.isInteger(given) && given >= 0) return given;
  throw new Failure('--max-warnings is a whole number, 0 or greater', { advice: 'see mongoward policy lint --help' });
}

/** 2 beats 1: where a rule failed, what it would have found is unknown. */
function exitCodeFor({ findings, crashes }: LintReport, maxWarnings: number): ExitCode {
  if (crashes.length > 0) return 2;
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  return findings.some(({ severity }) => severity === 'error') || warnings > maxWarnings ? 1 : 0;
}

function crashLines({ rule, policy, error }: Crash): readonly string[] {
  const message = error instanceof Error ? error.message : String(error);
  return [
    `mongoward: the rule ${rule} failed on the policy "${policy}": ${message}`,
    '  this is a bug in mongoward: please report it; the other rules were asked',
  ];
}

function writeFixed(terminal: Terminal, before: readonly ParsedFile[], after: readonly ParsedFile[]): void {
  const texts = new Map(before.map(({ file, text }) => [file, text]));
  for (const { file, text } of after) {
    if (text === undefined || text === texts.get(file)) continue;
    writeWhole(resolve(terminal.cwd, file), file, text, { links: 'followed' });
  }
}

/** The lines of each file, taken apart when they are first asked for; none of what is no policy: it is somebody else's. */
function linesOf(files: readonly ParsedFile[]): (file: string) => readonly string[] {
  const texts = new Map(files.map(({ file, text = '' }) => [file, isPolicyText(text) ? text : '']));
  const lines = new Map<string, readonly string[]>();
  return (file) => {
    const known = lines.get(file) ?? texts.get(file)?.split(/\r?\n/) ?? [];
    lines.set(file, known);
    return known;
  };
}

interface LintArguments {
  readonly paths?: readonly string[] | undefined;
  readonly stdin?: boolean | undefined;
  readonly stdinFilename?: string | undefined;
  readonly cluster?: string | undefined;
}

/**
 * A policy is linted whole: besides the files given, those beside them are read, and those of the configuration, because
 * they may belong to the same policy.
 */
async function filesToLint(
  terminal: Terminal,
  config: Config,
  { paths = [], stdin, stdinFilename, cluster }: LintArguments,
): Promise<{ readonly given: readonly ParsedFile[]; readonly beside: readonly string[] }> {
  const configured = (): FoundFiles => findConfigured(terminal, config, pathsToLint(cluster, config));
  const besides = (given: readonly string[]): string[] => {
    const known = isConfigured(config) ? configured().files : [];
    const beside = given.some((file) => known.includes(file))
      ? known
      : [...new Set(given.map(dirname))].flatMap((folder) => policyFilesIn(terminal, folder));
    return beside.filter((file) => !given.includes(file)).sort();
  };
  if (stdin === true) {
    if (paths.length > 0) throw new Failure('--stdin takes the place of the paths: give one or the other');
    const input = parseInput(terminal, await terminal.input(), stdinFilename ?? '<stdin>');
    return { given: [input], beside: stdinFilename === undefined ? [] : besides([input.file]) };
  }
  if (stdinFilename !== undefined) throw new Failure('--stdin-filename says what --stdin stands for: add --stdin');
  const named = paths.length === 0 ? configured() : findFiles(terminal, config, paths);
  tellUnread(terminal, named);
  if (named.files.length === 0) {
    terminal.err(`note: ${named.tests.join(', ')}: expectations, which mongoward policy test runs\n`);
  }
  return { given: parseFiles(terminal, named.files), beside: paths.length === 0 ? [] : besides(named.files) };
}

/** Where policies are to be, of one cluster or of all together. */
function pathsToLint(cluster: string | undefined, config: Config): readonly string[] {
  const { policies, clusters = {} } = config.data;
  const entries = cluster === undefined ? Object.values(clusters) : [clusterEntry(config, cluster)];
  const own = entries.flatMap((entry) => entry?.policies ?? []);
  const isShared = entries.length === 0 || entries.some((entry) => entry?.policies === undefined);
  const paths = [...(isShared || (policies && cluster === undefined) ? (policies ?? ['policies']) : []), ...own];
  return [...new Set(paths.map((path) => resolve(config.folder, path)))];
}

function isConfigured({ data }: Config): boolean {
  return data.policies !== undefined || Object.values(data.clusters ?? {}).some(({ policies }) => policies);
}

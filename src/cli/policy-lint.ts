/** `policy lint`: offline, for pre-commit. */
import { dirname, resolve } from 'node:path';
import { Failure } from '../failure.ts';
import { writeWhole } from '../files/write-file.ts';
import type { ClusterEntry } from '../generated/config.ts';
import { fixAll } from '../lint/fix.ts';
import { findRule, unknownRule } from '../lint/levels.ts';
import type { Crash, LintOptions, LintReport } from '../lint/lint.ts';
import { type LintRun, lintEach } from '../lint/lint-each.ts';
import { policyHash } from '../migrate/policy-hash.ts';
import { groupBy } from '../model/keyed.ts';
import { compareText } from '../model/order.ts';
import type { ParsedFile } from '../policy/compile.ts';
import type { Intent } from '../policy/intent.ts';
import { lintFindings } from '../report/findings.ts';
import { jsonText } from '../report/json-text.ts';
import { count } from '../report/layout.ts';
import { lintJson } from '../report/lint-json.ts';
import { lintText } from '../report/lint-text.ts';
import { defineCommand, type ExitCode } from './command.ts';
import { withConfig, withFormat } from './common-options.ts';
import { reportEvidence, withTimestamp } from './evidence.ts';
import { type Config, isPolicyText, loadConfig, parseFiles, parseInput, parseNeighbours } from './files.ts';
import {
  clusterEntry,
  configuredPaths,
  knownEntry,
  namedEntries,
  refuseUnusedVariables,
  variableLayers,
} from './inputs.ts';
import { entryLowered, rulesLowered, suppressionsUsed } from './lowered.ts';
import {
  type FoundFiles,
  findConfigured,
  findConfiguredIfAny,
  findFiles,
  policyFilesIn,
  tellUnread,
} from './policy-files.ts';
import { printReport, REPORT_FORMATS } from './rendered.ts';
import type { Terminal } from './terminal.ts';

export const policyLint = defineCommand({
  command: 'lint [paths..]',
  describe: 'Check policies, without a cluster',
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
        describe: 'Cluster of the configuration, for its policies and variables',
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
      today: terminal.today,
    };
    const [flags, environment] = variableLayers(terminal, args, config);
    const strong = [flags, environment];
    const runs = lintRuns(terminal, args, config, strong);
    refuseUnusedVariables(args.var ?? [], [...given, ...neighbours]);
    const lint = (files: readonly ParsedFile[]): LintReport =>
      lintEach([...files, ...neighbours], names, options, runs);
    const mended = args.fix === true ? fixAll(given, lint) : { files: given, count: 0 };
    writeFixed(terminal, given, mended.files);
    const parsed = [...mended.files, ...neighbours];
    const report = lint(mended.files);
    const evidence = reportEvidence(terminal, args, {
      policies: policiesOnce(report.intents),
      lowered: [
        ...rulesLowered(config),
        ...suppressionsUsed(report.suppressed),
        ...entriesOf(args, config).flatMap(([cluster, entry]) => entryLowered(cluster, entry, parsed, strong)),
      ],
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

type Entries = readonly (readonly [name: string, entry: ClusterEntry])[];

function entriesOf({ cluster }: LintArguments, config: Config): Entries {
  return cluster === undefined ? Object.entries(config.data.clusters ?? {}) : namedEntries(config, cluster);
}

/**
 * Once for each set of variables, versions and policies that clusters have: those of two clusters never meet. A file that is
 * meant for some of them counts for these alone, and one that the configuration does not name for all.
 */
function lintRuns(
  terminal: Terminal,
  args: LintArguments,
  config: Config,
  strong: readonly ReadonlyMap<string, string>[],
): readonly LintRun[] {
  const entries = entriesOf(args, config);
  if (entries.length === 0) return [{ clusters: [], variables: strong, includes: () => true }];
  const groups = [
    ...groupBy(entries, ([name, { variables = {}, cluster = {} }]) =>
      JSON.stringify([variablesKey(variables), cluster.version, configuredPaths({ cluster: name }, config)]),
    ).values(),
  ];
  const owned = new Map(
    entries.map(([cluster]) => {
      const paths = groups.length > 1 ? configuredPaths({ cluster }, config) : [];
      return [cluster, new Set(findConfiguredIfAny(terminal, config, paths))];
    }),
  );
  return groups.map((group) => ({
    clusters: group.map(([name]) => name),
    variables: [...strong, new Map(Object.entries(group[0][1].variables ?? {}))],
    version: group[0][1].cluster?.version,
    includes: (file) => {
      const owners = entries.filter(([name]) => owned.get(name)?.has(file));
      return owners.length === 0 || owners.some((owner) => group.includes(owner));
    },
  }));
}

function variablesKey(variables: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(variables).sort(([a], [b]) => compareText(a, b)));
}

/** A policy that is the same for several clusters counts once. */
function policiesOnce(intents: readonly Intent[]): readonly Intent[] {
  return [...new Map(intents.map((intent) => [`${intent.policy} ${policyHash(intent)}`, intent])).values()];
}

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
    '  this is a bug in mongoward: please report it. The other rules ran',
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

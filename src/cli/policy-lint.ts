/** `policy lint`: offline, for pre-commit. */
import { dirname, resolve } from 'node:path';
import { Failure } from '../failure.ts';
import { findRule, unknownRule } from '../lint/levels.ts';
import { type Crash, type LintReport, lintPolicies } from '../lint/lint.ts';
import type { ParsedFile } from '../policy/compile.ts';
import { jsonText, lintJson } from '../report/json.ts';
import { lintText } from '../report/lint-text.ts';
import { defineCommand, type ExitCode } from './command.ts';
import { type Config, findPolicyFiles, loadConfig, parseFiles, parseNeighbours, policyFilesIn } from './files.ts';
import { variableLayers, withConfig, withFormat } from './inputs.ts';
import type { Terminal } from './terminal.ts';

export const policyLint = defineCommand({
  command: 'lint [paths..]',
  describe: 'Say what is wrong in policies, without a cluster',
  examples: [
    ['$0 policy lint', 'Lint the policies of this folder'],
    ['$0 policy lint policies/audit-trail.yaml --format json', 'Lint the policy that a file belongs to'],
  ],
  options: (yargs) =>
    withFormat(withConfig(yargs), ['text', 'json'])
      .positional('paths', { type: 'string', array: true, describe: 'Policy files and folders' })
      .option('rule', { type: 'string', array: true, requiresArg: true, describe: 'Look for this rule only' })
      .option('max-warnings', {
        type: 'number',
        requiresArg: true,
        describe: 'Exit with 1 on more warnings than this',
      }),
  run: async (args, terminal) => {
    const maxWarnings = warningLimit(args.maxWarnings);
    for (const name of args.rule ?? []) {
      if (findRule(name) === undefined) throw new Failure(`--rule: ${unknownRule(name)}`, { advice: HOW_TO_LIST });
    }
    const config = loadConfig(terminal, args.config);
    const files = filesToLint(terminal, config, args.paths ?? []);
    const parsed = [...parseFiles(terminal, files.given), ...parseNeighbours(terminal, files.beside)];
    const report = lintPolicies(parsed, files.given, {
      ...config.data.lint,
      ...(args.rule && { only: args.rule }),
      variables: variableLayers(terminal, args, config),
      today: terminal.today,
    });
    terminal.out(
      args.format === 'json' ? jsonText(lintJson(report)) : `${lintText(report, linesOf(parsed), terminal.paint)}\n`,
    );
    for (const crash of report.crashes) terminal.err(crashText(crash));
    return verdict(report, maxWarnings);
  },
});

/** The lines of each file, taken apart when they are first asked for. */
function linesOf(files: readonly ParsedFile[]): (file: string) => readonly string[] {
  const texts = new Map(files.map(({ file, text }) => [file, text ?? '']));
  const lines = new Map<string, readonly string[]>();
  return (file) => {
    const known = lines.get(file) ?? texts.get(file)?.split(/\r?\n/) ?? [];
    lines.set(file, known);
    return known;
  };
}

const HOW_TO_LIST = 'mongoward policy explain lists them';

function warningLimit(given: number | undefined): number {
  if (given === undefined) return Number.POSITIVE_INFINITY;
  if (Number.isInteger(given) && given >= 0) return given;
  throw new Failure('--max-warnings is a whole number, 0 or greater', { advice: 'see mongoward policy lint --help' });
}

/** 2 beats 1: where a rule failed, what it would have found is unknown. */
function verdict({ findings, crashes }: LintReport, maxWarnings: number): ExitCode {
  if (crashes.length > 0) return 2;
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  return findings.some(({ severity }) => severity === 'error') || warnings > maxWarnings ? 1 : 0;
}

function crashText({ rule, policy, error }: Crash): string {
  const message = error instanceof Error ? error.message : String(error);
  return `mongoward: the rule ${rule} failed on the policy "${policy}": ${message}\n  this is a bug in mongoward: please report it; the other rules were asked\n`;
}

/**
 * A policy is linted whole: besides the files given, those beside them are read, and those of the configuration, because
 * they may belong to the same policy.
 */
function filesToLint(
  terminal: Terminal,
  config: Config,
  named: readonly string[],
): { readonly given: readonly string[]; readonly beside: readonly string[] } {
  const paths = config.data.policies;
  const configured = (): string[] =>
    findPolicyFiles(
      terminal,
      (paths ?? ['policies']).map((path) => resolve(config.folder, path)),
    );
  if (named.length === 0) return { given: configured(), beside: [] };
  const given = findPolicyFiles(terminal, named);
  const known = paths === undefined ? [] : configured();
  const beside = given.some((file) => known.includes(file))
    ? known
    : [...new Set(given.map(dirname))].flatMap((folder) => policyFilesIn(terminal, folder));
  return { given, beside: beside.filter((file) => !given.includes(file)).sort() };
}

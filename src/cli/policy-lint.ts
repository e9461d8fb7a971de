/** `policy lint`: offline, for pre-commit. */
import { dirname } from 'node:path';
import { Failure } from '../failure.ts';
import { lintPolicies } from '../lint/lint.ts';
import { jsonText, lintJson } from '../report/json.ts';
import { lintText } from '../report/lint-text.ts';
import { defineCommand } from './command.ts';
import { type Config, findPolicyFiles, loadConfig, parseFiles } from './files.ts';
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
      .option('max-warnings', {
        type: 'number',
        requiresArg: true,
        describe: 'Exit with 1 on more warnings than this',
      }),
  run: async (args, terminal) => {
    const config = loadConfig(terminal, args.config);
    const files = filesToLint(terminal, config, args.paths ?? []);
    const report = lintPolicies(parseFiles(terminal, files.all), files.given, {
      variables: variableLayers(terminal, args, config),
      today: terminal.today,
    });
    const { findings, policies } = report;
    terminal.out(
      args.format === 'json'
        ? jsonText(lintJson(findings))
        : `${lintText(findings, policies, report.files, terminal.paint)}\n`,
    );
    const warnings = findings.filter(({ severity }) => severity === 'warning').length;
    const errors = findings.some(({ severity }) => severity === 'error');
    return errors || warnings > (args.maxWarnings ?? Number.POSITIVE_INFINITY) ? 1 : 0;
  },
});

/**
 * A policy is linted whole: besides the files given, those beside them are read, and those of the configuration, because
 * they may belong to the same policy.
 */
function filesToLint(
  terminal: Terminal,
  config: Config,
  paths: readonly string[],
): { readonly given: readonly string[]; readonly all: readonly string[] } {
  const configured = (): string[] => findPolicyFiles(terminal, config.data.policies ?? ['policies']);
  if (paths.length === 0) {
    const given = configured();
    return { given, all: given };
  }
  const given = findPolicyFiles(terminal, paths);
  const known = config.data.policies === undefined ? [] : configured();
  const beside = given.some((file) => known.includes(file))
    ? known
    : [...new Set(given.map(dirname))].flatMap((folder) => siblings(terminal, folder));
  return { given, all: [...new Set([...given, ...beside])].sort() };
}

/** The policy files of a folder, not of the folders below it. */
function siblings(terminal: Terminal, folder: string): string[] {
  try {
    return findPolicyFiles(terminal, [folder]).filter((file) => dirname(file) === folder);
  } catch (error) {
    if (error instanceof Failure) return [];
    throw error;
  }
}

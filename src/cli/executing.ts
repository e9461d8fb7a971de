/** What the commands that change a cluster have in common: their options, their questions, what they say while and after. */
import type { MongoClient } from 'mongodb';
import type { Argv } from 'yargs';
import { violationFinding } from '../drift/violation-findings.ts';
import { Failure } from '../failure.ts';
import { lintPolicies } from '../lint/lint.ts';
import type { ExecutionOptions } from '../migrate/apply.ts';
import { type Cluster, holderText } from '../migrate/cluster.ts';
import { stillOpen } from '../migrate/demands.ts';
import { isRecordOperation } from '../plan/operations/operation.ts';
import type { Intent } from '../policy/intent.ts';
import { driftFindingText } from '../report/drift-text.ts';
import { type ApplyOutcome, applyJson } from '../report/json.ts';
import { jsonText } from '../report/json-text.ts';
import { count, wrap } from '../report/layout.ts';
import { operationTitle } from '../report/plan-text.ts';
import type { ClusterState } from '../state/state.ts';
import type { ExitCode } from './command.ts';
import { withCluster, withFormat, withFull, withPolicy } from './common-options.ts';
import { type Config, readPassword } from './files.ts';
import { type CommonArguments, clusterEntry, type LoadedPolicy, variableLayers } from './inputs.ts';
import { terminalKeyService, withEncryptionLibrary } from './kms-providers.ts';
import type { Terminal } from './terminal.ts';

/** `--yes`, `--dry-run`, `--lock-timeout`, `--full`, `--format`, and what names a cluster and a policy. */
export function withExecution<T>(yargs: Argv<T>) {
  return withFull(withQuestion(withFormat(withEncryptionLibrary(withCluster(withPolicy(yargs))), ['text', 'json'])));
}

/** `--yes`, `--dry-run`, `--lock-timeout` */
export function withQuestion<T>(yargs: Argv<T>) {
  return yargs
    .option('yes', { type: 'boolean', alias: 'y', default: false, describe: 'Do not ask' })
    .option('dry-run', { type: 'boolean', default: false, describe: 'Do everything but write' })
    .option('lock-timeout', {
      type: 'number',
      requiresArg: true,
      default: 60,
      describe: 'Seconds to wait for somebody else who is changing the cluster',
    });
}

interface QuestionArguments {
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly lockTimeout: number;
  readonly format: 'text' | 'json';
}

export interface ExecutionArguments extends QuestionArguments {
  readonly full: boolean;
}

/** Whether there is anybody to ask, before anything else is done. */
export function refuseUnasked({ yes, dryRun, format, lockTimeout }: QuestionArguments, terminal: Terminal): void {
  if (!(lockTimeout >= 0)) throw new Failure('--lock-timeout is a number of seconds, 0 or more');
  if (yes || dryRun) return;
  if (terminal.interactive && format === 'text') return;
  throw new Failure('there is no terminal to ask whether to go on', { advice: 'add --yes; nothing was changed' });
}

/** A policy that the linter rejects, by the rules and levels of the project, is carried out on no cluster. */
export function refuseRejected(policy: LoadedPolicy, terminal: Terminal, args: CommonArguments, config: Config): void {
  const errors = rejection(policy, terminal, args, config);
  if (errors.length === 0) return;
  throw new Failure(`the policy "${policy.intent.policy}" is rejected by the linter`, {
    details: errors,
    advice: 'nothing was changed; mongoward policy lint shows the same with more about each',
  });
}

/** Why the linter rejects a policy, with the places; nothing if it does not. */
export function rejection(
  { files }: LoadedPolicy,
  terminal: Terminal,
  args: CommonArguments,
  config: Config,
): readonly string[] {
  const names = files.map(({ file }) => file);
  const variables = variableLayers(terminal, args, config);
  const version = clusterEntry(config, args.cluster)?.cluster?.version;
  const options = { ...config.data.lint, variables, version, today: terminal.today };
  const { findings, crashes } = lintPolicies(files, names, options);
  const errors = findings.filter(({ severity }) => severity === 'error');
  const failed = crashes.map(({ rule }) => `the rule ${rule} failed, and what it would have found is unknown`);
  return [...errors.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`), ...failed];
}

/** Asks, tells and looks secrets up as a terminal does. */
export function executionOptions(
  args: ExecutionArguments & CommonArguments,
  terminal: Terminal,
  config: Config,
  client: MongoClient,
  policies: readonly Intent[],
): ExecutionOptions {
  const { paint } = terminal;
  return {
    dryRun: args.dryRun,
    lockTimeoutMs: args.lockTimeout * 1000,
    secret: (reference, user) => readPassword(terminal, reference, user),
    keys: (operations) => terminalKeyService(terminal, args, config, client, operations),
    waiting: ({ holder, since }) =>
      terminal.err(`Waiting for ${holderText(holder)}, at work since ${since.toISOString()}.\n`),
    progress: (operation) => {
      if (args.format === 'json' || isRecordOperation(operation)) return;
      terminal.out(`${operationTitle(operation, paint)}\n`);
    },
    policies,
    today: terminal.today,
  };
}

/** `Carry this out? [y/N]` */
export async function asked(args: QuestionArguments, terminal: Terminal): Promise<boolean> {
  if (args.yes) return true;
  return /^y(es)?$/i.test((await terminal.ask('Carry this out? [y/N] ')).trim());
}

/** What a run comes to, in the chosen form, and its exit code: 2 if something is open, whether this run wrote or not. */
export async function conclude(
  args: ExecutionArguments,
  terminal: Terminal,
  cluster: Cluster,
  outcome: ApplyOutcome & {
    readonly sentence: string;
    readonly policies: readonly Intent[];
    readonly state?: ClusterState;
  },
): Promise<ExitCode> {
  const { paint, out } = terminal;
  const wrote = outcome.outcome === 'applied' || outcome.outcome === 'rolled-back';
  const cache = wrote ? await cluster.routerCacheSeconds() : undefined;
  const judged = outcome.outcome === 'applied' || outcome.outcome === 'in-place';
  const findings =
    judged && outcome.state !== undefined
      ? stillOpen(outcome.state, { policies: outcome.policies, today: terminal.today }).map(violationFinding)
      : [];
  const open = [...outcome.open, ...findings.map(({ message }) => message)];
  const code = open.length > 0 || outcome.outcome === 'declined' ? 2 : 0;
  if (args.format === 'json') {
    out(jsonText(applyJson({ ...outcome, open, ...(cache === undefined ? {} : { routerCacheSeconds: cache }) })));
    tellOpen(open.length, terminal);
    return code;
  }
  out(`${paint('bold', wrap(outcome.sentence, 0, paint.width))}\n`);
  if (cache !== undefined) {
    out(
      `${wrap(`Other routers may serve the rights as they were for up to ${cache} s (userCacheInvalidationIntervalSecs).`, 0, terminal.paint.width)}\n`,
    );
  }
  // Where the steps were shown and nothing came of them, this stood there already, and nobody tried.
  const shown = outcome.outcome === 'declined' || outcome.outcome === 'dry-run';
  for (const { target, why } of shown ? [] : outcome.kept)
    out(`${paint('yellow', '!')} ${wrap(`${target}: ${why}`, 2, paint.width)}\n`);
  for (const sentence of outcome.open) out(`\n${paint('red', wrap(sentence, 0, paint.width))}\n`);
  if (findings.length > 0) {
    out(`\n${paint('red', 'What the policy protects is still open:')}\n\n`);
    for (const finding of findings) out(`${driftFindingText(finding, paint)}\n\n`);
  }
  tellOpen(open.length, terminal);
  return code;
}

/** Why the exit code is 2, for whoever sees no more of the run than that: what is open stands in the output. */
function tellOpen(number: number, { err }: Terminal): void {
  if (number > 0) err(`mongoward: what the policy protects is still open: ${count(number, 'finding')}\n`);
}

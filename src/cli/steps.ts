/** Migration files carried out on a cluster, as a terminal shows it: what `apply` and `rollback` have in common. */

import type { FilesOptions, FilesResult, Step } from '../migrate/apply-files.ts';
import type { Cluster } from '../migrate/cluster.ts';
import type { MigrationFile } from '../migrate/directory.ts';
import { readByFiles } from '../migrate/pending.ts';
import { formatUser } from '../model/names.ts';
import { describeOperation } from '../plan/operations/describe-operation.ts';
import { makePlan, type Plan } from '../plan/plan.ts';
import { planWarnings } from '../plan/warnings.ts';
import type { Intent } from '../policy/intent.ts';
import { count, wrap } from '../report/layout.ts';
import { leftOpenText } from '../report/left-open.ts';
import { planText } from '../report/plan-text.ts';
import { stateTitle } from '../report/state-title.ts';
import type { ClusterState } from '../state/state.ts';
import type { ExitCode } from './command.ts';
import { asked, conclude, type ExecutionArguments, executionOptions, refuseRejected } from './executing.ts';
import type { Config } from './files.ts';
import { type CommonArguments, loadPolicyIfAny, readingFor, usingCluster } from './inputs.ts';
import { planCommand } from './planning.ts';
import type { Terminal } from './terminal.ts';

/** One of the two directions. */
export interface Direction {
  /** `Applying`, `Rolling back` */
  readonly title: string;
  readonly nothing: (name: string) => string;
  readonly outcome: 'applied' | 'rolled-back';
  carryOut(cluster: Cluster, options: FilesOptions): Promise<FilesResult>;
}

/** Runs the files in that direction: shows what is to come, asks, tells what is done, proves it. */
export async function runSteps(
  terminal: Terminal,
  args: ExecutionArguments & CommonArguments & { readonly to?: string | undefined },
  config: Config,
  files: readonly MigrationFile[],
  direction: Direction,
): Promise<ExitCode> {
  const policy = loadPolicyIfAny(terminal, args, config);
  const intent = policy?.intent;
  const policies = policy?.ofRun() ?? [];
  // Going back carries no policy out: an error in one, such as an exemption that has ended, must not keep anybody from it.
  if (policy !== undefined && direction.outcome === 'applied') refuseRejected(policy, terminal, args, config);
  const reading = readingFor({ collections: intent?.collections ?? [] }, readByFiles(files));
  return usingCluster(terminal, args, config, reading, async (cluster, name, client) => {
    const show = (steps: readonly Step[], state: ClusterState): void => {
      if (args.format === 'text')
        terminal.out(
          `${stateTitle(direction.title, name, state, terminal.paint)}\n\n${stepsText(steps, terminal, args.full, intent?.collections)}\n`,
        );
    };
    const result = await direction.carryOut(cluster, {
      ...executionOptions(args, terminal, config, client, policies),
      ...(args.to === undefined ? {} : { to: args.to }),
      confirm: async (steps, state) => {
        if (!args.yes) show(steps, state);
        return asked(args, terminal);
      },
    });
    if (result.outcome === 'dry-run') show(result.steps, result.state);
    const outcome = result.outcome === 'done' ? direction.outcome : result.outcome;
    const complete = args.to === undefined && (outcome === 'applied' || outcome === 'in-place');
    const names = result.steps.map(({ file }) => file.name);
    const plan =
      complete && direction.outcome === 'applied' && intent !== undefined
        ? makePlan(intent, result.state, { today: terminal.today })
        : undefined;
    const more = leftBy(plan, planCommand(args.cluster, config));
    return conclude(args, terminal, cluster, {
      outcome,
      operations: result.steps.flatMap(({ file, left }) => left.map((one) => ({ ...one, migration: file.name }))),
      kept: result.steps.flatMap(({ kept }) =>
        kept.map(({ operation, why }) => ({ target: describeOperation(operation), why: `not undone: ${why}` })),
      ),
      open: more.open,
      undecided: more.undecided,
      ...(intent === undefined ? {} : { policy: intent.policy }),
      migrations: outcome === direction.outcome ? names : [],
      done: result.done,
      policies,
      ...(direction.outcome === 'applied' && { state: result.state }),
      sentence: {
        'in-place': `${direction.nothing(name)} Nothing was written.${more.text}`,
        'dry-run': 'Nothing stands in the way. Nothing was written.',
        declined: 'Nothing was changed.',
        applied: `Done: ${count(result.done, 'operation')} of ${names.join(', ')}. Read again: in place.${more.text}`,
        'rolled-back': `Rolled back: ${names.join(', ')}, by ${count(result.done, 'operation')}. Read again: in place.`,
      }[outcome],
    });
  });
}

/** What the policy says beyond all migrations, and what no plan brings about. */
function leftBy(plan: Plan | undefined, command: string) {
  if (plan === undefined) return { open: [], undecided: [], text: '' };
  const { policy, operations, obstacles, undecided } = plan;
  const text = leftOpenText(plan, command);
  const unplanned = `The policy "${policy}" says more than the migrations: ${count(operations.length, 'operation')} to plan. Write them with mongoward migrate new.`;
  return {
    open: operations.length + obstacles.length === 0 ? [] : [unplanned],
    undecided: undecided.map(({ user }) => formatUser(user)),
    text: text === undefined ? '' : ` ${text}`,
  };
}

function stepsText(
  steps: readonly Step[],
  { paint }: Terminal,
  full: boolean,
  collections?: Intent['collections'],
): string {
  const texts = steps.map(({ file: { name, migration }, left, kept, before, effects }) => {
    const warnings = planWarnings(before, left, effects, collections);
    const plan = { policy: migration.policy, operations: left, accounts: effects, warnings };
    const notes = kept.map(
      ({ operation, why }) =>
        `${paint('yellow', '!')} ${wrap(`${describeOperation(operation)} is not undone: ${why}`, 2, paint.width)}\n`,
    );
    const body = left.length === 0 ? 'Everything is in place already.' : planText(plan, paint, { full });
    return `${paint('bold', name)}\n\n${body}\n${notes.join('')}`;
  });
  return texts.join('\n');
}

/** `migrate apply`: carries migration files out, or makes a cluster what the policy says without them. */
import type { Argv } from 'yargs';
import { Failure } from '../failure.ts';
import { applyPolicy } from '../migrate/apply.ts';
import { applyMigrations } from '../migrate/apply-files.ts';
import { formatUser } from '../model/names.ts';
import type { Plan } from '../plan/plan.ts';
import { count, wrap } from '../report/layout.ts';
import { leftOpenText } from '../report/left-open.ts';
import type { Paint } from '../report/paint.ts';
import { type PlanFile, planFile, planHash } from '../report/plan-file.ts';
import { begunRuns, resumptionText } from '../report/plan-resumption.ts';
import { planText, warningTexts } from '../report/plan-text.ts';
import { undecidedTexts } from '../report/rewrite-text.ts';
import { stateTitle } from '../report/state-title.ts';
import { defineCommand, type ExitCode } from './command.ts';
import { reportEvidence } from './evidence.ts';
import {
  asked,
  conclude,
  type ExecutionArguments,
  executionOptions,
  refuseRejected,
  refuseUnasked,
  withExecution,
} from './executing.ts';
import { type Config, loadConfig } from './files.ts';
import { type CommonArguments, loadPolicy, readingFor, usingCluster } from './inputs.ts';
import { loadMigrations, withDir } from './migrations-folder.ts';
import { readPlan, refuseUnapproved } from './plan-files.ts';
import { planCommand, rotatedUser } from './planning.ts';
import { runSteps } from './steps.ts';
import type { Terminal } from './terminal.ts';

export const migrateApply = defineCommand({
  command: 'apply',
  describe: 'Carry pending migrations out; what is in place already is left alone',
  examples: [
    ['$0 migrate apply --cluster prod', 'Show what is pending, ask, and carry it out'],
    ['$0 migrate apply --cluster prod --yes', 'The same without asking, for CI'],
    ['$0 migrate apply --from-policy --cluster prod', 'Make the cluster what the policy says, without files'],
    ['$0 migrate apply --plan plan.json --cluster prod', 'Carry out the plan that was approved, or stop'],
  ],
  options: (yargs) => withFromPolicy(withDir(withExecution(yargs))),
  run: async (args, terminal) => {
    refuseUnasked(args, terminal);
    const config = loadConfig(terminal, args.config);
    if (args.fromPolicy || args.plan !== undefined) {
      const option = args.plan === undefined ? '--from-policy' : '--plan';
      if (args.to !== undefined) throw new Failure(`--to names a migration, and ${option} applies none`);
      const approved = args.plan === undefined ? undefined : readPlan(terminal, args.plan);
      if (approved !== undefined) refusePlanOptions(args);
      return applyFromPolicy(args, terminal, config, approved);
    }
    for (const [name, given] of [
      ['--prune', args.prune],
      ['--rotate', args.rotate !== undefined],
    ] as const) {
      if (given) throw new Failure(`${name} is for planning: add --from-policy, or plan with mongoward migrate new`);
    }
    const files = loadMigrations(terminal, args, config);
    if (files.length === 0) {
      throw new Failure('there are no migration files to apply', {
        advice: 'mongoward migrate new writes one; --from-policy applies the policy without files',
      });
    }
    return runSteps(terminal, args, config, files, {
      title: 'Applying migrations',
      nothing: (name) => `Nothing to do: every migration is applied on ${name}.`,
      outcome: 'applied',
      carryOut: (cluster, options) => applyMigrations(cluster, files, { ...options, allowReplace: args.allowReplace }),
    });
  },
});

function withFromPolicy<T>(yargs: Argv<T>) {
  return yargs
    .option('to', { type: 'string', requiresArg: true, describe: 'The last version to apply' })
    .option('from-policy', {
      type: 'boolean',
      default: false,
      describe: 'Plan from the policy, without migration files',
    })
    .option('plan', {
      type: 'string',
      requiresArg: true,
      describe: 'Carry out this plan, which migrate plan -o has written, or stop and say what differs',
    })
    .option('prune', {
      type: 'boolean',
      default: false,
      describe: 'With --from-policy: drop what the policy made and no longer names',
    })
    .option('rotate', {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'With --from-policy: set the password of a user anew: name@db',
    })
    .option('allow-replace', {
      type: 'boolean',
      default: false,
      describe: 'Replace passwords where a mechanism is given back',
    });
}

interface PolicyArguments extends ExecutionArguments, CommonArguments {
  readonly prune: boolean;
  readonly rotate: readonly string[] | undefined;
  readonly allowReplace: boolean;
}

/** How it was planned stands in the file. */
function refusePlanOptions({ prune, rotate }: PolicyArguments): void {
  for (const [name, given] of [
    ['--prune', prune],
    ['--rotate', rotate !== undefined],
  ] as const) {
    if (given) throw new Failure(`${name} is for planning, and --plan names a plan that is made already`);
  }
}

async function applyFromPolicy(
  args: PolicyArguments,
  terminal: Terminal,
  config: Config,
  approved: PlanFile | undefined,
): Promise<ExitCode> {
  const { paint } = terminal;
  const prune = approved?.basis.prune ?? args.prune;
  const rotate = (approved?.basis.rotate ?? args.rotate ?? []).map(rotatedUser);
  const policy = loadPolicy(terminal, args, config);
  const { intent } = policy;
  const policies = policy.ofRun();
  refuseRejected(policy, terminal, args, config);
  return usingCluster(terminal, args, config, readingFor(intent), async (cluster, name, client) => {
    const title = `Applying policy "${intent.policy}"`;
    const result = await applyPolicy(cluster, intent, {
      ...executionOptions(args, terminal, config, client, policies),
      prune,
      allowReplace: args.allowReplace,
      rotate,
      ...(approved && {
        approval: {
          hash: planHash(approved),
          judge: (plan, state, journal) => {
            const sources = [{ kind: 'cluster' as const, name, state }];
            const evidence = reportEvidence(terminal, { timestamp: false }, { policies, sources });
            const current = planFile(plan, { intent, state, name, prune, rotate }, evidence);
            const begun = begunRuns(journal, planHash(approved));
            refuseUnapproved(approved, current, plan.operations, begun);
            if (begun !== undefined && args.format === 'text') {
              terminal.out(`${wrap(resumptionText(begun, plan.operations.length), 0, paint.width)}\n\n`);
            }
          },
        },
      }),
      confirm: async (plan, state) => {
        if (args.format === 'json') return true;
        terminal.out(`${stateTitle(title, name, state, paint)}\n\n`);
        if (args.yes) return true;
        terminal.out(`${planText(plan, paint, { full: args.full })}\n\n`);
        return asked(args, terminal);
      },
    });
    const { outcome, plan } = result;
    const done = outcome === 'applied' ? result.done : 0;
    if (outcome === 'dry-run' && args.format === 'text') {
      terminal.out(
        `${stateTitle(title, name, result.state, paint)}\n\n${planText(plan, paint, { full: args.full })}\n\n`,
      );
    } else if (outcome === 'applied') terminal.out(args.format === 'text' ? '\n' : '');
    if (args.format === 'text' && (outcome === 'applied' || outcome === 'in-place')) {
      for (const text of leftTexts(plan, paint)) terminal.out(`${text}\n\n`);
    }
    return conclude(args, terminal, cluster, {
      outcome,
      operations: plan.operations,
      kept: [],
      open: [],
      policy: intent.policy,
      migrations: [],
      done,
      policies,
      ...(outcome === 'declined' ? {} : { state: result.state }),
      undecided: plan.undecided.map(({ user }) => formatUser(user)),
      sentence: sentences(plan, name, done, planCommand(args.cluster, config))[outcome],
    });
  });
}

/** What a person has to decide about or mend. */
function leftTexts({ undecided, warnings }: Plan, paint: Paint): readonly string[] {
  const endangered = warnings.filter(({ kind }) => kind === 'keys');
  return [...undecidedTexts(undecided, paint), ...warningTexts(endangered, paint)];
}

/** `command`: the one that shows what the plan leaves. */
function sentences(plan: Plan, name: string, done: number, command: string) {
  const left = leftOpenText(plan, command);
  const [is, read] =
    left === undefined
      ? [`${name} is as the policy "${plan.policy}" says. Nothing was written.`, 'as the policy says.']
      : [`the policy "${plan.policy}" changes nothing on ${name}. Nothing was written. ${left}`, `as planned. ${left}`];
  return {
    'in-place': `Nothing to do: ${is}`,
    'dry-run': 'Nothing stands in the way. Nothing was written.',
    declined: 'Nothing was changed.',
    applied: `Done: ${count(done, 'operation')}. Read again: ${read}`,
  };
}

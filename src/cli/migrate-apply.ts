/** `migrate apply`: makes a cluster what the policy says. */
import { uncheckedParts } from '../drift/unchecked.ts';
import { Failure } from '../failure.ts';
import { applyPolicy } from '../migrate/apply.ts';
import { splitAt, type UserRef } from '../model/names.ts';
import { count } from '../report/layout.ts';
import { planText } from '../report/plan-text.ts';
import { stateTitle } from '../report/state-title.ts';
import { defineCommand } from './command.ts';
import { asked, conclude, executionOptions, refuseRejected, refuseUnasked, withExecution } from './executing.ts';
import { loadConfig } from './files.ts';
import { loadIntent, usingCluster } from './inputs.ts';

export const migrateApply = defineCommand({
  command: 'apply',
  describe: 'Make a cluster what the policy says; what is in place already is left alone',
  examples: [
    ['$0 migrate apply --from-policy --cluster prod', 'Show the plan, ask, and carry it out'],
    ['$0 migrate apply --from-policy --cluster prod --yes', 'The same without asking, for CI'],
    ['$0 migrate apply --from-policy --cluster prod --rotate app@admin', 'And set a new password'],
  ],
  options: (yargs) =>
    withExecution(yargs)
      .option('from-policy', {
        type: 'boolean',
        default: false,
        describe: 'Plan from the policy, without migration files',
      })
      .option('prune', { type: 'boolean', default: false, describe: 'Drop what the policy made and no longer names' })
      .option('rotate', {
        type: 'string',
        array: true,
        requiresArg: true,
        describe: 'Set the password of USER anew: name@db',
      })
      .option('allow-replace', {
        type: 'boolean',
        default: false,
        describe: 'Replace passwords where a mechanism is given back',
      }),
  run: async (args, terminal) => {
    if (!args.fromPolicy) {
      throw new Failure('this version applies policies only', { advice: 'add --from-policy' });
    }
    refuseUnasked(args, terminal);
    const { paint } = terminal;
    const config = loadConfig(terminal, args.config);
    const intent = loadIntent(terminal, args, config);
    refuseRejected(intent, terminal);
    const namespaces = intent.collections.map(({ ns }) => ns);
    return usingCluster(terminal, args, config, namespaces, async (cluster, name) => {
      const title = `Applying policy "${intent.policy}"`;
      const result = await applyPolicy(cluster, intent, {
        ...executionOptions(args, terminal, intent),
        prune: args.prune,
        allowReplace: args.allowReplace,
        rotate: (args.rotate ?? []).map(userOf),
        confirm: async (plan, state) => {
          if (args.format === 'json') return true;
          terminal.out(`${stateTitle(title, name, state, paint)}\n\n`);
          if (args.yes) return true;
          terminal.out(`${planText(plan, uncheckedParts(intent), paint)}\n\n`);
          return asked(args, terminal);
        },
      });
      const { outcome, plan } = result;
      const done = outcome === 'applied' ? result.done : 0;
      if (outcome === 'dry-run' && args.format === 'text') {
        terminal.out(
          `${stateTitle(title, name, result.state, paint)}\n\n${planText(plan, uncheckedParts(intent), paint)}\n\n`,
        );
      } else if (outcome === 'applied') terminal.out(args.format === 'text' ? '\n' : '');
      return conclude(args, terminal, cluster, {
        outcome,
        operations: plan.operations,
        kept: [],
        open: [],
        policy: intent.policy,
        migrations: [],
        done,
        intent,
        ...(outcome === 'declined' ? {} : { state: result.state }),
        sentence: {
          'in-place': `Nothing to do: ${name} is as the policy "${intent.policy}" says. Nothing was written.`,
          'dry-run': 'Nothing stands in the way. Nothing was written.',
          declined: 'Nothing was changed.',
          applied: `Done: ${count(done, 'operation')}. Read again: as the policy says.`,
        }[outcome],
      });
    });
  },
});

function userOf(text: string): UserRef {
  const parts = splitAt(text);
  if (parts === undefined) throw new Failure(`--rotate ${text} is not a user: say name@db`);
  return { user: parts.name, db: parts.db };
}

/** `migrate apply --from-policy`: makes a cluster what the policy says. */
import { protectionFindings } from '../drift/protection.ts';
import { uncheckedParts } from '../drift/unchecked.ts';
import { Failure } from '../failure.ts';
import { applyPolicy } from '../migrate/apply.ts';
import type { Intent } from '../policy/intent.ts';
import { driftFindingText } from '../report/drift-text.ts';
import { count, wrap } from '../report/layout.ts';
import { operationTitle, planText } from '../report/plan-text.ts';
import { stateTitle } from '../report/state-title.ts';
import type { ClusterState } from '../state/state.ts';
import { defineCommand, type ExitCode } from './command.ts';
import { loadConfig, readSecret } from './files.ts';
import { loadIntent, readingFor, usingCluster, withCluster, withPolicy } from './inputs.ts';
import type { Terminal } from './terminal.ts';

export const migrateApply = defineCommand({
  command: 'apply',
  describe: 'Make a cluster what the policy says; what is in place already is left alone',
  examples: [
    ['$0 migrate apply --from-policy --cluster prod', 'Show the plan, ask, and carry it out'],
    ['$0 migrate apply --from-policy --cluster prod --yes', 'The same without asking, for CI'],
  ],
  options: (yargs) =>
    withCluster(withPolicy(yargs))
      .option('from-policy', {
        type: 'boolean',
        default: false,
        describe: 'Plan from the policy, without migration files',
      })
      .option('prune', { type: 'boolean', default: false, describe: 'Drop what the policy made and no longer names' })
      .option('yes', { type: 'boolean', alias: 'y', default: false, describe: 'Do not ask' }),
  run: async (args, terminal) => {
    if (!args.fromPolicy) {
      throw new Failure('this version applies policies only', { advice: 'add --from-policy' });
    }
    if (!args.yes && !terminal.interactive) {
      throw new Failure('there is no terminal to ask whether to go on', { advice: 'add --yes; nothing was changed' });
    }
    const { paint } = terminal;
    const config = loadConfig(terminal, args.config);
    const intent = loadIntent(terminal, args, config);
    const say = (sentence: string): void => terminal.out(`${paint('bold', wrap(sentence, 0))}\n`);
    return usingCluster(terminal, args, config, readingFor(intent), async (cluster, name) => {
      const result = await applyPolicy(cluster, intent, {
        prune: args.prune,
        secret: (reference, user) => readSecret(terminal, reference, terminal.cwd, `the password of ${user}`),
        confirm: async (plan, state) => {
          const title = stateTitle(`Applying policy "${intent.policy}"`, name, state, paint);
          terminal.out(`${title}\n\n`);
          if (args.yes) return true;
          terminal.out(`${planText(plan, uncheckedParts(intent), paint)}\n\n`);
          return /^y(es)?$/i.test((await terminal.ask('Carry this out? [y/N] ')).trim());
        },
        progress: (operation) => {
          if (operation.kind === 'recordObject' || operation.kind === 'forgetObject') return;
          terminal.out(`${operationTitle(operation, paint)}\n`);
        },
      });
      switch (result.outcome) {
        case 'in-place':
          say(`Nothing to do: ${name} is as the policy "${intent.policy}" says. Nothing was written.`);
          return 0;
        case 'declined':
          say('Nothing was changed.');
          return 2;
        case 'applied':
          return prove(intent, result, terminal);
      }
    });
  },
});

/** What was applied is in place by now; whether it keeps everybody out is another question, answered here. */
function prove(
  intent: Intent,
  { done, state }: { readonly done: number; readonly state: ClusterState },
  terminal: Terminal,
): ExitCode {
  const { paint, out } = terminal;
  const left = protectionFindings(intent, state, terminal.today).filter(({ severity }) => severity === 'error');
  out(`\n${paint('bold', `Done: ${count(done, 'operation')}. Read again: as the policy says.`)}\n`);
  if (left.length === 0) return 0;
  const sentence = `What the policy protects is still open to ${count(left.length, 'account')} that it does not define:`;
  out(`\n${paint('red', wrap(sentence, 0))}\n\n`);
  for (const finding of left) out(`${driftFindingText(finding, paint)}\n\n`);
  return 2;
}

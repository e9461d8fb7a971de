/** `migrate plan`: what would change, and what it means. */
import { uncheckedParts } from '../drift/unchecked.ts';
import { makePlan } from '../migrate/plan.ts';
import { jsonText, planJson } from '../report/json.ts';
import { planText } from '../report/plan-text.ts';
import { stateTitle } from '../report/state-title.ts';
import { defineCommand } from './command.ts';
import { loadConfig } from './files.ts';
import { loadActual, loadIntent, readingFor, withActual, withFormat, withPolicy } from './inputs.ts';

export const migratePlan = defineCommand({
  command: 'plan',
  describe: 'Show what would change on a cluster, and which access that gives and takes',
  examples: [
    ['$0 migrate plan --cluster prod', 'Plan against a cluster of the configuration'],
    ['$0 migrate plan --snapshot prod.json --check', 'Exit with 1 if there is anything to do'],
  ],
  options: (yargs) =>
    withFormat(withActual(withPolicy(yargs)), ['text', 'json'])
      .option('prune', { type: 'boolean', default: false, describe: 'Drop what the policy made and no longer names' })
      .option('check', { type: 'boolean', default: false, describe: 'Exit with 1 if there is anything to do' }),
  run: async (args, terminal) => {
    const config = loadConfig(terminal, args.config);
    const intent = loadIntent(terminal, args, config);
    const { state, name } = await loadActual(terminal, args, config, readingFor(intent));
    const plan = makePlan(intent, state, { prune: args.prune });
    const unchecked = uncheckedParts(intent);
    terminal.out(
      args.format === 'json'
        ? jsonText(planJson(plan, unchecked))
        : `${stateTitle(`Plan for policy "${intent.policy}"`, name, state, terminal.paint)}\n\n${planText(plan, unchecked, terminal.paint)}\n`,
    );
    if (plan.obstacles.length > 0) return 2;
    return args.check && plan.operations.length > 0 ? 1 : 0;
  },
});

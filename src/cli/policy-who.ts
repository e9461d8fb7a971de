/** `policy who`: every account that can, by any way. */
import { catalogueDifference } from '../ask/catalogue-differences.ts';
import { readQuestion } from '../ask/question.ts';
import { whoCan } from '../ask/who.ts';
import { jsonText, whoJson } from '../report/json.ts';
import { stateTitle } from '../report/state-title.ts';
import { whoText } from '../report/who-text.ts';
import { defineCommand } from './command.ts';
import { loadConfig } from './files.ts';
import { loadStateToAsk, withActual, withFormat, withPolicy } from './inputs.ts';

export const policyWho = defineCommand({
  command: 'who <action> <namespace>',
  describe: 'List every account that can, directly or by escalation, and how',
  examples: [
    ['$0 policy who alter audit.logs --cluster prod', 'Who can change or remove audit logs, by any way'],
    ['$0 policy who find audit.logs --snapshot prod.json', 'Who holds the action find there'],
  ],
  options: (yargs) =>
    withFormat(withActual(withPolicy(yargs)), ['text', 'json'])
      .positional('action', {
        type: 'string',
        demandOption: true,
        describe: 'A MongoDB action, or an outcome such as alter',
      })
      .positional('namespace', {
        type: 'string',
        demandOption: true,
        describe: 'db.collection, a database, or cluster',
      }),
  run: async (args, terminal) => {
    const { state, name } = await loadStateToAsk(terminal, args, loadConfig(terminal, args.config));
    const answer = whoCan(state, readQuestion(args.action, args.namespace, state));
    const title = stateTitle(`Who can ${args.action} ${args.namespace}`, name, state, terminal.paint);
    terminal.out(
      args.format === 'json' ? jsonText(whoJson(answer)) : `${title}\n\n${whoText(answer, terminal.paint)}\n`,
    );
    const difference = catalogueDifference(state);
    if (difference !== undefined) terminal.err(`note: ${difference}\n`);
    return 0;
  },
});

/** `policy can`: yes or no, and through which grants. */
import { readQuestion } from '../ask/question.ts';
import { canUser } from '../ask/who.ts';
import { canJson, jsonText } from '../report/json.ts';
import { canText } from '../report/who-text.ts';
import { defineCommand } from './command.ts';
import { loadConfig } from './files.ts';
import { loadStateToAsk, withActual, withFormat, withPolicy } from './inputs.ts';

export const policyCan = defineCommand({
  command: 'can <user> <action> <namespace>',
  describe: 'Say whether an account can, and through which grants; exit code 1: no',
  examples: [
    ['$0 policy can app@admin remove audit.logs --cluster prod', 'One action'],
    ['$0 policy can app@admin alter audit.logs --snapshot prod.json', 'An outcome, by every way'],
  ],
  options: (yargs) =>
    withFormat(withActual(withPolicy(yargs)), ['text', 'json'])
      .positional('user', { type: 'string', demandOption: true, describe: 'The account: name@db' })
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
    const { state } = await loadStateToAsk(terminal, args, loadConfig(terminal, args.config));
    const ways = canUser(state, args.user, readQuestion(args.action, args.namespace, state));
    const question = `${args.user} ${args.action} ${args.namespace}`;
    terminal.out(args.format === 'json' ? jsonText(canJson(ways)) : `${canText(question, ways, terminal.paint)}\n`);
    return ways.length > 0 ? 0 : 1;
  },
});

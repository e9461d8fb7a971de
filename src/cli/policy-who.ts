/** `policy who`: every account that can, by any technique. */

import { readQuestion } from '../access/question.ts';
import { stateNotes } from '../access/state-notes.ts';
import { whoCan } from '../access/who.ts';
import { whoJson } from '../report/access-json.ts';
import { jsonText } from '../report/json-text.ts';
import { wrap } from '../report/layout.ts';
import { whoText } from '../report/who-text.ts';
import { defineCommand } from './command.ts';
import { reportEvidence, withTimestamp } from './evidence.ts';
import { loadConfig } from './files.ts';
import { loadStateToAsk, sayNotes, withActual, withFormat, withPolicy } from './inputs.ts';

export const policyWho = defineCommand({
  command: 'who <action> <namespace>',
  describe: 'List every account that can, directly or by escalation, and how',
  examples: [
    ['$0 policy who alter audit.logs --cluster prod', 'Who can change or remove audit logs, by any technique'],
    ['$0 policy who find audit.logs --snapshot prod.json', 'Who holds the action find there'],
  ],
  options: (yargs) =>
    withTimestamp(withFormat(withActual(withPolicy(yargs)), ['text', 'json']))
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
    const { state, where, source, policies } = await loadStateToAsk(terminal, args, loadConfig(terminal, args.config));
    const question = readQuestion(args.action, args.namespace, state);
    const answer = whoCan(state, question);
    const evidence = reportEvidence(terminal, args, { policies, sources: [source] });
    const title = terminal.paint('bold', wrap(`Who can ${args.action} ${args.namespace} on ${where}`, 0));
    terminal.out(
      args.format === 'json'
        ? jsonText(whoJson(answer, evidence))
        : `${title}\n\n${whoText(answer, evidence, terminal.paint)}\n`,
    );
    sayNotes(terminal, [...question.notes, ...stateNotes(state)]);
    return 0;
  },
});

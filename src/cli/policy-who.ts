/** `policy who`: every account that can, by any technique; without an action, what each can do there. */

import { isOutcomeWord, readQuestion } from '../access/question.ts';
import { stateNotes } from '../access/state-notes.ts';
import { whoCan } from '../access/who.ts';
import { whoTable } from '../access/who-table.ts';
import { Failure } from '../failure.ts';
import { isKnownAction } from '../model/catalogue.ts';
import type { Intent } from '../policy/intent.ts';
import { whoJson, whoTableJson } from '../report/access-json.ts';
import type { Evidence } from '../report/evidence.ts';
import { jsonText } from '../report/json-text.ts';
import { wrap } from '../report/layout.ts';
import { whoCsv, whoMarkdown } from '../report/who-list.ts';
import { whoTableCsv, whoTableMarkdown, whoTableText } from '../report/who-table.ts';
import { whoText } from '../report/who-text.ts';
import type { ClusterState } from '../state/state.ts';
import { defineCommand } from './command.ts';
import { withActual, withFormat, withFull, withPolicy } from './common-options.ts';
import { reportEvidence, withTimestamp } from './evidence.ts';
import { type Config, loadConfig } from './files.ts';
import { type CommonArguments, loadPoliciesIfAny, loadStateToAsk, sayNotes } from './inputs.ts';
import type { Terminal } from './terminal.ts';

export const policyWho = defineCommand({
  command: 'who [action] <namespace>',
  describe: 'List every account that can, directly or by escalation, and how',
  examples: [
    ['$0 policy who audit.logs --cluster prod', 'What each account can do with audit logs'],
    ['$0 policy who alter audit.logs --cluster prod', 'Who can change or remove them, by any technique'],
    ['$0 policy who find audit.logs --snapshot prod.json', 'Who holds the action find there'],
  ],
  options: (yargs) =>
    withFull(withTimestamp(withFormat(withActual(withPolicy(yargs)), ['text', 'json', 'csv', 'markdown'])))
      .positional('action', {
        type: 'string',
        describe: 'A MongoDB action, or an outcome such as alter or write',
      })
      .positional('namespace', {
        type: 'string',
        demandOption: true,
        describe: 'db.collection, a database, or cluster',
      }),
  run: async (args, terminal) => {
    const config = loadConfig(terminal, args.config);
    // yargs fills what is demanded first: the word in front is the action all the same.
    const [action, namespace] = args.action === undefined ? [undefined, args.namespace] : [args.namespace, args.action];
    const { state, where, source, policies } = await loadStateToAsk(terminal, args, config, [namespace]);
    const exempting = policies.length > 0 ? policies : policiesIfAny(terminal, args, config);
    const evidence = reportEvidence(terminal, args, { policies: exempting, sources: [source] });
    if (action === undefined) refuseLoneAction(namespace);
    const answer = action === undefined ? table(state, namespace, args.full) : list(state, action, namespace);
    const title = `${answer.question} on ${where}`;
    switch (args.format) {
      case 'text':
        terminal.out(
          `${terminal.paint('bold', wrap(title, 0, terminal.paint.width))}\n\n${answer.text(evidence, terminal)}\n`,
        );
        break;
      case 'json':
        terminal.out(jsonText(answer.json(evidence)));
        break;
      case 'csv':
        terminal.out(answer.csv(evidence));
        break;
      default:
        terminal.out(answer.markdown(title, evidence));
    }
    sayNotes(terminal, [...answer.notes, ...stateNotes(state)]);
    return 0;
  },
});

/** One word that is an action was meant as one. A database of that name is `find.*`. */
function refuseLoneAction(word: string): void {
  if (!isOutcomeWord(word) && !isKnownAction(word)) return;
  throw new Failure('<namespace> missing', { advice: 'see mongoward policy who --help' });
}

interface Answer {
  /** `Who can alter audit.logs` */
  readonly question: string;
  readonly notes: readonly string[];
  text(evidence: Evidence, terminal: Terminal): string;
  json(evidence: Evidence): object;
  csv(evidence: Evidence): string;
  markdown(title: string, evidence: Evidence): string;
}

function list(state: ClusterState, action: string, namespace: string): Answer {
  const question = readQuestion(action, namespace, state);
  const answer = whoCan(state, question);
  return {
    question: `Who can ${action} ${namespace}`,
    notes: question.notes,
    text: (evidence, { paint }) => whoText(answer, evidence, paint),
    json: (evidence) => whoJson(answer, evidence),
    csv: (evidence) => whoCsv(answer, evidence),
    markdown: (title, evidence) => whoMarkdown(answer, title, evidence),
  };
}

function table(state: ClusterState, namespace: string, full: boolean): Answer {
  const answer = whoTable(state, namespace);
  return {
    question: `Who can do what with ${namespace}`,
    notes: answer.notes,
    text: (evidence, { paint }) => whoTableText(answer, evidence, paint, full),
    json: (evidence) => whoTableJson(answer, evidence),
    csv: (evidence) => whoTableCsv(answer, evidence),
    markdown: (title, evidence) => whoTableMarkdown(answer, title, evidence),
  };
}

/** The policies that exempt accounts, for the marks. The question does not hang on them. */
function policiesIfAny(terminal: Terminal, args: CommonArguments, config: Config): readonly Intent[] {
  try {
    return loadPoliciesIfAny(terminal, args, config);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    terminal.err(`note: no account is marked as break-glass, because ${error.message}\n`);
    return [];
  }
}

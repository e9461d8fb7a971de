/** `policy can`: yes or no, and through which grants. */

import { mayRun } from '../access/may-run.ts';
import { readQuestion } from '../access/question.ts';
import { stateNotes } from '../access/state-notes.ts';
import { canUser } from '../access/who.ts';
import { Failure } from '../failure.ts';
import { readJson } from '../input/json.ts';
import { canJson, runJson } from '../report/access-json.ts';
import { type Evidence, evidenceText } from '../report/evidence.ts';
import { jsonText } from '../report/json-text.ts';
import { canText, runText } from '../report/who-text.ts';
import type { ClusterState } from '../state/state.ts';
import { defineCommand } from './command.ts';
import { withActual, withFormat, withPolicy } from './common-options.ts';
import { reportEvidence, withTimestamp } from './evidence.ts';
import { loadConfig } from './files.ts';
import { loadStateToAsk, sayNotes } from './inputs.ts';
import type { Terminal } from './terminal.ts';

interface Asked {
  readonly user: string;
  readonly action: string | undefined;
  readonly namespace: string | undefined;
  readonly command: string | undefined;
  readonly db: string | undefined;
  readonly full: boolean;
}

export const policyCan = defineCommand({
  command: 'can <user> [action] [namespace]',
  describe: 'Say whether an account can, and through which grants; exit code 1: no',
  examples: [
    ['$0 policy can app@admin remove audit.logs --cluster prod', 'One action'],
    ['$0 policy can app@admin alter audit.logs --snapshot prod.json', 'An outcome, by every technique'],
    [`$0 policy can app@admin --command '{"drop": "logs"}' --db audit`, 'One command, as the server decides it'],
  ],
  options: (yargs) =>
    withTimestamp(withFormat(withActual(withPolicy(yargs)), ['text', 'json']))
      .positional('user', { type: 'string', demandOption: true, describe: 'The account: name@db' })
      .positional('action', { type: 'string', describe: 'A MongoDB action, or an outcome such as alter' })
      .positional('namespace', { type: 'string', describe: 'db.collection, a database, or cluster' })
      .option('command', {
        type: 'string',
        requiresArg: true,
        describe: 'A command document, as JSON, instead of an action',
      })
      .option('full', { type: 'boolean', default: false, describe: 'Show every way, not only the simplest' })
      .option('db', { type: 'string', requiresArg: true, describe: 'The database that the command is sent to' }),
  run: async (args, terminal) => {
    const asked: Asked = {
      user: args.user,
      action: args.action,
      namespace: args.namespace,
      command: args.command,
      db: args.db,
      full: args.full,
    };
    checkForm(asked);
    const config = loadConfig(terminal, args.config);
    const { state, source, policies } = await loadStateToAsk(terminal, args, config, placesAsked(asked));
    const evidence = reportEvidence(terminal, args, { policies, sources: [source] });
    const { allowed, json, text, notes } =
      asked.command === undefined ? askAction(asked, state, terminal) : askCommand(asked, state, terminal);
    terminal.out(
      args.format === 'json' ? jsonText(json(evidence)) : `${text}\n\n${evidenceText(evidence, terminal.paint)}\n`,
    );
    sayNotes(terminal, notes);
    return allowed ? 0 : 1;
  },
});

function checkForm({ action, namespace, command, db }: Asked): void {
  const byAction = action !== undefined && namespace !== undefined && command === undefined && db === undefined;
  const byCommand = action === undefined && command !== undefined && db !== undefined;
  if (byAction || byCommand) return;
  throw new Failure('ask about an action and a namespace, or about --command and --db', {
    advice: 'see mongoward policy can --help',
  });
}

/** Any text of a command may be the name of a place. */
function placesAsked({ namespace, command, db }: Asked): readonly string[] {
  if (command === undefined) return namespace === undefined ? [] : [namespace];
  const texts = textsIn(readDocument(command));
  return [...texts, ...(db === undefined ? [] : [db, ...texts.map((text) => `${db}.${text}`)])];
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

interface Answer {
  readonly allowed: boolean;
  json(evidence: Evidence): object;
  readonly text: string;
  readonly notes: readonly string[];
}

function askAction(
  { user, action = '', namespace = '', full }: Asked,
  state: ClusterState,
  { paint }: Terminal,
): Answer {
  const asked = readQuestion(action, namespace, state);
  const techniques = canUser(state, user, asked);
  return {
    allowed: techniques.length > 0,
    json: (evidence) => canJson(techniques, evidence),
    text: canText({ user, action, namespace }, techniques, paint, full),
    notes: [...asked.notes, ...stateNotes(state)],
  };
}

function askCommand({ user, command = '', db = '' }: Asked, state: ClusterState, { paint }: Terminal): Answer {
  const answer = mayRun(state, user, readDocument(command), db);
  return {
    allowed: answer.allowed,
    json: (evidence) => runJson(answer, evidence),
    text: runText(user, answer, paint),
    notes: stateNotes(state),
  };
}

function readDocument(text: string): Record<string, unknown> {
  const { read, refusals } = readJson(text);
  if (read === undefined) {
    const [{ offset, message }] = refusals;
    const advice = `write it like '{"drop": "logs"}'`;
    throw new Failure(`--command, character ${offset + 1}: ${message}`, { advice });
  }
  const value = read.data;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Failure('--command is not a document', { advice: `write it like '{"drop": "logs"}'` });
  }
  return { ...value };
}

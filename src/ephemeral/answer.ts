/** One command sent as an account, and what the server's answer means: allowed, or refused for want of a right or by a validator. */
import { type Document, type MongoClient, MongoServerError } from 'mongodb';
import type { Probe } from '../expect/probes.ts';
import type { ServerAnswer } from '../expect/trial-result.ts';
import { fromExtendedJson } from '../state/extended-json.ts';

const UNAUTHORIZED = 13;
const VALIDATION = 121;

/**
 * The server did not come as far as asking for rights: FailedToParse, TypeMismatch, CommandNotFound, CommandNotSupported,
 * unknown and missing fields of a command.
 */
const UNTRIED = new Set([9, 14, 59, 115, 40_414, 40_415]);

/** `changed`: something may be otherwise on the server now. */
export interface Answered {
  readonly answer: ServerAnswer;
  readonly changed: boolean;
}

/** Sends `sent`, and answers for `probe`, which it may be a translation of. */
export async function answerTo(client: MongoClient, probe: Probe, sent: Probe): Promise<Answered> {
  try {
    const reply = await client.db(sent.db).command(fromExtendedJson(sent.command) as Document);
    const failed: readonly Document[] = reply['writeErrors'] ?? [];
    const refused = failed.find(({ code }) => code === VALIDATION);
    const [first] = failed;
    if (refused !== undefined) return told(probe, 'refused', wordsOf(String(refused['errmsg'])), { byValidator: true });
    return {
      ...told(probe, 'allowed', first === undefined ? 'ok' : wordsOf(String(first['errmsg']))),
      changed: changes(sent),
    };
  } catch (error) {
    const words = wordsOf(error instanceof Error ? error.message : String(error));
    const code = error instanceof MongoServerError ? Number(error.code) : undefined;
    if (code === undefined || UNTRIED.has(code))
      return { ...told(probe, 'untried', words), changed: code === undefined };
    if (code === VALIDATION) return told(probe, 'refused', words, { byValidator: true });
    return told(probe, code === UNAUTHORIZED ? 'refused' : 'allowed', words);
  }
}

function told(
  { command, db }: Probe,
  outcome: ServerAnswer['outcome'],
  words: string,
  rest: Pick<ServerAnswer, 'byValidator'> = {},
): Answered {
  return { answer: { command, db, outcome, words, ...rest }, changed: false };
}

const LONGEST = 200;

/** On one line, without what the driver adds to each command. */
function wordsOf(message: string): string {
  const line = message
    .replace(/, (?:lsid|\$clusterTime|\$db|apiVersion): .*$/s, ' }')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 3)}...` : line;
}

/** Commands after which roles, accounts, validators and collections are what they were. */
const KEEPING = new Set([
  'find',
  'count',
  'distinct',
  'aggregate',
  'insert',
  'update',
  'delete',
  'findAndModify',
  'findandmodify',
  'listIndexes',
  'listCollections',
  'listDatabases',
  'collStats',
  'dbStats',
  'validate',
  'usersInfo',
  'rolesInfo',
  'serverStatus',
  'hostInfo',
  'getLog',
  'getParameter',
  'getCmdLineOpts',
  'connPoolStats',
  'connectionStatus',
  'top',
  'profile',
  'ping',
  'hello',
]);

function changes({ command }: Probe): boolean {
  return !KEEPING.has(Object.keys(command)[0] ?? '');
}

/** Runs a command: finds it, checks who sent it, and turns whatever happens into a reply. */
import { calculateObjectSize } from 'bson';
import type { Caller } from './authorize.ts';
import type { Command, Connection, Context, Counters, Sandboxed } from './command-definition.ts';
import { COMMANDS } from './commands/index.ts';
import { asCommandError, commandError, errorReply } from './errors.ts';
import type { Request } from './request.ts';
import { shown } from './shown.ts';
import { type Document, field } from './values.ts';
import { MAX_DOCUMENT_SIZE, type Message } from './wire.ts';

const TABLE: ReadonlyMap<string, Command> = new Map(
  COMMANDS.flatMap((command) => [command.name, ...(command.aliases ?? [])].map((name) => [name, command] as const)),
);

/** Fields that must not appear in an error text. */
const SECRETS: readonly string[] = ['pwd', 'payload', 'speculativeAuthenticate', 'key'];

/** Gives the reply; never throws. */
export function dispatch(sandbox: Sandboxed, connection: Connection, message: Message): Document {
  const request = requestOf(message);
  const command = TABLE.get(request.name);
  const counter = command === undefined ? undefined : countCommand(sandbox.counters, command, request);
  try {
    if (command === undefined) throw commandError('CommandNotFound', `no such command: '${request.name}'`);
    const caller = connection.login.caller();
    checkCaller(command, request, caller);
    const context: Context = { request, caller, connection, sandbox };
    checkAuthorization(command, context);
    refuseTransactions(request);
    return checkedSize({ ...command.run(context), ok: 1 });
  } catch (thrown) {
    if (counter !== undefined) counter.failed += 1;
    return errorReply(asCommandError(thrown));
  }
}

function requestOf({ db, body, sequences }: Message): Request {
  const name = Object.keys(body)[0] ?? '';
  const visible = Object.entries(body).map(([key, value]) => [key, SECRETS.includes(key) ? 'xxx' : value] as const);
  return { name, db, body: { ...body, ...Object.fromEntries(sequences) }, shown: Object.fromEntries(visible) };
}

function checkCaller(command: Command, request: Request, caller: Caller): void {
  if (command.adminOnly === true && request.db !== 'admin') {
    throw commandError('Unauthorized', `${command.name} may only be run against the admin database.`);
  }
  if (command.anonymous !== true && caller.account === undefined) {
    throw commandError('Unauthorized', `command ${command.name} requires authentication`);
  }
}

function checkAuthorization(command: Command, context: Context): void {
  if (command.authorize(context)) return;
  const { db, shown: body } = context.request;
  throw commandError('Unauthorized', `not authorized on ${db} to execute command ${shown(body)}`);
}

/** A standalone has no transactions. Retryable writes are plain writes here: nothing is ever sent twice. */
function refuseTransactions({ body }: Request): void {
  if (field(body, 'startTransaction') === undefined && field(body, 'autocommit') === undefined) return;
  throw commandError('IllegalOperation', 'Transaction numbers are only allowed on a replica set member or mongos');
}

/** A reply may be a little larger than a document, for the fields around one. */
const MAX_REPLY_SIZE = MAX_DOCUMENT_SIZE + 16 * 1024;

function checkedSize(reply: Document): Document {
  const size = calculateObjectSize(reply);
  if (size <= MAX_REPLY_SIZE) return reply;
  throw commandError(
    'BSONObjectTooLarge',
    `BSONObj size: ${size} is invalid. Size must be between 0 and ${MAX_REPLY_SIZE}`,
  );
}

/** `opcounters` count what is written, not by how many commands. */
const STATEMENTS = { insert: 'documents', update: 'updates', delete: 'deletes' } as const;

function countCommand(counters: Counters, { name }: Command, { body }: Request): { total: number; failed: number } {
  const counter = counters.commands.get(name) ?? { total: 0, failed: 0 };
  counters.commands.set(name, counter);
  counter.total += 1;
  switch (name) {
    case 'insert':
    case 'update':
    case 'delete': {
      const statements = field(body, STATEMENTS[name]);
      counters.operations[name] += Array.isArray(statements) ? statements.length : 0;
      break;
    }
    case 'find':
      counters.operations.query += 1;
      break;
    case 'getMore':
      counters.operations.getmore += 1;
      break;
    default:
      counters.operations.command += 1;
  }
  return counter;
}

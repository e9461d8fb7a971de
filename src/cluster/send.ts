/** Commands that write: majority write concern, and what their answers mean. */
import {
  type CommandStartedEvent,
  type Document,
  type MongoClient,
  MongoNetworkError,
  MongoServerError,
  MongoWriteConcernError,
} from 'mongodb';
import type { Failure } from '../failure.ts';
import { UncertainFailure } from '../migrate/cluster.ts';
import type { Command } from '../plan/operations/mongo-command.ts';
import { commandFailure } from './connect.ts';

/** How long a command waits for the majority of a replica set, in milliseconds. */
const WRITE_CONCERN = { w: 'majority', wtimeout: 20_000 };

export interface Sent {
  /** Fulfilled when the command is on its way to the socket, or can't get there any more. Never rejected. */
  readonly sent: Promise<void>;
  readonly reply: Promise<Document>;
}

/** Sends the command. One at a time of the same name on the same database may be on its way. */
export function send(client: MongoClient, { db, command }: Command): Sent {
  const name = Object.keys(command)[0] ?? 'command';
  let started = (_event: CommandStartedEvent): void => {};
  const begun = new Promise<void>((resolve) => {
    started = ({ commandName, databaseName }) => {
      if (commandName === name && databaseName === db) resolve();
    };
  });
  client.on('commandStarted', started);
  const reply = client
    .db(db)
    .command({ ...command, writeConcern: WRITE_CONCERN })
    .then(
      (answer) => checked(`${name} on ${db}`, answer),
      (error: unknown) => {
        throw writeFailure(`${name} on ${db}`, error);
      },
    );
  const sent = Promise.race([
    begun,
    reply.then(
      () => {},
      () => {},
    ),
  ]).finally(() => client.off('commandStarted', started));
  return { sent, reply };
}

/** The answer to a command with majority write concern; throws like {@link send}'s reply. */
export function majority(client: MongoClient, command: Command): Promise<Document> {
  return send(client, command).reply;
}

function checked(what: string, answer: Document): Document {
  const refused: unknown = answer['writeErrors']?.[0];
  if (refused !== undefined) throw commandFailure(what, new MongoServerError(refused as Document));
  const unconfirmed: unknown = answer['writeConcernError']?.['errmsg'];
  if (unconfirmed !== undefined) throw uncertain(commandFailure(what, new Error(String(unconfirmed))));
  return answer;
}

/**
 * Errors after which the command may have taken effect all the same: the connection broke, the majority did not
 * confirm, the primary stepped down or the node is shutting down (error codes of the server's retryable writes).
 */
const UNCERTAIN_CODES = new Set<unknown>([6, 7, 50, 64, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);

/** What went wrong with a write, and whether it may have taken effect. */
export function writeFailure(what: string, error: unknown): Failure {
  const failure = commandFailure(what, error);
  const unsure =
    error instanceof MongoNetworkError ||
    error instanceof MongoWriteConcernError ||
    (error instanceof MongoServerError && UNCERTAIN_CODES.has(error.code));
  return unsure ? uncertain(failure) : failure;
}

function uncertain({ message, cause }: Failure): UncertainFailure {
  return new UncertainFailure(`${message}. Nobody knows whether it took effect`, { cause });
}

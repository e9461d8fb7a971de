/** Connecting, and what goes wrong with it in words for the person who must act. */
import {
  MongoClient,
  type MongoClientOptions,
  MongoError,
  MongoNetworkTimeoutError,
  MongoServerError,
  MongoServerSelectionError,
} from 'mongodb';
import { Failure } from '../failure.ts';
import { withinDeadline, withinGrace } from './deadline.ts';
import { onOwnConnections } from './own-connections.ts';
import { hostsOf, withoutUriWords } from './uri.ts';

export interface ConnectOptions {
  /** How long to look for a server that answers, in milliseconds. */
  readonly serverSelectionTimeoutMS: number;
  /** How long all of it may take, in milliseconds; {@link DEADLINE_MS} unless given. */
  readonly deadlineMs?: number;
}

/** An hour: long enough for a job at night, and shorter than the six hours after which a CI ends one without a word. */
export const DEADLINE_MS = 3_600_000;

/**
 * Connects and authenticates, runs `work`, and closes. Throws a Failure that names the servers tried, never the
 * credentials, if nothing answers, the login is refused or the deadline passes.
 */
export async function withClient<T>(
  uri: string,
  options: ConnectOptions,
  work: (client: MongoClient) => Promise<T>,
): Promise<T> {
  let client: MongoClient;
  try {
    client = new MongoClient(uri, clientOptions(options.serverSelectionTimeoutMS));
  } catch (error) {
    const reason = withoutUriWords(withoutUri(error), uri);
    throw new Failure(`this is not a valid connection string: ${reason}`, {
      advice:
        'user and password stand before an @, and the servers after it; percent-encode signs in user and password',
    });
  }
  const connectAndWork = async (): Promise<T> => {
    await client.connect().catch((error: unknown) => {
      throw connectFailure(uri, options, error);
    });
    return work(client);
  };
  const { deadlineMs = DEADLINE_MS } = options;
  // Whatever waits for an answer fails once the client is closed.
  const stop = (): void => void client.close().catch(() => {});
  try {
    return await withinDeadline(deadlineMs, hostsOf(uri), stop, onOwnConnections(connectAndWork));
  } finally {
    // Closing asks the server to end cursors and sessions, and waits for what it says.
    await withinGrace(client.close());
  }
}

/** A server that has let us in and then says nothing is given up after this many times the time for finding one. */
const ANSWER_FACTOR = 3;

/**
 * No wait is without an end: for a server, for a connection and its greeting, for a place among the connections, for an
 * answer. Each answer may take as long as a majority of the members is waited for, and more.
 */
function clientOptions(serverSelectionTimeoutMS: number): MongoClientOptions {
  return {
    serverSelectionTimeoutMS,
    connectTimeoutMS: serverSelectionTimeoutMS,
    waitQueueTimeoutMS: ANSWER_FACTOR * serverSelectionTimeoutMS,
    socketTimeoutMS: ANSWER_FACTOR * serverSelectionTimeoutMS,
    appName: 'mongoward',
    // A validator's regular expression is PCRE: JavaScript knows no (?i), and would refuse the whole answer.
    bsonRegExp: true,
    // An operation that was interrupted is compared with its target before it is sent again, and never sent again blindly.
    retryWrites: false,
    // The lock wants to know when a command is on its way.
    monitorCommands: true,
  };
}

function withoutUri(error: unknown): string {
  return error instanceof Error ? error.message.replaceAll(/mongodb(\+srv)?:\/\/\S+/gi, 'the URI') : 'unknown reason';
}

function connectFailure(uri: string, options: ConnectOptions, error: unknown): Failure {
  const hosts = hostsOf(uri);
  if (error instanceof Failure) return error;
  if (error instanceof MongoServerSelectionError) {
    const seconds = options.serverSelectionTimeoutMS / 1000;
    return new Failure(`no server answered at ${hosts} within ${seconds} s: ${withoutUri(error)}`, {
      advice: 'check the address, the network and TLS; --timeout changes how long to wait',
      cause: error,
    });
  }
  if (error instanceof MongoServerError && error.code === 18) {
    return new Failure(`${hosts} refused the login: ${withoutUri(error)}`, {
      advice: "check user, password, authSource and the account's authentication restrictions",
      cause: error,
    });
  }
  if (error instanceof MongoNetworkTimeoutError) return silentFailure(`can't connect to ${hosts}`, error);
  return new Failure(`can't connect to ${hosts}: ${withoutUri(error)}`, { cause: error });
}

/** What a server's refusal means for a command that was under way. */
export function commandFailure(what: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (isUnauthorized(error)) {
    return new Failure(`${what}: ${refusal(error)}`, {
      advice: 'mongoward cluster doctor tells what the account lacks, and for which command',
      cause: error,
    });
  }
  if (error instanceof MongoServerError) {
    const name = typeof error['codeName'] === 'string' ? ` (${error['codeName']})` : '';
    return new Failure(`${what}: the server says "${shortened(error.message)}"${name}`, { cause: error });
  }
  if (error instanceof MongoNetworkTimeoutError) return silentFailure(what, error);
  if (error instanceof MongoError) {
    const advice = error.cause instanceof Failure ? error.cause.advice : undefined;
    return new Failure(`${what}: ${withoutUri(error)}`, { ...(advice !== undefined && { advice }), cause: error });
  }
  return new Failure(`${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
}

function silentFailure(what: string, cause: MongoNetworkTimeoutError): Failure {
  return new Failure(`${what}: the server took the connection, and then did not answer in time`, {
    advice: 'see whether the server is overloaded or stopped; --timeout changes how long to wait',
    cause,
  });
}

const LONGEST_MESSAGE = 300;

/** A refusal quotes the whole command, with session and cluster time, which help nobody. */
function shortened(message: string): string {
  const told = message.replace(/, (?:lsid|\$clusterTime|txnNumber|writeConcern): .*$/s, ' … }');
  return told.length <= LONGEST_MESSAGE ? told : `${told.slice(0, LONGEST_MESSAGE)}…`;
}

/** What the account may not run, without the command's arguments, which the server's own message repeats. */
export function refusal(error: MongoServerError): string {
  const [, db, command] = /^not authorized on (\S+) to execute command \{ (\w+):/.exec(error.message) ?? [];
  return command === undefined ? error.message : `not authorized to run ${command} on ${db}`;
}

/** Whether the server refused for lack of a privilege. */
export function isUnauthorized(error: unknown): error is MongoServerError {
  return error instanceof MongoServerError && error.code === 13;
}

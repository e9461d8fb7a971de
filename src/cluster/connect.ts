/** Connecting, and what goes wrong with it in words for the person who must act. */
import { MongoClient, type MongoClientOptions, MongoError, MongoServerError, MongoServerSelectionError } from 'mongodb';
import { Failure } from '../failure.ts';
import { hostsOf } from './uri.ts';

export interface ConnectOptions {
  /** How long to look for a server that answers, in milliseconds. */
  readonly serverSelectionTimeoutMS: number;
}

/**
 * Connects and authenticates, runs `work`, and closes. Throws a Failure that names the servers tried, never the
 * credentials, if nothing answers or the login is refused.
 */
export async function withClient<T>(
  uri: string,
  options: ConnectOptions,
  work: (client: MongoClient) => Promise<T>,
): Promise<T> {
  const settings: MongoClientOptions = {
    serverSelectionTimeoutMS: options.serverSelectionTimeoutMS,
    appName: 'mongoward',
    retryWrites: false,
  };
  let client: MongoClient;
  try {
    client = new MongoClient(uri, settings);
  } catch (error) {
    throw new Failure(`this is not a valid connection string: ${withoutUri(error)}`, { cause: error });
  }
  try {
    await client.connect().catch((error: unknown) => {
      throw connectFailure(uri, options, error);
    });
    return await work(client);
  } finally {
    await client.close();
  }
}

function withoutUri(error: unknown): string {
  return error instanceof Error ? error.message.replaceAll(/mongodb(\+srv)?:\/\/\S+/gi, 'the URI') : 'unknown reason';
}

function connectFailure(uri: string, options: ConnectOptions, error: unknown): Failure {
  const hosts = hostsOf(uri);
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
  return new Failure(`can't connect to ${hosts}: ${withoutUri(error)}`, { cause: error });
}

/** What a server's refusal means for a command that was under way. */
export function commandFailure(what: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof MongoServerError) {
    const name = typeof error['codeName'] === 'string' ? ` (${error['codeName']})` : '';
    return new Failure(`${what}: the server says "${error.message}"${name}`, { cause: error });
  }
  if (error instanceof MongoError) return new Failure(`${what}: ${withoutUri(error)}`, { cause: error });
  return new Failure(`${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
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

/** What the deployment itself is: whether authorization is really on, and how it is reached. */
import { type Document, MongoClient, MongoServerError } from 'mongodb';
import type { Settings, Unreadable } from '../state/state.ts';
import { commandFailure, isUnauthorized } from './connect.ts';
import { withoutCredentials } from './uri.ts';

export interface ReadSettings {
  readonly settings: Settings;
  readonly unreadable: readonly Unreadable[];
}

export async function readSettings(client: MongoClient, uri: string): Promise<ReadSettings> {
  const [options, stranger] = await Promise.all([commandLine(client), strangerMayList(uri)]);
  const unreadable: Unreadable[] = [];
  if (options === undefined) unreadable.push({ what: 'settings.tls', why: 'the account may not run getCmdLineOpts' });
  if (stranger === undefined) {
    unreadable.push({ what: 'settings.authorization', why: 'a connection without credentials could not be tried' });
  }
  return {
    settings: {
      ...(stranger === undefined ? {} : { authorization: authorization(stranger, options) }),
      ...(options === undefined ? {} : { tls: tlsMode(options) }),
    },
    unreadable,
  };
}

/** `getCmdLineOpts` need not say so (`--keyFile` implies authorization): what a stranger may do decides. */
function authorization(strangerMay: boolean, options: Document | undefined): NonNullable<Settings['authorization']> {
  if (!strangerMay) return 'enabled';
  return options?.['security']?.['transitionToAuth'] === true ? 'transition' : 'disabled';
}

function tlsMode(options: Document): string {
  const net: Document = options['net'] ?? {};
  const mode: unknown = net['tls']?.['mode'] ?? net['ssl']?.['mode'];
  return typeof mode === 'string' ? mode.replace('SSL', 'TLS') : 'disabled';
}

async function commandLine(client: MongoClient): Promise<Document | undefined> {
  try {
    const reply = await client.db('admin').command({ getCmdLineOpts: 1 });
    return (reply['parsed'] ?? {}) as Document;
  } catch (error) {
    if (isUnauthorized(error)) return undefined;
    throw commandFailure("can't read the server's options", error);
  }
}

const STRANGER_TIMEOUT_MS = 3000;

/** Whether a client that has not logged in gets an answer; nothing if it could not be tried. */
async function strangerMayList(uri: string): Promise<boolean | undefined> {
  const client = new MongoClient(withoutCredentials(uri), {
    serverSelectionTimeoutMS: STRANGER_TIMEOUT_MS,
    connectTimeoutMS: STRANGER_TIMEOUT_MS,
    socketTimeoutMS: STRANGER_TIMEOUT_MS,
    appName: 'mongoward',
  });
  try {
    await client.db('admin').command({ listDatabases: 1, nameOnly: true, authorizedDatabases: false });
    return true;
  } catch (error) {
    return error instanceof MongoServerError ? false : undefined;
  } finally {
    await client.close();
  }
}

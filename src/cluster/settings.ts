/** What the deployment itself is: whether authorization is really on, and how it is reached. */
import { type Document, MongoClient, MongoServerError } from 'mongodb';
import { compareVersions } from '../model/version.ts';
import type { ServerInfo, Settings, Unreadable } from '../state/state.ts';
import { documentAt, textOf } from './answers.ts';
import { commandFailure, isUnauthorized } from './connect.ts';
import { withinGrace } from './deadline.ts';
import { withoutCredentials } from './uri.ts';

export interface ReadSettings {
  readonly settings: Settings;
  readonly unreadable: readonly Unreadable[];
}

/** `asked`: what `readServer` answers, which decides what an option that is not stated stands for. */
export async function readSettings(
  client: MongoClient,
  uri: string,
  asked: Promise<Pick<ServerInfo, 'version'>>,
): Promise<ReadSettings> {
  const [options, stranger, parameters, { version }] = await Promise.all([
    commandLine(client),
    strangerMayList(uri),
    readParameters(client),
    asked,
  ]);
  const unreadable: Unreadable[] = [];
  if (options === undefined) unreadable.push({ what: 'settings.tls', why: 'the account may not run getCmdLineOpts' });
  if (stranger === undefined) {
    unreadable.push({ what: 'settings.authorization', why: 'a connection without credentials could not be tried' });
  }
  return {
    settings: {
      ...(stranger === undefined ? {} : { authorization: authorization(stranger, options) }),
      ...(options === undefined ? {} : optionSettings(options, version)),
      ...parameters,
    },
    unreadable,
  };
}

/** `getCmdLineOpts` need not say so (`--keyFile` implies authorization): what a stranger may do decides. */
function authorization(strangerMay: boolean, options: Document | undefined): NonNullable<Settings['authorization']> {
  if (!strangerMay) return 'enabled';
  return documentAt(options, 'security')['transitionToAuth'] === true ? 'transition' : 'disabled';
}

/** What is not stated has the server's default (MongoDB manual, "Configuration File Options"). */
function optionSettings(options: Document, version: string): Settings {
  const net = documentAt(options, 'net');
  const tls = tlsMode(options);
  return {
    tls,
    ...(tls === 'disabled' ? {} : { tlsVersion: lowestTls(documentAt(net, 'tls')['disabledProtocols'], version) }),
    bindIp:
      net['bindIpAll'] === true
        ? ['*']
        : textOf(net['bindIp'] ?? '127.0.0.1')
            .split(',')
            .map(addressOf),
    javascript: documentAt(options, 'security')['javascriptEnabled'] !== false,
    auditing: documentAt(options, 'auditLog')['destination'] !== undefined,
    encryptionAtRest: documentAt(options, 'security')['enableEncryption'] === true,
  };
}

function addressOf(text: string): string {
  const address = text.trim();
  return address === '0.0.0.0' || address === '::' ? '*' : address;
}

/**
 * The lowest version of TLS that a server speaks. `disabled`: its `net.tls.disabledProtocols`, whose names may begin with
 * `no`. One that does not state it speaks no TLS 1.0 (from 4.0 on, manual), and no TLS 1.1 either (8.2 and 8.3, by their
 * log and by trying; which release was the first is not known, and an older one is taken for what 8.0 documents).
 */
export function lowestTls(disabled: unknown, version: string): string {
  const off =
    typeof disabled === 'string'
      ? disabled.split(',').map((name) => name.replace(/^no(?=TLS)/, ''))
      : unstated(version);
  return ['1.0', '1.1', '1.2', '1.3'].find((each) => !off.includes(`TLS${each.replace('.', '_')}`)) ?? '1.3';
}

function unstated(version: string): readonly string[] {
  return compareVersions(version, '8.2') < 0 ? ['TLS1_0'] : ['TLS1_0', 'TLS1_1'];
}

/** Nothing where the account may not ask: a policy that demands something of them then tells that they are unknown. */
async function readParameters(client: MongoClient): Promise<Settings> {
  try {
    const command = { getParameter: 1, authenticationMechanisms: 1, enableLocalhostAuthBypass: 1 };
    const reply = await client.db('admin').command(command);
    const { authenticationMechanisms: mechanisms, enableLocalhostAuthBypass: bypass } = reply;
    return {
      ...(Array.isArray(mechanisms) && { mechanisms: mechanisms.map(textOf).sort() }),
      ...(typeof bypass === 'boolean' && { localhostException: bypass }),
    };
  } catch (error) {
    // A server that knows no such parameter, or the sandbox, which has no such command.
    if (error instanceof MongoServerError) return {};
    throw commandFailure("can't read the server's parameters", error);
  }
}

function tlsMode(options: Document): string {
  const mode: unknown = documentAt(options, 'net', 'tls')['mode'] ?? documentAt(options, 'net', 'ssl')['mode'];
  return typeof mode === 'string' ? mode.replace('SSL', 'TLS') : 'disabled';
}

async function commandLine(client: MongoClient): Promise<Document | undefined> {
  try {
    const reply = await client.db('admin').command({ getCmdLineOpts: 1 });
    return documentAt(reply, 'parsed');
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
    waitQueueTimeoutMS: STRANGER_TIMEOUT_MS,
    // It asks one question: no second connection to measure round trips by, and none to spare, whatever the URI says.
    serverMonitoringMode: 'poll',
    minPoolSize: 0,
    maxPoolSize: 1,
    appName: 'mongoward',
  });
  try {
    await client.db('admin').command({ listDatabases: 1, nameOnly: true, authorizedDatabases: false });
    return true;
  } catch (error) {
    return error instanceof MongoServerError ? false : undefined;
  } finally {
    await withinGrace(client.close());
  }
}

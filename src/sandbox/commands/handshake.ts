/** What drivers ask before and beside authentication. */

import { compareVersions, releaseLine } from '../../model/version.ts';
import { anybody, type Command, type Context } from '../command-definition.ts';
import { MECHANISMS } from '../scram.ts';
import { type Document, field, isDocument, isTrue } from '../values.ts';
import { MAX_DOCUMENT_SIZE, MAX_MESSAGE_SIZE } from '../wire.ts';
import { speculate } from './authentication.ts';

/** The highest wire version of each release line (`src/mongo/db/wire_version.h`). */
const WIRE_VERSIONS: readonly (readonly [string, number])[] = [
  ['4.4', 9],
  ['5.0', 13],
  ['6.0', 17],
  ['7.0', 21],
  ['8.0', 25],
];

function wireVersion(version: string): number {
  const known = WIRE_VERSIONS.filter(([line]) => compareVersions(line, releaseLine(version)) <= 0);
  return known.at(-1)?.[1] ?? 9;
}

/** `isMaster` is the name that old drivers, and first messages of new ones, say it by. */
function hello(context: Context): Document {
  const { request, connection, sandbox } = context;
  const speculative = field(request.body, 'speculativeAuthenticate');
  const speculated = isDocument(speculative) ? speculate(context, speculative) : undefined;
  return {
    ...(request.name === 'hello' ? { isWritablePrimary: true } : { ismaster: true }),
    helloOk: true,
    maxBsonObjectSize: MAX_DOCUMENT_SIZE,
    maxMessageSizeBytes: MAX_MESSAGE_SIZE,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    connectionId: connection.id,
    minWireVersion: 0,
    maxWireVersion: wireVersion(sandbox.version),
    readOnly: false,
    mongowardSandbox: true,
    ...supportedMechanisms(context),
    ...(speculated === undefined ? {} : { speculativeAuthenticate: speculated }),
  };
}

/** A user that does not exist has every mechanism: a client must not learn who exists. */
function supportedMechanisms({ request, sandbox }: Context): Document {
  const asked = field(request.body, 'saslSupportedMechs');
  if (typeof asked !== 'string') return {};
  const dot = asked.indexOf('.');
  const account = sandbox.accounts.user({ db: asked.slice(0, dot), user: asked.slice(dot + 1) });
  const known = account === undefined ? MECHANISMS : MECHANISMS.filter((name) => account.credentials.has(name));
  return { saslSupportedMechs: known };
}

function buildInfo({ sandbox: { version } }: Context): Document {
  const numbers = releaseLine(version).split('.').map(Number);
  const patch = Number(/^\d+\.\d+\.(\d+)/.exec(version)?.[1] ?? 0);
  return {
    version,
    gitVersion: 'sandbox',
    modules: [],
    allocator: 'system',
    javascriptEngine: 'none',
    sysInfo: 'deprecated',
    versionArray: [...numbers, patch, 0],
    bits: 64,
    debug: false,
    maxBsonObjectSize: MAX_DOCUMENT_SIZE,
    storageEngines: [],
    mongowardSandbox: true,
  };
}

function connectionStatus({ request, caller }: Context): Document {
  const { account, roles, privileges } = caller;
  return {
    authInfo: {
      authenticatedUsers: account === undefined ? [] : [{ user: account.user, db: account.db }],
      authenticatedUserRoles: roles.map(({ role, db }) => ({ role, db })),
      ...(isTrue(field(request.body, 'showPrivileges')) ? { authenticatedUserPrivileges: privileges } : {}),
    },
  };
}

/** `127.0.0.1:54321`, `[::1]:54321`: the port means nothing to anybody here. */
function whatsmyuri({ connection }: Context): Document {
  const { client } = connection.login.endpoints;
  return { you: `${client.includes(':') ? `[${client}]` : client}:0` };
}

const anonymous = { anonymous: true, authorize: anybody };

export const HANDSHAKE_COMMANDS: readonly Command[] = [
  { name: 'hello', aliases: ['isMaster', 'ismaster'], ...anonymous, run: hello },
  { name: 'ping', ...anonymous, run: () => ({}) },
  { name: 'buildInfo', aliases: ['buildinfo'], ...anonymous, run: buildInfo },
  { name: 'connectionStatus', ...anonymous, run: connectionStatus },
  { name: 'whatsmyuri', ...anonymous, run: whatsmyuri },
];

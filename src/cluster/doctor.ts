/** What a cluster is, and what the account that looks at it may do with this program: from facts to a report. Pure. */
import { describeTarget, judge, requirementsOf } from '../access/commands/index.ts';
import { formatRole, formatUser, type Namespace, type RoleRef, type UserRef } from '../model/names.ts';
import { sortedSet } from '../model/order.ts';
import type { Privilege } from '../model/privilege.ts';
import { OWN_DATABASE, type ServerInfo, type Settings, type Unreadable } from '../state/state.ts';
import type { Certificate, Connection } from './connection.ts';

/** What was found out by asking the server. */
export interface Facts {
  readonly server: ServerInfo;
  readonly settings: Settings;
  /** Absent: it could not be found out. */
  readonly connection?: Connection;
  /** Absent: nobody has logged in. */
  readonly account?: UserRef;
  readonly roles: readonly RoleRef[];
  readonly privileges: readonly Privilege[];
  readonly unreadable: readonly Unreadable[];
  /** Absent: the policy seals no fields, or there is none. */
  readonly encryption?: EncryptionFacts;
  /** Absent: nothing of it is there. */
  readonly project?: ProjectFacts;
}

/** What of a project makes commands read more of a cluster than its accounts, collections and options. */
export interface ProjectFacts {
  /** Whether there are migration files, which are held against the journal. */
  readonly migrations: boolean;
  /** Whether the policy demands what only `getParameter` tells. */
  readonly parameters: boolean;
  /** The buckets of time series that the policy protects, which have indexes of their own. */
  readonly buckets: readonly Namespace[];
}

/** What sealed fields take, as far as it can be found out from here. */
export interface EncryptionFacts {
  readonly keyVaults: readonly { readonly ns: Namespace; readonly managed: boolean }[];
  /** The encryption library, where it is installed. */
  readonly library?: { readonly version: string; readonly folder: string; readonly problem?: string };
  /** Providers of managed keys that the configuration does not say how to reach. */
  readonly unreachable: readonly string[];
}

export interface DoctorReport {
  readonly encryption?: EncryptionFacts;
  readonly server: ServerInfo;
  readonly settings: Settings;
  readonly connection?: Connection;
  readonly account?: string;
  readonly roles: readonly string[];
  readonly commands: readonly CommandCheck[];
  readonly findings: readonly DoctorFinding[];
}

/** One of our commands: what the account lacks for it, as `find on admin.system.roles`. */
export interface CommandCheck {
  readonly command: string;
  readonly lacks: readonly string[];
}

export interface DoctorFinding {
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
}

interface Sent {
  readonly db: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Stands for a database of anybody. */
const ANY = 'any_database';

/** What stands for any of its kind, in words. */
function placeOf(target: Parameters<typeof describeTarget>[0]): string {
  return describeTarget(target).replace(`database ${ANY}`, 'every database').replace(`${ANY}.any`, 'every collection');
}

const READS: readonly Sent[] = [
  { db: 'admin', body: { find: 'system.roles' } },
  { db: 'admin', body: { find: 'system.users' } },
  { db: 'admin', body: { rolesInfo: 1 } },
  { db: 'admin', body: { listDatabases: 1, authorizedDatabases: false } },
  { db: 'admin', body: { getCmdLineOpts: 1 } },
  { db: ANY, body: { listCollections: 1, authorizedCollections: false } },
  { db: ANY, body: { listIndexes: 'any' } },
  { db: OWN_DATABASE, body: { find: 'objects' } },
];

const JOURNAL: Sent = { db: OWN_DATABASE, body: { find: 'migrations' } };

const PARAMETERS: Sent = { db: 'admin', body: { getParameter: 1, authenticationMechanisms: 1 } };

const ANY_ROLE = [{ role: 'read', db: ANY }];
const ANY_PRIVILEGE = [{ resource: { db: ANY, collection: '' }, actions: ['find'] }];

const WRITES: readonly Sent[] = [
  { db: 'admin', body: { createRole: 'any', privileges: ANY_PRIVILEGE, roles: ANY_ROLE } },
  { db: 'admin', body: { grantPrivilegesToRole: 'any', privileges: ANY_PRIVILEGE } },
  { db: 'admin', body: { revokePrivilegesFromRole: 'any', privileges: ANY_PRIVILEGE } },
  { db: 'admin', body: { grantRolesToRole: 'any', roles: ANY_ROLE } },
  { db: 'admin', body: { revokeRolesFromRole: 'any', roles: ANY_ROLE } },
  { db: 'admin', body: { dropRole: 'any' } },
  { db: 'admin', body: { createUser: 'any', pwd: '', roles: ANY_ROLE } },
  { db: 'admin', body: { grantRolesToUser: 'any', roles: ANY_ROLE } },
  { db: 'admin', body: { revokeRolesFromUser: 'any', roles: ANY_ROLE } },
  { db: 'admin', body: { updateRole: 'any', authenticationRestrictions: [] } },
  { db: 'admin', body: { updateUser: 'any', customData: {}, authenticationRestrictions: [] } },
  { db: 'admin', body: { updateUser: 'any', pwd: '' } },
  { db: 'admin', body: { dropUser: 'any' } },
  { db: ANY, body: { create: 'any' } },
  { db: ANY, body: { collMod: 'any', validationLevel: 'strict' } },
  { db: ANY, body: { createIndexes: 'any', indexes: [{ key: { any: 1 }, name: 'any' }] } },
  { db: ANY, body: { dropIndexes: 'any', index: 'any' } },
  { db: OWN_DATABASE, body: { update: 'objects', updates: [{ q: {}, u: {}, upsert: true }] } },
  { db: OWN_DATABASE, body: { delete: 'objects', deletes: [{ q: {}, limit: 1 }] } },
  { db: OWN_DATABASE, body: { findAndModify: 'locks', query: {}, update: {}, upsert: true } },
  JOURNAL,
  { db: OWN_DATABASE, body: { update: 'migrations', updates: [{ q: {}, u: { $set: {} }, upsert: true }] } },
];

export function examine(facts: Facts): DoctorReport {
  const { server, settings, connection, account, roles } = facts;
  const { reads, writes } = onKeyVaults(facts.encryption);
  const { migrations = false, parameters = false, buckets = [] } = facts.project ?? {};
  const state = [...READS, ...reads];
  const indexed = [...state, ...buckets.map(({ db, collection }): Sent => ({ db, body: { listIndexes: collection } }))];
  const planned = [...indexed, ...(migrations ? [JOURNAL] : [])];
  const reported = [...planned, ...(parameters ? [PARAMETERS] : [])];
  const reading = lacking(facts, reported);
  return {
    ...(facts.encryption && { encryption: facts.encryption }),
    server,
    settings,
    ...(connection && { connection }),
    ...(account && { account: formatUser(account) }),
    roles: roles.map(formatRole),
    commands: [
      { command: 'cluster snapshot', lacks: lacking(facts, indexed) },
      { command: 'drift report', lacks: reading },
      { command: 'migrate plan', lacks: lacking(facts, planned) },
      { command: 'policy who', lacks: lacking(facts, state) },
      { command: 'migrate apply', lacks: lacking(facts, [...planned, ...WRITES, ...writes]) },
    ],
    findings: findingsOf(facts, reading),
  };
}

/** Keys are read to be compared with the policy; those that it manages are made and rewrapped. */
function onKeyVaults({ keyVaults }: Pick<EncryptionFacts, 'keyVaults'> = { keyVaults: [] }) {
  const managed = keyVaults.filter((vault) => vault.managed);
  return {
    reads: keyVaults.map(({ ns }): Sent => ({ db: ns.db, body: { find: ns.collection } })),
    writes: managed.flatMap(({ ns }): Sent[] => [
      { db: ns.db, body: { insert: ns.collection, documents: [{}] } },
      { db: ns.db, body: { update: ns.collection, updates: [{ q: {}, u: { $set: {} } }] } },
    ]),
  };
}

function lacking({ server, account, roles, privileges }: Facts, commands: readonly Sent[]): readonly string[] {
  const context = {
    version: server.version,
    sharded: server.topology === 'sharded',
    roles,
    ...(account && { user: account }),
  };
  return sortedSet(
    commands.flatMap(({ db, body }) =>
      judge(requirementsOf(body, db, context), privileges).missing.map(
        ({ action, target }) => `${action} on ${placeOf(target)}`,
      ),
    ),
  );
}

function findingsOf(
  { server, settings, connection, account, unreadable, encryption }: Facts,
  reading: readonly string[],
): DoctorFinding[] {
  const findings: DoctorFinding[] = [];
  const say = (severity: DoctorFinding['severity'], message: string): void => void findings.push({ severity, message });
  if (settings.authorization === 'disabled') {
    say('error', 'authorization is off: a client that has not logged in may do everything');
  }
  if (settings.authorization === 'transition') {
    say('error', 'transitionToAuth is on: a client that has not logged in may do everything');
  }
  if (account === undefined) say('error', 'nobody is logged in: the connection string names no user');
  if (reading.length > 0) {
    say('error', 'the account sees only a part: reports name what they could not see, and exit with 2');
  }
  if (settings.tls !== undefined && settings.tls !== 'requireTLS') {
    say('warning', `TLS is not required of clients (net.tls.mode is ${settings.tls})`);
  }
  if (connection !== undefined) for (const finding of onConnection(connection)) findings.push(finding);
  if (server.edition === 'atlas') say('info', ATLAS);
  if (server.simulated === true) say('info', 'this is the sandbox, which simulates MongoDB');
  if (encryption !== undefined) {
    say('info', server.edition === 'community' ? COMMUNITY : AUTOMATIC);
    for (const message of lackingForKeys(encryption)) say('warning', message);
  }
  for (const { what, why } of unreadable) say('warning', `not seen: ${what}: ${why}`);
  return findings;
}

/** A certificate is renewed in good time. */
const RENEW_DAYS = 30;

function onConnection(connection: Connection): readonly DoctorFinding[] {
  if (!connection.tls) {
    if (connection.loopback) return [];
    return [
      { severity: 'warning', message: 'this connection is not encrypted: write tls=true into the connection string' },
    ];
  }
  const unchecked: DoctorFinding = {
    severity: 'warning',
    message: "the server's certificate is not checked: whoever stands in between can read and change everything",
  };
  const { server, client } = connection;
  return [
    ...(connection.verified ? [] : [unchecked]),
    ...ending("the server's certificate", server),
    ...(client === undefined ? [] : ending('the certificate of this client', client)),
  ];
}

function ending(what: string, { until, days }: Certificate): readonly DoctorFinding[] {
  if (days < 0) return [{ severity: 'error', message: `${what} has ended on ${until}: renew it` }];
  if (days > RENEW_DAYS) return [];
  return [{ severity: 'warning', message: `${what} ends on ${until}, in ${days} days: renew it` }];
}

/** What stands in the way of whoever makes and rewraps keys; nobody else needs it. */
function lackingForKeys({ keyVaults, library, unreachable }: EncryptionFacts): readonly string[] {
  if (!keyVaults.some(({ managed }) => managed)) return [];
  const unusable = library === undefined ? NO_LIBRARY : library.problem;
  return [
    ...(unusable === undefined ? [] : [unusable]),
    ...unreachable.map(
      (provider) => `kmsProviders does not say how to reach "${provider}", under which the policy has keys made`,
    ),
  ];
}

const COMMUNITY =
  'this is the Community edition. Clients seal fields here by explicit encryption, because automatic encryption takes Enterprise or Atlas. The validator and automatic decryption work everywhere';

const AUTOMATIC =
  'sealed fields may be encrypted automatically here: this edition has the query analysis that it takes';

const NO_LIBRARY =
  "mongodb-client-encryption is not installed here, so that the policy's data encryption keys can't be made or rewrapped from here; everything else works without it";

const ATLAS =
  "this is Atlas, where users and roles can't be managed over the wire: reading works, migrate does not; change them through Atlas itself";

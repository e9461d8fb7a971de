/**
 * What policies leave of what is given, set up beside everything else on a test cluster: in databases of its own, with
 * roles and accounts of its own, which are removed afterwards. No policy is applied there, so that no other account of
 * the cluster is touched.
 */
import { randomBytes } from 'node:crypto';
import type { MongoClient } from 'mongodb';
import type { AskedFile } from '../expect/run.ts';
import { Failure } from '../failure.ts';
import { isBuiltinRoleName } from '../model/catalogue.ts';
import { formatRole, formatUser, type UserRef } from '../model/names.ts';
import type { ClusterState } from '../state/state.ts';
import { clientsOf } from './clients.ts';
import { namesWith, renamedCommand, renamedDatabase, renamedRole, renamedUser } from './renamed.ts';
import { createUser, type Sent, type Stage, unlessThere } from './stage.ts';

export interface ClusterAccess {
  readonly client: MongoClient;
  /** A connection string of the cluster with these credentials. */
  uri(user: string, password: string, db: string): string;
}

export async function clusterStage(
  { client, uri }: ClusterAccess,
  password: string,
  { world }: AskedFile,
): Promise<Stage> {
  const prefix = `mw${randomBytes(3).toString('hex')}_`;
  const names = namesWith(prefix);
  const set = setOf(world.state);
  const databases = new Set([...set.databases.map(({ name }) => name)]);
  const roles = set.roles.map((role) => renamedRole(role, names));
  const users = set.users.map((user) => renamedUser(user, names));
  const send = ({ db, command }: Sent): Promise<unknown> => client.db(db).command({ ...command });

  const uriOf = async (ref: UserRef): Promise<string> => {
    const { user, db } = names.user(ref);
    return uri(user, password, db);
  };
  const { as, closeAll } = clientsOf(uriOf);

  const setUp = async (): Promise<void> => {
    for (const { role, db } of roles) {
      await unlessThere(send({ db, command: { createRole: role, privileges: [], roles: [] } }));
    }
    for (const { role, db, privileges, roles: inherits } of roles) {
      await send({ db, command: { updateRole: role, privileges, roles: inherits } });
    }
    for (const user of users) await unlessThere(send(createUser(user, password)));
    for (const { name, collections = [] } of set.databases.map((each) => renamedDatabase(each, names))) {
      for (const { name: collection, options } of collections) {
        const { validator, validationLevel, validationAction } = options;
        const validation = validator === undefined ? {} : { validator, validationLevel, validationAction };
        await unlessThere(send({ db: name, command: { create: collection, ...validation } }));
      }
    }
  };

  const tearDown = async (): Promise<void> => {
    await closeAll();
    const left: string[] = [];
    const remove = async (what: string, sent: Sent): Promise<void> => {
      const why = await whyStays(send(sent));
      if (why !== undefined) left.push(`${what}: ${why}`);
    };
    for (const ref of users) await remove(`user ${formatUser(ref)}`, { db: ref.db, command: { dropUser: ref.user } });
    for (const ref of roles) await remove(`role ${formatRole(ref)}`, { db: ref.db, command: { dropRole: ref.role } });
    for (const name of [...databases].map(names.db)) {
      await remove(`database ${name}`, { db: name, command: { dropDatabase: 1 } });
    }
    if (left.length === 0) return;
    throw new Failure('the cluster keeps some of what was made there to try expectations', {
      details: left,
      advice: 'drop each of them by hand: those accounts have a password that nobody knows, and rights on the cluster',
    });
  };

  try {
    await setUp();
  } catch (error) {
    throw await tearDown().then(
      () => error,
      (left: unknown) => (left instanceof Failure ? withCause(left, error) : error),
    );
  }
  return {
    uri: uriOf,
    as,
    translated: (sent) => (isOurs(sent, databases) ? translated(sent, databases, names) : undefined),
    restore: async () => {
      await tearDown();
      await setUp();
    },
    close: tearDown,
  };
}

/** What has to be made: nothing of the server's own, and nothing of this program's records. */
function setOf({ roles = [], users = [], databases = [] }: ClusterState) {
  const own = new Set(['admin', 'config', 'local']);
  return {
    roles: roles.filter((role) => role.isBuiltin !== true && !isBuiltinRoleName(role)),
    users,
    databases: databases.filter(({ name }) => !own.has(name)),
  };
}

/** Only what stays in databases of our own is sent to a cluster that others use. */
function isOurs({ db, command }: Sent, databases: ReadonlySet<string>): boolean {
  const [name = ''] = Object.keys(command);
  return databases.has(db) && !ELSEWHERE.has(name) && !reachesOut(command, databases);
}

/** Whether a stage such as `$out` or `$merge` names a database that is none of ours. */
function reachesOut(part: unknown, databases: ReadonlySet<string>): boolean {
  if (typeof part !== 'object' || part === null) return false;
  return Object.entries(part).some(
    ([key, value]) =>
      (key === 'db' && typeof value === 'string' && !databases.has(value)) || reachesOut(value, databases),
  );
}

/** What reaches beyond the database that it is sent to, or is about accounts by their names. */
const ELSEWHERE = new Set([
  'applyOps',
  'grantRolesToUser',
  'revokeRolesFromUser',
  'grantRolesToRole',
  'revokeRolesFromRole',
  'grantPrivilegesToRole',
  'revokePrivilegesFromRole',
  'updateUser',
  'updateRole',
  'dropUser',
  'dropRole',
  'createUser',
  'createRole',
]);

function translated({ db, command }: Sent, databases: ReadonlySet<string>, names: ReturnType<typeof namesWith>): Sent {
  return { db: names.db(db), command: Object(renamedCommand(command, databases, names)) };
}

function withCause({ message, details, advice = '' }: Failure, cause: unknown): Failure {
  const first = `it could not be set up: ${cause instanceof Error ? cause.message : String(cause)}`;
  return new Failure(message, { details: [first, ...details], advice, cause });
}

/** UserNotFound and RoleNotFound: an expectation may have dropped it, or making it had failed. */
const GONE = new Set([11, 31]);

/** Why something could not be removed; nothing if it is gone. */
async function whyStays(sent: Promise<unknown>): Promise<string | undefined> {
  try {
    await sent;
    return undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return GONE.has(Number(code)) ? undefined : error instanceof Error ? error.message : String(error);
  }
}

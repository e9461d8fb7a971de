/**
 * What policies leave of what is given, set up beside everything else on a test cluster: in databases of its own, with
 * roles and accounts of its own, which are removed afterwards. No policy is applied there, so that no other account of
 * the cluster is touched.
 */
import { randomBytes } from 'node:crypto';
import type { MongoClient } from 'mongodb';
import type { AskedFile } from '../expect/run.ts';
import { isBuiltinRoleName } from '../model/catalogue.ts';
import type { UserRef } from '../model/names.ts';
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
    for (const { user, db } of users) await ignoring(send({ db, command: { dropUser: user } }));
    for (const { role, db } of roles) await ignoring(send({ db, command: { dropRole: role } }));
    for (const name of databases) await ignoring(send({ db: names.db(name), command: { dropDatabase: 1 } }));
  };

  try {
    await setUp();
  } catch (error) {
    await tearDown();
    throw error;
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
  return databases.has(db) && !ELSEWHERE.has(name);
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

async function ignoring(sent: Promise<unknown>): Promise<void> {
  await sent.catch(() => undefined);
}

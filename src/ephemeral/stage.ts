/** A server that is what a policy leaves of what is given: expectations are tried there, each as its account. */
import type { MongoClient } from 'mongodb';
import { liveCluster } from '../cluster/live-cluster.ts';
import type { AskedFile } from '../expect/run.ts';
import { applyPolicy } from '../migrate/apply.ts';
import { formatUser, type UserRef, userKey } from '../model/names.ts';
import type { Role, User } from '../model/role.ts';
import type { ServerInfo } from '../state/state.ts';
import { clientsOf, singleClient } from './clients.ts';
import { isExternal, localPolicy, SET_UP } from './local-policy.ts';
import type { LocalServer } from './local-server.ts';

/** A command, as it is sent. */
export interface Sent {
  readonly db: string;
  readonly command: Readonly<Record<string, unknown>>;
}

/** What expectations are tried on. */
export interface Stage {
  /** A connection string with which the account logs in, or whoever stands in for it. */
  uri(user: UserRef): Promise<string>;
  /** A connection that is logged in so. */
  as(user: UserRef): Promise<MongoClient>;
  /** What a command becomes there; nothing if it must not be sent. */
  translated(sent: Sent): Sent | undefined;
  /** Makes everything again as it was, after something has changed it. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

/** What `server` is: a local one is a standalone. */
export async function serverInfo(server: LocalServer, password: string): Promise<ServerInfo> {
  const client = singleClient(server.uri(SET_UP.user, password));
  try {
    const { version, modules = [] } = await client.db('admin').command({ buildInfo: 1 });
    const edition = (modules as readonly string[]).includes('enterprise') ? 'enterprise' : 'community';
    return { version: String(version), edition, topology: 'standalone', ...(server.simulated && { simulated: true }) };
  } finally {
    await client.close();
  }
}

/**
 * Carries out on the server what is given, and the policies on top of it. `password` is that of every account; `fresh`:
 * nothing has been set up there yet.
 */
export async function localStage(
  server: LocalServer,
  password: string,
  { world }: AskedFile,
  { today, fresh }: { readonly today: string; readonly fresh: boolean },
): Promise<Stage> {
  const uri = server.uri(SET_UP.user, password);
  const client = singleClient(uri);
  const policies = [...world.policies.filter((each) => each !== world.intent), world.intent].map(
    (each) => localPolicy(each).intent,
  );
  const command = ({ db, command: body }: Sent): Promise<unknown> => client.db(db).command({ ...body });

  const setUp = async (): Promise<void> => {
    for (const sent of givenCommands(world.before, password)) await unlessThere(command(sent));
    const cluster = liveCluster(client, uri, { tool: 'mongoward policy test', keyVaults: 'found' });
    for (const intent of policies) {
      await applyPolicy(cluster, intent, { policies: [], today, secret: () => password, confirm: async () => true });
    }
  };

  const standIn = async (user: UserRef): Promise<UserRef> => {
    const roles = world.state.users?.find((each) => userKey(each) === userKey(user))?.roles ?? [];
    const name = { user: `stand-in for ${formatUser(user)}`, db: 'admin' };
    await unlessThere(command({ db: 'admin', command: { createUser: name.user, pwd: password, roles } }));
    return name;
  };

  const uriOf = async (user: UserRef): Promise<string> => {
    const account = isExternal(user) ? await standIn(user) : user;
    return server.uri(account.user, password, account.db);
  };

  const { as, closeAll } = clientsOf(uriOf);

  if (!fresh) await dropEverything(client);
  await setUp();
  return {
    uri: uriOf,
    as,
    translated: (sent) => sent,
    restore: async () => {
      await closeAll();
      await setUp();
    },
    close: async () => {
      await closeAll();
      await client.close();
    },
  };
}

/** Roles, accounts and collections before any policy. */
function givenCommands(
  { roles = [], users = [], databases = [] }: AskedFile['world']['before'],
  password: string,
): readonly Sent[] {
  const bare = roles.map(
    ({ role, db }: Role): Sent => ({ db, command: { createRole: role, privileges: [], roles: [] } }),
  );
  const full = roles.map(
    ({ role, db, privileges, roles: inherits }: Role): Sent => ({
      db,
      command: { updateRole: role, privileges, roles: inherits },
    }),
  );
  return [
    // They may inherit each other.
    ...bare,
    ...full,
    ...users.map((user) => createUser(user, password)),
    ...databases.flatMap(({ name, collections = [] }) =>
      (collections.length === 0 ? ['mongoward-given'] : collections.map((each) => each.name)).map(
        (each): Sent => ({ db: name, command: { create: each } }),
      ),
    ),
  ];
}

export function createUser({ user, db, roles }: User, password: string): Sent {
  const pwd = isExternal({ user, db }) ? {} : { pwd: password };
  return { db, command: { createUser: user, ...pwd, roles } };
}

/** NamespaceExists, and what the server says of a user or role that is there already. */
const THERE = new Set([48, 51_002, 51_003]);

export async function unlessThere(sent: Promise<unknown>): Promise<void> {
  try {
    await sent;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (!THERE.has(Number(code))) throw error;
  }
}

/** What an earlier file of expectations has left. */
async function dropEverything(client: MongoClient): Promise<void> {
  const admin = client.db('admin');
  const { databases } = await admin.command({ listDatabases: 1, nameOnly: true });
  for (const { name } of databases as readonly { readonly name: string }[]) {
    if (!['admin', 'config', 'local'].includes(name)) await client.db(name).command({ dropDatabase: 1 });
  }
  const { users } = await admin.command({ usersInfo: { forAllDBs: true } });
  for (const { user, db } of users as readonly UserRef[]) {
    if (userKey({ user, db }) !== userKey(SET_UP)) await client.db(db).command({ dropUser: user });
  }
  const roles = await admin
    .collection('system.roles')
    .find({}, { projection: { role: 1, db: 1 } })
    .toArray();
  for (const { role, db } of roles) await client.db(String(db)).command({ dropRole: String(role) });
}

/** Snapshot files: a cluster's state as relaxed Extended JSON, which a person can also put together with mongosh. */
import { EJSON } from 'bson';
import type { Role, User } from '../model/role.ts';
import { canonicalState } from './canonical.ts';
import type { ClusterState, Database, OwnedObject, ServerInfo, Settings, Unreadable } from './state.ts';

const VERSION = 1;

/** The file's text: canonical, indented by two, with a line end. The same state gives the same bytes. */
export function formatSnapshot(state: ClusterState): string {
  const { server, roles, users, databases, settings, objects, unreadable } = canonicalState(state);
  const document = { mongowardSnapshot: VERSION, server, roles, users, databases, settings, objects, unreadable };
  return `${EJSON.stringify(document, undefined, 2, { relaxed: true })}\n`;
}

/**
 * Reads a snapshot. What is absent stays unknown. Throws an Error that says what is wrong: not JSON, not a snapshot, of a
 * newer version, a part in another shape than the server's.
 */
export function parseSnapshot(text: string): ClusterState {
  let document: Record<string, unknown>;
  try {
    document = parseExtendedJson(text);
  } catch {
    // The parser's own message quotes the text, which may hold anything.
    throw new Error('it is not valid JSON');
  }
  if (typeof document !== 'object' || document === null || document['mongowardSnapshot'] === undefined) {
    throw new Error('it is not a snapshot: it lacks "mongowardSnapshot"');
  }
  if (document['mongowardSnapshot'] !== VERSION) {
    throw new Error(
      `it is of snapshot version ${String(document['mongowardSnapshot'])}, and this program reads ${VERSION}`,
    );
  }
  const part = <T>(name: string): readonly T[] | undefined => list<T>(document, name);
  const server = document['server'] as Partial<ServerInfo> | undefined;
  if (typeof server?.version !== 'string') throw new Error('it lacks "server.version"');
  const roles = part<Role>('roles')?.map((role, index) => named(role, 'role', `roles[${index}]`));
  const users = part<User>('users')?.map((user, index) => named(user, 'user', `users[${index}]`));
  const databases = part<Database>('databases');
  const objects = part<OwnedObject>('objects');
  const settings = document['settings'] as Settings | undefined;
  return canonicalState({
    server: {
      version: server.version,
      edition: server.edition ?? 'community',
      topology: server.topology ?? 'standalone',
      ...(server.simulated === true ? { simulated: true } : {}),
    },
    ...(roles && {
      roles: roles.map((role) => ({ ...role, privileges: role.privileges ?? [], roles: role.roles ?? [] })),
    }),
    ...(users && { users: users.map((user) => ({ ...user, roles: user.roles ?? [] })) }),
    ...(databases && { databases }),
    ...(settings && { settings }),
    ...(objects && { objects }),
    unreadable: part<Unreadable>('unreadable') ?? [],
  });
}

/** Every key of Extended JSON's own begins with `$`: a text without any is plain JSON, which is read many times faster. */
function parseExtendedJson(text: string): Record<string, unknown> {
  return (text.includes('"$') ? EJSON.parse(text, { relaxed: true }) : JSON.parse(text)) as Record<string, unknown>;
}

function list<T>(document: Record<string, unknown>, name: string): readonly T[] | undefined {
  const value = document[name];
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw new Error(`"${name}" must be a list`);
  return value as T[];
}

/** Roles and users have a name and a database, both texts; nothing else is needed to go on. */
function named<T extends Role | User>(entry: T, field: 'role' | 'user', where: string): T {
  const fields = entry as unknown as Record<string, unknown>;
  if (
    typeof fields !== 'object' ||
    fields === null ||
    typeof fields[field] !== 'string' ||
    typeof fields['db'] !== 'string'
  ) {
    throw new Error(`${where} lacks "${field}" or "db"`);
  }
  return entry;
}

/**
 * A state under names of its own, so that it can be set up on a cluster that others use: databases, roles and accounts get
 * a prefix, and what is the server's own stays what it is.
 */
import { isBuiltinRoleName } from '../model/catalogue.ts';
import type { RoleRef, UserRef } from '../model/names.ts';
import type { Resource } from '../model/resource.ts';
import type { Role, User } from '../model/role.ts';
import type { Database } from '../state/state.ts';

export interface Names {
  db(name: string): string;
  role(ref: RoleRef): RoleRef;
  user(ref: UserRef): UserRef;
  resource(resource: Resource): Resource;
}

const SHARED = new Set(['admin', 'config', 'local', '$external', '']);

/** MongoDB takes 63 bytes: `prefix` is short, and what is too long is cut. */
const LONGEST_DATABASE = 63;

export function namesWith(prefix: string): Names {
  const db = (name: string): string => (SHARED.has(name) ? name : `${prefix}${name}`.slice(0, LONGEST_DATABASE));
  const role = ({ role: name, db: at }: RoleRef): RoleRef => ({
    role: isBuiltinRoleName({ role: name, db: at }) || !SHARED.has(at) ? name : `${prefix}${name}`,
    db: db(at),
  });
  return {
    db,
    role,
    // Whoever logs in without a password can't be tried there.
    user: ({ user, db: at }) => ({ user: `${prefix}${user}`, db: at === '$external' ? 'admin' : db(at) }),
    resource: (resource) => ('db' in resource ? { ...resource, db: db(resource.db) } : resource),
  };
}

/** Without restrictions of where accounts log in from: the cluster sees another address. */
export function renamedRole({ role, db, privileges, roles }: Role, names: Names): Role {
  return {
    ...names.role({ role, db }),
    privileges: privileges.map(({ resource, actions }) => ({ resource: names.resource(resource), actions })),
    roles: roles.map(names.role),
  };
}

export function renamedUser({ user, db, roles }: User, names: Names): User {
  return { ...names.user({ user, db }), roles: roles.map(names.role) };
}

export function renamedDatabase({ name, ...rest }: Database, names: Names): Database {
  return { ...rest, name: names.db(name) };
}

/** What holds a database's name, or begins with it, wherever it stands in a command. */
export function renamedCommand(command: unknown, databases: ReadonlySet<string>, names: Names): unknown {
  if (Array.isArray(command)) return command.map((item) => renamedCommand(item, databases, names));
  if (typeof command === 'string') {
    const dot = command.indexOf('.');
    const db = dot < 0 ? '' : command.slice(0, dot);
    return databases.has(db) ? `${names.db(db)}${command.slice(dot)}` : command;
  }
  if (typeof command !== 'object' || command === null) return command;
  return Object.fromEntries(
    Object.entries(command).map(([key, value]) => [
      key,
      key === 'db' && typeof value === 'string' ? names.db(value) : renamedCommand(value, databases, names),
    ]),
  );
}

/** Roles and users as a server keeps them. */
import type { MongoClient } from 'mongodb';
import type { Role, User } from '../model/role.ts';
import { documentsIn, shaped } from './answers.ts';
import { commandFailure, isUnauthorized } from './connect.ts';
import { decodeRole, decodeUser, USER_PROJECTION } from './decode.ts';
import { type Allowance, listed, RAW } from './listing.ts';

/** `rolesInfo` answers for one database at a time, and roles may be in databases that hold no data. */
export async function readRoles(client: MongoClient, allowance: Allowance): Promise<Role[]> {
  const cursor = client.db('admin').collection('system.roles').find({}, RAW);
  return shaped('roles', await listed(cursor, allowance), 'find on admin.system.roles').map(decodeRole);
}

/** What MongoDB's own roles mean on this very server. Without the right to ask, the catalogue has to do. */
export async function readBuiltinRoles(client: MongoClient): Promise<Role[]> {
  try {
    const command = { rolesInfo: 1, showBuiltinRoles: true, showPrivileges: true };
    const reply = await client.db('admin').command(command);
    const builtins = documentsIn(reply, 'roles', 'rolesInfo').filter((role) => role['isBuiltin'] === true);
    return shaped('roles', builtins, 'rolesInfo').map(decodeRole);
  } catch (error) {
    if (isUnauthorized(error)) return [];
    throw commandFailure("can't read the built-in roles", error);
  }
}

/**
 * All users, page by page: `usersInfo` would have to fit one reply. Of the credentials only the names of the mechanisms
 * and their public iteration counts are asked for, so that no hash ever leaves the server.
 */
export async function readUsers(client: MongoClient, allowance: Allowance): Promise<User[]> {
  const cursor = client
    .db('admin')
    .collection('system.users')
    .find({}, { ...RAW, projection: USER_PROJECTION });
  return shaped('users', await listed(cursor, allowance), 'find on admin.system.users').map(decodeUser);
}

/** Roles and users as a server keeps them. */
import type { Document, MongoClient } from 'mongodb';
import type { Role, User } from '../model/role.ts';
import { commandFailure, isUnauthorized } from './connect.ts';
import { decodeRole, decodeUser, USER_PROJECTION } from './decode.ts';

/** `rolesInfo` answers for one database at a time, and roles may be in databases that hold no data. */
export async function readRoles(client: MongoClient): Promise<Role[]> {
  const documents = await client.db('admin').collection('system.roles').find().toArray();
  return documents.map(decodeRole);
}

/** What MongoDB's own roles mean on this very server. Without the right to ask, the catalogue has to do. */
export async function readBuiltinRoles(client: MongoClient): Promise<Role[]> {
  try {
    const command = { rolesInfo: 1, showBuiltinRoles: true, showPrivileges: true };
    const reply = await client.db('admin').command(command);
    return (reply['roles'] as Document[]).filter((role) => role['isBuiltin'] === true).map(decodeRole);
  } catch (error) {
    if (isUnauthorized(error)) return [];
    throw commandFailure("can't read the built-in roles", error);
  }
}

/**
 * All users, page by page: `usersInfo` would have to fit one reply. Of the credentials only the names of the mechanisms
 * and their public iteration counts are asked for, so that no hash ever leaves the server.
 */
export async function readUsers(client: MongoClient): Promise<User[]> {
  const documents = await client
    .db('admin')
    .collection('system.users')
    .find({}, { projection: USER_PROJECTION })
    .toArray();
  return documents.map(decodeUser);
}

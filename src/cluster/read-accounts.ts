/** Roles and users as a server keeps them. */
import { createHash } from 'node:crypto';
import type { MongoClient } from 'mongodb';
import { getOrMake } from '../model/keyed.ts';
import { canonicalRole, type Role, type User } from '../model/role.ts';
import { rawDocumentsIn, shaped } from './answers.ts';
import { commandFailure, isUnauthorized } from './connect.ts';
import { decodeRole, decodeUser, USER_PROJECTION } from './decode.ts';
import { type Allowance, listed, RAW, readDocument } from './listing.ts';

/** `rolesInfo` answers for one database at a time, and roles may be in databases that hold no data. */
export async function readRoles(client: MongoClient, allowance: Allowance): Promise<Role[]> {
  const cursor = client.db('admin').collection('system.roles').find({}, RAW);
  return shaped('roles', await listed(cursor, allowance), 'find on admin.system.roles').map(decodeRole);
}

/** By the bytes of the answer, which are the same for every cluster of a release. */
const builtinsKnown = new Map<string, readonly Role[]>();
const MOST_KNOWN = 16;

/** What MongoDB's own roles mean on this very server; nothing without the right to ask: the catalogue has to do. */
export async function readBuiltinRoles(client: MongoClient): Promise<readonly Role[] | undefined> {
  try {
    const command = { rolesInfo: 1, showBuiltinRoles: true, showPrivileges: true };
    const reply = await client.db('admin').command(command, { fieldsAsRaw: { roles: true } });
    const answer = rawDocumentsIn(reply, 'roles', 'rolesInfo');
    if (builtinsKnown.size > MOST_KNOWN) builtinsKnown.clear();
    return getOrMake(builtinsKnown, hashOf(answer), () => {
      const builtins = answer.map(readDocument).filter((role) => role['isBuiltin'] === true);
      return shaped('roles', builtins, 'rolesInfo').map(decodeRole).map(canonicalRole);
    });
  } catch (error) {
    if (isUnauthorized(error)) return undefined;
    throw commandFailure("can't read the built-in roles", error);
  }
}

function hashOf(documents: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const bytes of documents) hash.update(bytes);
  return hash.digest('hex');
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

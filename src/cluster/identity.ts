/** As whom a client is connected, and with which rights: any account may ask that of itself. */
import type { MongoClient } from 'mongodb';
import type { RoleRef, UserRef } from '../model/names.ts';
import type { Privilege } from '../model/privilege.ts';
import { commandFailure } from './connect.ts';

export interface Identity {
  /** Absent: nobody has logged in. */
  readonly account?: UserRef;
  readonly roles: readonly RoleRef[];
  readonly privileges: readonly Privilege[];
}

export async function readIdentity(client: MongoClient): Promise<Identity> {
  const reply = await client
    .db('admin')
    .command({ connectionStatus: 1, showPrivileges: true })
    .catch((error: unknown) => {
      throw commandFailure('can not tell who is connected', error);
    });
  const info = reply['authInfo'];
  const [first] = info['authenticatedUsers'] as UserRef[];
  return {
    ...(first && { account: { user: first.user, db: first.db } }),
    roles: ((info['authenticatedUserRoles'] ?? []) as RoleRef[]).map(({ role, db }) => ({ role, db })),
    privileges: (info['authenticatedUserPrivileges'] ?? []) as Privilege[],
  };
}

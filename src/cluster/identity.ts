/** As whom a client is connected, and with which rights: any account may ask that of itself. */
import type { Document, MongoClient } from 'mongodb';
import { isAddressRange } from '../model/address.ts';
import type { RoleRef, UserRef } from '../model/names.ts';
import type { Privilege } from '../model/privilege.ts';
import { readPrivileges } from '../state/server-forms.ts';
import { documentsIn, isDocument, shaped, textIn } from './answers.ts';
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
      throw commandFailure("can't ask the server who is logged in", error);
    });
  const info: unknown = reply['authInfo'];
  const parts = isDocument(info) ? info : {};
  const [first] = refs(parts, 'authenticatedUsers', 'user');
  return {
    ...(first && { account: { user: first.name, db: first.db } }),
    roles: refs(parts, 'authenticatedUserRoles', 'role').map(({ name: role, db }) => ({ role, db })),
    privileges: privilegesIn(parts),
  };
}

/** The IP address that this client has for the server; nothing for a socket that has none. */
export async function readAddress(client: MongoClient): Promise<string | undefined> {
  const reply: Document = await client
    .db('admin')
    .command({ whatsmyuri: 1 })
    .catch(() => ({}));
  const [, bracketed, plain] = /^(?:\[([^\]]+)\]|([^:]+)):\d+$/.exec(String(reply['you'])) ?? [];
  const address = bracketed ?? plain ?? '';
  return isAddressRange(address) ? address : undefined;
}

const COMMAND = 'connectionStatus';

function refs(info: Document, key: string, kind: 'user' | 'role') {
  const list = info[key] === undefined ? [] : documentsIn(info, key, COMMAND);
  return list.map((each) => ({ name: textIn(each, kind, COMMAND), db: textIn(each, 'db', COMMAND) }));
}

/** Privileges are a role's, and have the same shape. */
function privilegesIn(info: Document): readonly Privilege[] {
  const privileges: unknown = info['authenticatedUserPrivileges'] ?? [];
  const [role] = shaped('roles', [{ role: '', db: '', roles: [], privileges }], COMMAND);
  return readPrivileges(role?.['privileges'] ?? []);
}

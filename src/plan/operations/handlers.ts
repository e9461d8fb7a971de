/** The handler of every kind of operation. A kind without one does not compile. */

import type { CommandHandler, DataKeyHandler, OperationHandler } from './handler.ts';
import { collMod } from './kinds/coll-mod.ts';
import { createCollection } from './kinds/create-collection.ts';
import { createDataKey } from './kinds/create-data-key.ts';
import { createIndex } from './kinds/create-index.ts';
import { createRole } from './kinds/create-role.ts';
import { createUser } from './kinds/create-user.ts';
import { dropIndex } from './kinds/drop-index.ts';
import { dropRole } from './kinds/drop-role.ts';
import { dropUser } from './kinds/drop-user.ts';
import { forgetObject } from './kinds/forget-object.ts';
import { grantPrivilegesToRole } from './kinds/grant-privileges-to-role.ts';
import { grantRolesToRole } from './kinds/grant-roles-to-role.ts';
import { grantRolesToUser } from './kinds/grant-roles-to-user.ts';
import { recordObject } from './kinds/record-object.ts';
import { revokePrivilegesFromRole } from './kinds/revoke-privileges-from-role.ts';
import { revokeRolesFromRole } from './kinds/revoke-roles-from-role.ts';
import { revokeRolesFromUser } from './kinds/revoke-roles-from-user.ts';
import { rewrapDataKey } from './kinds/rewrap-data-key.ts';
import { rotatePassword } from './kinds/rotate-password.ts';
import { updateRole } from './kinds/update-role.ts';
import { updateUser } from './kinds/update-user.ts';
import type { CommandKind, DataKeyKind, OperationKind } from './operation.ts';

const COMMANDS: { readonly [K in CommandKind]: CommandHandler<K> } = {
  createCollection,
  collMod,
  createIndex,
  dropIndex,
  createRole,
  grantPrivilegesToRole,
  grantRolesToRole,
  updateRole,
  revokeRolesFromRole,
  revokePrivilegesFromRole,
  dropRole,
  createUser,
  grantRolesToUser,
  updateUser,
  rotatePassword,
  revokeRolesFromUser,
  dropUser,
  recordObject,
  forgetObject,
};

const DATA_KEYS: { readonly [K in DataKeyKind]: DataKeyHandler<K> } = { createDataKey, rewrapDataKey };

const ALL: { readonly [K in OperationKind]: OperationHandler<K> } = { ...COMMANDS, ...DATA_KEYS };

export function handlerOf<K extends OperationKind>(kind: K): OperationHandler<K> {
  return ALL[kind];
}

export function commandHandlerOf<K extends CommandKind>(kind: K): CommandHandler<K> {
  return COMMANDS[kind];
}

export function dataKeyHandlerOf<K extends DataKeyKind>(kind: K): DataKeyHandler<K> {
  return DATA_KEYS[kind];
}

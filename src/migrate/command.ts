/** Operations as MongoDB's commands. */
import type { Operation } from '../diff/operation.ts';
import { subtractPrivileges } from '../model/privilege.ts';
import { subtractRoleRefs, type User } from '../model/role.ts';
import { documentKey } from '../state/document.ts';
import { OWN_DATABASE, type OwnedObject } from '../state/state.ts';

/** A command and the database that it is sent to. The first key is the command's name. */
export interface Command {
  readonly db: string;
  readonly command: Readonly<Record<string, unknown>>;
}

/** Where the ownership record is kept: one document for each object. */
export const OBJECTS_COLLECTION = 'objects';

/** The command that carries an operation out. `secret` is the password, where the operation sets one. */
export function commandFor(operation: Operation, secret?: string): Command {
  switch (operation.kind) {
    case 'createCollection': {
      const { ns, ...options } = operation.after;
      return { db: ns.db, command: { create: ns.collection, ...options } };
    }
    case 'collMod': {
      const { ns, validator, validationLevel, validationAction } = operation.after;
      const command = { collMod: ns.collection, validator: validator ?? {}, validationLevel, validationAction };
      return { db: ns.db, command: withoutAbsent(command) };
    }
    case 'createIndex': {
      const { ns, index } = operation.after;
      return { db: ns.db, command: { createIndexes: ns.collection, indexes: [index] } };
    }
    case 'dropIndex': {
      const { ns, index } = operation.before;
      return { db: ns.db, command: { dropIndexes: ns.collection, index: index.name } };
    }
    case 'createRole': {
      const { role, db, privileges, roles, authenticationRestrictions } = operation.after;
      return { db, command: withoutAbsent({ createRole: role, privileges, roles, authenticationRestrictions }) };
    }
    case 'grantPrivilegesToRole': {
      const { before, after } = operation;
      const privileges = subtractPrivileges(after.privileges, before.privileges);
      return { db: after.db, command: { grantPrivilegesToRole: after.role, privileges } };
    }
    case 'revokePrivilegesFromRole': {
      const { before, after } = operation;
      const privileges = subtractPrivileges(before.privileges, after.privileges);
      return { db: after.db, command: { revokePrivilegesFromRole: after.role, privileges } };
    }
    case 'grantRolesToRole': {
      const { before, after } = operation;
      return {
        db: after.db,
        command: { grantRolesToRole: after.role, roles: subtractRoleRefs(after.roles, before.roles) },
      };
    }
    case 'revokeRolesFromRole': {
      const { before, after } = operation;
      const roles = subtractRoleRefs(before.roles, after.roles);
      return { db: after.db, command: { revokeRolesFromRole: after.role, roles } };
    }
    case 'updateRole': {
      const { role, db, authenticationRestrictions } = operation.after;
      return { db, command: { updateRole: role, authenticationRestrictions: authenticationRestrictions ?? [] } };
    }
    case 'dropRole':
      return { db: operation.before.db, command: { dropRole: operation.before.role } };
    case 'createUser': {
      const { user, db, roles, mechanisms, authenticationRestrictions, customData } = operation.after;
      const command = { createUser: user, pwd: secret, roles, customData, mechanisms, authenticationRestrictions };
      return { db, command: withoutAbsent(db === '$external' ? { ...command, mechanisms: undefined } : command) };
    }
    case 'grantRolesToUser': {
      const { before, after } = operation;
      return {
        db: after.db,
        command: { grantRolesToUser: after.user, roles: subtractRoleRefs(after.roles, before.roles) },
      };
    }
    case 'revokeRolesFromUser': {
      const { before, after } = operation;
      const roles = subtractRoleRefs(before.roles, after.roles);
      return { db: after.db, command: { revokeRolesFromUser: after.user, roles } };
    }
    case 'updateUser':
      return { db: operation.after.db, command: updateUser(operation.before, operation.after, secret) };
    case 'dropUser':
      return { db: operation.before.db, command: { dropUser: operation.before.user } };
    case 'recordObject': {
      const { kind, target, policy, created } = operation.after;
      const update = { q: { _id: objectId(operation.after) }, u: { kind, target, policy, created }, upsert: true };
      return { db: OWN_DATABASE, command: { update: OBJECTS_COLLECTION, updates: [update] } };
    }
    case 'forgetObject': {
      const remove = { q: { _id: objectId(operation.before) }, limit: 1 };
      return { db: OWN_DATABASE, command: { delete: OBJECTS_COLLECTION, deletes: [remove] } };
    }
  }
}

function objectId({ kind, target }: OwnedObject): string {
  return `${kind} ${target}`;
}

/** Only what differs: whoever changes restrictions needs another privilege than who changes custom data. */
function updateUser(before: User, after: User, secret: string | undefined): Record<string, unknown> {
  const differs = (field: 'mechanisms' | 'authenticationRestrictions' | 'customData'): boolean =>
    documentKey(before[field]) !== documentKey(after[field]);
  return withoutAbsent({
    updateUser: after.user,
    pwd: secret,
    mechanisms: differs('mechanisms') ? after.mechanisms : undefined,
    authenticationRestrictions: differs('authenticationRestrictions')
      ? (after.authenticationRestrictions ?? [])
      : undefined,
    customData: differs('customData') ? (after.customData ?? {}) : undefined,
  });
}

function withoutAbsent(document: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(document).filter(([, value]) => value !== undefined));
}

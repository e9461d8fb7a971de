/** Operations as MongoDB's commands. */

import { besideAnyAction, subtractPrivileges } from '../../model/privilege.ts';
import { subtractRoleRefs, type User } from '../../model/role.ts';
import { documentKey } from '../../state/document.ts';
import { OWN_DATABASE, type OwnedObject } from '../../state/state.ts';
import { effective } from '../diff/collections.ts';
import { type DataKeyOperation, isDataKeyOperation, type Operation } from './operation.ts';

/** A command and the database that it is sent to. The first key is the command's name. */
export interface Command {
  readonly db: string;
  readonly command: Readonly<Record<string, unknown>>;
}

/** Where the ownership record is kept: one document for each object. */
export const OBJECTS_COLLECTION = 'objects';

/** What one command carries out. Data encryption keys take the encryption library besides. */
export type CommandOperation = Exclude<Operation, DataKeyOperation>;

/**
 * The command that carries an operation out. `secret` is the password, where the operation sets one.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { commandFor, compilePolicy, makePlan, parsePolicyFile } from 'mongoward';
 *
 * const text = `
 * apiVersion: mongoward/v1
 * metadata: { name: trail }
 * roles:
 *   writer@audit:
 *     privileges: [{ on: audit.logs, allow: insert-only }]
 * `;
 * const { intent } = compilePolicy([parsePolicyFile({ file: 'trail.yaml', text })]);
 * const state = {
 *   server: { version: '8.0.4', edition: 'community', topology: 'replicaSet' },
 *   roles: [],
 *   users: [],
 *   databases: [],
 *   objects: [],
 *   unreadable: [],
 * };
 * const [, createRole] = makePlan(intent, state).operations;
 * assert.deepEqual(commandFor(createRole), {
 *   db: 'audit',
 *   command: {
 *     createRole: 'writer',
 *     privileges: [{ resource: { db: 'audit', collection: 'logs' }, actions: ['insert'] }],
 *     roles: [],
 *   },
 * });
 * ```
 */
export function commandFor(operation: CommandOperation, secret?: string): Command {
  switch (operation.kind) {
    case 'createCollection': {
      const { ns, ...options } = operation.after;
      return { db: ns.db, command: { create: ns.collection, ...options } };
    }
    case 'collMod': {
      // What is not said stays as it is: the way back to the defaults takes all of them.
      const { ns, ...validation } = effective(operation.after);
      return { db: ns.db, command: { collMod: ns.collection, ...validation } };
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
      if (besideAnyAction(before.privileges, after.privileges).length > 0) {
        return { db: after.db, command: { updateRole: after.role, privileges: after.privileges } };
      }
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
    case 'rotatePassword': {
      const { user, db, mechanisms } = operation.after;
      return { db, command: withoutAbsent({ updateUser: user, pwd: secret, mechanisms }) };
    }
    case 'dropUser':
      return { db: operation.before.db, command: { dropUser: operation.before.user } };
    case 'recordObject':
      return recordCommand([operation]);
    case 'forgetObject':
      return forgetCommand([operation]);
  }
}

type Kind<K extends Operation['kind']> = Extract<Operation, { readonly kind: K }>;

function recordCommand(operations: readonly Kind<'recordObject'>[]): Command {
  const updates = operations.map(({ after }) => {
    return { q: { _id: objectId(after) }, u: { ...after }, upsert: true };
  });
  return { db: OWN_DATABASE, command: { update: OBJECTS_COLLECTION, updates } };
}

function forgetCommand(operations: readonly Kind<'forgetObject'>[]): Command {
  const deletes = operations.map(({ before }) => ({ q: { _id: objectId(before) }, limit: 1 }));
  return { db: OWN_DATABASE, command: { delete: OBJECTS_COLLECTION, deletes } };
}

/** The kinds of commands by which an operation is carried out, for whoever judges what an account may send. */
export function commandsLike(operation: Operation): readonly Command[] {
  if (!isDataKeyOperation(operation)) return [commandFor(operation, '')];
  const { db, collection } = operation.after.ns;
  const write =
    operation.kind === 'createDataKey'
      ? { insert: collection, documents: [{}] }
      : { update: collection, updates: [{ q: {}, u: { $set: {} } }] };
  return [
    { db, command: { find: collection } },
    { db, command: write },
  ];
}

/** Operations that go to the server as one command, each an entry of it; or a data encryption key. */
export type Batch =
  | { readonly operations: readonly Operation[]; readonly command: Command }
  | { readonly operations: readonly [DataKeyOperation]; readonly command?: undefined };

/** The server takes 100,000 writes in one command; a reply that lists errors must stay small. */
const LARGEST_BATCH = 1000;

/** The commands of a wave: those on the ownership record are put together, each of the others is its own. */
export function batchesOf(wave: readonly Operation[], secrets: ReadonlyMap<string, string>): Batch[] {
  const batches: Batch[] = wave
    .filter(({ kind }) => kind !== 'recordObject' && kind !== 'forgetObject')
    .map((operation) =>
      isDataKeyOperation(operation)
        ? { operations: [operation] }
        : { operations: [operation], command: commandFor(operation, secrets.get(operation.id)) },
    );
  const records = wave.filter((operation): operation is Kind<'recordObject'> => operation.kind === 'recordObject');
  for (const operations of chunks(records)) batches.push({ operations, command: recordCommand(operations) });
  const forgotten = wave.filter((operation): operation is Kind<'forgetObject'> => operation.kind === 'forgetObject');
  for (const operations of chunks(forgotten)) batches.push({ operations, command: forgetCommand(operations) });
  return batches;
}

function chunks<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / LARGEST_BATCH) }, (_, index) =>
    items.slice(index * LARGEST_BATCH, (index + 1) * LARGEST_BATCH),
  );
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

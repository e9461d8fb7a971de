/** Commands on users and roles: user_management_commands_common.cpp of the public source of 4.4; 5.0 checks the same. */
import type { RoleRef } from '../../model/names.ts';
import { roleKey, userKey } from '../../model/names.ts';
import { CLUSTER, collectionTarget, databaseTarget } from '../../model/resource.ts';
import { mendedIn, VULNERABILITIES } from '../vulnerabilities.ts';
import {
  argument,
  arrayAt,
  type Call,
  documentAt,
  documentsIn,
  has,
  isDocument,
  namespaceAt,
  type Rule,
  textAt,
  truthy,
} from './call.ts';
import { all, always, any, type Condition, EVERY_DATABASE, need } from './condition.ts';

/** `name`, of the command's database, or `{role: name, db}`, `{user: name, db}`. */
function named(call: Call, value: unknown, key: 'role' | 'user'): { readonly name: string; readonly db: string } {
  if (!isDocument(value)) return { name: textAt(call, value, `a ${key}`), db: call.db };
  return { name: textAt(call, value[key], key), db: textAt(call, value.db, 'db') };
}

function rolesIn(call: Call): readonly RoleRef[] {
  if (!has(call.body, 'roles')) return [];
  return arrayAt(call, call.body.roles, 'roles').map((value) => {
    const { name, db } = named(call, value, 'role');
    return { role: name, db };
  });
}

function onRoles(action: 'grantRole' | 'revokeRole'): Rule {
  return (call) =>
    all(
      rolesIn(call).map(({ db }) => need(databaseTarget(db), action)),
      'it names no role',
    );
}

/**
 * `checkAuthorizedToGrantPrivilege`: on the database of the privilege; on `admin` for what is not of one database. So
 * `{db: "", collection: name}` is granted on `admin` too.
 */
function onPrivileges(action: 'grantRole' | 'revokeRole'): Rule {
  return (call) =>
    all(
      documentsIn(call, 'privileges').map(({ resource }) => {
        const { db } = documentAt(call, resource, 'resource');
        return need(databaseTarget(typeof db === 'string' && db !== '' ? db : 'admin'), action);
      }),
      'it names no privilege',
    );
}

/** An empty list counts: it lifts restrictions (`checkAuthorizedToSetRestrictions`). */
const restrictions: Rule = ({ body, db }) =>
  has(body, 'authenticationRestrictions')
    ? need(databaseTarget(db), 'setAuthenticationRestriction')
    : always('it sets no authentication restriction');

const onOwnDatabase =
  (action: string): Rule =>
  ({ db }) =>
    need(databaseTarget(db), action);

/** The roles of which the whole list is replaced might be any: `revokeRole` on every database. */
const revokeAny: Rule = () => need(EVERY_DATABASE, 'revokeRole');

const updateUser: Rule = (call) => {
  const { body, db, context } = call;
  const user = textAt(call, argument(call), 'the user');
  const self = context.user !== undefined && userKey(context.user) === userKey({ user, db });
  const change = (action: string, own: string): Condition =>
    any([action, ...(self ? [own] : [])].map((held) => need(databaseTarget(db), held)));
  const mended = mendedIn(VULNERABILITIES.accountMechanisms, context.version);
  const parts = [
    ...(has(body, 'pwd') ? [change('changePassword', 'changeOwnPassword')] : []),
    ...(has(body, 'customData') ? [change('changeCustomData', 'changeOwnCustomData')] : []),
    ...(has(body, 'roles') ? [revokeAny(call), onRoles('grantRole')(call)] : []),
    restrictions(call),
  ];
  if (has(body, 'mechanisms') && !has(body, 'pwd') && mended) {
    parts.push({ kind: 'unknown', when: 'it holds what this release demands for mechanisms, which is not known here' });
  }
  const why = has(body, 'mechanisms')
    ? `for mechanisms nothing is demanded (${VULNERABILITIES.accountMechanisms.id})`
    : 'it changes nothing';
  return all(parts, why);
};

/** `usersInfo: 1`, `{forAllDBs: true}`, a user, or a list of users. One may always see oneself. */
const usersInfo: Rule = (call) => {
  const value = argument(call);
  if (isDocument(value) && truthy(value.forAllDBs)) return need(CLUSTER, 'viewUser');
  if (value === 1) return need(databaseTarget(call.db), 'viewUser');
  const own = call.context.user;
  return ofEach(call, value, 'user', 'viewUser', own === undefined ? [] : [userKey(own)]);
};

/** `rolesInfo: 1`, a role, or a list of roles. One may always see the roles granted to oneself. */
const rolesInfo: Rule = (call) => {
  const value = argument(call);
  if (value === 1) return need(databaseTarget(call.db), 'viewRole');
  return ofEach(call, value, 'role', 'viewRole', (call.context.roles ?? []).map(roleKey));
};

function ofEach(call: Call, value: unknown, key: 'user' | 'role', action: string, own: readonly string[]): Condition {
  const others = (Array.isArray(value) ? value : [value])
    .map((entry) => named(call, entry, key))
    .filter(({ name, db }) => !own.includes(`${db}.${name}`));
  return all(
    others.map(({ db }) => need(databaseTarget(db), action)),
    'it asks about its own only',
  );
}

/** `checkAuthForMergeAuthzCollectionsCommand`: of every database, and reading the collections that are merged in. */
const mergeAuthzCollections: Rule = (call) => {
  const drop = truthy(call.body.drop) ? ['dropUser', 'dropRole'] : [];
  const sources = ['tempUsersCollection', 'tempRolesCollection'].filter((field) => truthy(call.body[field]));
  return all([
    need(EVERY_DATABASE, 'createUser', 'createRole', 'grantRole', 'revokeRole', ...drop),
    ...sources.map((field) => need(collectionTarget(namespaceAt(call, call.body[field], field)), 'find')),
  ]);
};

const together =
  (...rules: readonly Rule[]): Rule =>
  (call) =>
    all(rules.map((rule) => rule(call)));

export const ACCOUNTS: Readonly<Record<string, Rule>> = {
  createUser: together(onOwnDatabase('createUser'), onRoles('grantRole'), restrictions),
  updateUser,
  dropUser: onOwnDatabase('dropUser'),
  dropAllUsersFromDatabase: onOwnDatabase('dropUser'),
  grantRolesToUser: onRoles('grantRole'),
  revokeRolesFromUser: onRoles('revokeRole'),
  usersInfo,
  createRole: together(onOwnDatabase('createRole'), onRoles('grantRole'), onPrivileges('grantRole'), restrictions),
  updateRole: together(revokeAny, onRoles('grantRole'), onPrivileges('grantRole'), restrictions),
  dropRole: onOwnDatabase('dropRole'),
  dropAllRolesFromDatabase: onOwnDatabase('dropRole'),
  grantPrivilegesToRole: onPrivileges('grantRole'),
  revokePrivilegesFromRole: onPrivileges('revokeRole'),
  grantRolesToRole: onRoles('grantRole'),
  revokeRolesFromRole: onRoles('revokeRole'),
  rolesInfo,
};

/** On `admin` only. */
export const ACCOUNTS_ADMIN: Readonly<Record<string, Rule>> = { _mergeAuthzCollections: mergeAuthzCollections };

import type { CommandContext } from '../../../src/access/commands/index.ts';
import { ON_4_4, ON_8_0, refuses, says } from './said.ts';

const SELF: CommandContext = { ...ON_8_0, user: { user: 'u', db: 'app' }, roles: [{ role: 'r', db: 'app' }] };
const ROLES = { roles: ['own', { role: 'read', db: 'audit' }] };
const RESTRICTED = { authenticationRestrictions: [] };
const PRIVILEGES = {
  privileges: [
    { resource: { db: 'audit', collection: 'logs' }, actions: ['find'] },
    { resource: { db: '', collection: 'logs' }, actions: ['find'] },
    { resource: { cluster: true }, actions: ['inprog'] },
  ],
};

says([
  [{ createUser: 'u', pwd: 'p', roles: [] }, 'createUser on database app'],
  [
    { createUser: 'u', pwd: 'p', ...ROLES, ...RESTRICTED },
    'createUser on database app and grantRole on database app and grantRole on database audit and ' +
      'setAuthenticationRestriction on database app',
  ],
  [{ updateUser: 'u', pwd: 'p' }, 'changePassword on database app'],
  [{ updateUser: 'u', pwd: 'p' }, 'changePassword on database app or changeOwnPassword on database app', SELF],
  [{ updateUser: 'v', pwd: 'p' }, 'changePassword on database app', SELF],
  [{ updateUser: 'u', pwd: 'p' }, 'changePassword on database other', SELF, 'other'],
  [
    { updateUser: 'u', customData: {} },
    'changeCustomData on database app or changeOwnCustomData on database app',
    SELF,
  ],
  [
    { updateUser: 'u', ...ROLES },
    'revokeRole on every database and grantRole on database app and grantRole on database audit',
  ],
  [{ updateUser: 'u', roles: [] }, 'revokeRole on every database'],
  [{ updateUser: 'u', ...RESTRICTED }, 'setAuthenticationRestriction on database app'],
  [
    { updateUser: 'u', mechanisms: ['SCRAM-SHA-1'] },
    'nothing: for mechanisms nothing is demanded (CVE-2026-6915)',
    ON_4_4,
  ],
  [
    { updateUser: 'u', mechanisms: ['SCRAM-SHA-1'] },
    'that it holds what this release demands for mechanisms, which is not known here',
    { ...ON_8_0, version: '8.0.21' },
  ],
  [{ dropUser: 'u' }, 'dropUser on database app'],
  [{ dropAllUsersFromDatabase: 1 }, 'dropUser on database app'],
  [{ grantRolesToUser: 'u', ...ROLES }, 'grantRole on database app and grantRole on database audit'],
  [{ revokeRolesFromUser: 'u', ...ROLES }, 'revokeRole on database app and revokeRole on database audit'],

  [{ usersInfo: 1 }, 'viewUser on database app'],
  [{ usersInfo: { forAllDBs: true } }, 'viewUser on cluster'],
  [{ usersInfo: 'u' }, 'viewUser on database app'],
  [{ usersInfo: { user: 'u', db: 'other' } }, 'viewUser on database other'],
  [{ usersInfo: 'u' }, 'nothing: it asks about its own only', SELF],
  [{ usersInfo: ['u', { user: 'v', db: 'other' }] }, 'viewUser on database other', SELF],
  [{ rolesInfo: 1 }, 'viewRole on database app', SELF],
  [{ rolesInfo: 'r' }, 'nothing: it asks about its own only', SELF],
  [{ rolesInfo: ['r', { role: 's', db: 'other' }] }, 'viewRole on database other', SELF],
  [{ connectionStatus: 1, showPrivileges: true }, 'nothing: any account may'],

  [{ createRole: 'r', roles: [], privileges: [] }, 'createRole on database app'],
  [
    { createRole: 'r', ...ROLES, ...PRIVILEGES },
    'createRole on database app and grantRole on database app and grantRole on database audit and ' +
      'grantRole on database admin',
  ],
  [
    { updateRole: 'r', ...PRIVILEGES, ...RESTRICTED },
    'revokeRole on every database and grantRole on database audit and grantRole on database admin and ' +
      'setAuthenticationRestriction on database app',
  ],
  [{ updateRole: 'r', roles: ['own'] }, 'revokeRole on every database and grantRole on database app'],
  [{ dropRole: 'r' }, 'dropRole on database app'],
  [{ dropAllRolesFromDatabase: 1 }, 'dropRole on database app'],
  [{ grantPrivilegesToRole: 'r', ...PRIVILEGES }, 'grantRole on database audit and grantRole on database admin'],
  [{ revokePrivilegesFromRole: 'r', ...PRIVILEGES }, 'revokeRole on database audit and revokeRole on database admin'],
  [{ grantRolesToRole: 'r', ...ROLES }, 'grantRole on database app and grantRole on database audit'],
  [{ revokeRolesFromRole: 'r', ...ROLES }, 'revokeRole on database app and revokeRole on database audit'],
  [
    { _mergeAuthzCollections: 1, tempUsersCollection: 'admin.t', drop: false },
    'createUser on every database and createRole on every database and grantRole on every database and ' +
      'revokeRole on every database and find on admin.t',
    ON_8_0,
    'admin',
  ],
]);

refuses([
  [{ createUser: 'u', roles: 'read' }, 'createUser: roles must be an array, not a string'],
  [{ createUser: 'u', roles: [{ role: 'read' }] }, 'createUser: db must be a name, not absent'],
  [{ createRole: 'r', privileges: [{}] }, 'createRole: resource must be a document, not absent'],
  [{ updateUser: { pwd: 'p' } }, 'updateUser: the user must be a name, not a document'],
]);

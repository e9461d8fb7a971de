/** Resources of the Atlas Kubernetes operator. */
import { stringify } from 'yaml';
import type { Role, User } from '../../model/role.ts';
import { atlasActions, loginOf, refuseRole, refuseUser } from './atlas-limits.ts';
import type { Form } from './export.ts';
import { plainName } from './plain-name.ts';

export const atlasExport: Form = {
  refuseRole,
  refuseUser,
  userFields: [],
  write: (roles, users) =>
    [...roles.map(customRole), ...users.map(databaseUser)]
      .map((resource) => stringify(resource, { lineWidth: 0, aliasDuplicateObjects: false }))
      .join('---\n'),
};

function customRole(role: Role): object {
  const actions = atlasActions(role).map(({ name, on }) => ({
    name,
    resources: [on === undefined ? { cluster: true } : { database: on.db, collection: on.collection }],
  }));
  return {
    apiVersion: 'atlas.mongodb.com/v1',
    kind: 'AtlasCustomRole',
    metadata: { name: plainName(role.role, role.db) },
    spec: {
      projectRef: { name: 'project' },
      role: {
        name: role.role,
        actions,
        inheritedRoles: role.roles.map((ref) => ({ name: ref.role, database: ref.db })),
      },
    },
  };
}

const LOGINS = {
  x509: { x509Type: 'CUSTOMER' },
  'aws-user': { awsIamType: 'USER' },
  'aws-role': { awsIamType: 'ROLE' },
};

function databaseUser(account: User): object {
  const { user, db, roles } = account;
  const name = plainName(user, db);
  const login = db === '$external' ? loginOf(account) : undefined;
  return {
    apiVersion: 'atlas.mongodb.com/v1',
    kind: 'AtlasDatabaseUser',
    metadata: { name },
    spec: {
      projectRef: { name: 'project' },
      username: user,
      databaseName: db,
      ...(login === undefined ? { passwordSecretRef: { name: `${name}-password` } } : LOGINS[login]),
      roles: roles.map((ref) => ({ roleName: ref.role, databaseName: ref.db })),
    },
  };
}

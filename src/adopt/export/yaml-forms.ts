/** Tasks of Ansible, and resources of Percona's operator and of MongoDB's own. */
import { stringify } from 'yaml';
import type { RoleRef } from '../../model/names.ts';
import type { Role, User } from '../../model/role.ts';
import type { Form } from './export.ts';
import { plainName } from './plain-name.ts';

const NO_RESTRICTIONS = 'there are no authentication restrictions for users';

function refuseRestricted({ authenticationRestrictions = [] }: User): string | undefined {
  return authenticationRestrictions.length > 0 ? NO_RESTRICTIONS : undefined;
}

function restricted({ authenticationRestrictions = [] }: Role): object {
  return authenticationRestrictions.length === 0 ? {} : { authenticationRestrictions };
}

export const ansibleExport: Form = {
  refuseRole: () => undefined,
  refuseUser: refuseRestricted,
  userFields: [],
  write: (roles, users) =>
    yaml([
      ...roles.map((role) => ({
        name: `Role ${role.role} of ${role.db}`,
        'community.mongodb.mongodb_role': {
          database: role.db,
          name: role.role,
          privileges: role.privileges,
          roles: role.roles,
          ...restricted(role),
        },
      })),
      ...users.map(({ user, db, roles: held }) => ({
        name: `User ${user} of ${db}`,
        'community.mongodb.mongodb_user': {
          database: db,
          name: user,
          ...(db !== '$external' && { password: `{{ ${plainName(user, db).replaceAll('-', '_')}_password }}` }),
          roles: held,
        },
      })),
    ]),
};

export const perconaExport: Form = {
  refuseRole: () => undefined,
  refuseUser: refuseRestricted,
  userFields: [],
  write: (roles, users) =>
    resource('psmdb.percona.com/v1', 'PerconaServerMongoDB', {
      roles: roles.map(definition),
      users: users.map((user) => ({ ...account(user), roles: user.roles.map(named) })),
    }),
};

export const communityExport: Form = {
  refuseRole: () => undefined,
  refuseUser: refuseRestricted,
  userFields: [],
  write: (roles, users) =>
    resource('mongodbcommunity.mongodb.com/v1', 'MongoDBCommunity', {
      security: { roles: roles.map(definition) },
      users: users.map((user) => ({
        ...account(user),
        roles: user.roles.map(named),
        scramCredentialsSecretName: plainName(user.user, user.db),
      })),
    }),
};

/** A role as both operators have it. */
function definition(role: Role): object {
  const { role: name, db, privileges, roles } = role;
  return { role: name, db, privileges, roles, ...restricted(role) };
}

/** The secret that holds the password is named, and has to be made. */
function account({ user, db }: User): object {
  const secret = { passwordSecretRef: { name: `${plainName(user, db)}-password`, key: 'password' } };
  return { name: user, db, ...(db !== '$external' && secret) };
}

function named({ role, db }: RoleRef): object {
  return { name: role, db };
}

function resource(apiVersion: string, kind: string, spec: object): string {
  return `# To be merged into the resource of the cluster.\n${yaml({ apiVersion, kind, metadata: { name: 'mongodb' }, spec })}`;
}

function yaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}

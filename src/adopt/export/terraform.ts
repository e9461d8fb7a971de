/** HCL for the Terraform provider `Kaginari/mongodb` and those made from it. */
import type { Role, User } from '../../model/role.ts';
import type { Form } from './export.ts';
import { identifier, secretVariable, text } from './hcl-text.ts';

export const terraformExport: Form = {
  refuseRole: ({ privileges, authenticationRestrictions = [] }) => {
    if (authenticationRestrictions.length > 0) return 'the provider has no authentication restrictions';
    const other = privileges.some(({ resource }) => 'anyResource' in resource || 'system_buckets' in resource);
    return other ? 'the provider has only databases, collections and the cluster as resources' : undefined;
  },
  refuseUser: ({ db, authenticationRestrictions = [] }) => {
    if (authenticationRestrictions.length > 0) return 'the provider has no authentication restrictions';
    return db === '$external' ? 'the provider has only users with a password' : undefined;
  },
  userFields: [],
  write: (roles, users) => {
    const names = new Map<string, number>();
    return [...roles.map((role) => roleBlock(role, names)), ...users.map((user) => userBlocks(user, names))].join('\n');
  },
};

function roleBlock({ role, db, privileges, roles }: Role, taken: Map<string, number>): string {
  return [
    `resource "mongodb_db_role" "${identifier(`role-${role}`, db, taken)}" {`,
    `  name     = ${text(role)}`,
    `  database = ${text(db)}`,
    ...privileges.flatMap(({ resource, actions }) => [
      '  privilege {',
      ...('db' in resource && 'collection' in resource
        ? [`    db         = ${text(resource.db)}`, `    collection = ${text(resource.collection)}`]
        : ['    cluster    = true']),
      `    actions    = [${actions.map(text).join(', ')}]`,
      '  }',
    ]),
    ...roles.flatMap((ref) => [
      '  inherited_role {',
      `    role = ${text(ref.role)}`,
      `    db   = ${text(ref.db)}`,
      '  }',
    ]),
    '}',
    '',
  ].join('\n');
}

function userBlocks({ user, db, roles }: User, taken: Map<string, number>): string {
  const name = identifier(`user-${user}`, db, taken);
  return [
    secretVariable(`${name}_password`),
    `resource "mongodb_db_user" "${name}" {`,
    `  auth_database = ${text(db)}`,
    `  name          = ${text(user)}`,
    `  password      = var.${name}_password`,
    ...roles.flatMap((ref) => ['  role {', `    role = ${text(ref.role)}`, `    db   = ${text(ref.db)}`, '  }']),
    '}',
    '',
  ].join('\n');
}

/** HCL for the Terraform provider `mongodb/mongodbatlas`. */
import type { RoleRef } from '../../model/names.ts';
import type { Role, User } from '../../model/role.ts';
import { atlasActions, loginOf, refuseRole, refuseUser } from './atlas-limits.ts';
import type { Form } from './export.ts';
import { identifier, secretVariable, text } from './hcl-text.ts';

export const terraformAtlasExport: Form = {
  refuseRole,
  refuseUser,
  userFields: [],
  write: (roles, users) => {
    const names = new Map<string, number>();
    const project = ['variable "project_id" {', '  type = string', '}', ''].join('\n');
    const blocks = [...roles.map((role) => roleBlock(role, names)), ...users.map((user) => userBlocks(user, names))];
    return [project, ...blocks].join('\n');
  },
};

function roleBlock(role: Role, taken: Map<string, number>): string {
  return [
    `resource "mongodbatlas_custom_db_role" "${identifier(`role-${role.role}`, role.db, taken)}" {`,
    '  project_id = var.project_id',
    `  role_name  = ${text(role.role)}`,
    ...atlasActions(role).flatMap(({ name, on }) => [
      '  actions {',
      `    action = ${text(name)}`,
      '    resources {',
      ...(on === undefined
        ? ['      cluster = true']
        : [`      database_name   = ${text(on.db)}`, `      collection_name = ${text(on.collection)}`]),
      '    }',
      '  }',
    ]),
    ...roleBlocks('inherited_roles', role.roles),
    '}',
    '',
  ].join('\n');
}

function roleBlocks(name: string, roles: readonly RoleRef[]): readonly string[] {
  return roles.flatMap(({ role, db }) => [
    `  ${name} {`,
    `    role_name     = ${text(role)}`,
    `    database_name = ${text(db)}`,
    '  }',
  ]);
}

const LOGINS = {
  x509: '  x509_type          = "CUSTOMER"',
  'aws-user': '  aws_iam_type       = "USER"',
  'aws-role': '  aws_iam_type       = "ROLE"',
};

function userBlocks(account: User, taken: Map<string, number>): string {
  const { user, db, roles } = account;
  const name = identifier(`user-${user}`, db, taken);
  const login = db === '$external' ? loginOf(account) : undefined;
  return [
    ...(login === undefined ? [secretVariable(`${name}_password`)] : []),
    `resource "mongodbatlas_database_user" "${name}" {`,
    '  project_id         = var.project_id',
    `  username           = ${text(user)}`,
    `  auth_database_name = ${text(db)}`,
    login === undefined ? `  password           = var.${name}_password` : LOGINS[login],
    ...roleBlocks('roles', roles),
    '}',
    '',
  ].join('\n');
}

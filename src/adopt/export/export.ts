/**
 * Roles and users of a policy in the form of another tool. No form but mongosh's says everything: what a tool has no words
 * for is left out and named, and an object that would be another one without it is left out whole.
 */
import { formatRole, formatUser, type RoleRef, roleKey } from '../../model/names.ts';
import type { Role, User } from '../../model/role.ts';
import { atlasExport } from './atlas.ts';
import { mongoshExport } from './mongosh.ts';
import { terraformExport } from './terraform.ts';
import { terraformAtlasExport } from './terraform-atlas.ts';
import { ansibleExport, communityExport, perconaExport } from './yaml-forms.ts';

export const TARGETS = [
  'terraform',
  'terraform-atlas',
  'ansible',
  'psmdb',
  'mongodbcommunity',
  'atlas-kubernetes',
  'mongosh',
] as const;

export type ExportTarget = (typeof TARGETS)[number];

export interface Lost {
  readonly what: string;
  readonly why: string;
}

export interface Exported {
  readonly text: string;
  readonly lost: readonly Lost[];
}

/** How one tool writes, and what it can't. */
export interface Form {
  write(roles: readonly Role[], users: readonly User[]): string;
  /** Why a role can't be said; nothing if it can. */
  refuseRole(role: Role): string | undefined;
  refuseUser(user: User): string | undefined;
  /** What of a user is left out, and can be: who may log in from where and how is not what they may do. */
  readonly userFields: readonly ('mechanisms' | 'customData')[];
}

const FORMS: Readonly<Record<ExportTarget, Form>> = {
  terraform: terraformExport,
  'terraform-atlas': terraformAtlasExport,
  ansible: ansibleExport,
  psmdb: perconaExport,
  mongodbcommunity: communityExport,
  'atlas-kubernetes': atlasExport,
  mongosh: mongoshExport,
};

export function exportPolicy(target: ExportTarget, roles: readonly Role[], users: readonly User[]): Exported {
  const form = FORMS[target];
  const lost: Lost[] = [];
  const gone = new Set<string>();
  const holdsGone = (refs: readonly RoleRef[]): RoleRef | undefined => refs.find((ref) => gone.has(roleKey(ref)));
  const keptRoles = inOrder(roles).filter((role) => {
    const missing = holdsGone(role.roles);
    const why = form.refuseRole(role) ?? (missing && `it inherits ${formatRole(missing)}, which is left out`);
    if (why === undefined) return true;
    gone.add(roleKey(role));
    lost.push({ what: `role ${formatRole(role)}`, why });
    return false;
  });
  const keptUsers = users.filter((user) => {
    const missing = holdsGone(user.roles);
    const why = form.refuseUser(user) ?? (missing && `it holds ${formatRole(missing)}, which is left out`);
    if (why !== undefined) lost.push({ what: `user ${formatUser(user)}`, why });
    return why === undefined;
  });
  for (const user of keptUsers) {
    for (const field of ['mechanisms', 'customData'] as const) {
      if (user[field] === undefined || form.userFields.includes(field)) continue;
      lost.push({ what: `${field} of user ${formatUser(user)}`, why: 'there is no word for it' });
    }
  }
  return { text: form.write(keptRoles, keptUsers), lost };
}

/** Each role behind those that it inherits: who makes them one after the other finds what it names. */
function inOrder(roles: readonly Role[]): readonly Role[] {
  const known = new Map(roles.map((role) => [roleKey(role), role]));
  const done = new Map<string, Role>();
  const visit = (role: Role): void => {
    if (done.has(roleKey(role))) return;
    for (const ref of role.roles) {
      const inherited = known.get(roleKey(ref));
      if (inherited !== undefined) visit(inherited);
    }
    done.set(roleKey(role), role);
  };
  for (const role of roles) visit(role);
  return [...done.values()];
}

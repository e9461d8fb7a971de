import { gainedAccess } from '../../../model/access.ts';
import type { RoleGraph } from '../../../model/graph.ts';
import { formatRole, roleKey } from '../../../model/names.ts';
import type { Privilege } from '../../../model/privilege.ts';
import { contains, formatResource } from '../../../model/resource.ts';
import type { Grant, IntentRole, IntentUser, Origin } from '../../../policy/intent.ts';
import type { LintContext, LintRule, RuleFinding } from '../../rule.ts';
import { partOf } from '../place.ts';

type PrivilegeGrant = Extract<Grant, { kind: 'privilege' }>;
type RoleGrant = Extract<Grant, { kind: 'role' }>;

export const shadowedPrivilege: LintRule = {
  kind: 'checks',
  name: 'document/shadowed-privilege',
  description: 'A line grants nothing that another line of the same role or user does not grant already',
  recommended: 'warning',
  source: "MongoDB's manual, “Role-Based Access Control”: the privileges of all roles add up",
  check: (context) => [
    ...context.intent.roles.flatMap((entry) => [
      ...repeatedActions(context, entry),
      ...ofRole(context, entry),
      ...ofHolder(context, entry),
    ]),
    ...context.intent.users.flatMap((entry) => ofHolder(context, entry)),
  ],
};

/** Privileges that another one of the role, or a role that it inherits, contains. Of two equal ones the second is told. */
function ofRole(context: LintContext, { grants }: IntentRole): RuleFinding[] {
  const own = grants.filter((grant) => grant.kind === 'privilege');
  const inherited = grants.filter((grant) => grant.kind === 'role');
  return own.flatMap((grant, index) => {
    const other = own.find(
      (candidate, at) => at !== index && covers(candidate, grant) && (at < index || !covers(grant, candidate)),
    );
    const by = other?.origin ?? inherited.find((role) => inherits(context, role, grant.privilege))?.origin;
    if (by === undefined) return [];
    const what = `${grant.privilege.actions.join(', ')} on ${formatResource(grant.privilege.resource)}`;
    return [finding(what, grant.origin, by)];
  });
}

function repeatedActions(context: LintContext, { grants }: IntentRole): RuleFinding[] {
  return grants.flatMap((grant) => {
    const actions = grant.kind === 'privilege' ? grant.privilege.actions : [];
    if (new Set(actions).size === actions.length) return [];
    return actions.flatMap((action, index) => {
      const at = partOf(context, grant.origin, ['allow', index]);
      return actions.indexOf(action) === index ? [] : [finding(action, at, grant.origin)];
    });
  });
}

function covers({ privilege: outer }: PrivilegeGrant, { privilege: inner }: PrivilegeGrant): boolean {
  const all = outer.actions.includes('anyAction');
  return (
    contains(outer.resource, inner.resource) && inner.actions.every((action) => all || outer.actions.includes(action))
  );
}

function inherits({ graph }: LintContext, { role }: RoleGrant, privilege: Privilege): boolean {
  return gainedAccess(graph.privileges([role]), [privilege]).length === 0;
}

/** Roles that are granted twice, or that another one of the list inherits. */
function ofHolder({ graph }: LintContext, { grants }: IntentRole | IntentUser): RuleFinding[] {
  const roles = grants.filter((grant) => grant.kind === 'role');
  if (roles.length < 2) return [];
  return roles.flatMap((grant, index) => {
    const key = roleKey(grant.role);
    const twin = roles.slice(0, index).find(({ role }) => roleKey(role) === key);
    const heir = roles.find(({ role }) => roleKey(role) !== key && graph.path(role, grant.role) !== undefined);
    const by = twin ?? heir;
    if (by !== undefined) return [finding(formatRole(grant.role), grant.origin, by.origin)];
    const wider = roles.find((other, at) => at !== index && isWider(graph, other, grant));
    if (wider === undefined) return [];
    return [{ ...finding(formatRole(grant.role), grant.origin, wider.origin), severity: 'info' as const }];
  });
}

/** Of MongoDB's own roles: `readWrite@shop` grants all that `read@shop` does. */
function isWider(graph: RoleGraph, { role: outer }: RoleGrant, { role: inner }: RoleGrant): boolean {
  if (graph.role(outer)?.isBuiltin !== true || graph.role(inner)?.isBuiltin !== true) return false;
  const gained = gainedAccess(graph.privileges([outer]), graph.privileges([inner]));
  return gained.length === 0 && roleKey(outer) !== roleKey(inner);
}

function finding(what: string, at: Origin, by: Origin): RuleFinding {
  const { file, line } = by();
  const position = at();
  const where = file === position.file ? `line ${line}` : `${file}:${line}`;
  return {
    message: `${what} is granted by ${where} already: whoever removes one of the two believes the access is gone, and it is not; keep one`,
    at,
    fix: [{ kind: 'remove', at: position }],
  };
}

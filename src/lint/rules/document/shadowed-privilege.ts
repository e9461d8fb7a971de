import type { RoleGraph } from '../../../model/graph.ts';
import { getOrMake } from '../../../model/keyed.ts';
import { formatRole, type RoleRef, roleKey } from '../../../model/names.ts';
import { once } from '../../../model/once.ts';
import type { Privilege } from '../../../model/privilege.ts';
import { contains, formatResource, type Resource, resourceKey } from '../../../model/resource.ts';
import { grantedRoles } from '../../../model/role.ts';
import type { IntentGrant, IntentRole, IntentUser, Origin } from '../../../policy/intent.ts';
import type { LintContext, LintRule, RuleFinding } from '../../rule.ts';
import { partOf } from '../entry-place.ts';

type PrivilegeGrant = Extract<IntentGrant, { kind: 'privilege' }>;
type RoleGrant = Extract<IntentGrant, { kind: 'role' }>;

export const shadowedPrivilege: LintRule = {
  kind: 'checks',
  name: 'document/shadowed-privilege',
  description: 'A line grants nothing that another line of the same role or user does not grant already',
  recommended: 'warning',
  source: "MongoDB's manual, “Role-Based Access Control”: the privileges of all roles add up",
  check: (context) => {
    const grantedOn = grantedOnResources(context);
    return [
      ...context.intent.roles.flatMap((entry) => [
        ...repeatedActions(context, entry),
        ...ofRole(context, entry, grantedOn),
        ...ofHolder(context, entry),
      ]),
      ...context.intent.users.flatMap((entry) => ofHolder(context, entry)),
    ];
  },
};

/** Privileges that another one of the role, or a role that it inherits, contains. Of two equal ones the second is told. */
function ofRole(
  { graph }: LintContext,
  { role: self, grants }: IntentRole,
  grantedOn: ReadonlyMap<string, ReadonlySet<string>>,
): RuleFinding[] {
  const own = grants.filter((grant) => grant.kind === 'privilege');
  const inherited = once(() => inheritedBy(graph, self, grants));
  return own.flatMap((grant, index) => {
    const other = own.find(
      (candidate, at) => at !== index && covers(candidate, grant) && (at < index || !covers(grant, candidate)),
    );
    // What is inherited is gathered only where some other role grants anything that could contain this.
    const elsewhere =
      other === undefined &&
      self.roles.length > 0 &&
      widerKeys(grant.privilege.resource).some((key) =>
        [...(grantedOn.get(key) ?? [])].some((role) => role !== roleKey(self)),
      );
    const by = other ?? (elsewhere ? inherited().lineThatGrants(grant.privilege) : undefined);
    if (by === undefined) return [];
    const what = `${grant.privilege.actions.join(', ')} on ${formatResource(grant.privilege.resource)}`;
    return [finding(what, grant.origin, by.origin)];
  });
}

/**
 * What a role inherits through its lines. A line that another one inherits grants nothing more than that one, and line by
 * line is looked at only what they grant all together: roles that inherit each other many times over have large closures.
 */
function inheritedBy(graph: RoleGraph, self: RoleRef, grants: readonly IntentGrant[]) {
  const lines = grants.filter((grant) => grant.kind === 'role');
  // Roles that inherit each other are told by document/role-cycle.
  const granted = (refs: readonly RoleRef[]): readonly Privilege[] =>
    graph.closure(refs).flatMap((one) => (roleKey(one) === roleKey(self) ? [] : one.privileges));
  const together = once(() => granted(lines.map(({ role }) => role)));
  const highest = once(() => {
    const heirs = graph.heirs(lines.map(({ role }) => role));
    return lines
      .filter((_, index) => heirs[index] === undefined)
      .map((line) => ({ line, privileges: once(() => granted([line.role])) }));
  });
  return {
    lineThatGrants: (privilege: Privilege): RoleGrant | undefined =>
      grantAll(together(), privilege)
        ? highest().find(({ privileges }) => grantAll(privileges(), privilege))?.line
        : undefined,
  };
}

/** The roles that are known to grant something on a resource, by the resource's key; two of them are enough to know. */
function grantedOnResources({ intent, graph }: LintContext): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const add = (role: RoleRef & { readonly privileges: readonly Privilege[] }): void => {
    for (const { resource } of role.privileges) {
      const key = resourceKey(resource);
      const roles = found.get(key);
      if (roles === undefined) found.set(key, new Set([roleKey(role)]));
      else if (roles.size < 2) roles.add(roleKey(role));
    }
  };
  for (const { role } of intent.roles) add(role);
  for (const ref of grantedRoles(intent.roles.map(({ role }) => role))) {
    const role = graph.role(ref);
    if (role?.isBuiltin === true) add(role);
  }
  return found;
}

/** The keys of all resources that contain this one. */
function widerKeys(resource: Resource): readonly string[] {
  const anything = resourceKey({ anyResource: true });
  if (!('collection' in resource)) return [resourceKey(resource), anything];
  const { db, collection } = resource;
  const patterns = [resource, { db, collection: '' }, { db: '', collection }, { db: '', collection: '' }];
  return [...patterns.map(resourceKey), anything];
}

/** Whether these privileges together contain the other one, action by action. */
function grantAll(privileges: readonly Privilege[], { resource, actions }: Privilege): boolean {
  const wider = privileges.filter((privilege) => contains(privilege.resource, resource));
  return actions.every((action) =>
    wider.some((privilege) => privilege.actions.includes(action) || privilege.actions.includes('anyAction')),
  );
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

/** Roles that are granted twice, or that another one of the list inherits. */
function ofHolder({ graph }: LintContext, { grants }: IntentRole | IntentUser): RuleFinding[] {
  const roles = grants.filter((grant) => grant.kind === 'role');
  if (roles.length < 2) return [];
  const lines = new Map<string, RoleGrant>();
  for (const grant of roles) getOrMake(lines, roleKey(grant.role), () => grant);
  const heirs = graph.heirs(roles.map(({ role }) => role));
  const ownOfServer = roles.filter(({ role }) => graph.role(role)?.isBuiltin === true);
  return roles.flatMap((grant, index) => {
    const first = lines.get(roleKey(grant.role));
    const heir = heirs[index];
    const by = first !== grant ? first : heir && lines.get(roleKey(heir));
    if (by !== undefined) return [finding(formatRole(grant.role), grant.origin, by.origin)];
    const wider = ownOfServer.find((other) => isWider(graph, other, grant));
    if (wider === undefined) return [];
    return [{ ...finding(formatRole(grant.role), grant.origin, wider.origin), severity: 'info' as const }];
  });
}

/** Of MongoDB's own roles: `readWrite@shop` grants all that `read@shop` does. */
function isWider(graph: RoleGraph, { role: outer }: RoleGrant, { role: inner }: RoleGrant): boolean {
  if (roleKey(outer) === roleKey(inner) || (outer.db !== inner.db && outer.db !== 'admin')) return false;
  const wide = graph.role(outer);
  const narrow = graph.role(inner);
  if (wide?.isBuiltin !== true || narrow?.isBuiltin !== true) return false;
  return narrow.privileges.every((privilege) => grantAll(wide.privileges, privilege));
}

function finding(what: string, at: Origin, by: Origin): RuleFinding {
  const { file, line } = by();
  const position = at();
  const where = file === position.file ? `line ${line}` : `${file}:${line}`;
  return {
    message: `${where} grants ${what} already. Removing one of the two takes no access away. Keep one`,
    at,
    fix: [{ kind: 'remove', at: position }],
  };
}

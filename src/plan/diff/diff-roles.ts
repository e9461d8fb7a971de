/** Roles, compared facet by facet: each facet that differs is one command, what widens before what narrows. */
import { type RoleRef, roleKey } from '../../model/names.ts';
import { canonicalRole, canonicalRoleRefs, type Role, subtractRoleRefs } from '../../model/role.ts';
import { documentKey } from '../../state/document.ts';
import { makeOperation } from '../operations/make-operation.ts';
import type { Operation } from '../operations/operation.ts';
import type { PolicyLines } from '../policy-lines.ts';

export function diffRoles(actual: readonly Role[], desired: readonly Role[], lines: PolicyLines): Operation[] {
  const present = new Map(actual.map((role) => [roleKey(role), role]));
  const wanted = new Set(desired.map(roleKey));
  const changed = desired.filter((role) => present.get(roleKey(role)) !== role);
  const early = cyclicInheritance(present, changed);
  const operations = changed.flatMap((role) => {
    const before = present.get(roleKey(role));
    const reason = lines.role(role);
    if (before === undefined) {
      return [makeOperation({ kind: 'createRole', after: canonicalRole(role) }, reason)];
    }
    const steps = facets(canonicalRole(before), canonicalRole(role), early.get(roleKey(role)) ?? []);
    return steps.map(({ early: isEarly, ...change }) => ({
      ...makeOperation(change, reason, isEarly),
      ...(isEarly ? { early: true } : {}),
    }));
  });
  const dropped = actual.filter((role) => !wanted.has(roleKey(role)));
  const left = { text: 'the policy made it, and no longer names it' };
  return [
    ...operations,
    ...dropped.map((role) => makeOperation({ kind: 'dropRole', before: canonicalRole(role) }, left)),
  ];
}

type RoleChange =
  | 'grantPrivilegesToRole'
  | 'grantRolesToRole'
  | 'updateRole'
  | 'revokeRolesFromRole'
  | 'revokePrivilegesFromRole';

interface Step {
  readonly kind: RoleChange;
  readonly before: Role;
  readonly after: Role;
  readonly early: boolean;
}

/** The chain from one form of a role to another. `early`: the roles that can't stay until the rest is granted. */
function facets(from: Role, to: Role, early: readonly RoleRef[]): Step[] {
  const without = (role: Role, gone: readonly RoleRef[]): Role => ({
    ...role,
    roles: subtractRoleRefs(role.roles, gone),
  });
  const chain: readonly (readonly [RoleChange, (role: Role) => Role])[] = [
    ['grantPrivilegesToRole', (role) => ({ ...role, privileges: [...role.privileges, ...to.privileges] })],
    ['revokeRolesFromRole', (role) => without(role, early)],
    ['grantRolesToRole', (role) => ({ ...role, roles: canonicalRoleRefs([...role.roles, ...to.roles]) })],
    ['updateRole', (role) => withRestrictions(role, to)],
    ['revokeRolesFromRole', (role) => without(role, subtractRoleRefs(role.roles, to.roles))],
    ['revokePrivilegesFromRole', (role) => ({ ...role, privileges: to.privileges })],
  ];
  const steps: Step[] = [];
  if (documentKey(from) === documentKey(to)) return steps;
  let current = from;
  for (const [index, [kind, change]] of chain.entries()) {
    const next = canonicalRole(change(current));
    if (documentKey(next) === documentKey(current)) continue;
    steps.push({ kind, before: current, after: next, early: index === 1 });
    current = next;
  }
  return steps;
}

function withRestrictions(role: Role, { authenticationRestrictions }: Role): Role {
  return { ...role, authenticationRestrictions: authenticationRestrictions ?? [] };
}

/**
 * The inheritances that can't wait to be revoked, by role: one inherits another today that is to inherit it tomorrow.
 * MongoDB refuses a cycle (InvalidRoleModification), so that here narrowing has to come first.
 */
function cyclicInheritance(
  present: ReadonlyMap<string, Role>,
  changed: readonly Role[],
): ReadonlyMap<string, readonly RoleRef[]> {
  const wanted = new Map(changed.map((role) => [roleKey(role), role]));
  const rolesBefore = (role: Role): readonly RoleRef[] => present.get(roleKey(role))?.roles ?? [];
  const removed = changed.flatMap((role) =>
    subtractRoleRefs(rolesBefore(role), role.roles).map((gone) => ({ role, gone })),
  );
  if (removed.length === 0) return new Map();
  const reached = (from: string): ReadonlySet<string> => {
    const seen = new Set<string>([from]);
    for (const key of seen) {
      for (const ref of [...(present.get(key)?.roles ?? []), ...(wanted.get(key)?.roles ?? [])]) seen.add(roleKey(ref));
    }
    return seen;
  };
  // A removed inheritance is on a cycle of old and new ones if what is inherited leads back to the heir.
  const early = new Map<string, RoleRef[]>();
  for (const { role, gone } of removed) {
    if (!reached(roleKey(gone)).has(roleKey(role))) continue;
    early.set(roleKey(role), [...(early.get(roleKey(role)) ?? []), gone]);
  }
  return early;
}

/** Roles, compared facet by facet: each facet that differs is one command, what widens before what narrows. */
import { formatRole, roleKey } from '../model/names.ts';
import { canonicalRole, canonicalRoleRefs, type Role, subtractRoleRefs } from '../model/role.ts';
import { documentKey } from '../state/document.ts';
import type { PolicyLines } from './lines.ts';
import { type Operation, operation, type RoleChange } from './operation.ts';

export function diffRoles(actual: readonly Role[], desired: readonly Role[], lines: PolicyLines): Operation[] {
  const present = new Map(actual.map((role) => [roleKey(role), role]));
  const wanted = new Set(desired.map(roleKey));
  const changed = desired.filter((role) => present.get(roleKey(role)) !== role);
  const early = cyclicRevocations(present, changed);
  const operations = changed.flatMap((role) => {
    const before = present.get(roleKey(role));
    const reason = lines.role(role);
    if (before === undefined) {
      return [operation({ kind: 'createRole', after: canonicalRole(role) }, formatRole(role), reason)];
    }
    const steps = facets(canonicalRole(before), canonicalRole(role), early.has(roleKey(role)));
    return steps.map((step) => ({
      ...operation({ kind: step.kind, before: step.before, after: step.after }, formatRole(role), reason),
      ...(step.early ? { early: true } : {}),
    }));
  });
  const dropped = actual.filter((role) => !wanted.has(roleKey(role)));
  const left = { text: 'it has left the policy, which made it' };
  return [
    ...operations,
    ...dropped.map((role) => operation({ kind: 'dropRole', before: canonicalRole(role) }, formatRole(role), left)),
  ];
}

interface Step {
  readonly kind: RoleChange;
  readonly before: Role;
  readonly after: Role;
  readonly early: boolean;
}

/** The chain from one form of a role to another. */
function facets(from: Role, to: Role, revokeFirst: boolean): Step[] {
  const revokeRoles: readonly [RoleChange, (role: Role) => Role] = [
    'revokeRolesFromRole',
    (role) => ({ ...role, roles: subtractRoleRefs(role.roles, subtractRoleRefs(role.roles, to.roles)) }),
  ];
  const chain: readonly (readonly [RoleChange, (role: Role) => Role])[] = [
    ...(revokeFirst ? [revokeRoles] : []),
    ['grantPrivilegesToRole', (role) => ({ ...role, privileges: [...role.privileges, ...to.privileges] })],
    ['grantRolesToRole', (role) => ({ ...role, roles: canonicalRoleRefs([...role.roles, ...to.roles]) })],
    ['updateRole', (role) => withRestrictions(role, to)],
    ...(revokeFirst ? [] : [revokeRoles]),
    ['revokePrivilegesFromRole', (role) => ({ ...role, privileges: to.privileges })],
  ];
  const steps: Step[] = [];
  let current = from;
  for (const [kind, change] of chain) {
    const next = canonicalRole(change(current));
    if (documentKey(next) === documentKey(current)) continue;
    steps.push({ kind, before: current, after: next, early: revokeFirst && kind === 'revokeRolesFromRole' });
    current = next;
  }
  return steps;
}

function withRestrictions(role: Role, { authenticationRestrictions }: Role): Role {
  return { ...role, authenticationRestrictions: authenticationRestrictions ?? [] };
}

/**
 * The roles whose revocations can't wait: one inherits another today that is to inherit it tomorrow. MongoDB refuses a
 * cycle (InvalidRoleModification), so that here narrowing has to come first.
 */
function cyclicRevocations(present: ReadonlyMap<string, Role>, changed: readonly Role[]): ReadonlySet<string> {
  const wanted = new Map(changed.map((role) => [roleKey(role), role]));
  const reaches = (from: string, goal: string): boolean => {
    const seen = new Set<string>([from]);
    const open = [from];
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      if (key === goal) return true;
      for (const ref of [...(present.get(key)?.roles ?? []), ...(wanted.get(key)?.roles ?? [])]) {
        if (seen.has(roleKey(ref))) continue;
        seen.add(roleKey(ref));
        open.push(roleKey(ref));
      }
    }
    return false;
  };
  const early = new Set<string>();
  for (const role of changed) {
    const added = subtractRoleRefs(role.roles, present.get(roleKey(role))?.roles ?? []);
    for (const ref of added) {
      if (!reaches(roleKey(ref), roleKey(role))) continue;
      for (const other of changed) {
        const removed = subtractRoleRefs(present.get(roleKey(other))?.roles ?? [], other.roles);
        const onCycle = removed.some(
          (gone) => reaches(roleKey(ref), roleKey(other)) && reaches(roleKey(gone), roleKey(role)),
        );
        if (onCycle) early.add(roleKey(other));
      }
    }
  }
  return early;
}

/** Users, compared facet by facet, like roles. Nothing here ever drops a user in order to change it. */
import type { RoleRef } from '../../model/names.ts';
import { onceForPair } from '../../model/once.ts';
import { canonicalRoleRefs, canonicalUser, sameRoleSet, type User } from '../../model/role.ts';
import { userFinder } from '../../model/user-finder.ts';
import { documentKey } from '../../state/document.ts';
import { makeOperation } from '../operations/make-operation.ts';
import type { Operation } from '../operations/operation.ts';
import { addsMechanism } from '../operations/targets/user-target.ts';
import type { PolicyLines } from '../policy-lines.ts';

export function diffUsers(actual: readonly User[], desired: readonly User[], lines: PolicyLines): Operation[] {
  const present = userFinder(actual);
  const both = onceForPair((from: readonly RoleRef[], to: readonly RoleRef[]) => canonicalRoleRefs([...from, ...to]));
  const wanted = userFinder(desired);
  const operations = desired.flatMap((user, at) => {
    const before = present(user, at);
    if (before === user) return [];
    const password = lines.password(user);
    const reason = lines.user(user);
    if (before === undefined) {
      const change = { kind: 'createUser', after: canonicalUser(user), ...(password && { password }) } as const;
      return [makeOperation(change, reason)];
    }
    return facets(canonicalUser(before), canonicalUser(user), both).map((step) => {
      const needsPassword = step.kind === 'updateUser' && addsMechanism(step.before, step.after);
      return makeOperation(needsPassword && password ? { ...step, password } : step, reason);
    });
  });
  const left = { text: 'the policy made it, and no longer names it' };
  const dropped = actual.filter((user, at) => wanted(user, at) === undefined);
  return [
    ...operations,
    ...dropped.map((user) => makeOperation({ kind: 'dropUser', before: canonicalUser(user) }, left)),
  ];
}

type UserChange = 'grantRolesToUser' | 'updateUser' | 'revokeRolesFromUser';

interface Step {
  readonly kind: UserChange;
  readonly before: User;
  readonly after: User;
}

function facets(
  from: User,
  to: User,
  both: (from: readonly RoleRef[], to: readonly RoleRef[]) => readonly RoleRef[],
): Step[] {
  const chain: readonly (readonly [UserChange, (user: User) => User])[] = [
    ['grantRolesToUser', (user) => ({ ...user, roles: both(user.roles, to.roles) })],
    ['updateUser', (user) => ({ ...to, roles: user.roles })],
    ['revokeRolesFromUser', () => to],
  ];
  const steps: Step[] = [];
  if (sameUser(from, to)) return steps;
  let current = from;
  for (const [kind, change] of chain) {
    const next = canonicalUser(change(current));
    if (sameUser(next, current)) continue;
    steps.push({ kind, before: current, after: next });
    current = next;
  }
  return steps;
}

/** Both in canonical form. Only custom data needs to be compared as a document. */
function sameUser(a: User, b: User): boolean {
  return (
    sameRoleSet(a.roles, b.roles) &&
    sameJson(a.mechanisms, b.mechanisms) &&
    sameJson(a.authenticationRestrictions, b.authenticationRestrictions) &&
    (a.customData === b.customData || documentKey(a.customData) === documentKey(b.customData))
  );
}

function sameJson(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

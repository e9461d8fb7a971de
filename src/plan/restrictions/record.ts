/** What the ownership record says of managed roles. */
import type { RoleGraph } from '../../model/graph.ts';
import { groupBy } from '../../model/keyed.ts';
import { formatRole, formatUser, type RoleRef, roleKey, splitAt } from '../../model/names.ts';
import { canonicalRoleRefs, type Role, type User } from '../../model/role.ts';
import { type OwnedObject, objectKey } from '../../state/state.ts';
import { isNamedFor, type ManagedRole } from './managed-roles.ts';

/** The entry of a managed role. */
export function recordOf(policy: string, { role, replaces, covers }: ManagedRole): OwnedObject {
  return {
    kind: 'role',
    target: formatRole(role),
    policy,
    created: true,
    replaces: formatRole(replaces),
    ...(covers.length > 0 ? { covers } : {}),
  };
}

/** A managed role of the policy, and the role in whose place it is held. */
export interface Recorded {
  readonly managed: RoleRef;
  readonly replaced: RoleRef;
}

/**
 * What the record says of the policy's managed roles. Whoever writes the record could have accounts given back what they
 * never had: an entry that a managed role's own name contradicts is `forged`, and not believed. `others`: what it says of
 * the managed roles of other policies.
 */
export function recordedRoles(
  policy: string,
  objects: readonly OwnedObject[],
): {
  readonly recorded: readonly Recorded[];
  readonly forged: readonly OwnedObject[];
  readonly others: readonly Recorded[];
} {
  const recorded: Recorded[] = [];
  const forged: OwnedObject[] = [];
  const others: Recorded[] = [];
  for (const object of objects) {
    if (object.replaces === undefined) continue;
    const managed = refOf(object.target);
    const replaced = refOf(object.replaces);
    const own = object.policy === policy;
    if (managed !== undefined && replaced !== undefined && isNamedFor(managed, replaced)) {
      (own ? recorded : others).push({ managed, replaced });
    } else if (own) forged.push(object);
  }
  return { recorded, forged, others };
}

function refOf(text: string): RoleRef | undefined {
  const parts = splitAt(text);
  return parts && { role: parts.name, db: parts.db };
}

/**
 * An account with the roles in whose place it holds managed ones of this policy, as long as they exist: what it must be
 * kept from is worked out from these anew every time, so that a new database and a new restriction are told alike.
 */
export function withOriginals(recorded: readonly Recorded[], graph: RoleGraph): (user: User) => User {
  const originals = new Map<string, RoleRef>();
  for (const { managed, replaced } of recorded) {
    if (graph.role(replaced) !== undefined) originals.set(roleKey(managed), replaced);
  }
  return (user) => {
    if (originals.size === 0 || !user.roles.some((ref) => originals.has(roleKey(ref)))) return user;
    return { ...user, roles: canonicalRoleRefs(user.roles.map((ref) => originals.get(roleKey(ref)) ?? ref)) };
  };
}

/** The managed roles of this policy that are held in the place of a role already, as they are. */
export function managedFor(recorded: readonly Recorded[], graph: RoleGraph): (replaced: RoleRef) => readonly Role[] {
  const byReplaced = groupBy(recorded, ({ replaced }) => roleKey(replaced));
  return (replaced) => (byReplaced.get(roleKey(replaced)) ?? []).flatMap(({ managed }) => graph.role(managed) ?? []);
}

/** Which other policy an account belongs to. */
export function ownersOf(policy: string, objects: readonly OwnedObject[]): (user: User) => string | undefined {
  const owners = new Map(
    objects.flatMap(({ kind, target, policy: owner }) =>
      kind === 'user' && owner !== policy ? [[target, owner]] : [],
    ),
  );
  return (user) => owners.get(formatUser(user));
}

/** What a managed role covers already. */
export function coveredBy(objects: readonly OwnedObject[]): (managed: RoleRef) => readonly string[] {
  const covers = new Map(objects.map((object) => [objectKey(object), object.covers]));
  return (managed) => covers.get(objectKey({ kind: 'role', target: formatRole(managed) })) ?? [];
}

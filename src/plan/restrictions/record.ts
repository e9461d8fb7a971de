/** What the ownership record says of managed roles, and the universe that wildcards are written out to. */
import type { RoleGraph } from '../../model/graph.ts';
import { formatRole, formatUser, type RoleRef, roleKey, splitAt } from '../../model/names.ts';
import { sortedSet } from '../../model/order.ts';
import { canonicalRoleRefs, type Role, type User } from '../../model/role.ts';
import { actionsOfServer } from '../../model/server-actions.ts';
import { compareVersions } from '../../model/version.ts';
import type { Intent } from '../../policy/intent.ts';
import { type ClusterState, OWN_DATABASE, type OwnedObject } from '../../state/state.ts';
import { isNamedFor, type ManagedRole } from './managed-roles.ts';
import type { Universe } from './narrow.ts';

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
export function standingFor(recorded: readonly Recorded[], graph: RoleGraph): (replaced: RoleRef) => readonly Role[] {
  const byReplaced = new Map<string, Role[]>();
  for (const { managed, replaced } of recorded) {
    const role = graph.role(managed);
    const list = byReplaced.get(roleKey(replaced)) ?? [];
    if (role !== undefined) byReplaced.set(roleKey(replaced), [...list, role]);
  }
  return (replaced) => byReplaced.get(roleKey(replaced)) ?? [];
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
  const byTarget = new Map(objects.map(({ kind, target, covers }) => [`${kind} ${target}`, covers]));
  return (managed) => byTarget.get(`role ${formatRole(managed)}`) ?? [];
}

/** Databases and collections that are there, and those that the policy names. */
export function universeOf(intent: Intent, state: ClusterState): Universe {
  const named = intent.roles.flatMap(({ role }) =>
    role.privileges.flatMap(({ resource }) => ('db' in resource && resource.db !== '' ? [resource.db] : [])),
  );
  const vaults = intent.collections.flatMap(({ encryption }) => encryption?.keyVault.split('.', 1) ?? []);
  return universeOfState(state, [...named, ...vaults]);
}

/** Databases and collections that are there, and the databases of these names. */
export function universeOfState(
  { databases = [], roles = [], server }: ClusterState,
  named: readonly string[] = [],
): Universe {
  const own = new Set(['local', 'config', OWN_DATABASE]);
  const names = sortedSet(['admin', ...databases.map(({ name }) => name), ...named]);
  const byDatabase = new Map(databases.map(({ name, collections }) => [name, (collections ?? []).map((c) => c.name)]));
  const actions = [...actionsOfServer(roles, server.version)].filter((action) => action !== 'anyAction').sort();
  return {
    databases: names.filter((name) => !own.has(name)),
    collections: (db) => byDatabase.get(db) ?? [],
    actions,
    buckets: compareVersions(server.version, '5.0') >= 0,
  };
}

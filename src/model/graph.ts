/** The role graph: which roles a role inherits, and what that grants in all. */
import { builtinRole, type Catalogue, catalogueFor } from './catalogue.ts';
import { groupBy } from './keyed.ts';
import { RoleMap } from './name-maps.ts';
import { formatRole, type RoleRef, roleKey } from './names.ts';
import { canonicalPrivileges, type Privilege } from './privilege.ts';
import type { Role } from './role.ts';

export interface RoleGraph {
  /** The role, custom or built-in; nothing if it does not exist. */
  role(ref: RoleRef): Role | undefined;
  /** The roles given and all they inherit, each once; unknown ones are left out, cycles are followed once. */
  closure(refs: Iterable<RoleRef>): readonly Role[];
  /** Everything the roles given grant together, in canonical form. */
  privileges(refs: Iterable<RoleRef>): readonly Privilege[];
  /** The path from a role to one that it inherits, both ends included; nothing if there is none. */
  path(from: RoleRef, to: RoleRef): readonly RoleRef[] | undefined;
}

/**
 * Makes the graph of a cluster's roles. Built-in roles that `roles` brings along, as the server defines them, win over
 * the catalogue of the server's release; those of `admin` also tell what the same name means in any other database.
 */
export function roleGraph(roles: Iterable<Role>, version: string): RoleGraph {
  const known = new RoleMap<Node>();
  for (const role of roles) known.set(role, nodeOfRole(role));
  const catalogue = catalogueFor(version);
  const others = new RoleMap<Node | undefined>();
  let closures = 0;

  const nodeOf = (ref: RoleRef): Node | undefined => {
    const there = known.get(ref) ?? others.get(ref);
    if (there !== undefined || others.has(ref)) return there;
    const found = resolveBuiltin(known, catalogue, ref);
    const node = found && nodeOfRole(found);
    others.set(ref, node);
    return node;
  };
  const nodesOf = (refs: Iterable<RoleRef>): Node[] => {
    const list: Node[] = [];
    for (const ref of refs) {
      const node = nodeOf(ref);
      if (node !== undefined) list.push(node);
    }
    return list;
  };

  const role = (ref: RoleRef): Role | undefined => nodeOf(ref)?.role;

  const closure = (refs: Iterable<RoleRef>): readonly Role[] => {
    const found: Role[] = [];
    // Before the count: whoever makes the roles one by one may ask for a closure meanwhile.
    const open = nodesOf(refs);
    closures += 1;
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (node.closure === closures) continue;
      node.closure = closures;
      found.push(node.role);
      node.inherits ??= nodesOf(node.role.roles);
      for (const next of node.inherits) open.push(next);
    }
    return byDatabase(found);
  };

  const path = (from: RoleRef, to: RoleRef): readonly RoleRef[] | undefined => {
    const goal = roleKey(to);
    const cameFrom = new Map<string, RoleRef | undefined>([[roleKey(from), undefined]]);
    const open: RoleRef[] = [from];
    for (let at = 0; at < open.length; at += 1) {
      const ref = open[at] as RoleRef;
      if (roleKey(ref) === goal) return trace(ref, cameFrom);
      for (const next of role(ref)?.roles ?? []) {
        if (cameFrom.has(roleKey(next))) continue;
        cameFrom.set(roleKey(next), ref);
        open.push(next);
      }
    }
    return undefined;
  };

  return {
    role,
    closure,
    path,
    privileges: (refs) => canonicalPrivileges(closure(refs).flatMap((found) => found.privileges)),
  };
}

/** A role of the graph. Closures are many, and go from one to the next without a look-up. */
interface Node {
  readonly role: Role;
  /** Looked up when a closure first comes by. */
  inherits: readonly Node[] | undefined;
  /** The number of the last closure that has it. */
  closure: number;
}

function nodeOfRole(role: Role): Node {
  return { role, inherits: undefined, closure: 0 };
}

/** Database by database, each where its first role was. */
function byDatabase(roles: readonly Role[]): readonly Role[] {
  const [first] = roles;
  if (first === undefined || roles.every(({ db }) => db === first.db)) return roles;
  return [...groupBy(roles, ({ db }) => db).values()].flat();
}

function trace(end: RoleRef, cameFrom: ReadonlyMap<string, RoleRef | undefined>): readonly RoleRef[] {
  const path: RoleRef[] = [];
  for (let ref: RoleRef | undefined = end; ref !== undefined; ref = cameFrom.get(roleKey(ref))) path.unshift(ref);
  return path;
}

/** Roles of every database are asked for in `admin` only; what they grant elsewhere follows by the database's name. */
function resolveBuiltin(known: RoleMap<Node>, catalogue: Catalogue, ref: RoleRef): Role | undefined {
  const fromCatalogue = builtinRole(catalogue, ref);
  const inAdmin = known.get({ role: ref.role, db: 'admin' })?.role;
  if (inAdmin?.isBuiltin !== true || ref.db === 'admin') return fromCatalogue;
  if (fromCatalogue === undefined) return undefined;
  const privileges = inAdmin.privileges.map(({ resource, actions }) => ({
    resource: 'db' in resource && resource.db === 'admin' ? { ...resource, db: ref.db } : resource,
    actions,
  }));
  return { role: ref.role, db: ref.db, isBuiltin: true, privileges, roles: [] };
}

/** A cycle of inheritance among the roles given, first and last the same, or nothing. The server refuses to make one. */
export function findCycle(roles: Iterable<Role>): readonly string[] | undefined {
  const byKey = new Map<string, Role>();
  for (const role of roles) byKey.set(roleKey(role), role);
  const done = new Set<string>();
  for (const start of byKey.values()) {
    const cycle = cycleFrom(start, byKey, done);
    if (cycle !== undefined) return cycle.map(formatRole);
  }
  return undefined;
}

/** Depth first with a stack of its own: inheritance may be deeper than the call stack. */
function cycleFrom(start: Role, byKey: ReadonlyMap<string, Role>, done: Set<string>): readonly RoleRef[] | undefined {
  if (done.has(roleKey(start))) return undefined;
  const path: { readonly role: Role; next: number }[] = [{ role: start, next: 0 }];
  const onPath = new Set([roleKey(start)]);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const child = top.role.roles[top.next];
    top.next += 1;
    if (child === undefined) {
      path.pop();
      onPath.delete(roleKey(top.role));
      done.add(roleKey(top.role));
      continue;
    }
    const key = roleKey(child);
    if (onPath.has(key)) {
      const from = path.findIndex((entry) => roleKey(entry.role) === key);
      return [...path.slice(from).map((entry) => entry.role), child];
    }
    const found = byKey.get(key);
    if (found === undefined || done.has(key)) continue;
    path.push({ role: found, next: 0 });
    onPath.add(key);
  }
  return undefined;
}

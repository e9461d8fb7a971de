/** The role graph: which roles a role inherits, and what that grants in all. */
import { builtinRole, type Catalogue, catalogueFor } from './catalogue.ts';
import { getOrMake, groupBy } from './keyed.ts';
import { RoleMap } from './name-maps.ts';
import { formatRole, type RoleRef, roleKey } from './names.ts';
import { once, onceFor } from './once.ts';
import { canonicalPrivileges, type Privilege } from './privilege.ts';
import type { Role } from './role.ts';

export interface RoleGraph {
  /** The role, custom or built-in; nothing if it does not exist. */
  role(ref: RoleRef): Role | undefined;
  /** The roles given and all they inherit, each once; unknown ones are left out, cycles are followed once. */
  closure(refs: Iterable<RoleRef>): readonly Role[];
  /** Everything the roles given grant together, in canonical form. */
  privileges(refs: Iterable<RoleRef>): readonly Privilege[];
  /** In the place of each role given: one of the others that inherits it, and that none of the others inherits. */
  heirs(refs: readonly RoleRef[]): readonly (Role | undefined)[];
}

/**
 * The graph of a cluster's roles, made once for a list of them. Built-in roles that `roles` brings along, as the server
 * defines them, win over the catalogue of the server's release; those of `admin` also tell what the same name means in any
 * other database.
 */
export function roleGraph(roles: Iterable<Role>, version: string): RoleGraph {
  if (!Array.isArray(roles)) return makeGraph(roles, version);
  return getOrMake(graphsOf(roles), version, () => makeGraph(roles, version));
}

const graphsOf = onceFor((_roles: readonly Role[]) => new Map<string, RoleGraph>());

function makeGraph(roles: Iterable<Role>, version: string): RoleGraph {
  const known = new RoleMap<Role>();
  for (const each of roles) known.set(each, each);
  const catalogue = catalogueFor(version);
  const others = new RoleMap<Role | undefined>();

  const role = (ref: RoleRef): Role | undefined => {
    const there = known.get(ref) ?? others.get(ref);
    if (there !== undefined || others.has(ref)) return there;
    const found = resolveBuiltin(known, catalogue, ref);
    others.set(ref, found);
    return found;
  };
  const numbered = once(() => numberedRoles(known.values(), role));
  const closure = (refs: Iterable<RoleRef>): readonly Role[] => numbered().closure(refs);

  return {
    role,
    closure,
    heirs: (refs) => numbered().heirs(refs),
    privileges: (refs) => canonicalPrivileges(closure(refs).flatMap((found) => found.privileges)),
  };
}

type NumberedRoles = Pick<RoleGraph, 'closure' | 'heirs'>;

/**
 * The roles by number. Closures are many, and each is a way through all of memory: what they go by lies close together,
 * and a role itself is not looked at. `find`: the role of that name, if there is one; what is not among `roles` inherits
 * nothing.
 */
function numberedRoles(roles: readonly Role[], find: (ref: RoleRef) => Role | undefined): NumberedRoles {
  const all: Role[] = [];
  const numbers = new RoleMap<number>();
  const databases = new Map<string, number>();
  /** By number: the database of the role, by number, and the last closure that has it. */
  const databaseOf: number[] = [];
  const closureOf: number[] = [];
  const add = (role: Role): number => {
    const number = all.push(role) - 1;
    numbers.set(role, number);
    databaseOf.push(getOrMake(databases, role.db, () => databases.size));
    closureOf.push(0);
    return number;
  };
  const numberOf = (ref: RoleRef): number | undefined => {
    const known = numbers.get(ref);
    if (known !== undefined) return known;
    const found = find(ref);
    return found && add(found);
  };
  const numbersOf = (refs: Iterable<RoleRef>): number[] => {
    const found: number[] = [];
    for (const ref of refs) {
      const number = numberOf(ref);
      if (number !== undefined) found.push(number);
    }
    return found;
  };
  for (const role of roles) add(role);
  /** What the roles inherit, one after the other, and by number where that begins. */
  const inherited: number[] = [];
  const begins = [0];
  for (const role of roles) {
    for (const number of numbersOf(role.roles)) inherited.push(number);
    begins.push(inherited.length);
  }
  const edges = Int32Array.from(inherited);
  const firsts = Int32Array.from(begins);
  const isInherited = once(() => new Set(edges));
  const ranks = once(() => ranksOf(firsts, edges));
  /** Notes the heir at all that it inherits and that is reached for the first time, until nothing is wanted any more. */
  const reachFrom = (heir: number, heirOf: Map<number, number>, wanted: Set<number>): void => {
    const open = [heir];
    for (let at = open.pop(); at !== undefined && wanted.size > 0; at = open.pop()) {
      for (const next of edges.subarray(firsts[at] ?? 0, firsts[at + 1] ?? 0)) {
        if (next === heir || heirOf.has(next)) continue;
        heirOf.set(next, heir);
        wanted.delete(next);
        open.push(next);
      }
    }
  };
  let closures = 0;
  return {
    closure: (refs) => {
      const open = numbersOf(refs);
      // Not before: whoever makes the refs one by one may ask for a closure meanwhile.
      closures += 1;
      const found: number[] = [];
      let areOfOneDatabase = true;
      for (let at = open.pop(); at !== undefined; at = open.pop()) {
        if (closureOf[at] === closures) continue;
        closureOf[at] = closures;
        found.push(at);
        areOfOneDatabase &&= databaseOf[at] === databaseOf[found[0] as number];
        // Nothing for what was found later: MongoDB's own roles.
        const end = firsts[at + 1] ?? 0;
        for (let edge = firsts[at] ?? 0; edge < end; edge += 1) open.push(edges[edge] as number);
      }
      const list = found.map((at) => all[at] as Role);
      return areOfOneDatabase ? list : byDatabase(list);
    },
    heirs: (refs) => {
      const rankOf = ranks();
      const given = new Set(numbersOf(refs));
      const highestFirst = [...given].sort((one, other) => (rankOf[other] ?? -1) - (rankOf[one] ?? -1));
      // None of the others inherits the highest one, for which all there is would be searched.
      const wanted = new Set(highestFirst.slice(1).filter((number) => isInherited().has(number)));
      const heirOf = new Map<number, number>();
      for (const heir of highestFirst) {
        if (wanted.size === 0) break;
        // What has an heir itself adds nothing: whatever it inherits has been reached from there.
        if (!heirOf.has(heir)) reachFrom(heir, heirOf, wanted);
      }
      return refs.map((ref) => all[heirOf.get(numberOf(ref) ?? -1) ?? -1]);
    },
  };
}

/** By number: the place of a role in an order in which each comes after all that it inherits; a cycle is cut somewhere. */
function ranksOf(firsts: Int32Array, edges: Int32Array): Int32Array {
  const roles = firsts.length - 1;
  const rankOf = new Int32Array(roles).fill(-1);
  /** By number: the edge to follow next. */
  const nextOf = firsts.slice();
  let rank = 0;
  for (let start = 0; start < roles; start += 1) {
    const path = rankOf[start] === -1 ? [start] : [];
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const edge = nextOf[at] as number;
      nextOf[at] = edge + 1;
      const next = edges[edge] as number;
      if (edge >= (firsts[at + 1] as number)) {
        rankOf[at] = rank;
        rank += 1;
        path.pop();
      } else if (next < roles && nextOf[next] === firsts[next] && rankOf[next] === -1) path.push(next);
    }
  }
  return rankOf;
}

/** Database by database, each where its first role was. */
function byDatabase(roles: readonly Role[]): readonly Role[] {
  return [...groupBy(roles, ({ db }) => db).values()].flat();
}

/** Roles of every database are asked for in `admin` only; what they grant elsewhere follows by the database's name. */
function resolveBuiltin(known: RoleMap<Role>, catalogue: Catalogue, ref: RoleRef): Role | undefined {
  const fromCatalogue = builtinRole(catalogue, ref);
  const inAdmin = known.get({ role: ref.role, db: 'admin' });
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

/**
 * Who can bring an outcome about on a collection, and how: every account of a state against every way around.
 *
 * Each requirement is one bit. Roles get their bits once, hand them on to the roles that inherit them, and users collect
 * those of the roles they hold, so that the work grows with the state and not with its square.
 */

import { type RoleGraph, roleGraph } from './graph.ts';
import type { Namespace, RoleRef } from './names.ts';
import { formatRole, formatUser, roleKey, userKey } from './names.ts';
import type { Outcome } from './outcomes.ts';
import type { Privilege } from './privilege.ts';
import type { Role, User } from './role.ts';
import { type Circumstances, type Requirement, takeover, type Way, type WayKind, waysAround } from './ways.ts';

/** An account that can, and the first way by which it can. */
export interface Principal {
  readonly user: User;
  readonly kind: WayKind;
  /** `user@db`, then roles by inheritance, then for a takeover the account that it becomes, and so on. */
  readonly path: readonly string[];
  /** What it does on the way, in sentences that begin after "can". */
  readonly steps: readonly string[];
  readonly way: Way;
  /** The privilege that the way rests on first. */
  readonly privilege: Privilege;
}

export interface Accounts {
  readonly roles: readonly Role[];
  readonly users: readonly User[];
}

export type Assessment = (outcome: Outcome) => readonly Principal[];

/** Prepares the answers for one collection. Each answer is sorted as the users are. */
export function assess(accounts: Accounts, ns: Namespace, circumstances: Circumstances): Assessment {
  const ways = waysAround(ns, circumstances);
  const databases = [...new Set(accounts.users.map((user) => user.db))].filter((db) => db !== '$external');
  const bits = new RequirementBits([...ways.flatMap((way) => way.requires), ...databases.map(takeover)]);
  const graph = roleGraph(accounts.roles, circumstances.version);
  const masks = userMasks(accounts, graph, bits);
  return (outcome) => {
    const relevant = ways.filter((way) => way.outcomes.includes(outcome));
    const reached = new Map<string, Reached>();
    const addWays = (candidates: readonly Way[]): void => {
      for (const user of accounts.users) {
        if (reached.has(userKey(user))) continue;
        const mask = masks.get(userKey(user)) ?? 0n;
        const way = candidates.find((candidate) => bits.holdsAll(mask, candidate.requires));
        if (way !== undefined) reached.set(userKey(user), { by: 'way', way });
      }
    };
    addWays(relevant.filter((way) => way.kind === 'direct'));
    addWays(relevant.filter((way) => way.kind === 'escalation'));
    addTakeovers(accounts.users, databases, masks, bits, reached);
    // Last: a release's weakness must not hide what a grant allows, nor make its account worth taking over.
    addWays(relevant.filter((way) => way.kind === 'server'));
    return accounts.users.flatMap((user) => {
      const how = reached.get(userKey(user));
      return how === undefined ? [] : [explain(user, how, reached, graph)];
    });
  };
}

type Reached =
  | { readonly by: 'way'; readonly way: Way }
  | { readonly by: 'takeover'; readonly requirement: Requirement; readonly victim: User };

/** Who may set the password of somebody who can, can too: repeated until nobody new is found. */
function addTakeovers(
  users: readonly User[],
  databases: readonly string[],
  masks: ReadonlyMap<string, bigint>,
  bits: RequirementBits,
  reached: Map<string, Reached>,
): void {
  const done = new Set<string>();
  const findVictim = (db: string): User | undefined =>
    users.find((user) => user.db === db && reached.has(userKey(user)));
  for (let grown = true; grown; ) {
    grown = false;
    for (const db of databases) {
      const victim = done.has(db) ? undefined : findVictim(db);
      if (victim === undefined) continue;
      done.add(db);
      grown = true;
      const requirement = takeover(db);
      const able = users.filter((user) => bits.holdsAll(masks.get(userKey(user)) ?? 0n, [requirement]));
      for (const user of able) {
        if (!reached.has(userKey(user))) reached.set(userKey(user), { by: 'takeover', requirement, victim });
      }
    }
  }
}

function explain(user: User, how: Reached, reached: ReadonlyMap<string, Reached>, graph: RoleGraph): Principal {
  const needed = how.by === 'way' ? (how.way.requires[0] as Requirement) : how.requirement;
  const { path, privilege } = roleWay(user, needed, graph);
  if (how.by === 'way') {
    return { user, kind: how.way.kind, path, steps: [how.way.does], way: how.way, privilege };
  }
  const next = explain(how.victim, reached.get(userKey(how.victim)) as Reached, reached, graph);
  const step = `set the password of ${formatUser(how.victim)} and log in as it`;
  const steps = [step, ...next.steps];
  return { user, kind: 'escalation', path: [...path, ...next.path], steps, way: next.way, privilege };
}

/** The shortest way from the user through its roles to a privilege that meets the requirement. */
function roleWay(
  user: User,
  requirement: Requirement,
  graph: RoleGraph,
): { readonly path: readonly string[]; readonly privilege: Privilege } {
  const cameFrom = new Map<string, RoleRef | undefined>(user.roles.map((ref) => [roleKey(ref), undefined]));
  const open: RoleRef[] = [...user.roles];
  for (let at = 0; at < open.length; at += 1) {
    const ref = open[at] as RoleRef;
    const role = graph.role(ref);
    const privilege = role?.privileges.find((candidate) => meets(candidate, requirement));
    if (privilege !== undefined) return { path: [formatUser(user), ...roleNames(ref, cameFrom)], privilege };
    for (const next of role?.roles ?? []) {
      if (cameFrom.has(roleKey(next))) continue;
      cameFrom.set(roleKey(next), ref);
      open.push(next);
    }
  }
  throw new Error(`no role of ${formatUser(user)} grants ${requirement.action} on ${requirement.on}`);
}

function roleNames(end: RoleRef, cameFrom: ReadonlyMap<string, RoleRef | undefined>): readonly string[] {
  const names: string[] = [];
  for (let ref: RoleRef | undefined = end; ref !== undefined; ref = cameFrom.get(roleKey(ref)))
    names.unshift(formatRole(ref));
  return names;
}

function meets(privilege: Privilege, requirement: Requirement): boolean {
  const { actions } = privilege;
  if (!actions.includes(requirement.action) && !actions.includes('anyAction')) return false;
  return requirement.reaches(privilege.resource);
}

/** Requirements numbered; the same action on the same thing is one. */
class RequirementBits {
  readonly #bits = new Map<string, bigint>();
  readonly #byAction = new Map<string, { readonly bit: bigint; readonly requirement: Requirement }[]>();

  constructor(requirements: readonly Requirement[]) {
    for (const requirement of requirements) {
      const key = RequirementBits.#key(requirement);
      if (this.#bits.has(key)) continue;
      const bit = 1n << BigInt(this.#bits.size);
      this.#bits.set(key, bit);
      const list = this.#byAction.get(requirement.action) ?? [];
      list.push({ bit, requirement });
      this.#byAction.set(requirement.action, list);
    }
  }

  static #key({ action, on }: Requirement): string {
    return `${action}\0${on}`;
  }

  holdsAll(mask: bigint, requirements: readonly Requirement[]): boolean {
    return requirements.every(
      (requirement) => (mask & (this.#bits.get(RequirementBits.#key(requirement)) ?? 0n)) !== 0n,
    );
  }

  /** The requirements that these privileges meet. */
  of(privileges: readonly Privilege[]): bigint {
    let mask = 0n;
    for (const { resource, actions } of privileges) {
      const lists = actions.includes('anyAction')
        ? [...this.#byAction.values()]
        : actions.map((action) => this.#byAction.get(action));
      for (const list of lists) {
        for (const { bit, requirement } of list ?? []) if (requirement.reaches(resource)) mask |= bit;
      }
    }
    return mask;
  }
}

function userMasks({ roles, users }: Accounts, graph: RoleGraph, bits: RequirementBits): ReadonlyMap<string, bigint> {
  const masks = new Map<string, bigint>();
  const heirs = new Map<string, string[]>();
  const open: RoleRef[] = [...roles, ...users.flatMap((user) => user.roles)];
  for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
    const key = roleKey(ref);
    if (masks.has(key)) continue;
    const role = graph.role(ref);
    masks.set(key, bits.of(role?.privileges ?? []));
    for (const inherited of role?.roles ?? []) {
      const list = heirs.get(roleKey(inherited)) ?? [];
      list.push(key);
      heirs.set(roleKey(inherited), list);
      open.push(inherited);
    }
  }
  handOn(masks, heirs);
  return new Map(
    users.map((user) => [userKey(user), user.roles.reduce((mask, ref) => mask | (masks.get(roleKey(ref)) ?? 0n), 0n)]),
  );
}

/** Bits go from each role to those that inherit it, until nothing changes; a cycle of inheritance ends like anything else. */
function handOn(masks: Map<string, bigint>, heirs: ReadonlyMap<string, readonly string[]>): void {
  const open = [...masks.keys()];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    const mask = masks.get(key) ?? 0n;
    for (const heir of heirs.get(key) ?? []) {
      const before = masks.get(heir) ?? 0n;
      if ((before | mask) === before) continue;
      masks.set(heir, before | mask);
      open.push(heir);
    }
  }
}

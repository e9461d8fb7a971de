/**
 * Who can, and how: every account of a state against every technique.
 *
 * Each requirement is one bit. Roles get their bits once, hand them on to the roles that inherit them, and users collect
 * those of the roles they hold, so that the work grows with the state and not with its square. Users with the same bits
 * are looked at together: a cluster has many users, and few kinds of them.
 */
import { type RoleGraph, roleGraph } from '../model/graph.ts';
import { handOn, type Inheritance, inheritance } from '../model/inheritance.ts';
import { getOrMake } from '../model/keyed.ts';
import { formatUser, type RoleRef } from '../model/names.ts';
import type { Privilege } from '../model/privilege.ts';
import { grantedRoles, type Role, type User } from '../model/role.ts';
import { findRoutes, type Routes } from './grant-paths.ts';
import { RequirementBits } from './requirement-bits.ts';
import { type Technique, type TechniqueKind, takeover } from './techniques.ts';

/** An account that can, and one technique by which it can. */
export interface Principal {
  readonly user: User;
  readonly kind: TechniqueKind;
  /** `user@db`, then roles by inheritance, then for a takeover the account that it becomes, and so on. */
  readonly path: readonly string[];
  /** What it does, step by step, in sentences that begin after "can". */
  readonly steps: readonly string[];
  readonly technique: Technique;
  /** The privilege that the first step rests on, and the action that it is used for. */
  readonly privilege: Privilege;
  readonly action: string;
  /** What the technique takes besides: it does nothing by less. */
  readonly also: readonly Grant[];
}

/** A privilege, what it is used for, and how the account comes to hold it: `user@db`, then roles by inheritance. */
export interface Grant {
  readonly path: readonly string[];
  readonly privilege: Privilege;
  readonly action: string;
}

export interface Accounts {
  readonly roles: readonly Role[];
  readonly users: readonly User[];
}

export interface Assessment {
  /**
   * Everybody who can by one of these techniques, in the order of the users, each by the first kind that serves: direct,
   * escalation, server. `about`: of whom it is told.
   */
  who(techniques: readonly Technique[], about?: (user: User) => boolean): readonly Principal[];
  /** Every one of these techniques by which the user can, in their order; takeovers last. */
  can(user: User, techniques: readonly Technique[]): readonly Principal[];
}

/** What assessments of the same accounts share. */
export interface Holdings {
  readonly users: readonly User[];
  /** All roles that the users hold, inherited ones included. */
  readonly granted: Inheritance;
  /** The roles that each user holds itself, by number, in the order of the users: the same list where users share theirs. */
  readonly held: readonly (readonly number[])[];
}

/**
 * `graph`: of the roles of these accounts. `held`: the roles that the users hold, for a caller who has collected them
 * already.
 */
export function holdingsOf(
  { users }: Pick<Accounts, 'users'>,
  graph: RoleGraph,
  held: readonly RoleRef[] = grantedRoles(users),
): Holdings {
  const granted = inheritance(graph.closure(held));
  const lists = new Map<readonly RoleRef[], readonly number[]>();
  return { users, granted, held: users.map(({ roles: list }) => getOrMake(lists, list, () => granted.numbers(list))) };
}

/**
 * Prepares answers about these techniques, as {@link assessHoldings}. `version` is the server's. Built-in roles that the
 * accounts bring along win over the catalogue's.
 */
export function assess(accounts: Accounts, version: string, techniques: readonly Technique[]): Assessment {
  return assessHoldings(holdingsOf(accounts, roleGraph(accounts.roles, version)), techniques);
}

/** Prepares answers about these techniques; for several questions about the same accounts. */
export function assessHoldings(accounts: Holdings, techniques: readonly Technique[]): Assessment {
  const databases = [...new Set(accounts.users.map((user) => user.db))].filter((db) => db !== '$external');
  const bits = new RequirementBits([
    ...techniques.flatMap((technique) => technique.requires),
    ...databases.map(takeover),
  ]);
  const masks = userMasks(accounts, bits);
  const routes = findRoutes(accounts.granted);
  const kinds = usersByMask(masks);
  const anyTakeover = bits.maskOf(databases.map(takeover));
  const takersAnywhere = [...kinds].filter(([held]) => (held & anyTakeover) !== 0n);
  const takers = (db: string): readonly number[] => {
    const mask = bits.maskOf([takeover(db)]);
    return takersAnywhere.flatMap(([held, users]) => ((held & mask) === mask ? users : [])).sort((a, b) => a - b);
  };

  const reach = (asked: readonly Technique[]): ReadonlyMap<number, Reached> => {
    const reached = new Map<number, Reached>();
    const add = (kind: TechniqueKind): void => {
      const candidates = asked
        .filter((technique) => technique.kind === kind)
        .map((technique) => ({ technique, mask: bits.maskOfTechnique(technique) }));
      for (const [held, users] of kinds) {
        const found = candidates.find(({ mask }) => (held & mask) === mask);
        if (found === undefined) continue;
        for (const at of users) if (!reached.has(at)) reached.set(at, { by: 'technique', technique: found.technique });
      }
    };
    add('direct');
    add('escalation');
    if (includesEscalation(asked)) addTakeovers(accounts.users, takers, reached);
    // Last: a release's weakness must not hide what a grant allows, nor make its account worth taking over.
    add('server');
    return reached;
  };

  return {
    who: (asked, about = () => true) => {
      const reached = reach(asked);
      return [...reached]
        .sort(([a], [b]) => a - b)
        .flatMap(([at, how]) => {
          const user = accounts.users[at];
          return user === undefined || !about(user) ? [] : [explain(user, how, reached, accounts.users, routes)];
        });
    },
    can: (user, asked) => {
      const at = accounts.users.indexOf(user);
      if (at === -1) return [];
      const held = masks[at] ?? 0n;
      const own = asked.filter((technique) => {
        const mask = bits.maskOfTechnique(technique);
        return (held & mask) === mask;
      });
      const reached = new Map(reach(asked));
      const byTechnique = own.map((technique) =>
        explain(user, { by: 'technique', technique }, reached, accounts.users, routes),
      );
      const victims = includesEscalation(asked) ? victimsOf(user, at, accounts.users, takers, reached) : [];
      const takeovers = victims.map((victim) =>
        explain(user, { by: 'takeover', victim }, reached, accounts.users, routes),
      );
      return [...byTechnique, ...takeovers];
    },
  };
}

/** An outcome includes escalation; an action is asked directly, and its technique brings about no outcome. */
function includesEscalation(asked: readonly Technique[]): boolean {
  return asked.some((technique) => technique.outcomes.length > 0);
}

type Reached =
  | { readonly by: 'technique'; readonly technique: Technique }
  | { readonly by: 'takeover'; readonly victim: number };

/**
 * Who may set the password of somebody who can, can too: the first such account of each database makes all who may set
 * passwords there able, which may open the next database. Users of `$external` have no password to set.
 */
function addTakeovers(
  users: readonly User[],
  takers: (db: string) => readonly number[],
  reached: Map<number, Reached>,
): void {
  const open = [...reached.keys()].sort((a, b) => a - b);
  const done = new Set<string>(['$external']);
  for (const victim of open) {
    const db = users[victim]?.db ?? '$external';
    if (done.has(db)) continue;
    done.add(db);
    for (const at of takers(db)) {
      if (reached.has(at)) continue;
      reached.set(at, { by: 'takeover', victim });
      open.push(at);
    }
  }
}

/** One able account of each database whose passwords the user may set, itself excepted. */
function victimsOf(
  user: User,
  self: number,
  users: readonly User[],
  takers: (db: string) => readonly number[],
  reached: ReadonlyMap<number, Reached>,
): readonly number[] {
  const victims = new Map<string, number>();
  for (const [at, how] of [...reached].sort(([a], [b]) => a - b)) {
    const db = users[at]?.db ?? '$external';
    const vulnerability = how.by === 'technique' && how.technique.kind === 'server';
    const throughSelf = how.by === 'takeover' && users[how.victim] === user;
    if (at === self || db === '$external' || vulnerability || throughSelf || victims.has(db)) continue;
    victims.set(db, at);
  }
  return [...victims].filter(([db]) => takers(db).includes(self)).map(([, at]) => at);
}

function explain(
  user: User,
  how: Reached,
  reached: ReadonlyMap<number, Reached>,
  users: readonly User[],
  routes: Routes,
): Principal {
  const victim = how.by === 'takeover' ? users[how.victim] : undefined;
  const next = how.by === 'takeover' ? reached.get(how.victim) : undefined;
  if (how.by === 'technique') {
    const [first, ...also] = how.technique.requires.map(
      (needed): Grant => ({ ...routes.from(user, needed), action: needed.action }),
    );
    if (first === undefined) throw new Error(`the technique ${how.technique.id} requires nothing`);
    return { user, kind: how.technique.kind, ...first, steps: [how.technique.does], technique: how.technique, also };
  }
  if (victim === undefined || next === undefined) throw new Error('a takeover without a victim');
  const needed = takeover(victim.db);
  const { path, privilege } = routes.from(user, needed);
  const then = explain(victim, next, reached, users, routes);
  return {
    user,
    kind: 'escalation',
    path: [...path, ...then.path],
    steps: [`set the password of ${formatUser(victim)} and log in as it`, ...then.steps],
    technique: then.technique,
    privilege,
    action: needed.action,
    also: [],
  };
}

/** The requirements that each user meets, in the order of the users. */
function userMasks({ granted, held }: Holdings, bits: RequirementBits): readonly bigint[] {
  const masks = granted.roles.map((role) => bits.metBy(role.privileges));
  handOn(masks, granted.heirs);
  const ofLists = new Map<readonly number[], bigint>();
  return held.map((numbers) =>
    getOrMake(ofLists, numbers, () => numbers.reduce((mask, at) => mask | (masks[at] ?? 0n), 0n)),
  );
}

/** The users, as their places in the list, by what they meet; those who meet nothing are left out. */
function usersByMask(masks: readonly bigint[]): ReadonlyMap<bigint, readonly number[]> {
  const kinds = new Map<bigint, number[]>();
  for (const [at, held] of masks.entries()) {
    if (held === 0n) continue;
    const users = kinds.get(held);
    if (users === undefined) kinds.set(held, [at]);
    else users.push(at);
  }
  return kinds;
}

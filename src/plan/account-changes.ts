/**
 * What a change means for accounts: what each holds and will hold, what it gains in full, what it loses, from where it
 * may log in. Worked out of the two states, whatever causes it, and never read from anywhere.
 */
import { everybodyIn } from '../access/assignable.ts';
import { type RoleGraph, roleGraph } from '../model/graph.ts';
import { withHeirs } from '../model/inheritance.ts';
import { compoundKey, getOrMake } from '../model/keyed.ts';
import { RoleMap, UserMap } from '../model/name-maps.ts';
import { formatRole, formatUser, GIVEN, type RoleRef, roleKey } from '../model/names.ts';
import { once, onceFor } from '../model/once.ts';
import { compareText, sortedBy } from '../model/order.ts';
import { type Role, subtractRoleRefs, type User } from '../model/role.ts';
import { type UserFinder, userFinder } from '../model/user-finder.ts';
import { sortedJson } from '../state/sorted-json.ts';
import type { ClusterState } from '../state/state.ts';
import { gatesText, isNarrower, type LoginGate, ownGates } from './login-gates.ts';
import type { Operation, Reason } from './operations/operation.ts';
import { formOf } from './operations/target-key.ts';
import { eachOnce, reasonsKey } from './reasons.ts';
import { universeOfState } from './restrictions/universe.ts';
import { type AccessAt, type RoleSetChange, roleSetComparer } from './role-set-changes.ts';

/** Accounts that change alike. */
export interface AccountChange {
  /** `name@db`, sorted; of a role that a group could be given the role's name. */
  readonly accounts: readonly string[];
  /** `assignable`: whoever is given the role by an LDAP or OIDC group. Nobody holds it, or nobody shows what it gives. */
  readonly kind: 'made' | 'dropped' | 'changed' | 'assignable';
  /** Roles that the account holds itself, before and after. What is in both stays. */
  readonly holds: readonly RoleRef[];
  readonly willHold: readonly RoleRef[];
  /** What it can do and could not, in full, place by place. */
  readonly gains: readonly AccessAt[];
  readonly loses: readonly AccessAt[];
  /** From where it may log in, where that changes: its own restrictions and those of its roles. */
  readonly logins?: { readonly before: readonly LoginGate[]; readonly after: readonly LoginGate[] };
  /** The lines of the policy, and what they say, each once. */
  readonly why: readonly Reason[];
}

/**
 * Every account that changes from one state to the other, those that gain first. `operations`: what brings it about, for
 * the reasons. Nothing where roles or users are unknown.
 */
export function accountChanges(
  before: ClusterState,
  after: ClusterState,
  operations: readonly Operation[],
): readonly AccountChange[] {
  if (!isKnown(before) || !isKnown(after)) return [];
  const changed = changedRoles(before, after);
  const sides = { before: side(before, changed), after: side(after, changed) };
  const reasons = reasonsOf(operations);
  const isOfOneRelease = before.server.version === after.server.version;
  const compare = roleSetComparer({
    before: sides.before.graph,
    after: sides.after.graph,
    universe: universeOfState(after),
    isAnother: (ref) => !isOfOneRelease || sides.before.isAnother(ref) || sides.after.isAnother(ref),
    hasGates: [...before.roles, ...after.roles].some(({ authenticationRestrictions: some = [] }) => some.length > 0),
    reasonsOf: (role) => reasons.ofRoles.get(role) ?? [],
  });
  const keyOfReasons = onceFor(reasonsKey);
  const groups = new Map<string, { readonly change: Omit<AccountChange, 'accounts'>; readonly accounts: string[] }>();
  const tell = ({ name, kind, had, has }: Affected, roles: RoleSetChange, logins: AccountChange['logins']): void => {
    const user = has ?? had;
    const own = kind === 'assignable' || user === undefined ? undefined : reasons.ofUsers.get(user);
    const why = own === undefined ? roles.why() : eachOnce(own);
    const key = compoundKey([kind, roles.key, logins === undefined ? '' : sortedJson(logins), keyOfReasons(why)]);
    const { holds, willHold, gains, loses } = roles;
    const group = getOrMake(groups, key, () => ({
      change: { kind, holds, willHold, gains, loses, ...(logins && { logins }), why },
      accounts: [],
    }));
    group.accounts.push(name);
  };
  const gained = new Map<string, Gained>();
  for (const one of affected(before, after, sides)) {
    const { had, has } = one;
    const roles = compare(had?.roles ?? NO_ROLES, has?.roles ?? NO_ROLES);
    const logins = movedLogins(had, has, roles);
    if (roles.isSame && logins === undefined && had !== undefined && has !== undefined) continue;
    const opens = opensLogins(logins);
    if (opens || roles.gains.length > 0) gained.set(`${opens} ${roles.key}`, { gains: roles.gains, opens, holds: has });
    tell(one, roles, logins);
  }
  const isShown = shownByHolders([...gained.values()], sides.after.graph);
  for (const one of heldAndChanged(before.roles, changed, sides)) {
    const roles = compare(one.has.roles, one.has.roles);
    const logins = movedLogins(one.has, one.has, roles);
    const opens = opensLogins(logins);
    if ((opens || roles.gains.length > 0) && !isShown(one.role, { gains: roles.gains, opens }))
      tell(one, roles, logins);
  }
  return sortedBy(
    [...groups.values()].map(({ change, accounts }) => ({ ...change, accounts: accounts.sort(compareText) })),
    (change) => `${isGain(change) ? 0 : 1} ${change.accounts[0] ?? ''}`,
  );
}

const NO_ROLES: readonly RoleRef[] = [];

/** Whether the accounts may do, or log in from, more than before. */
export function isGain({ gains, logins }: Pick<AccountChange, 'gains' | 'logins'>): boolean {
  return gains.length > 0 || opensLogins(logins);
}

/** Whether the account may log in from more places than before. */
export function opensLogins(logins: AccountChange['logins']): boolean {
  if (logins === undefined) return false;
  return logins.before.some((gate) => !logins.after.some((now) => isNarrower(now, gate)));
}

/** Whether the account may no longer log in from everywhere that it may today. */
export function closesLogins({ before, after }: NonNullable<AccountChange['logins']>): boolean {
  return after.some((gate) => !before.some((old) => isNarrower(old, gate)));
}

/** Who changes: accounts by their names, for a role that a group could be given `whoever is given name@db`. */
export function changedNames({ kind, accounts }: Pick<AccountChange, 'kind' | 'accounts'>): readonly string[] {
  return kind === 'assignable' ? accounts.map(givenName) : accounts;
}

/** A role and an account may have the same name. */
export function givenName(role: string): string {
  return `${GIVEN}${role}`;
}

/** The roles that come and those that go; the others stay. */
export function movedRoles({ holds, willHold }: Pick<AccountChange, 'holds' | 'willHold'>): {
  readonly given: readonly RoleRef[];
  readonly taken: readonly RoleRef[];
} {
  return { given: subtractRoleRefs(willHold, holds), taken: subtractRoleRefs(holds, willHold) };
}

/** `from anywhere; until now from 10.0.0.0/8` */
export function loginsText({ before, after }: NonNullable<AccountChange['logins']>): string {
  return `${gatesText(after)}; until now ${gatesText(before)}`;
}

type KnownState = ClusterState & Required<Pick<ClusterState, 'roles' | 'users'>>;

function isKnown(state: ClusterState): state is KnownState {
  return state.roles !== undefined && state.users !== undefined;
}

interface Side {
  readonly graph: RoleGraph;
  /** Of several users of one name the last, which is the one that counts. */
  readonly find: UserFinder<User>;
  /** By the role's name: whoever could be given it. */
  readonly standIns: ReadonlyMap<string, User>;
  /** Whether the role, or one that it inherits, is one of those that change. */
  isAnother(ref: RoleRef): boolean;
}

interface Sides {
  readonly before: Side;
  readonly after: Side;
}

function side(state: KnownState, changed: readonly RoleRef[]): Side {
  const { roles, users, server } = state;
  const graph = roleGraph(roles, server.version);
  const standIns = everybodyIn(state)?.standIns ?? new Map<User, RoleRef>();
  const there = changed.filter((ref) => graph.role(ref) !== undefined);
  const others = withHeirs(there, there.length === 0 ? [] : roles);
  return {
    graph,
    find: userFinder(users),
    standIns: new Map([...standIns].map(([user, role]) => [formatRole(role), user])),
    isAnother: (ref) => others.has(ref),
  };
}

interface Affected {
  readonly name: string;
  readonly kind: AccountChange['kind'];
  readonly had: User | undefined;
  readonly has: User | undefined;
}

/** Whoever is another than before, holds a role that is, or could be given one. */
function affected(before: KnownState, after: KnownState, sides: Sides): Affected[] {
  const had = (user: User): boolean => user.roles.some(sides.before.isAnother);
  const has = (user: User): boolean => user.roles.some(sides.after.isAnother);
  const accounts: Affected[] = [];
  const look = (old: User | undefined, now: User | undefined): void => {
    const user = now ?? old;
    if (user === undefined || (old === now && !had(user) && !has(user))) return;
    const kind = old === undefined ? 'made' : now === undefined ? 'dropped' : 'changed';
    accounts.push({ name: formatUser(user), kind, had: old, has: now });
  };
  for (const [at, user] of before.users.entries()) {
    if (sides.before.find(user, at) === user) look(user, sides.after.find(user, at));
  }
  for (const [at, user] of after.users.entries()) {
    if (sides.after.find(user, at) === user && sides.before.find(user, at) === undefined) look(undefined, user);
  }
  const given = [...sides.after.standIns].flatMap(([name, user]): Affected[] => {
    // Where the role is there already, whoever is given it has what it grants today.
    return has(user) ? [{ name, kind: 'assignable', had: user, has: user }] : [];
  });
  // A role that is gone takes from whoever was given it what no user shows.
  const left = new Set(after.roles.map(formatRole));
  const taken = [...sides.before.standIns].flatMap(([name, user]): Affected[] =>
    left.has(name) ? [] : [{ name, kind: 'assignable', had: user, has: undefined }],
  );
  return [...accounts, ...given, ...taken];
}

/**
 * Custom roles of `admin` that are others than before and that accounts hold: a group may be given them besides, to which
 * nothing of what an account has otherwise belongs.
 */
function heldAndChanged(
  before: readonly Role[],
  changed: readonly RoleRef[],
  { after }: Sides,
): readonly (Affected & { readonly role: RoleRef; readonly has: User })[] {
  if (changed.length === 0) return [];
  return before
    .filter((role) => role.db === 'admin' && role.isBuiltin !== true && after.isAnother(role))
    .filter((role) => !after.standIns.has(formatRole(role)))
    .map(({ role, db }) => {
      const name = formatRole({ role, db });
      const standIn = { user: name, db: '$external', roles: [{ role, db }] };
      return { role: { role, db }, name, kind: 'assignable', had: standIn, has: standIn };
    });
}

interface Gained {
  readonly gains: readonly AccessAt[];
  /** Whether logins from more places are among what is gained. */
  readonly opens: boolean;
  readonly holds: User | undefined;
}

/** Whether what a role gives is told of somebody who holds it. */
function shownByHolders(
  gained: readonly Gained[],
  graph: RoleGraph,
): (role: RoleRef, gives: Omit<Gained, 'holds'>) => boolean {
  const holding = once(() => {
    const known = new RoleMap<Gained[]>();
    for (const one of gained) {
      for (const role of graph.closure(one.holds?.roles ?? NO_ROLES)) {
        const list = known.get(role);
        if (list === undefined) known.set(role, [one]);
        else list.push(one);
      }
    }
    return known;
  });
  return (role, { gains, opens }) =>
    holding()
      .get(role)
      ?.some((holder) => (holder.opens || !opens) && gains.every((one) => isWithin(one, holder.gains))) === true;
}

function isWithin({ on, actions }: AccessAt, gains: readonly AccessAt[]): boolean {
  const there = gains.find((each) => each.on === on);
  return there !== undefined && actions.every((action) => there.actions.includes(action));
}

function changedRoles(before: KnownState, after: KnownState): readonly RoleRef[] {
  const old = new Map(before.roles.map((role) => [roleKey(role), role]));
  const changed: RoleRef[] = [];
  for (const role of after.roles) {
    const key = roleKey(role);
    if (old.get(key) !== role) changed.push(role);
    old.delete(key);
  }
  return [...changed, ...old.values()];
}

/** Nothing where an account that is there before and after may log in from the same places. */
function movedLogins(had: User | undefined, has: User | undefined, { gates }: RoleSetChange): AccountChange['logins'] {
  if (had === undefined || has === undefined) return undefined;
  const before = [...ownGates(had), ...gates.before];
  const after = [...ownGates(has), ...gates.after];
  const logins = { before, after };
  return opensLogins(logins) || closesLogins(logins) ? logins : undefined;
}

interface Reasons {
  readonly ofUsers: UserMap<readonly Reason[]>;
  readonly ofRoles: RoleMap<readonly Reason[]>;
}

function reasonsOf(operations: readonly Operation[]): Reasons {
  const ofUsers = new UserMap<readonly Reason[]>();
  const ofRoles = new RoleMap<readonly Reason[]>();
  // The steps of one target mostly have one reason, and many targets the same: these share one list.
  const alone = onceFor((reason: Reason): readonly Reason[] => [reason]);
  const withReason = (list: readonly Reason[] | undefined, reason: Reason): readonly Reason[] =>
    list === undefined ? alone(reason) : [...list, reason];
  for (const operation of operations) {
    const { reason } = operation;
    const form = formOf(operation);
    if ('user' in form) {
      const known = ofUsers.get(form);
      if (known?.at(-1) !== reason) ofUsers.set(form, withReason(known, reason));
    } else if ('privileges' in form) {
      const known = ofRoles.get(form);
      if (known?.at(-1) !== reason) ofRoles.set(form, withReason(known, reason));
    }
  }
  return { ofUsers, ofRoles };
}

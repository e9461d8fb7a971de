/**
 * What a change means for accounts: what each holds and will hold, what it gains in full, what it loses, from where it
 * may log in. Worked out of the two states, whatever causes it, and never read from anywhere.
 */
import { assignableRoles } from '../access/assignable.ts';
import { type RoleGraph, roleGraph } from '../model/graph.ts';
import { formatRole, formatUser, type RoleRef, roleKey, userKey } from '../model/names.ts';
import { compareText, sortedBy } from '../model/order.ts';
import type { Privilege } from '../model/privilege.ts';
import {
  type AuthenticationRestriction,
  canonicalRoleRefs,
  roleSetKey,
  subtractRoleRefs,
  type User,
} from '../model/role.ts';
import { sortedJson } from '../state/sorted-json.ts';
import type { ClusterState } from '../state/state.ts';
import { handlerOf } from './operations/handlers.ts';
import type { Operation, Reason } from './operations/operation.ts';
import { type Loss, lossesBetween } from './restrictions/losses.ts';
import { type Universe, universeOfState } from './restrictions/universe.ts';

/** Accounts that change alike. */
export interface AccountChange {
  /** `name@db`, sorted; of a role that a group could be given the role's name. */
  readonly accounts: readonly string[];
  /** `assignable`: nobody holds the role, and whoever is given it by an LDAP or OIDC group does. */
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

/** Actions at one place: `audit.*`, `audit.logs`, `cluster`; `*.*, databases made later`. */
export type AccessAt = Pick<Loss, 'on' | 'resource' | 'actions'>;

/** Restrictions of logins, one of which has to be met; `by`: the role that has them, nothing for the account itself. */
export interface LoginGate {
  readonly by?: string;
  readonly restrictions: readonly AuthenticationRestriction[];
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
  const sides = { before: side(before), after: side(after), universe: universeOfState(after) };
  const compare = comparer(sides);
  const reasons = reasonsOf(operations);
  const groups = new Map<string, { readonly change: Omit<AccountChange, 'accounts'>; readonly accounts: string[] }>();
  for (const { name, kind, had, has } of affected(before, after, sides)) {
    const difference = compare(had, has);
    if (difference === undefined) continue;
    const why = whyOf(had, has, sides, reasons);
    const change = { kind, ...difference, why };
    const key = sortedJson([kind, rolesText(change.holds), rolesText(change.willHold), difference.key, whyKey(why)]);
    const { key: _key, ...told } = change;
    const group = groups.get(key) ?? { change: told, accounts: [] };
    group.accounts.push(name);
    groups.set(key, group);
  }
  return sortedBy(
    [...groups.values()].map(({ change, accounts }) => ({ ...change, accounts: accounts.sort(compareText) })),
    (change) => `${isGain(change) ? 0 : 1} ${change.accounts[0] ?? ''}`,
  );
}

/** Whether the accounts may do, or log in from, more than before. */
export function isGain({ gains, logins }: Pick<AccountChange, 'gains' | 'logins'>): boolean {
  return gains.length > 0 || opensLogins(logins);
}

/** Whether the account may log in from more places than before. */
export function opensLogins(logins: AccountChange['logins']): boolean {
  if (logins === undefined) return false;
  const left = new Set(logins.after.map(gateKey));
  return logins.before.some((gate) => !left.has(gateKey(gate)));
}

/** Whether the account may no longer log in from everywhere that it may today. */
export function closesLogins({ before, after }: NonNullable<AccountChange['logins']>): boolean {
  const known = new Set(before.map(gateKey));
  return after.some((gate) => !known.has(gateKey(gate)));
}

/** Who changes: accounts by their names, for a role that a group could be given `whoever is given name@db`. */
export function changedNames({ kind, accounts }: Pick<AccountChange, 'kind' | 'accounts'>): readonly string[] {
  return kind === 'assignable' ? accounts.map(givenName) : accounts;
}

/** A role and an account may have the same name. */
export function givenName(role: string): string {
  return `whoever is given ${role}`;
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

/** `from 10.0.0.0/8 or to 10.1.2.3 (by r@admin)`, `from anywhere` */
export function gatesText(gates: readonly LoginGate[]): string {
  if (gates.length === 0) return 'from anywhere';
  return gates
    .map(
      ({ by, restrictions }) =>
        `${restrictions.map(restrictionText).join(' or ')}${by === undefined ? '' : ` (by ${by})`}`,
    )
    .join(', and ');
}

function restrictionText({ clientSource, serverAddress }: AuthenticationRestriction): string {
  return [
    ...(clientSource === undefined ? [] : [`from ${clientSource.join(', ')}`]),
    ...(serverAddress === undefined ? [] : [`to ${serverAddress.join(', ')}`]),
  ].join(' ');
}

type KnownState = ClusterState & Required<Pick<ClusterState, 'roles' | 'users'>>;

function isKnown(state: ClusterState): state is KnownState {
  return state.roles !== undefined && state.users !== undefined;
}

interface Side {
  readonly graph: RoleGraph;
  readonly users: ReadonlyMap<string, User>;
  /** By the role's name: whoever could be given it. */
  readonly standIns: ReadonlyMap<string, User>;
}

interface Sides {
  readonly before: Side;
  readonly after: Side;
  readonly universe: Universe;
}

function side({ roles, users, server }: KnownState): Side {
  const { standIns } = assignableRoles({ roles, users }, server.version);
  return {
    graph: roleGraph(roles, server.version),
    users: new Map(users.map((user) => [userKey(user), user])),
    standIns: new Map([...standIns].map(([user, role]) => [formatRole(role), user])),
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
  const changed = changedRoles(before, after);
  const touched = (user: User | undefined, { graph }: Side): boolean =>
    user !== undefined && changed.size > 0 && graph.closure(user.roles).some((role) => changed.has(roleKey(role)));
  const names = new Set([...sides.before.users.keys(), ...sides.after.users.keys()]);
  const accounts = [...names].flatMap((key): Affected[] => {
    const had = sides.before.users.get(key);
    const has = sides.after.users.get(key);
    const user = has ?? had;
    if (user === undefined) return [];
    if (had === has && !touched(had, sides.before) && !touched(has, sides.after)) return [];
    const kind = had === undefined ? 'made' : has === undefined ? 'dropped' : 'changed';
    return [{ name: formatUser(user), kind, had, has }];
  });
  const given = [...sides.after.standIns].flatMap(([name, has]): Affected[] => {
    // Where the role is there already, whoever is given it has what it grants today.
    return touched(has, sides.after) ? [{ name, kind: 'assignable', had: has, has }] : [];
  });
  // A role that is gone takes from whoever was given it what no user shows.
  const left = new Set(after.roles.map(formatRole));
  const taken = [...sides.before.standIns].flatMap(([name, had]): Affected[] =>
    left.has(name) ? [] : [{ name, kind: 'assignable', had, has: undefined }],
  );
  return [...accounts, ...given, ...taken];
}

function changedRoles(before: KnownState, after: KnownState): ReadonlySet<string> {
  const old = new Map(before.roles.map((role) => [roleKey(role), role]));
  const changed = new Set<string>();
  for (const role of after.roles) {
    if (old.get(roleKey(role)) !== role) changed.add(roleKey(role));
    old.delete(roleKey(role));
  }
  for (const key of old.keys()) changed.add(key);
  return changed;
}

type Difference = Pick<AccountChange, 'holds' | 'willHold' | 'gains' | 'loses' | 'logins'> & { readonly key: string };

/** Accounts with the same roles before and after share the comparison of what these grant. */
function comparer({ before, after, universe }: Sides) {
  const known = new Map<
    string,
    { readonly gains: readonly Loss[]; readonly loses: readonly Loss[]; readonly key: string }
  >();
  const access = (had: readonly RoleRef[], has: readonly RoleRef[]) => {
    const key = `${roleSetKey(had)} → ${roleSetKey(has)}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const could: readonly Privilege[] = before.graph.privileges(had);
    const can: readonly Privilege[] = after.graph.privileges(has);
    const gains = lossesBetween(can, could, universe);
    const loses = lossesBetween(could, can, universe);
    const made = { gains, loses, key: sortedJson([gains, loses]) };
    known.set(key, made);
    return made;
  };
  return (had: User | undefined, has: User | undefined): Difference | undefined => {
    const holds = canonicalRoleRefs(had?.roles ?? []);
    const willHold = canonicalRoleRefs(has?.roles ?? []);
    const { gains, loses, key } = access(holds, willHold);
    const gates = { before: gatesOf(had, before.graph), after: gatesOf(has, after.graph) };
    const moved = had !== undefined && has !== undefined && sortedJson(gates.before) !== sortedJson(gates.after);
    const same = rolesText(holds) === rolesText(willHold) && gains.length + loses.length === 0 && !moved;
    if (same && had !== undefined && has !== undefined) return undefined;
    const logins = moved ? { logins: gates } : {};
    return { holds, willHold, gains, loses, ...logins, key: sortedJson([key, logins]) };
  };
}

function gatesOf(user: User | undefined, graph: RoleGraph): readonly LoginGate[] {
  if (user === undefined) return [];
  const own = user.authenticationRestrictions ?? [];
  return [
    ...(own.length === 0 ? [] : [{ restrictions: own }]),
    ...sortedBy(graph.closure(user.roles), formatRole).flatMap((role): LoginGate[] => {
      const { authenticationRestrictions: restrictions = [] } = role;
      return restrictions.length === 0 ? [] : [{ by: formatRole(role), restrictions }];
    }),
  ];
}

function gateKey(gate: LoginGate): string {
  return sortedJson(gate);
}

function rolesText(roles: readonly RoleRef[]): string {
  return roles.map(formatRole).join(', ');
}

interface Reasons {
  readonly ofUsers: ReadonlyMap<string, readonly Reason[]>;
  readonly ofRoles: ReadonlyMap<string, readonly Reason[]>;
}

function reasonsOf(operations: readonly Operation[]): Reasons {
  const ofUsers = new Map<string, Reason[]>();
  const ofRoles = new Map<string, Reason[]>();
  for (const { kind, target, reason } of operations) {
    const { noun } = handlerOf(kind).target;
    const map = noun === 'user' ? ofUsers : noun === 'role' ? ofRoles : undefined;
    map?.set(target, [...(map.get(target) ?? []), reason]);
  }
  return { ofUsers, ofRoles };
}

/** What is said of the account itself, else of the roles by which it changes. */
function whyOf(
  had: User | undefined,
  has: User | undefined,
  sides: Sides,
  { ofUsers, ofRoles }: Reasons,
): readonly Reason[] {
  const user = has ?? had;
  const own = user === undefined ? [] : (ofUsers.get(formatUser(user)) ?? []);
  if (own.length > 0) return once(own);
  const roles = [...sides.before.graph.closure(had?.roles ?? []), ...sides.after.graph.closure(has?.roles ?? [])];
  return once(
    roles.flatMap((role) =>
      (ofRoles.get(formatRole(role)) ?? []).map(({ text, at }) => ({
        text: `${formatRole(role)} changes: ${text}`,
        ...(at && { at }),
      })),
    ),
  );
}

function once(reasons: readonly Reason[]): readonly Reason[] {
  return [...new Map(reasons.map((reason) => [whyKey([reason]), reason])).values()];
}

function whyKey(reasons: readonly Reason[]): string {
  return sortedJson(reasons.map(({ text, at }) => [text, at?.file ?? '', at?.line ?? 0]));
}

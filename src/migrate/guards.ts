/** What is made sure of before the first write. Pure. */

import { describeTarget, judge, requirementsOf } from '../access/commands/index.ts';
import { Failure } from '../failure.ts';
import { roleGraph } from '../model/graph.ts';
import { formatRole, formatUser, userKey } from '../model/names.ts';
import { sortedSet } from '../model/order.ts';
import type { Privilege } from '../model/privilege.ts';
import { formatResource } from '../model/resource.ts';
import { subtractRoleRefs, type User } from '../model/role.ts';
import { actionsOfServer } from '../model/server-actions.ts';
import { compareVersions } from '../model/version.ts';
import { diffStates } from '../plan/diff/diff-states.ts';
import { admits, gatesOfRoles, gatesText, isNarrower, type LoginGate, ownGates } from '../plan/login-gates.ts';
import { commandsLike } from '../plan/operations/commands.ts';
import type { Command } from '../plan/operations/mongo-command.ts';
import type { Operation } from '../plan/operations/operation.ts';
import type { PolicyLines } from '../plan/policy-lines.ts';
import { type ClusterState, OWN_DATABASE } from '../state/state.ts';
import type { Operator } from './cluster.ts';
import { JOURNAL_COLLECTION } from './journal.ts';

/** What is about to be done, and between which states. */
export interface Undertaking {
  readonly operations: readonly Operation[];
  readonly actual: ClusterState;
  readonly desired: ClusterState;
}

/**
 * Throws a Failure if something would be granted that this server does not have, an action, a role or a kind of resource;
 * if the account that is logged in lacks a privilege that an operation, the lock or the journal needs; if afterwards it
 * would lack what going back needs, or the login; or if nobody could administer users any more. Where the server wants no
 * login there is nothing to judge of accounts.
 */
export function guard(undertaking: Undertaking, operator: Operator | undefined): void {
  refuseUnknownActions(undertaking);
  refuseUnknownRoles(undertaking);
  refuseBuckets(undertaking);
  if (operator === undefined) return;
  refuseMissing(undertaking, operator);
  refuseLosing(undertaking, operator);
  refuseShutOut(undertaking, operator);
  refuseOwnPassword(undertaking, operator);
  refuseOrphaned(undertaking, operator);
}

/** The server refuses the whole role for one action that it does not have, after others may have been changed. */
function refuseUnknownActions({ operations, actual }: Undertaking): void {
  const known = actionsOfServer(actual.roles ?? [], actual.server.version);
  const details = operations.flatMap((operation) => {
    if (operation.kind !== 'createRole' && operation.kind !== 'grantPrivilegesToRole') return [];
    const held = actionsIn(operation.before?.privileges ?? []);
    const unknown = actionsIn(operation.after.privileges).filter(
      (action) => !known.has(action) && !held.includes(action),
    );
    return unknown.length === 0 ? [] : [`${formatRole(operation.after)}: ${unknown.join(', ')}`];
  });
  if (details.length === 0) return;
  throw new Failure(`MongoDB ${actual.server.version} does not have an action that this grants`, {
    details,
    advice: 'nothing was changed; grant actions that this server has',
  });
}

/** A role that no release before another one has, say; the server finds out when it comes to that grant. */
function refuseUnknownRoles({ operations, actual, desired }: Undertaking): void {
  if (actual.roles === undefined || desired.roles === undefined) return;
  const graph = roleGraph([...actual.roles, ...desired.roles], actual.server.version);
  const details = operations.flatMap((operation) => {
    if (!GRANTING.has(operation.kind) || !('after' in operation)) return [];
    const { before, after } = operation;
    if (after === undefined || !('roles' in after)) return [];
    const held = before !== undefined && 'roles' in before ? before.roles : [];
    const unknown = subtractRoleRefs(after.roles, held).filter((ref) => graph.role(ref) === undefined);
    return unknown.length === 0 ? [] : [`${operation.target}: ${unknown.map(formatRole).join(', ')}`];
  });
  if (details.length === 0) return;
  throw new Failure(`MongoDB ${actual.server.version} does not have a role that this grants`, {
    details,
    advice: 'nothing was changed; grant roles that this server has',
  });
}

const GRANTING: ReadonlySet<Operation['kind']> = new Set([
  'createRole',
  'createUser',
  'grantRolesToRole',
  'grantRolesToUser',
]);

/** 4.4 knows no buckets, and refuses a role that names them (tried). */
function refuseBuckets({ operations, actual }: Undertaking): void {
  if (compareVersions(actual.server.version, '5.0') >= 0) return;
  const details = operations.flatMap((operation) => {
    if (operation.kind !== 'createRole' && operation.kind !== 'grantPrivilegesToRole') return [];
    const named = operation.after.privileges.find(({ resource }) => 'system_buckets' in resource);
    return named === undefined ? [] : [`${operation.target}: ${formatResource(named.resource)}`];
  });
  if (details.length === 0) return;
  throw new Failure(`MongoDB ${actual.server.version} has no time series, and no privileges on buckets`, {
    details,
    advice: 'nothing was changed; grant this on servers from 5.0 on',
  });
}

function actionsIn(privileges: readonly Privilege[]): readonly string[] {
  return sortedSet(privileges.flatMap(({ actions }) => actions));
}

/** Where locks and the journal are kept, and what whoever applies does there. */
function bookkeeping(): Command[] {
  const update = { q: {}, u: { $set: {} }, upsert: true };
  return [
    { db: OWN_DATABASE, command: { findAndModify: 'locks', query: {}, update: {}, upsert: true } },
    { db: OWN_DATABASE, command: { find: JOURNAL_COLLECTION } },
    { db: OWN_DATABASE, command: { update: JOURNAL_COLLECTION, updates: [update] } },
  ];
}

function refuseMissing({ operations, actual }: Undertaking, operator: Operator): void {
  const commands = [...bookkeeping(), ...operations.flatMap(commandsLike)];
  const missing = missingFor(commands, actual, operator, operator.privileges);
  if (missing.length === 0) return;
  throw new Failure(
    `${formatUser(operator.user)} lacks ${missing.length === 1 ? 'a privilege' : 'privileges'} that this needs`,
    { details: missing, advice: GRANT_IT },
  );
}

const GRANT_IT = 'nothing was changed; grant it what is named above, or log in as another account';

/** Going back takes other commands than going on: a grant is undone by a revocation. */
function refuseLosing({ operations, actual, desired }: Undertaking, operator: Operator): void {
  const { roles } =
    desired.users?.find((user) => userKey(user) === userKey(operator.user)) ?? remaining(desired, operator);
  const graph = roleGraph(desired.roles ?? [], desired.server.version);
  // Going back neither makes indexes nor drops them.
  const back = diffStates(desired, actual, NO_LINES).filter(
    ({ kind }) => kind !== 'createIndex' && kind !== 'dropIndex',
  );
  const commands = [...bookkeeping(), ...[...operations, ...back].flatMap(commandsLike)];
  const lacked = missingFor(commands, actual, operator, operator.privileges);
  if (lacked.length > 0) {
    throw new Failure(`${formatUser(operator.user)} lacks what taking this back needs`, {
      details: lacked,
      advice: GRANT_IT,
    });
  }
  const missing = missingFor(commands, actual, operator, graph.privileges(roles));
  if (missing.length === 0) return;
  throw new Failure(
    `this takes away what ${formatUser(operator.user)} needs to finish and to undo it, and this runs as that account`,
    { details: missing, advice: 'nothing was changed; log in as another account, or leave this one these privileges' },
  );
}

/** The roles that an account has which the cluster does not store (LDAP, X.509), or none if it was dropped. */
function remaining({ users }: ClusterState, { user, roles }: Operator): Pick<Operator, 'roles'> {
  return { roles: users === undefined || user.db === '$external' ? roles : [] };
}

const NO_LINES: PolicyLines = {
  role: () => ({ text: '' }),
  user: () => ({ text: '' }),
  collection: () => ({ text: '' }),
  left: () => ({ text: '' }),
  password: () => undefined,
};

/** `grantRole on database admin`, for each that is lacking. What is not known to be needed is left to the server. */
function missingFor(
  commands: readonly Command[],
  { server }: ClusterState,
  { user, roles }: Operator,
  privileges: readonly Privilege[],
): readonly string[] {
  const context = { version: server.version, sharded: server.topology === 'sharded', user, roles };
  return sortedSet(
    commands.flatMap(({ db, command }) =>
      judge(requirementsOf(command, db, context), privileges).missing.map(
        ({ action, target }) => `${action} on ${describeTarget(target)}`,
      ),
    ),
  );
}

/** An account that may log in no longer is cut off at once, with its lock, in the middle of what it does (tried on 8.3). */
function refuseShutOut({ actual, desired }: Undertaking, { user, roles, address }: Operator): void {
  const find = ({ users = [] }: ClusterState): User =>
    users.find((each) => userKey(each) === userKey(user)) ?? { ...user, roles };
  const gates = { before: gatesOf(find(actual), actual), after: gatesOf(find(desired), desired) };
  if (staysOpen(gates, address)) return;
  throw new Failure(`${formatUser(user)}, which this runs as, could not log in from here afterwards`, {
    details: [`only ${gatesText(gates.after)}; here is ${address ?? 'an address that the server does not tell'}`],
    advice: 'nothing was changed; let it in from here, or run this from where it will be let in, or as another account',
  });
}

/** With another password no further connection can log in, and what was done could not be read again (tried on 8.3). */
function refuseOwnPassword({ operations }: Undertaking, { user }: Operator): void {
  const own = operations.find((each) => each.kind === 'rotatePassword' && userKey(each.after) === userKey(user));
  if (own === undefined) return;
  throw new Failure(`${formatUser(user)} can't set its own password while this runs as ${formatUser(user)}`, {
    advice: 'nothing was changed; log in as another account for that',
  });
}

/**
 * Whoever may grant any role of `admin` may do everything in the end; without such an account nobody can. One that could
 * log in from elsewhere alone than today counts for nothing: who knows whether somebody is there.
 */
function refuseOrphaned({ actual, desired }: Undertaking, { address }: Operator): void {
  const before = administrators(actual);
  const after = administrators(desired);
  if (before.length === 0) return;
  const advice = 'leave one account a role with grantRole on admin, such as userAdminAnyDatabase';
  if (after.length === 0) {
    throw new Failure('nobody could administer users after this', {
      details: before.map((user) => `${formatUser(user)} could until now`),
      advice: `nothing was changed; ${advice}`,
    });
  }
  const today = new Map((actual.users ?? []).map((user) => [userKey(user), user]));
  const closed = after.map((user) => {
    const old = today.get(userKey(user));
    const gates = { before: old === undefined ? [] : gatesOf(old, actual), after: gatesOf(user, desired) };
    return staysOpen(gates, address) ? undefined : `${formatUser(user)} only ${gatesText(gates.after)}`;
  });
  if (!closed.every((each) => each !== undefined)) return;
  throw new Failure('whoever administers users could log in only from elsewhere after this', {
    details: closed,
    advice: 'nothing was changed; let one of them in from where it is today, or run this from where one will be let in',
  });
}

function administrators({ server, roles, users }: ClusterState): readonly User[] {
  const graph = roleGraph(roles ?? [], server.version);
  const grant = requirementsOf({ grantRolesToUser: 'anybody', roles: ['root'] }, 'admin', {
    version: server.version,
    sharded: server.topology === 'sharded',
  });
  return (users ?? []).filter((user) => judge(grant, graph.privileges(user.roles)).allowed);
}

interface Gates {
  readonly before: readonly LoginGate[];
  readonly after: readonly LoginGate[];
}

function gatesOf(user: User, { roles, server }: ClusterState): readonly LoginGate[] {
  return [...ownGates(user), ...gatesOfRoles(roleGraph(roles ?? [], server.version).closure(user.roles))];
}

/** Whether somebody may log in from wherever it may today, or from that address. */
function staysOpen({ before, after }: Gates, address: string | undefined): boolean {
  return after.every(
    (gate) => before.some((old) => isNarrower(old, gate)) || (address !== undefined && admits(gate, address)),
  );
}

/** Accounts that no narrowing keeps out, because they can give themselves or take from others whatever is missing. */

import { takeover } from '../../access/techniques.ts';
import type { Demand } from '../../access/violations/demand.ts';
import { isBuiltinRoleName } from '../../model/catalogue.ts';
import { formatRole, formatUser, type RoleRef, roleKey } from '../../model/names.ts';
import { sortedSet } from '../../model/order.ts';
import type { Role, User } from '../../model/role.ts';
import type { IntentBreakGlass } from '../../policy/intent.ts';
import type { Position } from '../../policy/problem.ts';
import type { Database, OwnedObject } from '../../state/state.ts';
import { reachOf } from './access-change.ts';
import type { ManagedRole } from './managed-roles.ts';
import type { OpenTechnique, RestrictionSolver } from './revocations.ts';

/** Why a restriction can't be carried out as it stands. */
export interface Refusal {
  readonly target: string;
  readonly message: string;
  readonly at?: Position;
}

/** For an account that would stay able by an escalation. `roles`: those that it comes by. */
export function escalationRefusal(user: User, roles: readonly RoleRef[], open: readonly OpenTechnique[]): Refusal {
  const target = formatUser(user);
  const places = sortedSet(open.map(({ demand }) => demand.on)).join(' and ');
  const does = sortedSet(open.map(({ technique }) => technique.does)).join('; ');
  const by = roles.map(formatRole).join(' and ');
  return {
    target,
    message: `${target} can't be kept out of ${places} while it holds ${by}: it can ${does}; ${ADVICE}`,
    ...at(open[0]?.demand),
  };
}

/** An exemption that has ended: whether the account is still needed as it is, a person has to say. */
export function endedRefusal({ user, until, origin }: IntentBreakGlass, open: readonly OpenTechnique[]): Refusal {
  const target = formatUser(user);
  const still = open.length === 0 ? '' : `, and it can ${deniedText(open)}`;
  const message = `the exemption of ${target} ended on ${until}${still}: renew it with a reason and a date, or remove it, and ${target} is kept out like any other account`;
  return { target, message, at: origin() };
}

/** An account of another policy, which would give it back whatever is taken from it. */
export function foreignRefusal(user: User, owner: string, open: readonly OpenTechnique[]): Refusal {
  const target = formatUser(user);
  const message = `${target} belongs to the policy "${owner}", and it can ${deniedText(open)}: take that from it there, or name it under "except", "unmanaged" or breakGlass`;
  return { target, message, ...at(open[0]?.demand) };
}

/** `read audit.*, which audit.yaml:3 denies it` */
function deniedText(open: readonly OpenTechnique[]): string {
  const lines = sortedSet(open.map(({ demand }) => `${demand.origin().file}:${demand.origin().line}`)).join(' and ');
  const places = reachOf(open).map(({ on, outcomes }) => `${outcomes.join(', ')} ${on}`);
  return `${places.join('; ')}, which ${lines} denies it`;
}

const ADVICE = 'name it under breakGlass with a reason and a date, or take that from it';

function at(demand: Demand | undefined): { readonly at?: Position } {
  return demand === undefined ? {} : { at: demand.origin() };
}

/** What an account is once everything is carried out. */
export interface AccountRights {
  readonly user: User;
  readonly met: bigint;
  /** The demands that are carried out on it. */
  readonly covering: readonly Demand[];
}

/**
 * Accounts that could set the password of one that can, and be it. Who is able counts whoever it is: a break-glass
 * account can be taken over like any other. Users of `$external` have no password.
 */
export function takeoverRefusals(
  accounts: readonly AccountRights[],
  solver: RestrictionSolver,
  homes: readonly string[],
): Refusal[] {
  const demands = [...new Set(accounts.flatMap(({ covering }) => covering))];
  const doors = homes.map((db) => ({ db, bit: solver.bitsOf(takeover(db)) }));
  const anyDoor = doors.reduce((sum, { bit }) => sum | bit, 0n);
  const takers = accounts.filter(({ met }) => (met & anyDoor) !== 0n);
  const refusals = new Map<string, Refusal>();
  for (const demand of takers.length === 0 ? [] : demands) {
    for (const outcome of demand.deny) {
      const isAble = (met: bigint): boolean =>
        solver.open(met, [demand]).some(({ technique }) => technique.outcomes.includes(outcome));
      for (const { taker, victim } of takenOver(accounts, takers, doors, isAble)) {
        const target = formatUser(taker.user);
        if (!taker.covering.includes(demand) || refusals.has(target)) continue;
        const message = `${target} can't be kept out of ${demand.on} while it may set passwords in ${victim.db}: it can set that of ${formatUser(victim)} and log in as it; ${ADVICE}`;
        refusals.set(target, { target, message, ...at(demand) });
      }
    }
  }
  return [...refusals.values()];
}

interface Takeover {
  readonly taker: AccountRights;
  readonly victim: User;
}

/** Whoever becomes able by somebody's password opens the accounts of its own database to others. */
function takenOver(
  accounts: readonly AccountRights[],
  takers: readonly AccountRights[],
  doors: readonly { readonly db: string; readonly bit: bigint }[],
  isAble: (met: bigint) => boolean,
): readonly Takeover[] {
  const victims = new Map<string, User>();
  for (const { user, met } of accounts) if (!victims.has(user.db) && isAble(met)) victims.set(user.db, user);
  const taken: Takeover[] = [];
  let waiting = takers.filter(({ met }) => !isAble(met));
  for (let before = -1; before !== taken.length; ) {
    before = taken.length;
    const left: AccountRights[] = [];
    for (const taker of waiting) {
      const door = doors.find(({ db, bit }) => (taker.met & bit) !== 0n && victims.has(db));
      const victim = door === undefined ? undefined : victims.get(door.db);
      if (victim === undefined) {
        left.push(taker);
        continue;
      }
      taken.push({ taker, victim });
      if (!victims.has(taker.user.db)) victims.set(taker.user.db, taker.user);
    }
    waiting = left;
  }
  return taken;
}

/** A document of the server holds 16 MB at most; its own form of a role is a little smaller than the JSON. */
const LARGEST_ROLE = 15_000_000;

/** Below it no role comes near the limit. */
const MANY_PLACES = 2_000;

/** Managed roles that name more databases than one document can hold. */
export function tooLarge(managed: readonly ManagedRole[]): Refusal[] {
  return managed.flatMap(({ role, replaces, covers }) => {
    if (covers.length < MANY_PLACES || JSON.stringify(role).length < LARGEST_ROLE) return [];
    const message = `what stands for ${formatRole(replaces)} would have to name ${covers.length} databases and collections, more than a role can hold: give its holders roles for the databases that they need`;
    return [{ target: formatRole(role), message }];
  });
}

/** Collections of a protected database that nobody could list: a wildcard over them can't be written out. */
export function unknownCollections(demands: readonly Demand[], databases: readonly Database[]): Refusal[] {
  const unknown = new Set(databases.flatMap(({ name, collections }) => (collections === undefined ? [name] : [])));
  const first = new Map(
    demands.filter(({ db, on }) => unknown.has(db) && on !== `${db}.*`).map((each) => [each.db, each]),
  );
  return [...first].map(([db, demand]) => ({
    target: db,
    message: `the collections of ${db} are unknown, so that grants on all of them can't be written out without ${demand.on}`,
    ...at(demand),
  }));
}

/** An entry of the record that nothing bears out. */
export function forgedRefusal({ target, replaces }: OwnedObject): Refusal {
  const message = `the record in mongoward.objects says that ${target} stands for ${replaces}, and no role that stands for it is called so: somebody has changed the record; see who can write it, and remove the entry`;
  return { target, message };
}

/** No plan narrows a role by which its holder administers users: whoever could have one given back has changed the record, or the role. */
export function givenBackRefusal(user: User, roles: readonly RoleRef[]): Refusal {
  const target = formatUser(user);
  const message = `${target} would be given back ${roles.map(formatRole).join(', ')}, by which it could grant itself anything, and which no plan takes away: somebody has changed the record in mongoward.objects, or the role; see who can write them, and grant by hand what it should have`;
  return { target, message };
}

/** A role of the very name that a managed one needs, and that the record does not say is ours. */
export function takenNames(
  managed: readonly ManagedRole[],
  roles: readonly Role[],
  objects: readonly OwnedObject[],
): Refusal[] {
  const present = new Set(roles.map(roleKey));
  const recorded = new Set(objects.filter(({ kind }) => kind === 'role').map(({ target }) => target));
  return managed.flatMap(({ role, replaces }) => {
    const target = formatRole(role);
    if (!isBuiltinRoleName(role) && (!present.has(roleKey(role)) || recorded.has(target))) return [];
    const message = `a role ${target} is there already, and the record does not say that it stands for ${formatRole(replaces)}: drop or rename it`;
    return [{ target, message }];
  });
}

import { getOrMake, groupBy } from '../../model/keyed.ts';
import { formatUser } from '../../model/names.ts';
import type { User } from '../../model/role.ts';
import type { AccountRights } from './resolve-account.ts';
import { at, exemptAdvice, type Refusal } from './restriction-refusal.ts';
import type { SolvedAccounts } from './solve-accounts.ts';

/**
 * Accounts that could set the password of one that can, and be it. Who is able counts whoever it is: a break-glass
 * account can be taken over like any other. Users of `$external` have no password.
 */
export function refuseTakeovers({ resolutions: accounts, solver, homes }: SolvedAccounts): readonly Refusal[] {
  const demands = [...new Set(accounts.flatMap(({ covering }) => covering))];
  const doors = homes.map(({ db, takeover }) => ({ db, bit: solver.bitsOf(takeover) }));
  const anyDoor = doors.reduce((sum, { bit }) => sum | bit, 0n);
  const known = new Map<bigint, readonly string[]>();
  const opened: Opened = (met) =>
    getOrMake(known, met, () => doors.flatMap(({ db, bit }) => ((met & bit) === 0n ? [] : [db])));
  const takers = accounts.filter(({ met }) => (met & anyDoor) !== 0n);
  // Of those of a database who meet as much, the first is as good a victim as any.
  const firsts = [...groupBy(accounts, ({ user: { db } }) => db).values()].flatMap((there) => {
    return [...groupBy(there, ({ met }) => met).values()].map(([first]) => first);
  });
  const refusals = new Map<string, Refusal>();
  for (const demand of takers.length === 0 ? [] : demands) {
    for (const outcome of demand.deny) {
      const isAble = (met: bigint): boolean =>
        solver.open(met, [demand]).some(({ technique }) => technique.outcomes.includes(outcome));
      for (const { taker, victim } of takenOver(firsts, takers, opened, isAble)) {
        const target = formatUser(taker.user);
        if (!taker.covering.includes(demand) || refusals.has(target)) continue;
        const message = `${target} can't be kept out of ${demand.on} while it may set passwords in ${victim.db}. It can set that of ${formatUser(victim)} and log in as that account. ${exemptAdvice(target)}`;
        refusals.set(target, { target, message, ...at(demand) });
      }
    }
  }
  return [...refusals.values()];
}

/** The databases of whose accounts somebody who meets that much may set the passwords. */
type Opened = (met: bigint) => readonly string[];

interface Takeover {
  readonly taker: AccountRights;
  readonly victim: User;
}

/** Whoever becomes able by somebody's password opens the accounts of its own database to others. */
function takenOver(
  firsts: readonly AccountRights[],
  takers: readonly AccountRights[],
  opened: Opened,
  isAble: (met: bigint) => boolean,
): readonly Takeover[] {
  const victims = new Map<string, User>();
  for (const { user, met } of firsts) if (!victims.has(user.db) && isAble(met)) victims.set(user.db, user);
  const taken: Takeover[] = [];
  let waiting = takers.filter(({ met }) => !isAble(met));
  for (let before = -1; before !== taken.length; ) {
    before = taken.length;
    const left: AccountRights[] = [];
    for (const taker of waiting) {
      const door = opened(taker.met).find((db) => victims.has(db));
      const victim = door === undefined ? undefined : victims.get(door);
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

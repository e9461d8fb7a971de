/** What a migration's file tells its reader of accounts. */
import { groupBy } from '../model/keyed.ts';
import { formatRole } from '../model/names.ts';
import { sortedSet } from '../model/order.ts';
import {
  type AccountChange,
  changedNames,
  isGain,
  loginsText,
  movedRoles,
  opensLogins,
} from '../plan/account-changes.ts';
import type { AccessAt } from '../plan/role-set-changes.ts';
import type { PlanWarning } from '../plan/warnings.ts';
import type { ToldToday } from './journal.ts';
import type { ToldAccess, ToldChange } from './migration.ts';

export function toldChange(change: AccountChange): ToldChange {
  const { holds, willHold, gains, loses, logins } = change;
  return {
    accounts: changedNames(change),
    ...(holds.length > 0 && { holds: holds.map(formatRole) }),
    ...(willHold.length > 0 && { willHold: willHold.map(formatRole) }),
    ...(gains.length > 0 && { gains: grouped(gains) }),
    ...(logins && { logins: loginsText(logins) }),
    ...(loses.length > 0 && { loses: lossText(loses) }),
  };
}

/** Those that gain one by one; of those that gain nothing, all that lose the same together, whatever else they hold. */
export function toldChanges(changes: readonly AccountChange[]): readonly ToldChange[] {
  const key = (change: AccountChange, at: number): string => {
    const { kind, loses, logins } = change;
    if (isGain(change)) return String(at);
    const { given, taken } = movedRoles(change);
    return JSON.stringify([kind, given, taken, loses, logins]);
  };
  const groups = groupBy(changes.entries(), ([at, change]) => key(change, at));
  return [...groups.values()].map((group) => {
    const [[, first], ...others] = group;
    if (others.length === 0) return toldChange(first);
    const { given, taken } = movedRoles(first);
    const accounts = sortedSet(group.flatMap(([, change]) => change.accounts));
    return { ...toldChange({ ...first, accounts, holds: taken, willHold: given }), others: 'stay' };
  });
}

/** Characters of JSON. A document of the journal holds no more than 16 MB, for all runs of an entry. */
const MOST_TOLD = 200_000;

/** What those gain who gain anything, and what is refused from then on, for the journal. */
export function toldToday(changes: readonly AccountChange[], warnings: readonly PlanWarning[]): ToldToday {
  const gaining = changes.filter(isGain);
  const gains = upTo(
    MOST_TOLD,
    gaining.map(({ kind, accounts, gains, logins }) => ({
      accounts: changedNames({ kind, accounts }),
      ...(gains.length > 0 && { gains: grouped(gains) }),
      ...(opensLogins(logins) && logins && { logins: loginsText(logins) }),
    })),
  );
  const moreGain = gaining.slice(gains.length).reduce((sum, { accounts }) => sum + accounts.length, 0);
  return {
    gains,
    ...(moreGain > 0 && { moreGain }),
    ...(warnings.length > 0 && {
      warnings: upTo(
        MOST_TOLD,
        warnings.map(({ message }) => message),
      ),
    }),
  };
}

/** The first of a list, as long as they have no more characters as JSON. */
function upTo<T>(most: number, list: readonly T[]): readonly T[] {
  let length = 0;
  const end = list.findIndex((each) => {
    length += JSON.stringify(each).length;
    return length > most;
  });
  return end === -1 ? list : list.slice(0, end);
}

/** Places with the same actions together. */
function grouped(list: readonly AccessAt[]): readonly ToldAccess[] {
  return [...groupBy(list, ({ actions }) => actions.join(' '))].map(([, same]) => ({
    on: same.map(({ on }) => on),
    actions: same[0].actions,
  }));
}

const MOST_PLACES = 2;

export function lossText(loses: readonly AccessAt[]): string {
  const actions = new Set(loses.flatMap((loss) => loss.actions));
  const places = loses.slice(0, MOST_PLACES).map(({ on }) => on);
  const rest = loses.length - places.length;
  const more = rest > 0 ? `; and ${rest} more ${rest === 1 ? 'place' : 'places'}` : '';
  return `${actions.size} ${actions.size === 1 ? 'action' : 'actions'} on ${places.join('; ')}${more}`;
}

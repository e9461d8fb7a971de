/** Where the accounts live that write a collection: whoever may change accounts there can stop it being written. */
import { handOn } from '../model/inheritance.ts';
import { getOrMake } from '../model/keyed.ts';
import { onceFor } from '../model/once.ts';
import { sortedSet } from '../model/order.ts';
import type { Target } from '../model/resource.ts';
import type { User } from '../model/role.ts';
import type { ClusterState } from '../state/state.ts';
import { everybodyIn } from './assignable.ts';
import { scopeOf } from './techniques/place.ts';
import { meets } from './techniques.ts';

/**
 * The databases, sorted, of all accounts that may insert there; nothing where roles or users are unknown. `counts`: whether
 * the account is one of those whose documents matter.
 */
export function homesOfWriters(
  state: ClusterState,
  subject: Target,
  counts: (user: User) => boolean = () => true,
): readonly string[] | undefined {
  const held = heldByHomes(state);
  if (held === undefined) return undefined;
  const { roles, heirs } = held.granted;
  const insert = { action: 'insert', on: scopeOf(subject) };
  const writing = roles.map(({ privileges }) => (privileges.some((privilege) => meets(privilege, insert)) ? 1n : 0n));
  handOn(writing, heirs);
  return [...held.byHome].flatMap(([db, byList]) => {
    const writers = [...byList].filter(([numbers]) => numbers.some((at) => writing[at] === 1n));
    return writers.some(([, users]) => users.some(counts)) ? [db] : [];
  });
}

/** The users by the database that they live in, and there by the list of roles that they hold, by number. */
const heldByHomes = onceFor((state: ClusterState) => {
  const { users } = state;
  const everybody = everybodyIn(state);
  if (users === undefined || everybody === undefined) return undefined;
  const { granted, held } = everybody.holdings;
  const byHome = new Map(sortedSet(users.map(({ db }) => db)).map((db) => [db, new Map<readonly number[], User[]>()]));
  for (const [at, user] of users.entries()) {
    const byList = getOrMake(byHome, user.db, () => new Map<readonly number[], User[]>());
    getOrMake(byList, held[at] ?? [], (): User[] => []).push(user);
  }
  return { granted, byHome };
});

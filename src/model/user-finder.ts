/** Users of one list looked up for those of another: mostly it is the same list before or after a change. */
import { UserMap } from './name-maps.ts';
import { type UserRef, userKey } from './names.ts';
import { once } from './once.ts';

/** The user of that name; of several the last. `at`: where it is likely to stand. */
export type UserFinder<T extends UserRef> = (ref: UserRef, at: number) => T | undefined;

export function userFinder<T extends UserRef>(users: readonly T[]): UserFinder<T> {
  const byName = once(() => {
    const map = new UserMap<T>();
    for (const user of users) map.set(user, user);
    return map;
  });
  // In a list in order nobody stands twice: who stands in the place of the same name is the one, and no map is needed.
  const inOrder = usersAscend(users);
  return (ref, at) => {
    const there = users[at];
    const isThere = inOrder && there !== undefined && there.user === ref.user && there.db === ref.db;
    return isThere ? there : byName().get(ref);
  };
}

/** Whether the users are in the order of their keys, and each is there once. */
export function usersAscend(users: readonly UserRef[]): boolean {
  return users.every((user, at) => at === 0 || isBefore(users[at - 1] as UserRef, user));
}

function isBefore(a: UserRef, b: UserRef): boolean {
  return a.db === b.db ? a.user < b.user : userKey(a) < userKey(b);
}

/** Users as targets of operations: what they are in a migration's file, and what operations on one that stays share. */

import type { RoleTarget, UserForm, UserSettings, UserTarget } from '../../../generated/migration.ts';
import { formatUser, type UserRef, userKey } from '../../../model/names.ts';
import { canonicalUser, type User } from '../../../model/role.ts';
import { documentKey } from '../../../state/document.ts';
import type { AccessByRoles } from '../../access-moved.ts';
import { ChainBreak, decoded } from '../chain-break.ts';
import { block, type FilePart, type FileParts, few, line, list, maybe, tree } from '../file-parts.ts';
import type { StateParts } from '../state-parts.ts';
import type { KnownForms, OperationTarget, TargetKey } from '../target.ts';

export const userTarget: OperationTarget<User> = {
  noun: 'user',
  chained: true,
  key: userTargetKey,
  text: formatUser,
  print: ({ user, db }) => ({ user, db }),
  formKey: documentKey,
  presentKey({ before, after }, view) {
    const wanted = after ?? before;
    const found = wanted && view.user(wanted);
    if (found === undefined) return undefined;
    const present = canonicalUser(found);
    if (wanted !== undefined && 'mechanisms' in wanted) return documentKey(present);
    // Where the operation says none, the server chose them when it made the user.
    const { mechanisms: _unsaid, ...rest } = present;
    return documentKey(rest);
  },
};

export function userTargetKey(ref: UserRef): TargetKey {
  return `user ${userKey(ref)}`;
}

interface UserChange {
  readonly before: User;
  readonly after: User;
}

/** What every change of a user that stays has in common. */
export const changesUser = {
  target: userTarget,
  simulate({ after }: Pick<UserChange, 'after'>, { users }: StateParts): void {
    users.set(userKey(after), after);
  },
  effect({ before, after }: UserChange, access: AccessByRoles) {
    return access.changeUser(before, after);
  },
};

/** Whether the wanted mechanisms include one that the user has not: the server then wants the password anew. */
export function addsMechanism(present: User, wanted: User): boolean {
  const has = new Set(present.mechanisms ?? []);
  return present.mechanisms !== undefined && (wanted.mechanisms ?? []).some((mechanism) => !has.has(mechanism));
}

export function printUser(user: User): FilePart {
  return block({ roles: few(user.roles), ...printUserSettings(user) });
}

/** What a user has besides roles. */
export function printUserSettings({ mechanisms, authenticationRestrictions, customData }: User): FileParts {
  return {
    mechanisms: maybe(line, mechanisms),
    authenticationRestrictions: maybe(list, authenticationRestrictions),
    customData: maybe(tree, customData),
  };
}

export function parseUser(
  { user, db }: UserTarget,
  { customData, ...form }: UserSettings & { readonly roles: readonly RoleTarget[] },
): User {
  return canonicalUser({ user, db, ...form, ...(customData && { customData: decoded(customData) }) });
}

/** The user before an operation, as the entry says it or the operations above leave it. Throws a {@link ChainBreak} if neither does. */
export function parseUserBefore(
  { target, before }: { readonly target: UserTarget; readonly before?: UserForm },
  known: KnownForms,
): User {
  if (before !== undefined) return parseUser(target, before);
  const form = known.get(userTargetKey(target));
  if (form !== undefined && 'user' in form) return form;
  throw new ChainBreak(`it lacks the key "before", and no operation above says what ${formatUser(target)} looks like`);
}

/** Why nothing else of a user is undone, once it was dropped and stays so. */
export const NOT_MADE_AGAIN = 'the user is not made again';

/** Why a password that was set stays. */
export const PASSWORD_NOT_KNOWN = 'the password that it had before is not known';

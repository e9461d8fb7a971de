/** `usersInfo` (manual, "usersInfo"). */
import type { UserRef } from '../../model/names.ts';
import { CLUSTER, databaseTarget } from '../../model/resource.ts';
import { type Account, accountDocument, mechanismsOf } from '../accounts.ts';
import { isSelf } from '../authorize.ts';
import type { Command, Context } from '../command-definition.ts';
import { commandError, notSimulated } from '../errors.ts';
import { compileQuery } from '../matcher.ts';
import { flag, onlyKnown, optionalDocument, type Request } from '../request.ts';
import { type Document, field, isDocument, isTrue, numberOf } from '../values.ts';
import { parseUserRef } from './arguments.ts';

type Target =
  | { readonly kind: 'database' }
  | { readonly kind: 'cluster' }
  | { readonly kind: 'users'; readonly users: readonly UserRef[] };

function targetOf(request: Request): Target {
  const value = field(request.body, 'usersInfo');
  if (numberOf(value) === 1) return { kind: 'database' };
  if (isDocument(value) && isTrue(field(value, 'forAllDBs'))) return { kind: 'cluster' };
  const names = Array.isArray(value) ? value : [value];
  return { kind: 'users', users: names.map((name) => parseUserRef(name, request.db)) };
}

function mayViewUsers({ request, caller }: Context): boolean {
  const target = targetOf(request);
  switch (target.kind) {
    case 'database':
      return caller.may('viewUser', databaseTarget(request.db));
    case 'cluster':
      return caller.may('viewUser', CLUSTER);
    case 'users':
      return target.users.every((ref) => isSelf(caller, ref) || caller.may('viewUser', databaseTarget(ref.db)));
  }
}

function selected(target: Target, { request, sandbox: { accounts } }: Context): readonly Account[] {
  switch (target.kind) {
    case 'database':
      return accounts.users().filter(({ db }) => db === request.db);
    case 'cluster':
      return accounts.users();
    case 'users':
      return accounts.users().filter((account) => target.users.some((ref) => isSame(ref, account)));
  }
}

function isSame(a: UserRef, b: UserRef): boolean {
  return a.user === b.user && a.db === b.db;
}

function usersInfo(context: Context): Document {
  const { request } = context;
  onlyKnown(request, [
    'showPrivileges',
    'showCredentials',
    'showAuthenticationRestrictions',
    'showCustomData',
    'filter',
  ]);
  const target = targetOf(request);
  const detailed = flag(request, 'showPrivileges') || flag(request, 'showAuthenticationRestrictions');
  const filter = optionalDocument(request, 'filter');
  if (flag(request, 'showCredentials')) throw notSimulated("'showCredentials' of usersInfo");
  if (detailed && (target.kind !== 'users' || filter !== undefined)) {
    throw commandError('IllegalOperation', 'Privilege or restriction details require exact-match usersInfo queries.');
  }
  const matches = compileQuery(filter ?? {});
  const users = selected(target, context).map((account) => ({
    ...described(account, flag(request, 'showCustomData', true)),
    ...(detailed ? details(context, account) : {}),
  }));
  return { users: users.filter(matches) };
}

function described(account: Account, showCustomData: boolean): Document {
  const { credentials: _, authenticationRestrictions: __, customData, ...user } = accountDocument(account);
  return {
    ...user,
    ...(showCustomData && customData !== undefined ? { customData } : {}),
    mechanisms: mechanismsOf(account),
  };
}

/** What the user's roles bring along, and its restrictions: the server gives all of it or none. */
function details({ request, sandbox: { accounts } }: Context, account: Account): Document {
  const inherited = accounts.graph.closure(account.roles);
  const restrictions = inherited.flatMap((role) =>
    role.authenticationRestrictions === undefined ? [] : [role.authenticationRestrictions],
  );
  return {
    inheritedRoles: inherited.map(({ role, db }) => ({ role, db })),
    inheritedPrivileges: accounts.graph.privileges(account.roles),
    inheritedAuthenticationRestrictions: restrictions,
    ...(flag(request, 'showAuthenticationRestrictions')
      ? { authenticationRestrictions: account.authenticationRestrictions ?? [] }
      : {}),
  };
}

export const USERS_INFO_COMMANDS: readonly Command[] = [{ name: 'usersInfo', authorize: mayViewUsers, run: usersInfo }];

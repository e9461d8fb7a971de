/** Commands that change users (manual, "User Management Commands"). */
import { formatUser, type UserRef } from '../../model/names.ts';
import { databaseTarget } from '../../model/resource.ts';
import { type AuthenticationRestriction, canonicalRoleRefs, subtractRoleRefs } from '../../model/role.ts';
import { compareVersions, releaseLine } from '../../model/version.ts';
import { type Account, makeCredentials, newUserId } from '../accounts.ts';
import { isSelf } from '../authorize.ts';
import type { Command, Context } from '../command-definition.ts';
import { commandError, locationError } from '../errors.ts';
import { flag, onlyKnown, optionalDocument, optionalList, optionalText, type Request, subject } from '../request.ts';
import { isMechanism, MECHANISMS, type Mechanism, type ScramCredential } from '../scram.ts';
import { type Document, field } from '../values.ts';
import {
  checkRolesExist,
  mayManageRoles,
  mayRevokeAnything,
  maySetRestrictions,
  optionalRestrictions,
  optionalRoles,
  requiredRoles,
} from './arguments.ts';

const ARGUMENTS = [
  'pwd',
  'roles',
  'mechanisms',
  'authenticationRestrictions',
  'customData',
  'digestPassword',
  'passwordDigestor',
];

function userOf(request: Request): UserRef {
  return { user: subject(request), db: request.db };
}

function mechanismsIn(request: Request): readonly Mechanism[] | undefined {
  const list = optionalList(request, 'mechanisms');
  if (list === undefined) return undefined;
  if (list.length === 0) throw commandError('UnsupportedFormat', 'mechanisms field must not be empty');
  return list.map((name) => {
    if (typeof name !== 'string') throw commandError('BadValue', 'mechanisms field must be an array of strings');
    if (!isMechanism(name)) throw commandError('BadValue', `Unknown auth mechanism '${name}'`);
    return name;
  });
}

function passwordIn(request: Request): string | undefined {
  const password = optionalText(request, 'pwd');
  if (password === '') throw commandError('BadValue', 'User passwords must not be empty');
  return password;
}

function credentialsIn(request: Request, user: string, password: string): ReadonlyMap<Mechanism, ScramCredential> {
  const mechanisms = mechanismsIn(request) ?? MECHANISMS;
  const digest = flag(request, 'digestPassword', true);
  if (!digest && mechanisms.includes('SCRAM-SHA-256')) {
    throw commandError('BadValue', 'Use of SCRAM-SHA-256 requires undigested passwords');
  }
  return makeCredentials(user, password, mechanisms, !digest);
}

function parse(request: Request) {
  onlyKnown(request, ARGUMENTS);
  return {
    ref: userOf(request),
    password: passwordIn(request),
    mechanisms: mechanismsIn(request),
    customData: optionalDocument(request, 'customData'),
    restrictions: optionalRestrictions(request),
    roles: optionalRoles(request),
  };
}

/** No restrictions at all are not stored as an empty list. */
function restricted(
  restrictions: readonly AuthenticationRestriction[] | undefined,
): Pick<Account, 'authenticationRestrictions'> {
  return restrictions === undefined || restrictions.length === 0 ? {} : { authenticationRestrictions: restrictions };
}

function createUser(context: Context): Document {
  const { request, sandbox } = context;
  const { ref, password, customData, restrictions, roles } = parse(request);
  if (ref.user === '') throw commandError('BadValue', 'Username must be non-empty');
  if (ref.db === 'local') throw commandError('BadValue', 'Cannot create users in the local database');
  const external = ref.db === '$external';
  if (password === undefined && !external) {
    throw commandError(
      'BadValue',
      "Must provide a 'pwd' field for all user documents, except those with '$external' as the user's source db",
    );
  }
  if (password !== undefined && external) throw passwordOfExternal();
  if (roles === undefined) throw commandError('BadValue', '"createUser" command requires a "roles" array');
  const credentials = password === undefined ? new Map() : credentialsIn(request, ref.user, password);
  checkRolesExist(context, roles);
  if (sandbox.accounts.user(ref) !== undefined) throw locationError(51003, `User "${formatUser(ref)}" already exists`);
  sandbox.accounts.putUser({
    ...ref,
    userId: newUserId(),
    credentials,
    roles,
    ...(customData === undefined ? {} : { customData }),
    ...restricted(restrictions),
  });
  return {};
}

function passwordOfExternal() {
  return commandError('BadValue', "Cannot set the password for users defined on the '$external' database");
}

function mayCreateUser({ request, caller }: Context): boolean {
  const { roles = [] } = parse(request);
  return (
    caller.may('createUser', databaseTarget(request.db)) &&
    mayManageRoles(caller, 'grantRole', roles) &&
    maySetRestrictions(caller, request)
  );
}

function updateUser(context: Context): Document {
  const { request, sandbox } = context;
  const { ref, password, mechanisms, customData, restrictions, roles } = parse(request);
  const nothing = [password, mechanisms, customData, restrictions, roles].every((part) => part === undefined);
  if (nothing) throw commandError('BadValue', 'Must specify at least one field to update in updateUser');
  if (password !== undefined && ref.db === '$external') throw passwordOfExternal();
  const before = sandbox.accounts.user(ref);
  if (before === undefined) throw notFound(ref);
  if (roles !== undefined) checkRolesExist(context, roles);
  const { authenticationRestrictions: _, ...rest } = before;
  sandbox.accounts.putUser({
    ...(restrictions === undefined ? before : { ...rest, ...restricted(restrictions) }),
    ...(customData === undefined ? {} : { customData }),
    ...(roles === undefined ? {} : { roles }),
    credentials:
      password !== undefined ? credentialsIn(request, ref.user, password) : trimmed(before.credentials, mechanisms),
  });
  return {};
}

/** Without the password a mechanism can be taken away, never added. */
function trimmed(
  credentials: Account['credentials'],
  mechanisms: readonly Mechanism[] | undefined,
): Account['credentials'] {
  if (mechanisms === undefined) return credentials;
  if (mechanisms.some((name) => !credentials.has(name))) {
    throw commandError('BadValue', 'mechanisms field must be a subset of previously set mechanisms');
  }
  return new Map([...credentials].filter(([name]) => mechanisms.includes(name)));
}

function notFound(ref: UserRef) {
  return commandError('UserNotFound', `User ${formatUser(ref)} not found`);
}

/**
 * The first patch of each release line that asks for `changePassword` when mechanisms change without the password.
 * Before it anybody could (CVE-2026-6915).
 */
const MECHANISMS_GUARDED = ['7.0.32', '8.0.21', '8.2.7'];

function guardsMechanisms(version: string): boolean {
  const patch = MECHANISMS_GUARDED.find((one) => releaseLine(one) === releaseLine(version));
  return patch === undefined ? compareVersions(version, '8.3') >= 0 : compareVersions(version, patch) >= 0;
}

function mayUpdateUser({ request, caller, sandbox }: Context): boolean {
  const { ref, roles, mechanisms } = parse(request);
  const database = databaseTarget(ref.db);
  const mayChange = (own: string, any: string): boolean =>
    (isSelf(caller, ref) && caller.may(own, database)) || caller.may(any, database);
  const has = (name: string): boolean => field(request.body, name) !== undefined;
  const secret = has('pwd') || (mechanisms !== undefined && guardsMechanisms(sandbox.version));
  if (secret && !mayChange('changeOwnPassword', 'changePassword')) return false;
  if (has('customData') && !mayChange('changeOwnCustomData', 'changeCustomData')) return false;
  if (roles !== undefined && !(mayRevokeAnything(caller) && mayManageRoles(caller, 'grantRole', roles))) return false;
  return maySetRestrictions(caller, request);
}

function dropUser({ request, sandbox }: Context): Document {
  onlyKnown(request, []);
  const ref = userOf(request);
  if (!sandbox.accounts.removeUser(ref)) throw commandError('UserNotFound', `User '${formatUser(ref)}' not found`);
  return {};
}

function dropAllUsers({ request, sandbox }: Context): Document {
  onlyKnown(request, []);
  const users = sandbox.accounts.users().filter(({ db }) => db === request.db);
  for (const user of users) sandbox.accounts.removeUser(user);
  return { n: users.length };
}

/** `change` gives the roles that the user has then. */
function changeRoles(
  context: Context,
  change: (held: Account['roles'], named: Account['roles']) => Account['roles'],
): Document {
  const { request, sandbox } = context;
  onlyKnown(request, ['roles']);
  const ref = userOf(request);
  const named = requiredRoles(request);
  const before = sandbox.accounts.user(ref);
  if (before === undefined) {
    throw commandError('UserNotFound', `Could not find user "${ref.user}" for db "${ref.db}"`);
  }
  checkRolesExist(context, named);
  sandbox.accounts.putUser({ ...before, roles: change(canonicalRoleRefs(before.roles), named) });
  return {};
}

export const USER_COMMANDS: readonly Command[] = [
  { name: 'createUser', authorize: mayCreateUser, run: createUser },
  { name: 'updateUser', authorize: mayUpdateUser, run: updateUser },
  {
    name: 'dropUser',
    authorize: ({ request, caller }) => caller.may('dropUser', databaseTarget(request.db)),
    run: dropUser,
  },
  {
    name: 'dropAllUsersFromDatabase',
    authorize: ({ request, caller }) => caller.may('dropUser', databaseTarget(request.db)),
    run: dropAllUsers,
  },
  {
    name: 'grantRolesToUser',
    authorize: ({ request, caller }) => mayManageRoles(caller, 'grantRole', requiredRoles(request)),
    run: (context) => changeRoles(context, (held, named) => canonicalRoleRefs([...held, ...named])),
  },
  {
    name: 'revokeRolesFromUser',
    authorize: ({ request, caller }) => mayManageRoles(caller, 'revokeRole', requiredRoles(request)),
    run: (context) => changeRoles(context, subtractRoleRefs),
  },
];

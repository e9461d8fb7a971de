/** What Atlas has of MongoDB's roles and users, whichever tool is told of them. Its custom roles are of the database `admin`. */
import { isBuiltinRoleName } from '../../model/catalogue.ts';
import type { RoleRef } from '../../model/names.ts';
import type { Role, User } from '../../model/role.ts';

/** Atlas Administration API, custom database roles. */
const ACTIONS: ReadonlySet<string> = new Set([
  ...['FIND', 'INSERT', 'REMOVE', 'UPDATE', 'BYPASS_DOCUMENT_VALIDATION', 'USE_UUID', 'KILL_OP', 'CREATE_COLLECTION'],
  ...[
    'CREATE_INDEX',
    'DROP_COLLECTION',
    'ENABLE_PROFILER',
    'CHANGE_STREAM',
    'COLL_MOD',
    'COMPACT',
    'CONVERT_TO_CAPPED',
  ],
  ...['DROP_DATABASE', 'DROP_INDEX', 'RE_INDEX', 'RENAME_COLLECTION_SAME_DB', 'LIST_SESSIONS', 'KILL_ANY_SESSION'],
  ...['COLL_STATS', 'CONN_POOL_STATS', 'DB_HASH', 'DB_STATS', 'GET_CMD_LINE_OPTS', 'GET_LOG', 'GET_PARAMETER'],
  ...['GET_SHARD_MAP', 'HOST_INFO', 'IN_PROG', 'LIST_DATABASES', 'LIST_COLLECTIONS', 'LIST_INDEXES', 'LIST_SHARDS'],
  ...['NETSTAT', 'REPL_SET_GET_CONFIG', 'REPL_SET_GET_STATUS', 'SERVER_STATUS', 'VALIDATE', 'SHARDING_STATE', 'TOP'],
]);

/** `bypassDocumentValidation` → `BYPASS_DOCUMENT_VALIDATION` */
export function atlasName(action: string): string {
  return action.replaceAll(/[A-Z]+/g, (letters) => `_${letters}`).toUpperCase();
}

/** The built-in roles that Atlas gives (Atlas manual, "Configure Database Users"). Its atlasAdmin is no role of MongoDB's. */
const GIVEN: ReadonlySet<string> = new Set([
  ...['read', 'readWrite', 'dbAdmin', 'readAnyDatabase', 'readWriteAnyDatabase', 'dbAdminAnyDatabase'],
  ...['backup', 'clusterMonitor', 'enableSharding'],
]);

const NO_RESTRICTIONS = 'Atlas has no authentication restrictions';

/** Why Atlas can't have the role; nothing if it can. */
export function refuseRole({ db, privileges, roles, authenticationRestrictions = [] }: Role): string | undefined {
  if (db !== 'admin') return 'custom roles of Atlas are of the database admin';
  if (authenticationRestrictions.length > 0) return NO_RESTRICTIONS;
  if (privileges.length + roles.length === 0) return 'a custom role of Atlas grants something';
  const unknown = privileges.flatMap(({ actions }) => actions).find((action) => !ACTIONS.has(atlasName(action)));
  if (unknown !== undefined) return `Atlas has no action ${unknown}`;
  for (const { resource } of privileges) {
    if ('anyResource' in resource || 'system_buckets' in resource) {
      return 'Atlas has only databases, collections and the cluster as resources';
    }
  }
  return refuseRoles(roles);
}

/** Why Atlas can't have the user; nothing if it can. */
export function refuseUser(user: User): string | undefined {
  const { db, roles, authenticationRestrictions = [] } = user;
  if (authenticationRestrictions.length > 0) return NO_RESTRICTIONS;
  if (db !== 'admin' && db !== '$external') return 'users of Atlas are of admin or $external';
  if (db === '$external' && loginOf(user) === undefined) {
    return 'Atlas wants to know how a user of $external logs in, and the name does not tell';
  }
  if (roles.length === 0) return 'a user of Atlas holds a role';
  return refuseRoles(roles);
}

function refuseRoles(roles: readonly RoleRef[]): string | undefined {
  const refused = roles.find((ref) => (isBuiltinRoleName(ref) ? !GIVEN.has(ref.role) : ref.db !== 'admin'));
  if (refused === undefined) return undefined;
  return isBuiltinRoleName(refused)
    ? `Atlas gives nobody the role ${refused.role}`
    : 'custom roles of Atlas are of the database admin';
}

/** By what a user of `$external` logs in, as far as the name tells: a distinguished name, an ARN of AWS. */
export function loginOf({ user }: User): 'x509' | 'aws-user' | 'aws-role' | undefined {
  if (/^arn:aws[\w-]*:iam::\d+:user\//.test(user)) return 'aws-user';
  if (/^arn:aws[\w-]*:(iam|sts)::\d+:(assumed-)?role\//.test(user)) return 'aws-role';
  return /^[A-Za-z][\w.]*=/.test(user) ? 'x509' : undefined;
}

/** One action with what it is granted on, as Atlas groups them. */
export interface AtlasAction {
  readonly name: string;
  /** Absent: the cluster. */
  readonly on?: { readonly db: string; readonly collection: string };
}

export function atlasActions({ privileges }: Role): readonly AtlasAction[] {
  return privileges.flatMap(({ resource, actions }) => {
    const on =
      'db' in resource && 'collection' in resource ? { db: resource.db, collection: resource.collection } : undefined;
    return actions.map((action) => ({ name: atlasName(action), ...(on && { on }) }));
  });
}

/** Resources of the Atlas Kubernetes operator. All custom roles of Atlas are of the database `admin`. */
import { stringify } from 'yaml';
import { isBuiltinRoleName } from '../../model/catalogue.ts';
import type { Role, User } from '../../model/role.ts';
import type { Form } from './export.ts';
import { plainName } from './plain-name.ts';

/** The actions that Atlas has (Atlas Administration API, custom database roles). */
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

function atlasName(action: string): string {
  return action.replaceAll(/[A-Z]+/g, (letters) => `_${letters}`).toUpperCase();
}

export const atlasExport: Form = {
  refuseRole: ({ db, privileges, roles, authenticationRestrictions = [] }) => {
    if (db !== 'admin') return 'custom roles of Atlas are of the database admin';
    if (authenticationRestrictions.length > 0) return 'Atlas has no authentication restrictions';
    const unknown = privileges.flatMap(({ actions }) => actions).find((action) => !ACTIONS.has(atlasName(action)));
    if (unknown !== undefined) return `Atlas has no action ${unknown}`;
    const other = privileges.some(({ resource }) => 'anyResource' in resource || 'system_buckets' in resource);
    if (other) return 'Atlas has only databases, collections and the cluster as resources';
    const foreign = roles.find((ref) => !isBuiltinRoleName(ref) && ref.db !== 'admin');
    return foreign && 'custom roles of Atlas are of the database admin';
  },
  refuseUser: ({ db, authenticationRestrictions = [] }) => {
    if (authenticationRestrictions.length > 0) return 'Atlas has no authentication restrictions';
    return db === 'admin' || db === '$external' ? undefined : 'users of Atlas are of admin or $external';
  },
  userFields: [],
  write: (roles, users) =>
    [...roles.map(customRole), ...users.map(databaseUser)]
      .map((resource) => stringify(resource, { lineWidth: 0, aliasDuplicateObjects: false }))
      .join('---\n'),
};

function customRole({ role, db, privileges, roles }: Role): object {
  const actions = privileges.flatMap(({ resource, actions: list }) => {
    const on =
      'db' in resource && 'collection' in resource
        ? { database: resource.db, collection: resource.collection }
        : { cluster: true };
    return list.map((action) => ({ name: atlasName(action), resources: [on] }));
  });
  return {
    apiVersion: 'atlas.mongodb.com/v1',
    kind: 'AtlasCustomRole',
    metadata: { name: plainName(role, db) },
    spec: {
      projectRef: { name: 'project' },
      role: { name: role, actions, inheritedRoles: roles.map((ref) => ({ name: ref.role, database: ref.db })) },
    },
  };
}

function databaseUser({ user, db, roles }: User): object {
  const name = plainName(user, db);
  const secret = { passwordSecretRef: { name: `${name}-password` } };
  return {
    apiVersion: 'atlas.mongodb.com/v1',
    kind: 'AtlasDatabaseUser',
    metadata: { name },
    spec: {
      projectRef: { name: 'project' },
      username: user,
      databaseName: db,
      ...(db !== '$external' && secret),
      roles: roles.map((ref) => ({ roleName: ref.role, databaseName: ref.db })),
    },
  };
}

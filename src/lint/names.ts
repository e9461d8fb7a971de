/** Every name in a policy, with where it stands: of databases, collections, roles and accounts. */
import {
  formatNamespace,
  formatRole,
  formatUser,
  parseNamespace,
  type RoleRef,
  splitAt,
  type UserRef,
} from '../model/names.ts';
import type { Intent, IntentGrant, Origin } from '../policy/intent.ts';
import type { SourceFile } from '../policy/source.ts';

export interface Named {
  readonly kind: 'database' | 'collection' | 'role' | 'user';
  /** As people write it: `audit`, `audit.logs`, `writer@audit`. */
  readonly text: string;
  /** The same without its database. */
  readonly name: string;
  /** The database that it is in; empty for a database. */
  readonly db: string;
  readonly origin: Origin;
}

/** Names that are defined, and those that grants, restrictions and exemptions refer to. Patterns are left out. */
export function namesOf(intent: Intent): readonly Named[] {
  return [
    ...intent.collections.flatMap(({ ns, access, origin }) => [
      ...collection(ns.db, ns.collection, origin),
      ...[...access].flatMap(([outcome, users]) =>
        users.flatMap((user, index) => account(user, () => origin('access', outcome, index))),
      ),
    ]),
    ...intent.roles.flatMap((entry) => [...role(entry.role, entry.origin), ...entry.grants.flatMap(granted)]),
    ...intent.users.flatMap((entry) => [...account(entry.user, entry.origin), ...entry.grants.flatMap(granted)]),
    ...intent.restrictions.flatMap(({ users, except, on, origin }) => [
      ...users.flatMap((selector) =>
        selector.kind === 'holding' ? role(selector.role, origin) : written(selector.pattern, origin),
      ),
      ...except.flatMap((user) => account(user, origin)),
      ...on.flatMap((text) => {
        const ns = parseNamespace(text);
        return ns === undefined ? [] : collection(ns.db, ns.collection === '*' ? '' : ns.collection, origin);
      }),
    ]),
    ...intent.breakGlass.flatMap(({ user, origin }) => account(user, origin)),
  ];
}

function granted(grant: IntentGrant): readonly Named[] {
  if (grant.kind === 'role') return role(grant.role, grant.origin);
  const { resource } = grant.privilege;
  if (!('db' in resource)) return [];
  return collection(
    resource.db,
    'collection' in resource ? resource.collection : resource.system_buckets,
    grant.origin,
  );
}

/** Empty parts are wildcards. */
function collection(db: string, name: string, origin: Origin): readonly Named[] {
  return [
    ...database(db, origin),
    ...(name === ''
      ? []
      : [{ kind: 'collection' as const, text: formatNamespace({ db, collection: name }), name, db, origin }]),
  ];
}

function database(db: string, origin: Origin): readonly Named[] {
  return db === '' ? [] : [{ kind: 'database', text: db, name: db, db: '', origin }];
}

function role(ref: RoleRef, origin: Origin): readonly Named[] {
  return [{ kind: 'role', text: formatRole(ref), name: ref.role, db: ref.db, origin }, ...database(ref.db, origin)];
}

function account(ref: UserRef, origin: Origin): readonly Named[] {
  return [{ kind: 'user', text: formatUser(ref), name: ref.user, db: ref.db, origin }, ...database(ref.db, origin)];
}

/** An account's name; nothing if it is a pattern. */
function written(pattern: string, origin: Origin): readonly Named[] {
  const parts = pattern.includes('*') ? undefined : splitAt(pattern);
  return parts === undefined ? [] : account({ user: parts.name, db: parts.db }, origin);
}

/** The patterns of `unmanaged`, as they are written, with their places. */
export function unmanagedPatterns(
  files: readonly SourceFile[],
): readonly { readonly text: string; readonly origin: Origin }[] {
  return files.flatMap((source) => {
    const { data } = source;
    const list = typeof data === 'object' && data !== null && 'unmanaged' in data ? data.unmanaged : [];
    return (Array.isArray(list) ? list : []).map((text, index) => ({
      text: String(text),
      origin: () => source.locate(['unmanaged', index]),
    }));
  });
}

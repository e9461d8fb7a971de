/** Names of roles, users and namespaces, and the one form in which each is written. */

/** A role as the server refers to it, for instance in `rolesInfo` and `usersInfo`. */
export interface RoleRef {
  readonly role: string;
  readonly db: string;
}

/** A user as the server refers to it. `db` is the user's authentication database, `$external` for X.509, LDAP and others. */
export interface UserRef {
  readonly user: string;
  readonly db: string;
}

/** A collection's full name, `db.collection`: the database ends at the first dot. */
export interface Namespace {
  readonly db: string;
  readonly collection: string;
}

/**
 * `name@db`, as people read and write it; as a document where that would read as something else: as another name, because
 * the database has an `@`, as several (`a@admin, b` of `admin`), or as whoever is given a role.
 */
export function formatRole(ref: RoleRef): string {
  return misleads(ref.role, ref.db) ? JSON.stringify({ role: ref.role, db: ref.db }) : `${ref.role}@${ref.db}`;
}

/** The same of a user: `{"user":"ops","db":"eu@admin"}` is not `ops@eu@admin`, the user `ops@eu` of `admin`. */
export function formatUser(ref: UserRef): string {
  return misleads(ref.user, ref.db) ? JSON.stringify({ user: ref.user, db: ref.db }) : `${ref.user}@${ref.db}`;
}

function misleads(name: string, db: string): boolean {
  return db.includes('@') || (name.includes('@') && SEVERAL.test(name)) || name.startsWith(GIVEN);
}

/** What stands before a role that a group could be given. */
export const GIVEN = 'whoever is given ';

/** A name with its database, and what stands between two where several are listed. */
const SEVERAL = /@(?:\$external|[^\s/\\."$@,;]+)[,;] /;

export function formatNamespace(ns: Namespace): string {
  return `${ns.db}.${ns.collection}`;
}

/**
 * The identity of a role or user among its kind: `db.name`, the `_id` of the server's own `admin.system.roles` and
 * `admin.system.users`. A database's name has no dot, so two different names never share one; with `name@db` they could.
 */
export function roleKey(ref: RoleRef): string {
  return `${ref.db}.${ref.role}`;
}

export function userKey(ref: UserRef): string {
  return `${ref.db}.${ref.user}`;
}

/** Whether a user is among those with these keys. Mostly there are none, and every account of a cluster is asked about. */
export function isAmong(keys: { readonly size: number; has(key: string): boolean }): (user: UserRef) => boolean {
  return (user) => keys.size > 0 && keys.has(userKey(user));
}

/**
 * Splits `name@db` at the last `@`; nothing if there is no name, no `@` or no database. Reads the documents of
 * {@link formatRole} and {@link formatUser} too.
 */
export function splitAt(text: string): { readonly name: string; readonly db: string } | undefined {
  const document = /^\{"(?:role|user)":/.test(text) ? readNameDocument(text) : undefined;
  if (document !== undefined) return document;
  const at = text.lastIndexOf('@');
  if (at < 1 || at === text.length - 1) return undefined;
  return { name: text.slice(0, at), db: text.slice(at + 1) };
}

function readNameDocument(text: string): { readonly name: string; readonly db: string } | undefined {
  const read = readWithDatabase(text);
  if (read === undefined) return undefined;
  const name = 'role' in read ? read.role : 'user' in read ? read.user : undefined;
  return typeof name === 'string' && misleads(name, read.db) ? { name, db: read.db } : undefined;
}

/** A document in JSON that names a database; nothing if the text is none. */
export function readWithDatabase(text: string): { readonly db: string } | undefined {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  const isOne = typeof read === 'object' && read !== null && 'db' in read && typeof read.db === 'string';
  return isOne ? (read as { readonly db: string }) : undefined;
}

/** Splits `db.collection` at the first dot; nothing if either part is empty. */
export function parseNamespace(text: string): Namespace | undefined {
  const dot = text.indexOf('.');
  if (dot < 1 || dot === text.length - 1) return undefined;
  return { db: text.slice(0, dot), collection: text.slice(dot + 1) };
}

/**
 * Why MongoDB would not take this as a database name, or nothing if it does
 * (manual, "Naming Restrictions"; `$external` is the one name with a `$`).
 */
export function databaseNameProblem(db: string): string | undefined {
  if (db === '') return 'it is empty';
  if (Buffer.byteLength(db) > 63) return 'it is longer than 63 bytes';
  if (db === '$external') return undefined;
  const bad = /[/\\. "$\0]/.exec(db);
  return bad === null ? undefined : `it contains ${JSON.stringify(bad[0])}`;
}

/**
 * Why MongoDB would not take this as the name of a collection in a privilege, or nothing: "is not a valid collection name"
 * (tried on 5.1 and 8.3). The server's own collections are valid there, and so is the empty name, which means any.
 */
export function collectionNameProblem(collection: string): string | undefined {
  if (collection.startsWith('.')) return 'its name begins with a dot';
  if (collection.includes('$')) return 'its name contains "$"';
  return collection.includes('\0') ? 'its name contains a null character' : undefined;
}

/** Why MongoDB would not take this as a collection of one's own, or nothing (manual, "Naming Restrictions"). */
export function namespaceProblem({ db, collection }: Namespace): string | undefined {
  const wrong = databaseNameProblem(db);
  if (wrong !== undefined) return wrong;
  // "Invalid namespace: $external.x" (tried on 8.3).
  if (db === '$external') return '$external holds accounts, and no collections';
  const invalid = collectionNameProblem(collection);
  if (invalid !== undefined) return invalid;
  if (collection.startsWith('system.')) return 'names that begin with "system." are the server\'s own';
  // "Invalid namespace: shop.old.system.orders" (tried on 5.1 and 8.3).
  if (collection.includes('.system.')) return 'names that contain ".system." are the server\'s own';
  // Manual, “MongoDB Limits and Thresholds”: the whole name, from 4.4 on.
  return Buffer.byteLength(`${db}.${collection}`) > 255 ? 'its full name is longer than 255 bytes' : undefined;
}

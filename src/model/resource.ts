/**
 * Resource documents: what a privilege is about, what it reaches, and how it is written.
 *
 * The rules are the server's (`src/mongo/db/auth/authorization_session_impl.cpp`, `buildResourceSearchList` and
 * `resource_pattern.h` in the public source of 4.4; the manual's "Resource Document" page).
 */
import { type Namespace, parseNamespace, readWithDatabase } from './names.ts';

/** A resource document as `rolesInfo` shows it. An empty `db` or `collection` stands for any. */
export type Resource =
  | { readonly db: string; readonly collection: string }
  | { readonly cluster: true }
  | { readonly anyResource: true }
  /** 5.0 and newer: the bucket collections behind time series collections; an empty name stands for any. */
  | { readonly db: string; readonly system_buckets: string };

/** What an action is about to be done to. */
export type Target =
  | { readonly kind: 'collection'; readonly db: string; readonly collection: string }
  | { readonly kind: 'database'; readonly db: string }
  | { readonly kind: 'cluster' };

export const CLUSTER: Target = { kind: 'cluster' };

export function collectionTarget(ns: Namespace): Target {
  return { kind: 'collection', db: ns.db, collection: ns.collection };
}

export function databaseTarget(db: string): Target {
  return { kind: 'database', db };
}

/** `db.coll`, the database's name, or `cluster`. */
export function formatTarget(target: Target): string {
  switch (target.kind) {
    case 'collection':
      return `${target.db}.${target.collection}`;
    case 'database':
      return target.db;
    case 'cluster':
      return 'cluster';
  }
}

/**
 * Whether wildcards reach the collection: not those of the server's own, `system.*` in any database and `local.replset.*`.
 * Only an exact name, `{db: "", collection: name}` and `anyResource` do.
 */
export function isNormalCollection(ns: Namespace): boolean {
  if (ns.collection.startsWith('system.')) return false;
  return !(ns.db === 'local' && ns.collection.startsWith('replset.'));
}

/** The databases that `{db: "", collection: ""}` never reaches. */
function isReservedDatabase(db: string): boolean {
  return db === 'local' || db === 'config';
}

const BUCKETS = 'system.buckets.';

/** The name of the collection in which the documents of a time series lie. */
export function bucketsOf(series: string): string {
  return `${BUCKETS}${series}`;
}

/** The time series whose documents a collection of that name holds; nothing if it is no such collection. */
export function seriesOf(collection: string): string | undefined {
  return collection.startsWith(BUCKETS) ? collection.slice(BUCKETS.length) : undefined;
}

/** Whether a resource is about nothing but the buckets of time series. */
export function isOfBuckets(resource: Resource): boolean {
  return 'system_buckets' in resource || ('collection' in resource && seriesOf(resource.collection) !== undefined);
}

/** Whether a resource names a time series by its buckets, or all of its database: those of any database each backup does. */
export function namesBuckets(resource: Resource, { db, collection }: Namespace): boolean {
  if (!('db' in resource) || (resource.db !== '' && resource.db !== db)) return false;
  if ('collection' in resource) return resource.collection === bucketsOf(collection);
  return resource.system_buckets === collection || (resource.system_buckets === '' && resource.db === db);
}

/** Whether a privilege on `resource` is one on `target`. */
export function covers(resource: Resource, target: Target): boolean {
  if ('anyResource' in resource) return true;
  if ('cluster' in resource) return target.kind === 'cluster';
  if (target.kind === 'cluster') return false;
  if ('system_buckets' in resource) {
    const series = target.kind === 'collection' ? seriesOf(target.collection) : undefined;
    if (series === undefined || (resource.db !== '' && resource.db !== target.db)) return false;
    return resource.system_buckets === '' || resource.system_buckets === series;
  }
  const anyDb = resource.db === '';
  if (!anyDb && resource.db !== target.db) return false;
  if (target.kind === 'database') return resource.collection === '' && !(anyDb && isReservedDatabase(target.db));
  if (resource.collection !== '') return resource.collection === target.collection;
  return isNormalCollection(target) && !(anyDb && isReservedDatabase(target.db));
}

/** Whether a privilege on `resource` reaches some normal collection inside a database, or anywhere in the cluster. */
export function reachesInside(resource: Resource, subject: Target): boolean {
  if ('anyResource' in resource) return true;
  if ('cluster' in resource || 'system_buckets' in resource) return false;
  if (resource.collection !== '' && !isNormalCollection(resource)) return false;
  if (subject.kind === 'cluster') return true;
  return resource.db === '' ? !isReservedDatabase(subject.db) : resource.db === subject.db;
}

/** Whether whoever has an action on `outer` has it on all of `inner`, as far as patterns tell. */
export function contains(outer: Resource, inner: Resource): boolean {
  if ('anyResource' in outer || resourceKey(outer) === resourceKey(inner)) return true;
  if ('anyResource' in inner || 'cluster' in inner || 'cluster' in outer) return false;
  if ('system_buckets' in outer || 'system_buckets' in inner) {
    if (!('system_buckets' in outer && 'system_buckets' in inner)) return false;
    const any = outer.system_buckets === '' || outer.system_buckets === inner.system_buckets;
    return any && (outer.db === '' || outer.db === inner.db);
  }
  if (inner.db === '') return false;
  return inner.collection === ''
    ? covers(outer, databaseTarget(inner.db)) && outer.collection === ''
    : covers(outer, collectionTarget(inner));
}

/** One text per resource: equal exactly for equal resources, and the order in which privileges are sorted. */
export function resourceKey(resource: Resource): string {
  if ('anyResource' in resource) return '0';
  if ('cluster' in resource) return '1';
  if ('system_buckets' in resource) return `3\0${resource.db}\0${resource.system_buckets}`;
  return `2\0${resource.db}\0${resource.collection}`;
}

const BUCKETS_PREFIX = 'system_buckets ';

/** Databases that no server has: privileges name them all the same, because servers store resources unread. */
const MISLEADING = /^\{|^system_buckets |\.|[,;] /;

/** What stands between two resources where several are listed. */
const SEPARATOR = /[,;] /;

/**
 * As people write it in a policy's `on`: `cluster`, `any`, `db.coll`, `db.*`, `*.coll`, `*.*`; buckets as
 * `system_buckets db.series`. What would read as a wildcard and is none (a collection that is called `*`), as another
 * namespace (a database that no server has, called `a.b`), or as several is written as MongoDB's document: two different
 * resources never look alike, and each is read back by {@link parseResource}.
 */
export function formatResource(resource: Resource): string {
  if ('anyResource' in resource) return 'any';
  if ('cluster' in resource) return 'cluster';
  const name = 'system_buckets' in resource ? resource.system_buckets : resource.collection;
  const misleads = resource.db === '*' || name === '*' || MISLEADING.test(resource.db) || SEPARATOR.test(name);
  if (misleads) return JSON.stringify(resource);
  const text = `${resource.db || '*'}.${name || '*'}`;
  return 'system_buckets' in resource ? `${BUCKETS_PREFIX}${text}` : text;
}

/** Reads what {@link formatResource} writes; nothing if it is none. */
export function parseResource(text: string): Resource | undefined {
  if (text === 'any') return { anyResource: true };
  if (text === 'cluster') return { cluster: true };
  if (text.startsWith('{')) return parseDocument(text);
  const buckets = text.startsWith(BUCKETS_PREFIX);
  const ns = parseNamespace(buckets ? text.slice(BUCKETS_PREFIX.length) : text);
  if (ns === undefined) return undefined;
  const db = ns.db === '*' ? '' : ns.db;
  const name = ns.collection === '*' ? '' : ns.collection;
  return buckets ? { db, system_buckets: name } : { db, collection: name };
}

function parseDocument(text: string): Resource | undefined {
  const read = readWithDatabase(text);
  if (read === undefined) return undefined;
  const { db } = read;
  if ('collection' in read && typeof read.collection === 'string') return { db, collection: read.collection };
  if ('system_buckets' in read && typeof read.system_buckets === 'string') {
    return { db, system_buckets: read.system_buckets };
  }
  return undefined;
}

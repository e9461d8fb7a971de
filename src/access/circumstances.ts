/** What the techniques on a collection depend on, looked up in a state. */
import { type Namespace, parseNamespace } from '../model/names.ts';
import { onceFor } from '../model/once.ts';
import { sortedSet } from '../model/order.ts';
import { bucketsOf, type Target } from '../model/resource.ts';
import type { Role } from '../model/role.ts';
import { compareVersions } from '../model/version.ts';
import { findCollection } from '../state/lookup.ts';
import type { ClusterState, Collection } from '../state/state.ts';
import type { Circumstances } from './techniques.ts';
import { homesOfWriters } from './writers.ts';

/** Of a database or the whole cluster: what is true of any collection there. */
export function circumstancesOf(state: ClusterState, subject: Target): Circumstances {
  const present = subject.kind === 'collection' ? findCollection(state, subject) : undefined;
  const there = present === undefined ? collectionsOf(state, subject) : [present];
  return {
    version: state.server.version,
    sharded: state.server.topology === 'sharded',
    standalone: state.server.topology === 'standalone',
    configShard: state.server.configShard,
    otherShards: state.shards && state.shards.length > 0,
    shard: state.server.shard === true,
    expires: there.some(mayExpire),
    capped: there.some(({ options }) => options.capped === true),
    keepsPreImages: there.some(keepsPreImages),
    logsDocuments: there.some(logsDocuments),
    timeSeries: timeSeriesIn(state, subject),
    views: subject.kind === 'collection' ? viewsOf(subject.collection, siblingsOf(state, subject.db)) : [],
    keyVaults: present !== undefined && isSealed(present) ? vaultsOf(state) : [],
    encryptedState: present && encryptedStateOf(present),
    homes: homesOfWriters(state, subject),
    restrictingRoles: state.roles === undefined ? [] : restrictingIn(state.roles),
  };
}

/** Buckets are listed, to whoever may see them, where a server of 9.0 keeps a time series from before it. */
function timeSeriesIn(state: ClusterState, subject: Target): Circumstances['timeSeries'] {
  const databases = state.databases ?? [];
  const series = databases.flatMap(({ name: db, collections = [] }) =>
    collections
      .filter(({ name, type }) => type === 'timeseries' && isWithin(subject, db, name))
      .map(({ name }) => ({ collections, name })),
  );
  if (series.length === 0) return 'no';
  if (compareVersions(state.server.version, '9.0') < 0) return 'buckets';
  const listed = series.some(({ collections, name }) => collections.some((other) => other.name === bucketsOf(name)));
  return listed ? 'buckets' : 'viewless';
}

function isWithin(subject: Target, db: string, collection: string): boolean {
  if (subject.kind === 'cluster') return true;
  return subject.db === db && (subject.kind === 'database' || subject.collection === collection);
}

/**
 * `encryptedFields` makes a collection one of Queryable Encryption, and names its state collections only if they are not
 * called as usual (manual, "Encrypted Collection Management").
 */
export function encryptedStateOf({ name, options }: Collection): Circumstances['encryptedState'] {
  const fields = options['encryptedFields'];
  if (typeof fields !== 'object' || fields === null) return undefined;
  const named = (key: string): string | undefined => {
    const value: unknown = Object.entries(fields).find(([field]) => field === key)?.[1];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    esc: named('escCollection') ?? `enxcol_.${name}.esc`,
    ecoc: named('ecocCollection') ?? `enxcol_.${name}.ecoc`,
  };
}

function collectionsOf(state: ClusterState, subject: Target): readonly Collection[] {
  switch (subject.kind) {
    case 'collection':
      return [];
    case 'database':
      return siblingsOf(state, subject.db);
    case 'cluster':
      return (state.databases ?? []).flatMap(({ collections = [] }) => collections);
  }
}

/** The databases, sorted, of roles that say from where their holders may log in. */
const restrictingIn = onceFor((roles: readonly Role[]) =>
  sortedSet(roles.filter(({ authenticationRestrictions }) => authenticationRestrictions?.length).map(({ db }) => db)),
);

function siblingsOf({ databases = [] }: ClusterState, db: string): readonly Collection[] {
  return databases.find(({ name }) => name === db)?.collections ?? [];
}

/** Whether its validator demands that a field is sealed. */
function isSealed({ options }: Collection): boolean {
  const demands = (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).some(([key, item]) => key === 'encrypt' || demands(item));
  return demands(options.validator);
}

/** Every key vault that was looked into: which of them holds the keys, a validator need not say. */
function vaultsOf({ keyVaults = [] }: ClusterState): readonly Namespace[] {
  return keyVaults.flatMap(({ ns }) => parseNamespace(ns) ?? []);
}

/** By a TTL index, or as time series and clustered collections do, by an option. */
function mayExpire({ indexes, options }: Collection): boolean {
  const byIndex = indexes?.some((index) => index.expireAfterSeconds !== undefined) ?? false;
  return byIndex || options['expireAfterSeconds'] !== undefined;
}

function keepsPreImages({ options }: Collection): boolean {
  const images: unknown = options['changeStreamPreAndPostImages'];
  return typeof images === 'object' && images !== null && 'enabled' in images && images.enabled === true;
}

/** Where it lets them in, and where it refuses them as 8.1 and newer may do (manual, "Specify Validation Level", "errorAndLog"). */
function logsDocuments({ options: { validator, validationAction, validationLevel } }: Collection): boolean {
  return validator !== undefined && LOGGING.includes(validationAction ?? '') && validationLevel !== 'off';
}

const LOGGING: readonly string[] = ['warn', 'errorAndLog'];

/** The views that show the collection or its buckets: on top of it, on top of such a view, or by joining it. */
function viewsOf(collection: string, siblings: readonly Collection[]): readonly string[] {
  const views = siblings.filter(({ type }) => type === 'view');
  const own = [collection, bucketsOf(collection)];
  const showing = new Set(own);
  for (let grown = true; grown; ) {
    const found = views.filter((view) => !showing.has(view.name) && mentions(view, showing));
    for (const view of found) showing.add(view.name);
    grown = found.length > 0;
  }
  for (const name of own) showing.delete(name);
  return [...showing].sort();
}

/** By `viewOn`, or by `from` or `coll` of a stage anywhere in the pipeline (`$lookup`, `$graphLookup`, `$unionWith`). */
function mentions({ options }: Collection, names: ReadonlySet<string>): boolean {
  const source = options['viewOn'];
  if (typeof source === 'string' && names.has(source)) return true;
  const inside = (value: unknown): boolean => {
    if (typeof value !== 'object' || value === null) return false;
    return Object.entries(value).some(([key, item]) => {
      const referring = key === 'from' || key === 'coll' || key === '$unionWith';
      return (referring && typeof item === 'string' && names.has(item)) || inside(item);
    });
  };
  return inside(options['pipeline']);
}

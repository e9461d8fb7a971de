/**
 * What a privilege must be about to serve a technique, as data. Scopes are compared by their structure: two that are
 * written alike are the same, and what they are called in a sentence tells nothing.
 */
import { getOrMake } from '../model/keyed.ts';
import {
  bucketsOf,
  CLUSTER,
  collectionTarget,
  contains,
  covers,
  databaseTarget,
  formatResource,
  formatTarget,
  type Resource,
  reachesInside,
  seriesOf,
  type Target,
} from '../model/resource.ts';

export type Scope =
  /** Exactly that. */
  | { readonly kind: 'target'; readonly target: Target }
  /** Some normal collection inside a database or the cluster, whichever. */
  | { readonly kind: 'inside'; readonly of: Target }
  /** Some whole database, whichever. */
  | { readonly kind: 'anyDatabase' }
  /** Every database that is not `local` or `config`, with its normal collections: what MongoDB writes as two empty names. */
  | { readonly kind: 'everyDatabase' }
  /** Everything at once, which only `anyResource` is. */
  | { readonly kind: 'anyResource' }
  /** The collection of that name in some database, also one of the server's own. */
  | { readonly kind: 'named'; readonly collection: string }
  /** The buckets of some time series inside a database or the cluster. */
  | { readonly kind: 'buckets'; readonly of: Target }
  /** Everything in a database but these collections, the server's own (`system.*`) included. */
  | { readonly kind: 'everything'; readonly db: string; readonly except: readonly string[] }
  /** One of several. */
  | { readonly kind: 'oneOf'; readonly scopes: readonly Scope[] }
  /** What is left of a scope without these collections and the buckets of the time series of these names. */
  | { readonly kind: 'without'; readonly of: Scope; readonly collections: readonly string[] }
  /** What of a scope a privilege reaches at a database. */
  | { readonly kind: 'at'; readonly of: Scope; readonly db: string }
  /** What of a scope a privilege reaches beyond a database. */
  | { readonly kind: 'beyond'; readonly of: Scope; readonly db: string }
  | { readonly kind: 'nothing' };

const EVERY_DATABASE: Resource = { db: '', collection: '' };

export const NOTHING: Scope = { kind: 'nothing' };

export function onTarget(target: Target): Scope {
  return { kind: 'target', target };
}

/** The collection, and the buckets that hold its documents if it is a time series. */
export function withBuckets(target: Target): Scope {
  if (target.kind !== 'collection') return onTarget(target);
  const buckets = collectionTarget({ db: target.db, collection: bucketsOf(target.collection) });
  return { kind: 'oneOf', scopes: [onTarget(target), onTarget(buckets)] };
}

interface Split {
  readonly at: Scope;
  readonly beyond: Scope;
}

/** What of the scope lies at the database; and what lies beyond it, which is nothing if no place outside of it serves. */
export function splitScope(of: Scope, db: string): Split {
  const byDatabase = getOrMake(splits, of, () => new Map<string, Split>());
  return getOrMake(byDatabase, db, () => {
    const outside = [...OUTSIDE, ...namedIn(of)].filter((resource) => !('db' in resource) || resource.db !== db);
    const serves = outside.some((resource) => reaches(of, resource));
    return { at: { kind: 'at', of, db }, beyond: serves ? { kind: 'beyond', of, db } : NOTHING };
  });
}

/** Of the scopes that there are: most requirements of a place share one. */
const splits = new WeakMap<Scope, Map<string, Split>>();

/** Whether a privilege on the resource is about what the scope names. */
export function reaches(scope: Scope, resource: Resource): boolean {
  switch (scope.kind) {
    case 'target':
      return covers(resource, scope.target);
    case 'inside':
      return reachesInside(resource, scope.of);
    case 'anyDatabase':
      return reachesInside(resource, CLUSTER) && (!('collection' in resource) || resource.collection === '');
    case 'everyDatabase':
      return contains(resource, EVERY_DATABASE);
    case 'anyResource':
      return 'anyResource' in resource;
    case 'named':
      return 'anyResource' in resource || ('collection' in resource && resource.collection === scope.collection);
    case 'buckets':
      return reachesBuckets(resource, scope.of);
    case 'everything':
      return reachesEverything(resource, scope.db, scope.except);
    case 'oneOf':
      return scope.scopes.some((each) => reaches(each, resource));
    case 'without':
      return reaches(scope.of, resource) && !isOneOf(resource, scope.collections);
    case 'at':
      return touches(resource, scope.db) && reaches(scope.of, resource);
    case 'beyond':
      return reaches(scope.of, resource) && reachesBeyond(resource, scope.of, scope.db);
    case 'nothing':
      return false;
  }
}

/** One text for each scope, the same exactly for those of the same structure. */
export function scopeKey(scope: Scope): string {
  const known = keys.get(scope);
  if (known !== undefined) return known;
  const key = JSON.stringify(partsOf(scope));
  keys.set(scope, key);
  return key;
}

/** Of the scopes that there are: many requirements share one, and each is asked for its key many times. */
const keys = new WeakMap<Scope, string>();

function partsOf(scope: Scope): readonly unknown[] {
  switch (scope.kind) {
    case 'target':
      return [scope.kind, ...targetParts(scope.target)];
    case 'inside':
    case 'buckets':
      return [scope.kind, ...targetParts(scope.of)];
    case 'anyDatabase':
    case 'everyDatabase':
    case 'anyResource':
    case 'nothing':
      return [scope.kind];
    case 'named':
      return [scope.kind, scope.collection];
    case 'everything':
      return [scope.kind, scope.db, scope.except];
    case 'oneOf':
      return [scope.kind, ...scope.scopes.map(partsOf)];
    case 'without':
      return [scope.kind, partsOf(scope.of), scope.collections];
    case 'at':
    case 'beyond':
      return [scope.kind, partsOf(scope.of), scope.db];
  }
}

function targetParts(target: Target): readonly string[] {
  switch (target.kind) {
    case 'collection':
      return [target.kind, target.db, target.collection];
    case 'database':
      return [target.kind, target.db];
    case 'cluster':
      return [target.kind];
  }
}

/** For sentences: `audit.logs`, `database audit`, `any collection of audit`. */
export function scopeText(scope: Scope): string {
  switch (scope.kind) {
    case 'target':
      return scope.target.kind === 'database' ? `database ${scope.target.db}` : formatTarget(scope.target);
    case 'inside':
      return scope.of.kind === 'cluster' ? 'any collection' : `any collection of ${formatTarget(scope.of)}`;
    case 'anyDatabase':
      return 'any database';
    case 'everyDatabase':
      return formatResource(EVERY_DATABASE);
    case 'anyResource':
      return 'anyResource';
    case 'named':
      return `${scope.collection} of any database`;
    case 'buckets':
      return `buckets of collections of ${formatTarget(scope.of)}`;
    case 'everything':
      return `any collection of ${scope.db}${butText(scope.except) || ', system.* included'}`;
    case 'oneOf':
      return scope.scopes.map(scopeText).join(' or ');
    case 'without':
      return `${scopeText(scope.of)}${butText(scope.collections)}`;
    case 'at':
      return `${scopeText(scope.of)}, in ${scope.db}`;
    case 'beyond':
      return `${scopeText(scope.of)}, outside ${scope.db}`;
    case 'nothing':
      return 'nothing';
  }
}

function butText(collections: readonly string[]): string {
  return collections.length === 0 ? '' : ` but ${collections.join(', ')}`;
}

function reachesBuckets(resource: Resource, of: Target): boolean {
  if ('anyResource' in resource) return true;
  if (!('db' in resource) || of.kind === 'collection') return false;
  if (of.kind === 'database' && resource.db !== '' && resource.db !== of.db) return false;
  return 'system_buckets' in resource || seriesOf(resource.collection) !== undefined;
}

function reachesEverything(resource: Resource, db: string, except: readonly string[]): boolean {
  const inside = (): boolean => reachesInside(resource, databaseTarget(db));
  if (!('db' in resource)) return inside();
  if (resource.db !== '' && resource.db !== db) return false;
  const wildcard = 'collection' in resource && resource.collection === '';
  return wildcard ? inside() : !isOneOf(resource, except);
}

/** Whether the resource names one of the collections, or its buckets. */
function isOneOf(resource: Resource, collections: readonly string[]): boolean {
  if (!('db' in resource)) return false;
  const name = 'collection' in resource ? resource.collection : resource.system_buckets;
  return collections.includes(seriesOf(name) ?? name);
}

function touches(resource: Resource, db: string): boolean {
  return 'anyResource' in resource || ('db' in resource && (resource.db === '' || resource.db === db));
}

/** Whether what meets the scope meets it by another database than that, or by none. */
function reachesBeyond(resource: Resource, of: Scope, db: string): boolean {
  if (!('db' in resource)) return true;
  if (resource.db !== '') return resource.db !== db;
  // A wildcard over collections never reaches local and config.
  const wildcard = 'collection' in resource && resource.collection === '';
  const others = wildcard ? ['admin', ANY_OTHER] : ['admin', 'local', 'config', ANY_OTHER];
  return others.some((other) => other !== db && reaches(of, { ...resource, db: other }));
}

/** No database has this name: where a scope reaches it, it reaches any. */
const ANY_OTHER = ' any other ';

/** What the scope itself names. */
function namedIn(scope: Scope): readonly Resource[] {
  if (scope.kind === 'oneOf') return scope.scopes.flatMap(namedIn);
  if (scope.kind !== 'target' || scope.target.kind === 'cluster') return [];
  const { target } = scope;
  return [{ db: target.db, collection: target.kind === 'collection' ? target.collection : '' }];
}

/** Places of which every other scope that is met outside of a database reaches one. */
const OUTSIDE: readonly Resource[] = [
  { cluster: true },
  ...['admin', 'local', 'config', ANY_OTHER].flatMap((db) => [
    { db, collection: '' },
    { db, collection: 'any' },
    { db, collection: 'system.views' },
  ]),
];

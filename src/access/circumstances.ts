/** What the techniques on a collection depend on, looked up in a state. */
import { type Namespace, parseNamespace } from '../model/names.ts';
import type { Target } from '../model/resource.ts';
import { findCollection } from '../state/lookup.ts';
import type { ClusterState, Collection } from '../state/state.ts';
import type { Circumstances } from './techniques.ts';

/** Of a database or the whole cluster: what is true of any collection there. */
export function circumstancesOf(state: ClusterState, subject: Target): Circumstances {
  const present = subject.kind === 'collection' ? findCollection(state, subject) : undefined;
  const there = present === undefined ? collectionsOf(state, subject) : [present];
  return {
    version: state.server.version,
    sharded: state.server.topology === 'sharded',
    expires: there.some(mayExpire),
    capped: there.some(({ options }) => options.capped === true),
    timeSeries: there.some(({ type }) => type === 'timeseries'),
    views: subject.kind === 'collection' ? viewsOf(subject.collection, siblingsOf(state, subject.db)) : [],
    keyVaults: present !== undefined && isSealed(present) ? vaultsOf(state) : [],
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

/** The views that show the collection: on top of it, on top of such a view, or by joining it. */
function viewsOf(collection: string, siblings: readonly Collection[]): readonly string[] {
  const views = siblings.filter(({ type }) => type === 'view');
  const showing = new Set([collection]);
  for (let grown = true; grown; ) {
    const found = views.filter((view) => !showing.has(view.name) && mentions(view, showing));
    for (const view of found) showing.add(view.name);
    grown = found.length > 0;
  }
  showing.delete(collection);
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

/** Looking things up in a state. */
import type { Namespace } from '../model/names.ts';
import type { ClusterState, Collection } from './state.ts';

/** The collection, view or time series of that name; nothing if there is none, or if nobody could look. */
export function findCollection(state: ClusterState, ns: Namespace): Collection | undefined {
  const database = state.databases?.find((candidate) => candidate.name === ns.db);
  return database?.collections?.find((candidate) => candidate.name === ns.collection);
}

/** Whether somebody has looked which collections a database has: where there is no such database, it has none. */
export function collectionsKnown({ databases }: ClusterState, db: string): boolean {
  const database = databases?.find(({ name }) => name === db);
  return databases !== undefined && (database === undefined || database.collections !== undefined);
}

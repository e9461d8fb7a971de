/** Where a technique takes its privileges: on the collection asked about, beside it, in its database, on the cluster. */
import type { Outcome } from '../../model/outcomes.ts';
import { bucketsOf, CLUSTER, collectionTarget, databaseTarget, type Target } from '../../model/resource.ts';
import { compareVersions } from '../../model/version.ts';
import { onTarget, type Scope } from '../scope.ts';
import { mendedIn, VULNERABILITIES } from '../vulnerabilities.ts';
import { type Circumstances, type Requirement, requireAction, type Technique } from './technique.ts';

export interface Place {
  readonly subject: Target;
  /** For sentences. */
  readonly name: string;
  readonly circumstances: Circumstances;
  on(action: string): Requirement;
}

/** The collection itself; of a database or the cluster, any normal collection inside. */
export function scopeOf(subject: Target): Scope {
  return subject.kind === 'collection' ? onTarget(subject) : { kind: 'inside', of: subject };
}

/** On the cluster, whatever the subject. */
export function onCluster(action: string): Requirement {
  return { action, on: ON_CLUSTER };
}

const ON_CLUSTER = onTarget(CLUSTER);

/** On one collection, whatever the subject. */
export function onCollection(action: string, db: string, collection: string): Requirement {
  return requireAction(action, collectionTarget({ db, collection }));
}

/** On everything at once: no list of databases and collections is that. */
export function onAnyResource(action: string): Requirement {
  return { action, on: { kind: 'anyResource' } };
}

/** On the database of the subject, or on any database. */
export function onDatabase(action: string, { subject }: Place): Requirement {
  if (subject.kind !== 'cluster') return requireAction(action, databaseTarget(subject.db));
  return { action, on: { kind: 'inside', of: subject } };
}

/** On some normal collection that need not be the subject's. */
export function onAnyCollection(action: string): Requirement {
  return { action, on: { kind: 'inside', of: CLUSTER } };
}

/** On some database that need not be the subject's. */
export function onAnyDatabase(action: string): Requirement {
  return { action, on: { kind: 'anyDatabase' } };
}

/** On some normal collection of the subject's database; if the subject is the cluster, of any. */
export function onNeighbour(action: string, { subject }: Place): Requirement {
  if (subject.kind === 'cluster') return onAnyCollection(action);
  return { action, on: scopeOf(databaseTarget(subject.db)) };
}

/** On `system.views` of the subject's database, where the definitions of its views are documents; of any database. */
export function onViews(action: string, { subject }: Place): Requirement {
  if (subject.kind !== 'cluster') {
    return requireAction(action, collectionTarget({ db: subject.db, collection: 'system.views' }));
  }
  return { action, on: { kind: 'named', collection: 'system.views' } };
}

/** On the buckets that hold a time series' documents; on a database or the cluster, on those of any time series inside. */
export function onBuckets(action: string, { subject }: Place): Requirement {
  if (subject.kind === 'collection') {
    return requireAction(action, collectionTarget({ db: subject.db, collection: bucketsOf(subject.collection) }));
  }
  return { action, on: { kind: 'buckets', of: subject } };
}

/** Where the roles that reach the subject are: in its own database or in `admin`. A role of another one reaches that alone. */
export function onRoles(action: string, { subject }: Place): Requirement {
  return subject.kind === 'cluster' ? onAnyDatabase(action) : onOneDatabase(action, [subject.db, 'admin']);
}

/** Where the accounts that reach the subject are: expected in its own database or in `admin`, or known to be elsewhere. */
export function onAccounts(
  action: string,
  { subject, circumstances }: Place,
  homes: readonly string[] | undefined = circumstances.homes,
): Requirement {
  if (subject.kind === 'cluster' || homes === undefined) return onAnyDatabase(action);
  return onOneDatabase(action, [subject.db, 'admin', ...homes]);
}

/** On one of these databases, some of which may be named twice. */
export function onOneDatabase(action: string, databases: readonly string[]): Requirement {
  const scopes = [...new Set(databases)].map((db) => onTarget(databaseTarget(db)));
  const [only, ...others] = scopes;
  return { action, on: only !== undefined && others.length === 0 ? only : { kind: 'oneOf', scopes } };
}

/**
 * What takes a server that holds documents, and is no business of a router ("Can't use 'local' database through mongos",
 * tried on 8.3). An account of a sharded cluster can log in to its config servers alone, and these hold documents from 8.0
 * on, where one is a shard too (manual, "Config Shard").
 */
export function onData(place: Place, techniques: readonly Technique[]): readonly Technique[] {
  const { sharded, configShard } = place.circumstances;
  if (!sharded) return techniques;
  return configShard === false ? [] : since('8.0', place, techniques);
}

/**
 * What a server of {@link onData} asks for besides, for other databases than `local` and `config`: a shard of several refuses
 * what comes past the routers ("You are connecting to a sharded cluster improperly", tried on 8.3; direct_connection_util.cpp),
 * and the only shard does not (tried on 8.3).
 */
export function pastRouters({ circumstances }: Place): readonly Requirement[] {
  const { sharded, otherShards } = circumstances;
  return sharded && otherShards === true ? [onCluster('issueDirectShardOperations')] : [];
}

/** For sentences about such techniques. */
export function whereData({ circumstances }: Place): string {
  return circumstances.sharded ? ', directly on a config server that is a shard' : '';
}

/** What only servers from that release on let do. */
export function since(line: string, { circumstances }: Place, techniques: readonly Technique[]): readonly Technique[] {
  return compareVersions(circumstances.version, line) >= 0 ? techniques : [];
}

/** What only servers before that release let do. */
export function before(line: string, { circumstances }: Place, techniques: readonly Technique[]): readonly Technique[] {
  return compareVersions(circumstances.version, line) < 0 ? techniques : [];
}

export function direct(
  id: string,
  outcomes: readonly Outcome[],
  requires: readonly Requirement[],
  does: string,
): Technique {
  return { id, kind: 'direct', outcomes, requires, does };
}

export function applyOpsAction(version: string): Requirement[] {
  return mendedIn(VULNERABILITIES.applyOpsUnchecked, version) ? [onCluster('applyOps')] : [];
}

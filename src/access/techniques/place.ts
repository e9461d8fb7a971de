/** Where a way is gone: on the collection asked about, beside it, in its database, on the cluster. */
import type { Outcome } from '../../model/outcomes.ts';
import {
  bucketsOf,
  CLUSTER,
  collectionTarget,
  covers,
  databaseTarget,
  formatTarget,
  type Resource,
  reachesInside,
  seriesOf,
  type Target,
} from '../../model/resource.ts';
import { mendedIn, VULNERABILITIES } from '../vulnerabilities.ts';
import { type Circumstances, type Requirement, requireAction, type Technique } from './technique.ts';

export interface Place {
  readonly subject: Target;
  /** For sentences. */
  readonly name: string;
  readonly circumstances: Circumstances;
  on(action: string): Requirement;
}

/** On the collection itself; on a database or the cluster, on any normal collection inside. */
export function onSubject(action: string, subject: Target): Requirement {
  if (subject.kind === 'collection') return requireAction(action, subject);
  return {
    action,
    on: `any collection of ${formatTarget(subject)}`,
    reaches: (resource) => reachesInside(resource, subject),
  };
}

/** On the database of the subject, or on any database. */
export function onDatabase(action: string, { subject }: Place): Requirement {
  if (subject.kind !== 'cluster') return requireAction(action, databaseTarget(subject.db));
  return { action, on: 'any database', reaches: (resource) => reachesInside(resource, subject) };
}

/** On some normal collection, or some database, that need not be the subject's. */
export function elsewhere(action: string, on: 'any collection' | 'any database'): Requirement {
  return {
    action,
    on,
    reaches: (resource) =>
      reachesInside(resource, CLUSTER) &&
      (on === 'any collection' || !('collection' in resource) || resource.collection === ''),
  };
}

/** On some normal collection of the subject's database; if the subject is the cluster, of any. */
export function onNeighbour(action: string, { subject }: Place): Requirement {
  if (subject.kind === 'cluster') return elsewhere(action, 'any collection');
  return onSubject(action, databaseTarget(subject.db));
}

/** On `system.views` of the subject's database, where the definitions of its views are documents; of any database. */
export function onViews(action: string, { subject }: Place): Requirement {
  if (subject.kind !== 'cluster') {
    return requireAction(action, collectionTarget({ db: subject.db, collection: 'system.views' }));
  }
  const reaches = (resource: Resource): boolean =>
    'anyResource' in resource || ('collection' in resource && resource.collection === 'system.views');
  return { action, on: 'system.views of any database', reaches };
}

/** On the buckets that hold a time series' documents; on a database or the cluster, on those of any time series inside. */
export function onBuckets(action: string, { subject, name }: Place): Requirement {
  if (subject.kind === 'collection') {
    return requireAction(action, collectionTarget({ db: subject.db, collection: bucketsOf(subject.collection) }));
  }
  const isInside = (db: string): boolean => subject.kind === 'cluster' || db === '' || db === subject.db;
  const reaches = (resource: Resource): boolean => {
    if ('anyResource' in resource) return true;
    if (!('db' in resource) || !isInside(resource.db)) return false;
    return 'system_buckets' in resource || seriesOf(resource.collection) !== undefined;
  };
  return { action, on: `buckets of ${name}`, reaches };
}

/** Where the accounts and roles that reach the subject are expected: in its own database or in `admin`. */
export function onAccounts(action: string, { subject }: Place): Requirement {
  if (subject.kind === 'cluster') return elsewhere(action, 'any database');
  const own = databaseTarget(subject.db);
  if (subject.db === 'admin') return requireAction(action, own);
  const admin = databaseTarget('admin');
  return {
    action,
    on: `database ${subject.db} or admin`,
    reaches: (resource) => covers(resource, own) || covers(resource, admin),
  };
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
  return mendedIn(VULNERABILITIES.applyOpsUnchecked, version) ? [requireAction('applyOps', CLUSTER)] : [];
}

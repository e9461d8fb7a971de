/** Techniques to see what is stored, or what is being written. */
import { CLUSTER, collectionTarget } from '../../model/resource.ts';
import { compareVersions } from '../../model/version.ts';
import { direct, onAnyDatabase, onDatabase, onNeighbour, onViews, type Place } from './place.ts';
import { type Requirement, requireAction, type Technique } from './technique.ts';

/**
 * Besides what shows documents there are oracles, which answer yes or no (an insert by its duplicate key error): they
 * are not counted as reading, or every writer would read.
 */
export function reads(place: Place): Technique[] {
  const { name, on, subject, circumstances } = place;
  const getLog = requireAction('getLog', CLUSTER);
  const find = (db: string, collection: string): Requirement =>
    requireAction('find', collectionTarget({ db, collection }));
  return [
    direct('find', ['read'], [on('find')], `read ${name}`),
    ...circumstances.views.flatMap((view) =>
      subject.kind === 'collection'
        ? [direct('view', ['read'], [find(subject.db, view)], `read ${name} through the view ${subject.db}.${view}`)]
        : [],
    ),
    ...viewDefinitions(place),
    direct('oplog', ['read'], [find('local', 'oplog.rs')], `read what is written to ${name} in the oplog`),
    // A mongos profiles nothing, and its log tells of no validator (tried on 4.4.4).
    ...(subject.kind === 'cluster' || place.circumstances.sharded
      ? []
      : [
          direct(
            'profiler',
            ['read'],
            [onDatabase('enableProfiler', place), find(subject.db, 'system.profile')],
            `read what is written to ${name} in ${subject.db}.system.profile`,
          ),
        ]),
    direct(
      'profiler-log',
      ['read'],
      // The threshold, slowms, is the server's: any database's profiler sets it.
      [onAnyDatabase('enableProfiler'), getLog],
      `have operations on ${name} logged, and read the log`,
    ),
    direct(
      'parameter-log',
      ['read'],
      [requireAction('setParameter', CLUSTER), getLog],
      `have operations on ${name} logged by raising the log level, and read the log`,
    ),
    ...(place.circumstances.sharded
      ? []
      : [
          direct(
            'validation-log',
            ['read'],
            [on('collMod'), getLog],
            `have documents of ${name} logged by a validator that warns, and read the log`,
          ),
        ]),
    direct(
      'operations',
      ['read'],
      [requireAction('inprog', CLUSTER)],
      `see documents of waiting inserts into ${name} by currentOp`,
    ),
    direct(
      'index-error',
      ['read'],
      [on('createIndex')],
      `see values of ${name} in the error of an index that can't be built`,
    ),
    direct('update-error', ['read'], [on('update')], `see values of ${name} in the error of an expression`),
    direct('remove-error', ['read'], [on('remove')], `see values of ${name} in the error of an expression`),
    direct('split-vector', ['read'], [on('splitVector')], `see index keys of ${name} by splitVector`),
    direct('plan-cache', ['read'], [on('planCacheRead')], `see values in the queries on ${name} by the plan cache`),
  ];
}

/**
 * By writing into `system.views`. Servers from 5.1 on refuse that to everybody ("cannot write to …system.views", tried on
 * 5.1 and 8.3 in development); 5.0 was not tried, and is taken for what 4.4 is.
 */
function viewDefinitions(place: Place): Technique[] {
  const { name, circumstances } = place;
  if (compareVersions(circumstances.version, '5.1') >= 0) return [];
  return [
    direct(
      'define-view',
      ['read'],
      [onViews('insert', place), onNeighbour('find', place)],
      `read ${name} through a view that it writes into system.views`,
    ),
    direct(
      'redefine-view',
      ['read'],
      [onViews('update', place), onNeighbour('find', place)],
      `read ${name} through a view that it redirects in system.views`,
    ),
  ];
}

/** Techniques to see what is stored, or what is being written. */
import {
  before,
  direct,
  onAnyDatabase,
  onAnyResource,
  onCluster,
  onCollection,
  onData,
  onDatabase,
  onNeighbour,
  onViews,
  type Place,
  pastRouters,
  since,
  whereData,
} from './place.ts';
import type { Requirement, Technique } from './technique.ts';

/**
 * Besides what shows documents there are oracles, which answer yes or no (an insert by its duplicate key error): they
 * are not counted as reading, or every writer would read.
 */
export function reads(place: Place): Technique[] {
  const { name, on, subject, circumstances } = place;
  const getLog = onCluster('getLog');
  const find = (db: string, collection: string): Requirement => onCollection('find', db, collection);
  return [
    direct('find', ['read'], [on('find')], `read ${name}`),
    ...circumstances.views.flatMap((view) =>
      subject.kind === 'collection'
        ? [direct('view', ['read'], [find(subject.db, view)], `read ${name} through the view ${subject.db}.${view}`)]
        : [],
    ),
    ...viewDefinitions(place),
    ...onData(place, [
      direct(
        'oplog',
        ['read'],
        [find('local', 'oplog.rs')],
        `read what is written to ${name} in the oplog${whereData(place)}`,
      ),
    ]),
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
      [onCluster('setParameter'), getLog],
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
          // By logDiagnostics: keys of indexes and whole documents. 8.3 does so, and 5.1 in development does not (tried);
          // which release between them was the first is not known.
          ...since('6.0', place, [
            direct(
              'validate-log',
              ['read'],
              [on('validate'), getLog],
              `have documents of ${name} logged by validate, and read the log`,
            ),
          ]),
          ...(circumstances.logsDocuments
            ? [direct('validation-warnings', ['read'], [getLog], `read documents of ${name} that its validator logs`)]
            : []),
        ]),
    direct('operations', ['read'], [onCluster('inprog')], `see documents of waiting inserts into ${name} by currentOp`),
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
    ...newerReads(place),
    ...(circumstances.standalone === true ? hashedIds(place) : []),
  ];
}

/**
 * `validate` gives hashes of ids, and then the ids for these. A member of a replica set refuses to (tried on 8.3). 8.2 was
 * not tried, and is taken for what 8.3 is.
 */
function hashedIds(place: Place): readonly Technique[] {
  const { name, on } = place;
  return since('8.2', place, [
    direct(
      'hashed-ids',
      ['read'],
      [on('validate')],
      `see the ids of ${name} by validate, which reveals them by their hashes`,
    ),
  ]);
}

/** What came after 4.4. None of it shows more than values: of the fields that are indexed, of queries, of what was changed. */
function newerReads(place: Place): Technique[] {
  const { name, on, circumstances } = place;
  return [
    // Through a router too: it looks for config.* on a config server (tried on 8.3).
    ...onData(
      place,
      since('6.0', place, [
        // What findAndModify has changed is kept there as it was, so that it can be repeated.
        direct(
          'repeated-writes',
          ['read'],
          [onCollection('find', 'config', 'image_collection')],
          `see documents of ${name} that findAndModify has changed in config.image_collection`,
        ),
        direct(
          'pre-images',
          ['read'],
          [on('collMod'), onCollection('find', 'config', 'system.preimages')],
          `have documents of ${name} kept as they were before a change, and read them in config.system.preimages`,
        ),
        ...(circumstances.keepsPreImages
          ? [
              direct(
                'kept-pre-images',
                ['read'],
                [onCollection('find', 'config', 'system.preimages')],
                `read documents of ${name} in config.system.preimages as they were before a change`,
              ),
            ]
          : []),
      ]),
    ),
    ...since('7.0', place, [
      // A standalone refuses it (tried on 8.3).
      direct(
        'shard-key-analysis',
        ['read'],
        [on('analyzeShardKey')],
        `see the most common values of indexed fields of ${name} by analyzeShardKey`,
      ),
      direct(
        'sampled-queries',
        ['read'],
        [on('configureQueryAnalyzer'), onCluster('listSampledQueries')],
        `have queries on ${name} sampled, and see their values by $listSampledQueries`,
      ),
      direct(
        'sampled-queries-find',
        ['read'],
        [on('configureQueryAnalyzer'), onCollection('find', 'config', 'sampledQueries')],
        `have queries on ${name} sampled, and see their values in config.sampledQueries`,
      ),
    ]),
    ...onData(
      place,
      since('8.0', place, [
        // dbCheck asks for its action on everything, and writes the keys of an index where a batch of them begins and ends.
        direct(
          'index-check',
          ['read'],
          [onAnyResource('dbCheck'), onCollection('find', 'local', 'system.healthlog'), ...pastRouters(place)],
          `see index keys of ${name} in what dbCheck writes into local.system.healthlog${whereData(place)}`,
        ),
      ]),
    ),
    ...since('8.0', place, [
      direct(
        'backup-files',
        ['read'],
        [onCluster('fsync'), onCluster('readBackupFile')],
        `read the files of the server through a backup cursor`,
      ),
    ]),
  ];
}

/**
 * By writing into `system.views`. Servers from 5.1 on refuse that to everybody ("cannot write to …system.views", tried on
 * 5.1 and 8.3 in development); 5.0 was not tried, and is taken for what 4.4 is.
 */
function viewDefinitions(place: Place): readonly Technique[] {
  const { name } = place;
  return before('5.1', place, [
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
  ]);
}

/**
 * What is different about a time series. Up to 8.x it is a view, and its documents lie in buckets: documents of a
 * collection beside it, which privileges on `system_buckets` reach. 9.0 keeps them in the series itself and refuses to
 * name the buckets. Tried on 5.1 in development unless it says otherwise.
 */
import type { Outcome } from '../../model/outcomes.ts';
import { compareVersions } from '../../model/version.ts';
import { applyOpsAction, direct, onBuckets, onCluster, onViews, type Place, since } from './place.ts';
import type { Requirement, Technique } from './technique.ts';

/** The techniques on a collection that is a time series, out of those on any; and those on its buckets. */
export function onTimeSeries(techniques: readonly Technique[], place: Place): readonly Technique[] {
  const { subject, circumstances } = place;
  if (circumstances.timeSeries === 'no') return techniques;
  // A database may hold other collections too.
  const own = subject.kind === 'collection' ? techniques.filter(({ id }) => !isRefused(id, place)) : techniques;
  return [...own, ...(circumstances.timeSeries === 'buckets' ? buckets(place) : []), ...rawWrites(place)];
}

/** What every time series refuses, or what comes to nothing there. */
const REFUSED: readonly string[] = [
  'push-out',
  // "Cannot convert a timeseries collection to a capped collection"
  'convert-to-capped',
  'apply-ops-uuid-convertToCapped',
  // No validator holds: 5.1 takes one and inserts what it refuses, later servers take none (9.0's source).
  'validator-removal',
  'validation-bypass',
  'validation-bypass-update',
  'recreate',
  'strict-validator',
  'validation-log',
  'validation-warnings',
  'apply-ops-uuid-collMod',
  // "Unique indexes are not supported on collections clustered by _id"
  'unique-shard-key',
  // "Operation not supported for a timeseries collection" (9.0's source)
  'shard-key-analysis',
  'sampled-queries',
  'sampled-queries-find',
  // "not supported on a time-series collection" (9.0's source)
  'pre-images',
  'kept-pre-images',
  // The ids are those of the buckets.
  'hashed-ids',
];

/** What a series refuses that is a view: "cannot rename view", "applyOps not supported on view". */
const REFUSED_ON_VIEW: readonly string[] = [
  'rename',
  'rename-over',
  'rename-and-update',
  'rename-and-remove',
  'rename-and-dropCollection',
  'apply-ops',
  'apply-ops-unchecked',
  'apply-ops-create',
  'split-vector',
  'plan-cache',
];

/** What a series lets do from a release on (manual, "Time Series Collection Limitations", "Time Series Indexes"). */
const ALLOWED_SINCE: Readonly<Record<string, string>> = {
  update: '5.0.5',
  remove: '5.0.5',
  'update-error': '5.0.5',
  'remove-error': '5.0.5',
  // For a filter on the metaField.
  'ttl-index': '6.3',
};

function isRefused(id: string, { circumstances }: Place): boolean {
  if (REFUSED.includes(id)) return true;
  if (circumstances.timeSeries === 'buckets' && REFUSED_ON_VIEW.includes(id)) return true;
  const since = ALLOWED_SINCE[id];
  return since !== undefined && compareVersions(circumstances.version, since) < 0;
}

function buckets(place: Place): readonly Technique[] {
  const { name, circumstances } = place;
  const on = (action: string): Requirement => onBuckets(action, place);
  const technique = (id: string, action: string, outcomes: readonly Outcome[], does: string): Technique =>
    direct(`buckets-${id}`, outcomes, [on(action)], `${does} the buckets of ${name}`);
  return [
    technique('insert', 'insert', ['insert', 'unseal'], 'insert into'),
    technique('update', 'update', ['alter', 'unseal'], 'change'),
    technique('remove', 'remove', ['alter'], 'delete from'),
    // What the writer inserts afterwards is refused.
    technique('dropCollection', 'dropCollection', ['alter', 'destroy', 'suppress'], 'drop'),
    technique('find', 'find', ['read'], 'read'),
    technique('ttl-index', 'createIndex', ['alter', 'destroy'], 'let a TTL index delete'),
    technique('refusing-index', 'createIndex', ['suppress'], "make an index that refuses the writer's documents on"),
    technique('index-error', 'createIndex', ['read'], "see values in the error of an index that can't be built on"),
    technique('update-error', 'update', ['read'], 'see values in the error of an expression on'),
    technique('remove-error', 'remove', ['read'], 'see values in the error of an expression on'),
    technique('split-vector', 'splitVector', ['read'], 'see index keys by splitVector of'),
    technique('plan-cache', 'planCacheRead', ['read'], 'see values of queries in the plan cache of'),
    // Then every query on the series ends in an error.
    direct(
      'buckets-break',
      ['destroy'],
      [on('insert'), on('bypassDocumentValidation')],
      `make ${name} unreadable by a bucket of the wrong form`,
    ),
    ...until('8.3', place, [
      technique('ttl-change', 'collMod', ['alter', 'destroy'], 'change the expiry of'),
      // Where it is a document of its own that makes a time series out of buckets.
      direct(
        'drop-views',
        ['destroy'],
        [onViews('dropCollection', place)],
        `make ${name} vanish by dropping system.views`,
      ),
    ]),
    ...(circumstances.sharded ? [] : bucketsLogged(place, on)),
    ...(circumstances.sharded ? [] : bucketOplogEntries(place, on)),
  ];
}

/**
 * What 5.1 lets do and 8.3 refuses, both in development: "collMod on a time-series collection's underlying buckets
 * collection is not supported", "cannot drop collection system.views when time-series collections are present". Which
 * release between them was the first to refuse is not known.
 */
function until(line: string, { circumstances }: Place, techniques: readonly Technique[]): readonly Technique[] {
  return compareVersions(circumstances.version, line) < 0 ? techniques : [];
}

/** As of any collection, by `logDiagnostics` (tried on 8.3). */
function bucketsLogged(place: Place, on: (action: string) => Requirement): readonly Technique[] {
  return since('6.0', place, [
    direct(
      'buckets-validate-log',
      ['read'],
      [on('validate'), onCluster('getLog')],
      `have the buckets of ${place.name} logged by validate, and read the log`,
    ),
  ]);
}

function bucketOplogEntries({ name, circumstances }: Place, on: (action: string) => Requirement): readonly Technique[] {
  return [
    direct(
      'buckets-apply-ops',
      ['alter'],
      [on('insert'), onCluster('applyOps')],
      `replace the buckets of ${name} by applyOps, whose insert entries overwrite`,
    ),
    direct(
      'buckets-apply-ops-create',
      ['destroy', 'suppress'],
      [on('createCollection'), ...['useUUID', 'forceUUID'].map(onCluster), ...applyOpsAction(circumstances.version)],
      `put an empty collection in the place of the buckets of ${name} by applyOps`,
    ),
  ];
}

/** By the option `rawData`, which names the buckets by the series (8.2's and 9.0's source). */
function rawWrites(place: Place): readonly Technique[] {
  const { name, on } = place;
  return since('8.2', place, [
    direct(
      'raw-break',
      ['destroy'],
      [on('insert'), on('bypassDocumentValidation'), on('performRawDataOperations')],
      `make ${name} unreadable by a bucket of the wrong form, inserted with rawData`,
    ),
  ]);
}

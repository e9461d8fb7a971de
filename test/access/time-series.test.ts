import assert from 'node:assert/strict';
import { test } from 'node:test';
import { circumstancesOf } from '../../src/access/circumstances.ts';
import type { Circumstances } from '../../src/access/techniques.ts';
import { CLUSTER, databaseTarget } from '../../src/model/resource.ts';
import { collection, state } from '../support/build.ts';
import { type Held, LOGS, techniquesOf } from '../support/circumstances.ts';

const AUDIT = databaseTarget('audit');

interface Row {
  readonly holds: Held;
  readonly version: string;
  readonly timeSeries?: Circumstances['timeSeries'];
  readonly gives: readonly string[];
}

/** What an account can do to the time series audit.logs that holds only that. */
const ROWS: readonly Row[] = [
  // By the name of the series.
  { holds: 'insert on audit.logs', version: '5.0.0', gives: ['insert'] },
  { holds: 'insert on audit.logs', version: '8.3.8', gives: ['insert'] },
  { holds: 'find on audit.logs', version: '5.0.0', gives: ['find'] },
  // Deletes and updates came with 5.0.5.
  { holds: 'remove on audit.logs', version: '5.0.4', gives: [] },
  { holds: 'remove on audit.logs', version: '5.0.5', gives: ['remove', 'remove-error'] },
  { holds: 'update on audit.logs', version: '5.0.4', gives: [] },
  { holds: 'update on audit.logs', version: '7.0.0', gives: ['update', 'update-error'] },
  { holds: 'dropCollection on audit.logs', version: '6.0.0', gives: ['drop'] },
  { holds: 'collMod on audit.logs', version: '5.0.0', gives: ['ttl-change'] },
  { holds: 'createIndex on audit.logs', version: '6.0.0', gives: ['index-error', 'refusing-index'] },
  { holds: 'createIndex on audit.logs', version: '6.3.0', gives: ['ttl-index', 'index-error', 'refusing-index'] },
  { holds: 'convertToCapped on audit.logs', version: '6.0.0', gives: [] },
  { holds: 'analyzeShardKey on audit.logs', version: '8.0.0', gives: [] },
  { holds: 'insert on audit.logs, bypassDocumentValidation on audit.logs', version: '8.0.0', gives: ['insert'] },
  // A view can't be renamed, and a series of 9.0 is none.
  { holds: 'renameCollectionSameDB on audit.*', version: '8.0.0', gives: [] },
  { holds: 'renameCollectionSameDB on audit.*', version: '9.0.0', timeSeries: 'viewless', gives: ['rename'] },
  { holds: 'insert on audit.logs, applyOps on cluster', version: '8.0.0', gives: ['insert'] },
  {
    holds: 'insert on audit.logs, applyOps on cluster',
    version: '9.0.0',
    timeSeries: 'viewless',
    gives: ['insert', 'apply-ops'],
  },
  // By the buckets.
  { holds: 'insert on audit.system.buckets.logs', version: '5.0.0', gives: ['buckets-insert'] },
  {
    holds: 'insert on audit.system.buckets.logs, bypassDocumentValidation on audit.system.buckets.logs',
    version: '5.0.0',
    gives: ['buckets-insert', 'buckets-break'],
  },
  {
    holds: 'insert on audit.system.buckets.logs, applyOps on cluster',
    version: '5.0.0',
    gives: ['buckets-insert', 'buckets-apply-ops'],
  },
  { holds: 'remove on audit.system.buckets.logs', version: '5.0.0', gives: ['buckets-remove', 'buckets-remove-error'] },
  { holds: 'update on audit.system.buckets.logs', version: '5.0.0', gives: ['buckets-update', 'buckets-update-error'] },
  { holds: 'dropCollection on audit.system.buckets.logs', version: '5.0.0', gives: ['buckets-dropCollection'] },
  {
    holds: 'createIndex on audit.system.buckets.logs',
    version: '5.0.0',
    gives: ['buckets-ttl-index', 'buckets-refusing-index', 'buckets-index-error'],
  },
  { holds: 'collMod on audit.system.buckets.logs', version: '5.0.0', gives: ['buckets-ttl-change'] },
  { holds: 'planCacheRead on audit.system.buckets.logs', version: '5.0.0', gives: ['buckets-plan-cache'] },
  { holds: 'splitVector on audit.system.buckets.logs', version: '5.0.0', gives: ['buckets-split-vector'] },
  {
    holds: 'validate on audit.system.buckets.logs, getLog on cluster',
    version: '6.0.0',
    gives: ['buckets-validate-log'],
  },
  { holds: 'convertToCapped on audit.system.buckets.logs', version: '5.0.0', gives: [] },
  { holds: 'remove on audit.system.buckets.other', version: '5.0.0', gives: [] },
  // Wildcards over collections do not reach the server's own.
  { holds: 'find on audit.*', version: '5.0.0', gives: ['find'] },
  { holds: 'dropCollection on audit.system.views', version: '5.0.0', gives: ['drop-views'] },
  // Refused by 8.3 in development.
  { holds: 'collMod on audit.system.buckets.logs', version: '8.3.0', gives: [] },
  { holds: 'dropCollection on audit.system.views', version: '8.3.0', gives: [] },
  // 9.0 has neither.
  { holds: 'remove on audit.system.buckets.logs', version: '9.0.0', timeSeries: 'viewless', gives: [] },
  { holds: 'dropCollection on audit.system.views', version: '9.0.0', timeSeries: 'viewless', gives: [] },
  // With rawData, from 8.2 on.
  { holds: 'performRawDataOperations on audit.logs', version: '8.2.0', gives: [] },
  {
    holds: 'insert on audit.logs, bypassDocumentValidation on audit.logs, performRawDataOperations on audit.logs',
    version: '8.2.0',
    gives: ['insert', 'raw-break'],
  },
  {
    holds: 'insert on audit.logs, bypassDocumentValidation on audit.logs, performRawDataOperations on audit.logs',
    version: '8.0.0',
    gives: ['insert'],
  },
  // A collection that is no series has no buckets.
  { holds: 'remove on audit.system.buckets.logs', version: '5.0.0', timeSeries: 'no', gives: [] },
];

for (const { holds, version, timeSeries = 'buckets', gives } of ROWS) {
  const what = { no: 'no time series', buckets: 'a time series', viewless: 'a time series without a view' }[timeSeries];
  test(`${what} of ${version}: ${holds} gives ${gives.join(', ') || 'nothing'}`, () => {
    assert.deepEqual(techniquesOf(holds, { version, timeSeries }), gives);
  });
}

test('where a database holds time series, the buckets of any of them count as well', () => {
  const buckets = 'find on audit.system.buckets.logs';
  assert.deepEqual(techniquesOf(buckets, {}, AUDIT), []);
  assert.deepEqual(techniquesOf(buckets, { timeSeries: 'buckets' }, AUDIT), ['buckets-find']);
  assert.deepEqual(techniquesOf('find on *.system.buckets.x', { timeSeries: 'buckets' }, AUDIT), ['buckets-find']);
  assert.deepEqual(techniquesOf(buckets, { timeSeries: 'buckets' }, databaseTarget('orders')), []);
  assert.deepEqual(techniquesOf(buckets, { timeSeries: 'buckets' }, CLUSTER), ['buckets-find']);
});

test('a database that holds time series may hold other collections: what they let do counts', () => {
  assert.deepEqual(techniquesOf('renameCollectionSameDB on audit.*', { timeSeries: 'buckets' }, AUDIT), ['rename']);
});

function circumstances(version: string, names: readonly string[], subject = LOGS) {
  const collections = names.map((name) => collection(name, name === 'logs' ? { type: 'timeseries' } : {}));
  const databases = [{ name: 'audit', collections }];
  return circumstancesOf(
    state({ server: { version, edition: 'community', topology: 'replicaSet' }, databases }),
    subject,
  );
}

test('a series is told by its type; one of 9.0 has buckets if a server from before made it', () => {
  assert.equal(circumstances('8.0.0', ['other']).timeSeries, 'no');
  assert.equal(circumstances('8.0.0', ['logs']).timeSeries, 'buckets');
  assert.equal(circumstances('9.0.0', ['logs']).timeSeries, 'viewless');
  assert.equal(circumstances('9.0.0', ['logs', 'system.buckets.logs']).timeSeries, 'buckets');
});

test('a view of the buckets shows the series', () => {
  const view = collection('raw', { type: 'view', options: { viewOn: 'system.buckets.logs', pipeline: [] } });
  const databases = [{ name: 'audit', collections: [collection('logs', { type: 'timeseries' }), view] }];
  assert.deepEqual(circumstancesOf(state({ databases }), LOGS).views, ['raw']);
});

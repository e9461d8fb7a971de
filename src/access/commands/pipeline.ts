/**
 * What an aggregation pipeline demands: the server's `getPrivilegesForAggregate`
 * (`src/mongo/db/auth/authorization_session_impl.cpp`) and every stage's `requiredPrivileges` (`src/mongo/db/pipeline/`),
 * read in the public source of 4.4. Stages of newer releases are
 * read in MongoDB's own table (jstests/auth/lib/commands_lib.js) of 5.1, 8.3 and 9.0.
 */
import type { Namespace, UserRef } from '../../model/names.ts';
import { bucketsOf, CLUSTER, databaseTarget, type Target } from '../../model/resource.ts';
import { compareVersions } from '../../model/version.ts';
import { arrayAt, type Call, type Document, documentAt, has, isDocument, malformed, textAt, truthy } from './call.ts';
import { all, always, type Condition, EVERY_DATABASE, need, needOn } from './condition.ts';

/** The collection of which a pipeline speaks that names none: `{aggregate: 1}`. */
export const COLLECTIONLESS = '$cmd.aggregate';

interface Stage {
  readonly call: Call;
  readonly ns: Namespace;
  readonly spec: unknown;
  /** `bypassDocumentValidation`, if the command sets it. */
  readonly bypass: readonly string[];
  readonly depth: number;
}

interface StageRule {
  /** It brings its own documents: what stands in the collection is not read. */
  readonly source?: true;
  demands(stage: Stage): Condition;
}

/** BSON nests no deeper (manual, "MongoDB Limits and Thresholds"), and pipelines take several levels each. */
const MAX_DEPTH = 100;

const NOTHING = always('the stages need no privilege');
const OWN_ONLY = always('it shows what is its own');

/** Stages that demand nothing besides reading what comes in. */
const PLAIN_STAGES = (
  '$addFields $bucket $bucketAuto $changeStreamSplitLargeEvent $count $densify $fill $geoNear $limit $match ' +
  '$project $redact $replaceRoot $replaceWith $sample $score $search $searchBeta $searchMeta $set $setWindowFields ' +
  '$skip $sort $sortByCount $unset $unwind $vectorSearch ' +
  // What the server makes of others, and lets anybody say; and those of stream processors, which it only parses.
  '$_internalApplyOplogUpdate $_internalBoundedSort $_internalComputeGeoNearDistance $_internalConvertBucketIndexStats ' +
  '$_internalDensify $_internalInhibitOptimization $_internalJoinHint $_internalSearchIdLookup ' +
  '$_internalSetWindowFields $_internalShredDocuments $_internalSplitPipeline $_internalStreamingGroup ' +
  '$_internalUnpackBucket $_unpackBucket $cachedLookup $externalFunction $hoppingWindow $https $queue $sessionWindow ' +
  '$setStreamMeta $tumblingWindow $validate'
).split(' ');

/** Stages of servers among each other: `internal` on the cluster, besides reading what comes in. */
const INTERNAL_STAGES = (
  '$_addReshardingResumeId $_internalChangeStreamAddPostImage $_internalChangeStreamAddPreImage ' +
  '$_internalChangeStreamCheckInvalidate $_internalChangeStreamCheckResumability ' +
  '$_internalChangeStreamCheckTopologyChange $_internalChangeStreamHandleTopologyChange ' +
  '$_internalChangeStreamInjectControlEvents $_internalChangeStreamOplogMatch $_internalChangeStreamTransform ' +
  '$_internalChangeStreamUnwindTransaction $_internalFindAndModifyImageLookup ' +
  '$_internalReshardingIterateTransaction $_internalReshardingOwnershipMatch $_internalShardServerInfo ' +
  '$mergeCursors $setMetadata'
).split(' ');

const STAGES: Readonly<Record<string, StageRule>> = {
  $out: { demands: (stage) => needOn(outNamespace(stage), 'insert', 'remove', ...stage.bypass) },
  $merge: { demands: merge },
  $lookup: { demands: lookup },
  $graphLookup: { demands: (stage) => needOn(fromNamespace(stage, fields(stage)), 'find') },
  $unionWith: { demands: unionWith },
  $facet: { demands: facet },
  $documents: { source: true, demands: () => NOTHING },
  // The server demands find on the collection read besides, which whoever has find on the whole database has.
  $changeStream: { source: true, demands: (stage) => need(watched(stage.ns), 'changeStream', 'find') },
  $collStats: { source: true, demands: ({ ns }) => needOn(ns, 'collStats') },
  $indexStats: { source: true, demands: ({ ns }) => needOn(ns, 'indexStats') },
  $planCacheStats: { source: true, demands: ({ ns }) => needOn(ns, 'planCacheRead') },
  $listSearchIndexes: { source: true, demands: ({ ns }) => needOn(ns, 'listSearchIndexes') },
  $currentOp: { source: true, demands: currentOp },
  $listLocalSessions: { source: true, demands: listSessions },
  $listSessions: { source: true, demands: listSessions },
  $backupCursor: { source: true, demands: () => need(CLUSTER, 'fsync') },
  $backupCursorExtend: { source: true, demands: () => need(CLUSTER, 'fsync') },
  $_backupFile: { source: true, demands: () => need(CLUSTER, 'readBackupFile') },
  $group: { demands: group },
  $listCachedAndActiveUsers: { source: true, demands: () => need(EVERY_DATABASE, 'listCachedAndActiveUsers') },
  $listCatalog: { source: true, demands: ({ ns }) => listCatalog(ns) },
  $listClusterCatalog: { source: true, demands: ({ ns }) => listClusterCatalog(ns) },
  $listExtensions: { source: true, demands: () => need(CLUSTER, 'listExtensions') },
  $listMqlEntities: { source: true, demands: () => NOTHING },
  $operationMetrics: { source: true, demands: () => need(CLUSTER, 'operationMetrics') },
  $queryStats: { source: true, demands: queryStats },
  $rankFusion: { demands: fusion },
  $scoreFusion: { demands: fusion },
  $setVariableFromSubPipeline: { demands: (stage) => joined(stage, stage.ns, fields(stage).pipeline) },
  $_internalAllCollectionStats: { source: true, demands: () => need(CLUSTER, 'allCollectionStats') },
  $_internalListCollections: { source: true, demands: () => need(CLUSTER, 'internal') },
  $listSampledQueries: { source: true, demands: () => need(CLUSTER, 'listSampledQueries') },
  $querySettings: { source: true, demands: () => need(CLUSTER, 'querySettings') },
  $shardedDataDistribution: { source: true, demands: () => need(CLUSTER, 'shardedDataDistribution') },
  ...Object.fromEntries(PLAIN_STAGES.map((name) => [name, { demands: () => NOTHING }])),
  ...Object.fromEntries(INTERNAL_STAGES.map((name) => [name, { demands: () => need(CLUSTER, 'internal') }])),
};

/**
 * What a pipeline on `ns` demands, whether of `aggregate` or of a view's definition. An empty one, and one whose first
 * stage brings no documents of its own, reads the collection. What a view on the way is made of is not looked at: the
 * check comes before views are resolved.
 *
 * @throws MalformedCommandError for a stage that is unknown here, or is no stage
 */
export function pipelineDemands(call: Call, ns: Namespace, pipeline: unknown, bypass: boolean): Condition {
  const stage = { call, ns, bypass: bypass ? ['bypassDocumentValidation'] : [], depth: 0 };
  return reading(stage, pipeline, false);
}

type Around = Omit<Stage, 'spec'>;

/** A pipeline together with the collection it reads; what is nested in `$facet` only looks at what comes in. */
function reading(around: Around, pipeline: unknown, nested: boolean): Condition {
  const { call, depth } = around;
  if (depth > MAX_DEPTH) throw malformed(call, `pipelines are nested more than ${MAX_DEPTH} deep`);
  const stages = arrayAt(call, pipeline, 'a pipeline').map((value) => parseStage(call, value));
  const own = stages.map(({ rule, spec }) => rule.demands({ ...around, spec }));
  const reads = nested || stages[0]?.rule.source === true ? [] : [needOn(around.ns, 'find')];
  return all([...reads, ...own]);
}

function parseStage(call: Call, value: unknown): { readonly rule: StageRule; readonly spec: unknown } {
  const [entry, ...more] = Object.entries(documentAt(call, value, 'a stage'));
  if (entry === undefined || more.length > 0) throw malformed(call, 'a stage has exactly one field');
  const [name, spec] = entry;
  const rule = Object.hasOwn(STAGES, name) ? STAGES[name] : undefined;
  if (rule === undefined) throw malformed(call, `what the stage ${JSON.stringify(name)} demands is not known here`);
  return { rule, spec };
}

function fields({ call, spec }: Stage): Document {
  return documentAt(call, spec, 'the specification of a stage');
}

/** A name in the same database, or `{db, coll}`. */
function namespaceOf({ call, ns }: Stage, value: unknown, what: string): Namespace {
  if (!isDocument(value)) return { db: ns.db, collection: textAt(call, value, what) };
  const db = value.db === undefined ? ns.db : textAt(call, value.db, `the database of ${what}`);
  return { db, collection: textAt(call, value.coll, `the collection of ${what}`) };
}

function fromNamespace(stage: Stage, { from }: Document): Namespace {
  return namespaceOf(stage, from, 'from');
}

function outNamespace(stage: Stage): Namespace {
  return namespaceOf(stage, stage.spec, '$out');
}

/** By mode of `$merge`, the server's `getDescriptors` (document_source_merge.cpp); others it does not support. */
const MERGE_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  'replace insert': ['insert', 'update'],
  'replace fail': ['update'],
  'replace discard': ['update'],
  'merge insert': ['insert', 'update'],
  'merge fail': ['update'],
  'merge discard': ['update'],
  'pipeline insert': ['insert', 'update'],
  'pipeline fail': ['update'],
  'pipeline discard': ['update'],
  'keepExisting insert': ['insert', 'update'],
  'fail insert': ['insert'],
};

function merge(stage: Stage): Condition {
  const { call, spec, bypass } = stage;
  const { into, whenMatched = 'merge', whenNotMatched = 'insert' } = isDocument(spec) ? spec : { into: spec };
  const mode = `${Array.isArray(whenMatched) ? 'pipeline' : String(whenMatched)} ${String(whenNotMatched)}`;
  const actions = Object.hasOwn(MERGE_ACTIONS, mode) ? MERGE_ACTIONS[mode] : undefined;
  if (actions === undefined) throw malformed(call, `$merge knows no mode ${mode.replace(' ', ' and ')}`);
  return needOn(namespaceOf(stage, into, 'into'), ...actions, ...bypass);
}

function lookup(stage: Stage): Condition {
  const spec = fields(stage);
  // Since 5.1 a pipeline that starts with $documents needs no collection.
  const ns = has(spec, 'from') ? fromNamespace(stage, spec) : { db: stage.ns.db, collection: COLLECTIONLESS };
  return joined(stage, ns, spec.pipeline);
}

function unionWith(stage: Stage): Condition {
  const { spec, call } = stage;
  if (!isDocument(spec)) return joined(stage, namespaceOf(stage, spec, '$unionWith'), undefined);
  const collection = has(spec, 'coll') ? textAt(call, spec.coll, 'coll') : COLLECTIONLESS;
  return joined(stage, { db: stage.ns.db, collection }, spec.pipeline);
}

function joined(stage: Stage, ns: Namespace, pipeline: unknown): Condition {
  return reading({ ...stage, ns, depth: stage.depth + 1 }, pipeline ?? [], false);
}

function facet(stage: Stage): Condition {
  const around = { ...stage, depth: stage.depth + 1 };
  return all(Object.values(fields(stage)).map((pipeline) => reading(around, pipeline, true)));
}

/** 8.1 and newer: each of its pipelines starts from the collection (`$rankFusion`, `$scoreFusion`). */
function fusion(stage: Stage): Condition {
  const { call } = stage;
  const { pipelines } = documentAt(call, fields(stage).input, 'input');
  const around = { ...stage, depth: stage.depth + 1 };
  const each = Object.values(documentAt(call, pipelines, 'input.pipelines'));
  return all(each.map((pipeline) => reading(around, pipeline, true)));
}

/** `$doingMerge` is what a router says to a shard; from 8.3 on it takes being one (the table of 8.3). */
function group(stage: Stage): Condition {
  const { version } = stage.call.context;
  const merging = truthy(fields(stage).$doingMerge) && compareVersions(version, '8.3') >= 0;
  return merging ? need(CLUSTER, 'internal') : NOTHING;
}

/** document_source_list_catalog.cpp: of a collection, or of all there are. */
function listCatalog(ns: Namespace): Condition {
  const actions = ['listCollections', 'listIndexes'];
  if (ns.collection !== COLLECTIONLESS) return needOn(ns, ...actions);
  return all([
    need(CLUSTER, 'listDatabases'),
    need(EVERY_DATABASE, ...actions),
    needOn({ db: '', collection: 'system.js' }, ...actions),
    needOn({ db: '', collection: bucketsOf('') }, ...actions),
  ]);
}

function listClusterCatalog({ db }: Namespace): Condition {
  return db === 'admin' ? need(CLUSTER, 'listClusterCatalog') : need(databaseTarget(db), 'listCollections');
}

/** document_source_query_stats.h: names may be hidden behind hashes. */
function queryStats(stage: Stage): Condition {
  const hidden = has(fields(stage), 'transformIdentifiers');
  return need(CLUSTER, hidden ? 'queryStatsReadTransformed' : 'queryStatsRead');
}

/** `{aggregate: 1}` watches the database, on `admin` every database but `local` and `config`. */
function watched(ns: Namespace): Target {
  if (ns.collection !== COLLECTIONLESS) return { kind: 'collection', ...ns };
  return ns.db === 'admin' ? EVERY_DATABASE : databaseTarget(ns.db);
}

/** A `mongos` asks the shards on behalf of itself, so even one's own operations need `inprog` there. */
function currentOp(stage: Stage): Condition {
  const { allUsers, localOps } = fields(stage);
  const remote = stage.call.context.sharded && !truthy(localOps);
  return truthy(allUsers) || remote ? need(CLUSTER, 'inprog') : OWN_ONLY;
}

function listSessions(stage: Stage): Condition {
  const { allUsers, users = [] } = fields(stage);
  const { call } = stage;
  const own = arrayAt(call, users, 'users').every((named) =>
    isUser(documentAt(call, named, 'a user'), call.context.user),
  );
  return truthy(allUsers) || !own ? need(CLUSTER, 'listSessions') : OWN_ONLY;
}

function isUser({ user, db }: Document, self: UserRef | undefined): boolean {
  return self !== undefined && user === self.user && db === self.db;
}

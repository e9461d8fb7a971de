/** `aggregate`: the few stages that drivers and people count and look with. */
import { Int32 } from 'bson';
import type { Namespace } from '../../model/names.ts';
import { collectionTarget } from '../../model/resource.ts';
import type { Command, Context } from '../command-definition.ts';
import { DEFAULT_BATCH_SIZE } from '../cursors.ts';
import { commandError, locationError, notSimulated } from '../errors.ts';
import { documentsOf } from '../listing.ts';
import { compileQuery } from '../matcher.ts';
import { compileProjection, compileSort } from '../projection.ts';
import { flag, optionalDocument, requiredDocuments } from '../request.ts';
import { type Document, field, isDocument, numberOf } from '../values.ts';
import { batchSizeOf, toRead } from './find.ts';
import { mayOnCollection, namespaceOf, parseFullName } from './namespace.ts';

type Stage = (documents: readonly Document[]) => readonly Document[];

/** Where `$out` and `$merge` write, and what they need there. */
function targetOf(
  stage: Document,
  db: string,
  bypass: boolean,
): { ns: Namespace; actions: readonly string[] } | undefined {
  const extra = bypass ? ['bypassDocumentValidation'] : [];
  const out = field(stage, '$out');
  if (out !== undefined) return { ns: outputOf(out, db), actions: ['insert', 'remove', ...extra] };
  const merge = field(stage, '$merge');
  if (merge === undefined) return undefined;
  const into = isDocument(merge) ? field(merge, 'into') : merge;
  const matched = isDocument(merge) ? (field(merge, 'whenMatched') ?? 'merge') : 'merge';
  const notMatched = isDocument(merge) ? (field(merge, 'whenNotMatched') ?? 'insert') : 'insert';
  const actions = [
    ...(notMatched === 'insert' ? ['insert'] : []),
    ...(matched === 'fail' || matched === 'keepExisting' ? [] : ['update']),
  ];
  return { ns: outputOf(into, db), actions: [...actions, ...extra] };
}

function outputOf(value: unknown, db: string): Namespace {
  if (typeof value === 'string') return { db, collection: value };
  if (!isDocument(value)) throw commandError('FailedToParse', 'an output collection must be a string or an object');
  return parseFullName(`${String(field(value, 'db') ?? db)}.${String(field(value, 'coll'))}`, 'into');
}

function mayAggregate(context: Context): boolean {
  const { request, caller } = context;
  const bypass = flag(request, 'bypassDocumentValidation');
  if (numberOf(field(request.body, 'aggregate')) !== undefined) throw notSimulated('aggregations without a collection');
  const pipeline = requiredDocuments(request, 'pipeline');
  const [source = ''] = Object.keys(pipeline[0] ?? {});
  // They demand actions of their own instead of find.
  if (SOURCES.has(source)) throw notSimulated(source);
  if (!mayOnCollection(context, 'find')) return false;
  return pipeline.every((stage) => {
    const target = targetOf(stage, request.db, bypass);
    return target === undefined || target.actions.every((action) => caller.may(action, collectionTarget(target.ns)));
  });
}

const SOURCES: ReadonlySet<string> = new Set(['$collStats', '$indexStats', '$planCacheStats']);

function compileStage(stage: Document): Stage {
  const [name, ...others] = Object.keys(stage);
  if (name === undefined || others.length > 0) {
    throw commandError('FailedToParse', 'A pipeline stage specification object must contain exactly one field.');
  }
  const value = field(stage, name);
  switch (name) {
    case '$match': {
      const matches = compileQuery(documentOf(name, value));
      return (documents) => documents.filter(matches);
    }
    case '$project': {
      const project = compileProjection(documentOf(name, value));
      return (documents) => documents.map(project);
    }
    case '$sort': {
      const order = compileSort(documentOf(name, value));
      return (documents) => [...documents].sort(order);
    }
    case '$skip':
      return (documents) => documents.slice(numberOf(value));
    case '$limit':
      return (documents) => documents.slice(0, numberOf(value));
    case '$count':
      return (documents) => (documents.length === 0 ? [] : [Object.fromEntries([[String(value), documents.length]])]);
    case '$sample': {
      const size = numberOf(field(documentOf(name, value), 'size'));
      if (size === undefined || size < 0) throw locationError(28747, 'size argument to $sample must not be negative');
      return (documents) => sampled(documents, size);
    }
    case '$group':
      return counting(documentOf(name, value));
    default:
      throw notSimulated(`the aggregation stage ${name}`);
  }
}

/** So many documents at random, each at most once. */
function sampled(documents: readonly Document[], size: number): readonly Document[] {
  return documents
    .map((document) => ({ document, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .slice(0, size)
    .map(({ document }) => document);
}

function documentOf(stage: string, value: unknown): Document {
  if (!isDocument(value)) throw commandError('FailedToParse', `the ${stage} stage must be an object`);
  return value;
}

/** `{_id: <constant>, n: {$sum: <number>}}`: how drivers count documents. */
function counting({ _id: id, ...sums }: Document): Stage {
  if (typeof id === 'string' || isDocument(id)) throw notSimulated('$group by a field or an expression');
  const weights = Object.entries(sums).map(([name, sum]) => {
    const weight = isDocument(sum) && Object.keys(sum).length === 1 ? numberOf(field(sum, '$sum')) : undefined;
    if (weight === undefined) throw notSimulated('$group but to count all documents');
    return { name, weight };
  });
  return (documents) => {
    if (documents.length === 0) return [];
    const totals = weights.map(({ name, weight }) => [name, new Int32(weight * documents.length)] as const);
    return [{ _id: id ?? null, ...Object.fromEntries(totals) }];
  };
}

function aggregate({ request, caller, sandbox }: Context): Document {
  if (flag(request, 'explain')) throw notSimulated("'explain' of aggregate");
  if (field(request.body, 'collation') !== undefined) throw notSimulated("'collation' of aggregate");
  const ns = namespaceOf(request);
  const stages = requiredDocuments(request, 'pipeline').map(compileStage);
  const documents = stages.reduce((current, stage) => stage(current), documentsOf(sandbox, ns));
  const batchSize = batchSizeOf(optionalDocument(request, 'cursor'), DEFAULT_BATCH_SIZE);
  return { cursor: sandbox.cursors.open(caller, { ns, documents, needs: toRead(ns) }, batchSize) };
}

export const AGGREGATE_COMMANDS: readonly Command[] = [{ name: 'aggregate', authorize: mayAggregate, run: aggregate }];

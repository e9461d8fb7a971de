/** Commands that read documents. */
import { Long } from 'bson';
import type { Namespace } from '../../model/names.ts';
import { collectionTarget } from '../../model/resource.ts';
import { anybody, type Command, type Context } from '../command-definition.ts';
import { DEFAULT_BATCH_SIZE, type Need } from '../cursors.ts';
import { commandError } from '../errors.ts';
import { documentsOf } from '../listing.ts';
import { compileQuery } from '../matcher.ts';
import { compileProjection, compileSort } from '../projection.ts';
import {
  flag,
  onlyKnown,
  optionalDocument,
  optionalInteger,
  optionalText,
  refuseArguments,
  requiredList,
} from '../request.ts';
import { type Document, field, numberOf } from '../values.ts';
import { mayOnCollection, namespaceOf } from './namespace.ts';

const NOT_SIMULATED = ['collation', 'let', 'max', 'min', 'returnKey', 'showRecordId', 'tailable', 'awaitData'];
const IGNORED = ['hint', 'allowDiskUse', 'noCursorTimeout', 'allowPartialResults', 'oplogReplay'];

/** The size of the first batch that a `cursor` document asks for; everything if it does not say. */
export function batchSizeOf(cursor: Document | undefined, otherwise = Number.POSITIVE_INFINITY): number {
  return numberOf(field(cursor ?? {}, 'batchSize')) ?? otherwise;
}

function notNegative(name: string, value: number | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (value >= 0) return value;
  throw commandError('BadValue', `BSON field '${name}' value must be >= 0, actual value '${value}'`);
}

/** What reading a collection on needs. */
export function toRead(ns: Namespace): Need {
  return { action: 'find', target: collectionTarget(ns) };
}

function find({ request, caller, sandbox }: Context): Document {
  refuseArguments(request, NOT_SIMULATED);
  onlyKnown(request, [
    'filter',
    'sort',
    'projection',
    'skip',
    'limit',
    'batchSize',
    'singleBatch',
    ...IGNORED,
    ...NOT_SIMULATED,
  ]);
  const ns = namespaceOf(request);
  const matches = compileQuery(optionalDocument(request, 'filter') ?? {});
  const project = compileProjectionOf(optionalDocument(request, 'projection'));
  const order = optionalDocument(request, 'sort');
  const skip = notNegative('skip', optionalInteger(request, 'skip'), 0);
  const limit = notNegative('limit', optionalInteger(request, 'limit'), 0) || Number.POSITIVE_INFINITY;
  const batchSize = notNegative('batchSize', optionalInteger(request, 'batchSize'), DEFAULT_BATCH_SIZE);
  const found = documentsOf(sandbox, ns).filter(matches);
  const sorted = order === undefined ? found : found.sort(compileSort(order));
  const documents = sorted.slice(skip, skip + limit).map(project);
  const source = { ns, documents, needs: toRead(ns) };
  return { cursor: sandbox.cursors.open(caller, source, batchSize, flag(request, 'singleBatch')) };
}

function compileProjectionOf(projection: Document | undefined): (document: Document) => Document {
  const empty = projection === undefined || Object.keys(projection).length === 0;
  return empty ? (document) => document : compileProjection(projection);
}

function cursorId(value: unknown): Long {
  if (value instanceof Long) return value;
  const number = numberOf(value);
  if (number === undefined) throw commandError('TypeMismatch', 'a cursor id must be of type long');
  return Long.fromNumber(number);
}

function getMore({ request, caller, sandbox }: Context): Document {
  onlyKnown(request, ['collection', 'batchSize', 'term', 'lastKnownCommittedOpTime']);
  const ns = { db: request.db, collection: optionalText(request, 'collection') ?? '' };
  const batchSize = notNegative('batchSize', optionalInteger(request, 'batchSize'), 0) || Number.POSITIVE_INFINITY;
  return { cursor: sandbox.cursors.next(caller, cursorId(field(request.body, 'getMore')), ns, batchSize) };
}

function killCursors({ request, caller, sandbox }: Context): Document {
  const ids = requiredList(request, 'cursors').map(cursorId);
  const cursorsKilled = ids.filter((id) => sandbox.cursors.kill(caller, id));
  const cursorsNotFound = ids.filter((id) => !cursorsKilled.includes(id));
  return { cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [] };
}

function count({ request, sandbox }: Context): Document {
  refuseArguments(request, ['collation']);
  onlyKnown(request, ['query', 'skip', 'limit', 'hint', 'collation', 'fields']);
  const matches = compileQuery(optionalDocument(request, 'query') ?? {});
  const skip = notNegative('skip', optionalInteger(request, 'skip'), 0);
  const limit = Math.abs(optionalInteger(request, 'limit') ?? 0) || Number.POSITIVE_INFINITY;
  return {
    n: documentsOf(sandbox, namespaceOf(request))
      .filter(matches)
      .slice(skip, skip + limit).length,
  };
}

export const FIND_COMMANDS: readonly Command[] = [
  { name: 'find', authorize: (context) => mayOnCollection(context, 'find'), run: find },
  { name: 'count', authorize: (context) => mayOnCollection(context, 'find'), run: count },
  { name: 'getMore', authorize: anybody, run: getMore },
  { name: 'killCursors', authorize: anybody, run: killCursors },
];

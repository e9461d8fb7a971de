/** Goes gently through a collection: only its sealed fields, in raw BSON, from a secondary where there is one. */
import { setTimeout as wait } from 'node:timers/promises';
import { deserialize, MaxKey } from 'bson';
import type { Collection, Document, FindCursor, MongoClient } from 'mongodb';
import type { Scanner, Tally } from '../encryption/scan-documents.ts';
import { formatNamespace, type Namespace } from '../model/names.ts';
import { documentKey } from '../state/document.ts';
import { commandFailure } from './connect.ts';

export interface ScanOptions {
  readonly ns: Namespace;
  /** The sealed fields. Nothing else is fetched but the `_id`. */
  readonly paths: readonly string[];
  /** The validator without what it demands of sealed values, which the scanner judges by itself. */
  readonly validator: Document;
  /** So many documents at random; all if absent. */
  readonly sample?: number;
  readonly batchSize: number;
  /** Documents a second at most. */
  readonly rate?: number;
  /** Where an earlier scan of everything stopped. */
  readonly resume?: ScanPosition;
  /** Told after each batch. */
  progress?(position: ScanPosition): void;
}

/** How far a scan has come. */
export interface ScanPosition {
  /** The `_id` of the last document seen, `{_id: …}`. */
  readonly last: Document;
  readonly tally: Tally;
  readonly refused: number;
}

const CHUNK = 10_000;

/**
 * Shows every document (or a sample) to the scanner, and gives the number of those that the validator would refuse.
 * What takes the whole document to judge, the server counts itself, chunk by chunk: nothing but the sealed fields leaves it.
 */
export async function scanCollection(client: MongoClient, scanner: Scanner, options: ScanOptions): Promise<number> {
  try {
    return options.sample === undefined
      ? await scanAll(client, scanner, options)
      : await scanSample(client, scanner, options);
  } catch (error) {
    throw commandFailure(`can't scan ${formatNamespace(options.ns)}`, error);
  }
}

const SETTINGS = { readPreference: 'secondaryPreferred', readConcern: { level: 'local' } } as const;

function projection(paths: readonly string[]): Document {
  return Object.fromEntries([['_id', 1], ...paths.map((path) => [path, 1])]);
}

/** At most so many `_id`s in one query. */
const MOST_IDS = 1000;

/**
 * How many documents the whole validator would refuse: those `among` that the rest of it refuses, by the server's own
 * count, and those with a refused value that the rest of it lets pass.
 */
async function countRefused(
  collection: Collection,
  validator: Document,
  among: Document,
  unsealed: readonly unknown[],
): Promise<number> {
  const passing: number[] = [];
  for (let at = 0; at < unsealed.length; at += MOST_IDS) {
    const ids: Document = { _id: { $in: unsealed.slice(at, at + MOST_IDS) } };
    passing.push(await collection.countDocuments({ $and: [ids, validator] }, SETTINGS));
  }
  const refused = await collection.countDocuments({ $and: [among, { $nor: [validator] }] }, SETTINGS);
  return passing.reduce((sum, n) => sum + n, refused);
}

/** A run of documents whose `_id`s are of one type, counted by the server while the next ones are looked at. */
interface Chunk {
  readonly from: Buffer;
  to: Buffer;
  size: number;
  /** The `_id`s of those with a value that the validator refuses. */
  readonly unsealed: unknown[];
}

async function scanAll(client: MongoClient, scanner: Scanner, options: ScanOptions): Promise<number> {
  const { ns, paths, validator, batchSize, rate, resume, progress } = options;
  const collection = client.db(ns.db).collection(ns.collection);
  const find = (filter: Document): FindCursor =>
    collection.find(filter, { ...SETTINGS, raw: true, batchSize, projection: projection(paths) });
  let refused = resume?.refused ?? 0;
  let counting: { readonly result: Promise<number>; readonly position: Omit<ScanPosition, 'refused'> } | undefined;
  const settle = async (): Promise<void> => {
    if (counting === undefined) return;
    const { result, position } = counting;
    refused += await result;
    progress?.({ ...position, refused });
    counting = undefined;
  };
  const close = async ({ from, to, unsealed }: Chunk): Promise<void> => {
    await settle();
    const last = idOf(to);
    const range = { _id: { $gte: idOf(from), $lte: last } };
    const result = countRefused(collection, validator, range, unsealed);
    // It is awaited when the next chunk closes; until then a failure of it must not count as unhandled.
    result.catch(() => undefined);
    counting = { result, position: { last: { _id: last }, tally: scanner.tally() } };
  };
  let chunk: Chunk | undefined;
  let seen = 0;
  const started = performance.now();
  const take = (document: Buffer): void => {
    chunk ??= { from: document, to: document, size: 0, unsealed: [] };
    chunk.to = document;
    chunk.size += 1;
    if (scanner.look(document)) chunk.unsealed.push(idOf(document));
    seen += 1;
  };
  const look = async (cursor: FindCursor): Promise<void> => {
    while (await cursor.hasNext()) {
      const batch: Buffer[] = cursor.readBufferedDocuments();
      for (const document of seen === 0 ? unseen(batch, resume) : batch) {
        if (chunk !== undefined && (chunk.size >= CHUNK || idType(chunk.to) !== idType(document))) {
          await close(chunk);
          chunk = undefined;
        }
        take(document);
      }
      if (rate !== undefined) await wait(Math.max(0, (seen / rate) * 1000 - (performance.now() - started)));
    }
  };
  for (const cursor of cursorsFrom(resume, find)) {
    try {
      await look(cursor);
    } finally {
      await cursor.close();
    }
  }
  if (chunk !== undefined) await close(chunk);
  await settle();
  return refused;
}

const LAST_OF_ALL = { _id: new MaxKey() };

/** In the order of their `_id`s, all documents, or those from where an earlier scan stopped. */
function cursorsFrom(resume: ScanPosition | undefined, find: (filter: Document) => FindCursor): readonly FindCursor[] {
  if (resume === undefined) return [find({}).sort({ _id: 1 })];
  if (documentKey(resume.last) === documentKey(LAST_OF_ALL)) return [];
  // Bounds of the index, unlike a comparison, do not stop where the type of the _id changes. Without an upper one they
  // end before MaxKey (tried on 4.4.4).
  return [find({}).sort({ _id: 1 }).hint({ _id: 1 }).min(resume.last), find(LAST_OF_ALL)];
}

/** A cursor that goes on begins with the last document of the earlier one, unless that is gone. */
function unseen(batch: readonly Buffer[], resume: ScanPosition | undefined): readonly Buffer[] {
  const [first] = batch;
  if (first === undefined || resume === undefined) return batch;
  return documentKey(idOf(first)) === documentKey(resume.last['_id']) ? batch.slice(1) : batch;
}

const NUMBERS = new Set([1, 16, 18, 19]);

/** With its exact type: an int must not come back as a double, nor a long as a rounded number. */
function idOf(document: Buffer): unknown {
  return deserialize(document, { promoteValues: false })['_id'];
}

/** Where the `_id` has its value: behind the document's length, its type and its name. */
const ID_AT = 4 + 1 + '_id\0'.length;
const NAN = -1;

/** The type of the `_id`, which is the first field of what comes back; a range of `_id`s matches one type only. */
function idType(document: Buffer): number {
  const type = document[4] ?? 0;
  if (!NUMBERS.has(type)) return type;
  // Comparisons with NaN match NaN alone, though it sorts among the numbers.
  const isNotANumber =
    (type === 1 && Number.isNaN(document.readDoubleLE(ID_AT))) ||
    (type === 19 && ((document[ID_AT + 15] ?? 0) & 0x7c) === 0x7c);
  return isNotANumber ? NAN : 1;
}

async function scanSample(client: MongoClient, scanner: Scanner, options: ScanOptions): Promise<number> {
  const { ns, paths, validator, batchSize, sample: size = 0 } = options;
  const collection = client.db(ns.db).collection(ns.collection);
  const pipeline = [{ $sample: { size } }, { $project: projection(paths) }];
  const cursor = collection.aggregate(pipeline, { ...SETTINGS, raw: true, batchSize });
  let refused = 0;
  try {
    while (await cursor.hasNext()) {
      const batch: Buffer[] = cursor.readBufferedDocuments() as unknown[] as Buffer[];
      const unsealed = batch.filter((document) => scanner.look(document)).map(idOf);
      refused += await countRefused(collection, validator, { _id: { $in: batch.map(idOf) } }, unsealed);
    }
    return refused;
  } finally {
    await cursor.close();
  }
}

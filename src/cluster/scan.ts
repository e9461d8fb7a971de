/** Goes gently through a collection: only its sealed fields, in raw BSON, from a secondary where there is one. */
import { setTimeout as wait } from 'node:timers/promises';
import { deserialize } from 'bson';
import type { Document, FindCursor, MongoClient } from 'mongodb';
import type { Scanner, Tally } from '../encryption/scan.ts';
import { formatNamespace, type Namespace } from '../model/names.ts';
import { documentKey } from '../state/document.ts';
import { commandFailure } from './connect.ts';

export interface ScanOptions {
  readonly ns: Namespace;
  /** The sealed fields. Nothing else is fetched but the `_id`. */
  readonly paths: readonly string[];
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
 * The server counts these itself, chunk by chunk, so that nothing but the sealed fields leaves it.
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

function refusedBy(validator: Document, among: Document): Document {
  return { $and: [among, { $nor: [validator] }] };
}

/** A run of documents whose `_id`s are of one type, counted by the server while the next ones are looked at. */
interface Chunk {
  readonly from: Buffer;
  readonly to: Buffer;
  readonly size: number;
}

async function scanAll(client: MongoClient, scanner: Scanner, options: ScanOptions): Promise<number> {
  const { ns, paths, validator, batchSize, rate, resume, progress } = options;
  const collection = client.db(ns.db).collection(ns.collection);
  let cursor: FindCursor = collection
    .find({}, { ...SETTINGS, raw: true, batchSize, projection: projection(paths) })
    .sort({ _id: 1 });
  // Bounds of the index, unlike a comparison, do not stop where the type of the _id changes.
  if (resume !== undefined) cursor = cursor.hint({ _id: 1 }).min(resume.last);
  let refused = resume?.refused ?? 0;
  let counting: { readonly result: Promise<number>; readonly position: Omit<ScanPosition, 'refused'> } | undefined;
  const settle = async (): Promise<void> => {
    if (counting === undefined) return;
    const { result, position } = counting;
    refused += await result;
    progress?.({ ...position, refused });
    counting = undefined;
  };
  const close = async ({ from, to }: Chunk): Promise<void> => {
    await settle();
    const last = idOf(to);
    const range = { _id: { $gte: idOf(from), $lte: last } };
    const result = collection.countDocuments(refusedBy(validator, range), SETTINGS);
    // It is awaited when the next chunk closes; until then a failure of it must not count as unhandled.
    result.catch(() => undefined);
    counting = { result, position: { last: { _id: last }, tally: scanner.tally() } };
  };
  let chunk: Chunk | undefined;
  let resumed = resume !== undefined;
  let seen = 0;
  const started = performance.now();
  try {
    while (await cursor.hasNext()) {
      const batch: Buffer[] = cursor.readBufferedDocuments();
      for (const document of batch) {
        const again = resumed && documentKey(idOf(document)) === documentKey(resume?.last['_id']);
        resumed = false;
        if (again) continue;
        if (chunk !== undefined && (chunk.size >= CHUNK || idType(chunk.to) !== idType(document))) {
          await close(chunk);
          chunk = undefined;
        }
        scanner.look(document);
        seen += 1;
        chunk = { from: chunk?.from ?? document, to: document, size: (chunk?.size ?? 0) + 1 };
      }
      if (rate !== undefined) await wait(Math.max(0, (seen / rate) * 1000 - (performance.now() - started)));
    }
    if (chunk !== undefined) await close(chunk);
    await settle();
    return refused;
  } finally {
    await cursor.close();
  }
}

const NUMBERS = new Set([1, 16, 18, 19]);

/** With its exact type: an int must not come back as a double, nor a long as a rounded number. */
function idOf(document: Buffer): unknown {
  return deserialize(document, { promoteValues: false })['_id'];
}

/** The type of the `_id`, which is the first field of what comes back; a range of `_id`s matches one type only. */
function idType(document: Buffer): number {
  const type = document[4] ?? 0;
  return NUMBERS.has(type) ? 1 : type;
}

async function scanSample(client: MongoClient, scanner: Scanner, options: ScanOptions): Promise<number> {
  const { ns, paths, validator, batchSize, sample: size = 0 } = options;
  const collection = client.db(ns.db).collection(ns.collection);
  const pipeline = [{ $sample: { size } }, { $project: projection(paths) }];
  const cursor = collection.aggregate(pipeline, { ...SETTINGS, raw: true, batchSize });
  let refused = 0;
  while (await cursor.hasNext()) {
    const batch: Buffer[] = cursor.readBufferedDocuments() as unknown[] as Buffer[];
    const ids = batch.map((document) => {
      scanner.look(document);
      return idOf(document);
    });
    refused += await collection.countDocuments(refusedBy(validator, { _id: { $in: ids } }), SETTINGS);
  }
  return refused;
}

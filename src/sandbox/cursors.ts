/** Cursors: what `find` and its like have not yet given out. */
import { calculateObjectSize, Long } from 'bson';
import { formatNamespace, type Namespace, userKey } from '../model/names.ts';
import type { Target } from '../model/resource.ts';
import type { Caller } from './authorize.ts';
import { commandError } from './errors.ts';
import type { Document } from './values.ts';
import { MAX_DOCUMENT_SIZE } from './wire.ts';

export interface Need {
  readonly action: string;
  readonly target: Target;
}

/** What a command read, and what reading it on needs. */
export interface Source {
  readonly ns: Namespace;
  readonly documents: readonly Document[];
  /** Nothing: that somebody is logged in. */
  readonly needs?: Need;
}

interface Cursor extends Source {
  /** Whose it is: another user may not read on. */
  readonly owner: string;
  readonly read: number;
}

/** The first batch's size where the command does not say (manual, "Iterate a Cursor"). */
export const DEFAULT_BATCH_SIZE = 101;

function ownerOf({ account }: Caller): string {
  return account === undefined ? '' : userKey(account);
}

/** As many as asked for, but no more than a reply can hold. */
function batchOf(documents: readonly Document[], from: number, most: number): readonly Document[] {
  let size = 0;
  let end = from;
  for (const document of documents.slice(from, from + most)) {
    size += calculateObjectSize(document);
    if (size > MAX_DOCUMENT_SIZE && end > from) break;
    end += 1;
  }
  return documents.slice(from, end);
}

export class Cursors {
  readonly #cursors = new Map<string, Cursor>();
  #last = 0;

  /** The `cursor` of the reply with the first batch. The rest stays here, unless a single batch was asked for. */
  open(caller: Caller, source: Source, batchSize: number, single = false): Document {
    const firstBatch = batchOf(source.documents, 0, batchSize);
    const ns = formatNamespace(source.ns);
    if (single || firstBatch.length === source.documents.length) return { firstBatch, id: Long.ZERO, ns };
    this.#last += 1;
    const id = Long.fromNumber(this.#last);
    this.#cursors.set(id.toString(), { ...source, owner: ownerOf(caller), read: firstBatch.length });
    return { firstBatch, id, ns };
  }

  /** The `cursor` of the reply with the next batch. A revocation takes effect on open cursors too. */
  next(caller: Caller, id: Long, ns: Namespace, batchSize: number): Document {
    const cursor = this.#cursors.get(id.toString());
    if (cursor === undefined) throw commandError('CursorNotFound', `cursor id ${id} not found`);
    if (formatNamespace(cursor.ns) !== formatNamespace(ns)) {
      throw commandError(
        'Unauthorized',
        `Requested getMore on namespace '${formatNamespace(ns)}', but cursor belongs to a different namespace ${formatNamespace(cursor.ns)}`,
      );
    }
    const { owner, needs } = cursor;
    if (owner !== ownerOf(caller) || (needs !== undefined && !caller.may(needs.action, needs.target))) {
      throw commandError('Unauthorized', `not authorized for getMore with cursor id ${id}`);
    }
    const nextBatch = batchOf(cursor.documents, cursor.read, batchSize);
    const read = cursor.read + nextBatch.length;
    const done = read === cursor.documents.length;
    if (done) this.#cursors.delete(id.toString());
    else this.#cursors.set(id.toString(), { ...cursor, read });
    return { nextBatch, id: done ? Long.ZERO : id, ns: formatNamespace(ns) };
  }

  /** Whether there was such a cursor of the caller's. */
  kill(caller: Caller, id: Long): boolean {
    return this.#cursors.get(id.toString())?.owner === ownerOf(caller) && this.#cursors.delete(id.toString());
  }
}

/** Everything that a cursor gives, as long as it is no more than a cluster's access control can be. */
import { BSON, type Document } from 'mongodb';
import { Failure } from '../failure.ts';

/** In the server's form; the objects made of it take some times as much. */
const MOST_BYTES = 256 * 1024 * 1024;
const MOST_DOCUMENTS = 2_000_000;

/** What all listings of one reading may come to together. */
export class Allowance {
  #bytes = MOST_BYTES;
  #documents = MOST_DOCUMENTS;

  /** Whether there was more than that. */
  get isSpent(): boolean {
    return this.#bytes < 0 || this.#documents < 0;
  }

  /** Throws a Failure past the end: the process would run out of memory on a server that never ends. */
  take(bytes: number): void {
    this.#bytes -= bytes;
    this.#documents -= 1;
    if (!this.isSpent) return;
    throw new Failure(
      `the server gives more than ${MOST_BYTES / 1024 / 1024} MB or ${MOST_DOCUMENTS} documents about its accounts and collections`,
      { advice: 'see whether this is the right server: no cluster that is known has so many' },
    );
  }
}

/** For a read that is held against what was written. */
export const FROM_PRIMARY = { readPreference: 'primary' } as const;

/** A cursor of the driver's that was opened with {@link RAW}. */
interface RawCursor {
  hasNext(): Promise<boolean>;
  readBufferedDocuments(): unknown[];
  close(): Promise<void>;
}

/**
 * Documents come as bytes, so that they can be counted, and from the primary, whatever read preference the connection
 * string names: a secondary may lag, and what it shows is then compared with, and written over, what has come since.
 */
export const RAW = { raw: true, ...FROM_PRIMARY } as const;

/** As the driver would read it with the options that the client is made with. */
export function readDocument(bytes: Uint8Array): Document {
  return BSON.deserialize(bytes, { bsonRegExp: true });
}

/** All documents of the cursor. Throws a Failure if they are more than the allowance, and the driver's errors. */
export async function listed(cursor: RawCursor, allowance: Allowance): Promise<Document[]> {
  const documents: Document[] = [];
  try {
    while (await cursor.hasNext()) {
      for (const bytes of cursor.readBufferedDocuments()) {
        if (!(bytes instanceof Uint8Array)) throw new TypeError('the driver gave a document that is not raw');
        allowance.take(bytes.length);
        documents.push(readDocument(bytes));
      }
    }
    return documents;
  } finally {
    await cursor.close();
  }
}

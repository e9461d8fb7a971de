/** The journal as it is stored: `mongoward.migrations`. */
import type { Document, MongoClient } from 'mongodb';
import { JOURNAL_COLLECTION, type JournalEntry, type JournalRun } from '../migrate/journal.ts';
import { OWN_DATABASE } from '../state/state.ts';
import { commandFailure } from './connect.ts';

const UNFINISHED = ['running', 'rollingBack'];

/** The oldest first; throws a Failure if the account may not read it. */
export async function readJournal(client: MongoClient, which: 'all' | 'unfinished'): Promise<readonly JournalEntry[]> {
  const query = which === 'all' ? {} : { status: { $in: UNFINISHED } };
  const documents = await client
    .db(OWN_DATABASE)
    .collection(JOURNAL_COLLECTION)
    .find(query)
    .toArray()
    .catch((error: unknown) => {
      throw commandFailure("can't read the journal", error);
    });
  return documents.map(entryOf).sort((a, b) => startOf(a) - startOf(b));
}

function startOf({ runs }: JournalEntry): number {
  return runs[0]?.startedAt.getTime() ?? 0;
}

function entryOf({ _id, changedAt: _changedAt, ...entry }: Document): JournalEntry {
  const runs: readonly JournalRun[] = entry['runs'] ?? [];
  return {
    ...(entry as JournalEntry),
    id: String(_id),
    runs: runs.map((run) => ({ ...run, token: Number(run.token) })),
  };
}

/** The journal as it is stored: `mongoward.migrations`. Whoever can write there may have put anything. */
import type { Document, MongoClient } from 'mongodb';
import { Failure } from '../failure.ts';
import {
  JOURNAL_COLLECTION,
  JOURNAL_STATUSES,
  type JournalEntry,
  type JournalRun,
  OPERATION_OUTCOMES,
  UNFINISHED_STATUSES,
} from '../migrate/journal.ts';
import { OWN_DATABASE } from '../state/state.ts';
import { isDocument } from './answers.ts';
import { commandFailure } from './connect.ts';
import { Allowance, listed, RAW } from './listing.ts';
import { serverTime } from './lock.ts';
import { holderProblem, isDate, isToken } from './lock-document.ts';
import { documentName, type StrangeDocument } from './stored-objects.ts';

export interface StoredJournal {
  /** The oldest first. */
  readonly entries: readonly JournalEntry[];
  /** Documents that are no entries. */
  readonly strange: readonly StrangeDocument[];
}

/** The oldest first; throws a Failure if the account may not read it, or a document there is no entry. */
export async function readJournal(client: MongoClient, which: 'all' | 'unfinished'): Promise<readonly JournalEntry[]> {
  const { entries, strange } = await readStoredJournal(
    client,
    which === 'all' ? {} : { status: { $in: UNFINISHED_STATUSES } },
  );
  const [first, ...others] = strange;
  if (first === undefined) return entries;
  throw new Failure(`${documentName(JOURNAL_COLLECTION, first.id)} is no entry of the journal: ${first.problem}`, {
    details: others.map(({ id, problem }) => `nor is ${documentName(JOURNAL_COLLECTION, id)}: ${problem}`),
    advice: 'mongoward migrate repair removes it, and shows it before',
  });
}

export async function readStoredJournal(client: MongoClient, query: Document): Promise<StoredJournal> {
  const cursor = client.db(OWN_DATABASE).collection(JOURNAL_COLLECTION).find(query, RAW);
  const [documents, now] = await Promise.all([listed(cursor, new Allowance()), serverTime(client)]).catch(
    (error: unknown) => {
      throw commandFailure("can't read the journal", error);
    },
  );
  const judged = documents.map((document) => ({ document, problem: entryProblem(document, now) }));
  const entries = judged.filter(({ problem }) => problem === undefined).map(({ document }) => entryOf(document));
  return {
    entries: entries.sort((a, b) => startOf(a) - startOf(b)),
    strange: judged.flatMap(({ document, problem }) =>
      problem === undefined ? [] : [{ id: document['_id'], problem, document }],
    ),
  };
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

function entryProblem(document: Document, now: Date): string | undefined {
  const { _id: id, kind, policy, fileHash = '', policyHash = '', status, token, operations, runs } = document;
  if (typeof id !== 'string') return '_id is no text';
  if (kind !== 'migration' && kind !== 'policy') return 'kind is neither migration nor policy';
  if (![policy, fileHash, policyHash].every((text) => typeof text === 'string')) {
    return 'policy and hashes must be texts';
  }
  if (!JOURNAL_STATUSES.some((known) => known === status)) return `status is none of ${JOURNAL_STATUSES.join(', ')}`;
  if (!isToken(token, now)) return 'token is no number that a lock can have come to';
  if (!Array.isArray(operations) || !operations.every(isOperation)) return 'operations is no list of operations';
  if (!Array.isArray(runs) || runs.length === 0) return 'runs is no list of runs';
  return runs.map((run) => runProblem(run, now)).find((problem) => problem !== undefined);
}

function isOperation(value: unknown): boolean {
  if (!isDocument(value)) return false;
  const { id, wave, outcome } = value;
  return typeof id === 'string' && typeof wave === 'number' && OPERATION_OUTCOMES.some((known) => known === outcome);
}

function runProblem(run: unknown, now: Date): string | undefined {
  if (!isDocument(run)) return 'a run is no document';
  const { direction, by, token, startedAt, finishedAt, error } = run;
  if (direction !== 'apply' && direction !== 'rollback') return 'the direction of a run is neither apply nor rollback';
  if (!isToken(token, now)) return 'the token of a run is no number that a lock can have come to';
  if (!isDate(startedAt) || (finishedAt !== undefined && !isDate(finishedAt))) return 'a time of a run is no date';
  if (error !== undefined && typeof error !== 'string') return 'the error of a run is no text';
  return holderProblem(by);
}

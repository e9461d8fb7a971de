/**
 * Gets our own records out of any state that somebody may have written there: what is none of ours is removed, and what
 * the ownership record claims without the journal is claimed no longer.
 */
import type { Document, MongoClient } from 'mongodb';
import { Failure } from '../failure.ts';
import { type Cluster, StrangeLockFailure } from '../migrate/cluster.ts';
import { JOURNAL_COLLECTION, operationsOf } from '../migrate/journal.ts';
import type { Command } from '../plan/operations/mongo-command.ts';
import { madeId } from '../plan/ownership.ts';
import { toExtendedJson } from '../state/extended-json.ts';
import { sortedJson } from '../state/sorted-json.ts';
import { OBJECTS_COLLECTION, OWN_DATABASE, objectKey } from '../state/state.ts';
import { commandFailure } from './connect.ts';
import { Allowance } from './listing.ts';
import { readStoredJournal } from './stored-journal.ts';
import { documentName, readObjects } from './stored-objects.ts';

/** One thing to set right. */
export interface Repair {
  /** `the document "user app@admin" of mongoward.objects is no record: created must be boolean` */
  readonly finding: string;
  readonly remedy: 'removed' | 'corrected';
  /** As it stands now. */
  readonly document?: Document;
  readonly command?: Command;
  /** What stands in the place of the lock, in place of a command: nobody can hold the lock meanwhile. */
  readonly lock?: StrangeLockFailure;
}

export async function findRepairs(client: MongoClient, cluster: Cluster): Promise<readonly Repair[]> {
  const [{ objects, strange }, journal, lock] = await Promise.all([
    readObjects(client, new Allowance()).catch((error: unknown) => {
      throw commandFailure("can't read the ownership record", error);
    }),
    readStoredJournal(client, {}),
    strangeLock(cluster),
  ]);
  const policies = new Set(objects.map(({ policy }) => policy));
  const made = new Map([...policies].map((policy) => [policy, operationsOf(journal.entries, policy)]));
  const claimed = objects.filter(
    (object) => object.created && object.kind !== 'collection' && made.get(object.policy)?.has(madeId(object)) !== true,
  );
  return [
    ...lock,
    ...strange.map(({ id, problem, document }) => removal(OBJECTS_COLLECTION, id, `no record: ${problem}`, document)),
    ...journal.strange.map(({ id, problem, document }) =>
      removal(JOURNAL_COLLECTION, id, `no entry of the journal: ${problem}`, document),
    ),
    ...claimed.map((object): Repair => {
      const id = objectKey(object);
      const change = { q: { _id: id, created: true }, u: { $set: { created: false } } };
      return {
        finding: `${documentName(OBJECTS_COLLECTION, id)} says that the policy "${object.policy}" made it, and the journal does not`,
        remedy: 'corrected',
        command: { db: OWN_DATABASE, command: { update: OBJECTS_COLLECTION, updates: [change] } },
      };
    }),
  ];
}

async function strangeLock(cluster: Cluster): Promise<readonly Repair[]> {
  try {
    await cluster.lock();
    return [];
  } catch (error) {
    if (!(error instanceof StrangeLockFailure)) throw error;
    return [{ finding: error.message, remedy: 'removed', lock: error }];
  }
}

function removal(collection: string, id: unknown, problem: string, document: Document): Repair {
  const command = { delete: collection, deletes: [{ q: { _id: { $eq: id } }, limit: 1 }] };
  return {
    finding: `${documentName(collection, id)} is ${problem}`,
    remedy: 'removed',
    document,
    command: { db: OWN_DATABASE, command },
  };
}

/**
 * Carries the repairs out that were shown, as far as they are still to be made once the lock is held; what stands in its
 * place is removed before. Throws a Failure, and does no more, if that is another by now.
 *
 * @returns how many documents were set right
 */
export async function carryOutRepairs(
  client: MongoClient,
  cluster: Cluster,
  shown: readonly Repair[],
  waitMs: number,
): Promise<number> {
  const locks = shown.flatMap(({ lock }) => lock ?? []);
  for (const lock of locks) {
    if (await cluster.removeLock(lock)) continue;
    throw new Failure('what stands in the place of the lock has changed meanwhile', {
      advice: 'nothing was changed; run the command again to see what stands there',
    });
  }
  const known = new Set(shown.map(repairText));
  let done = locks.length;
  await cluster.withLock({ waitMs }, async (held) => {
    for (const repair of await findRepairs(client, cluster)) {
      if (repair.command === undefined || !known.has(repairText(repair))) continue;
      await held.run(repair.command);
      done += 1;
    }
  });
  return done;
}

/** One text for what is the same repair of the same document. */
function repairText({ finding, remedy, document }: Repair): string {
  return sortedJson([finding, remedy, toExtendedJson(document ?? {})]);
}

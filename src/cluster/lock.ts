/**
 * The lock: one document of `mongoward.locks`, held by a lease that a heartbeat renews. Leases run by the server's clock
 * (`$$NOW`), so that clocks of clients may be wrong or jump. Every holder has a token greater than those before it.
 *
 * MongoDB's user and role commands take no precondition, so that the server can't refuse a command of somebody who lost
 * the lock. Instead a command is sent only after the lease was seen to hold, one at a time from that check until the
 * driver writes it to the socket: whoever is stopped in between and wakes up without the lock lands that one command at
 * most. The next holder therefore reads everything anew.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Document, MongoClient } from 'mongodb';
import { Failure } from '../failure.ts';
import {
  type HeldLock,
  holderText,
  type LockOptions,
  type LockState,
  type StrangeLockFailure,
} from '../migrate/cluster.ts';
import type { Holder } from '../migrate/journal.ts';
import type { Command } from '../plan/operations/mongo-command.ts';
import { OWN_DATABASE } from '../state/state.ts';
import { isDocument } from './answers.ts';
import { commandFailure } from './connect.ts';
import { FROM_PRIMARY } from './listing.ts';
import { isDate, LOCK_FIELDS, LOCK_ID, LOCKS_COLLECTION, lockState } from './lock-document.ts';
import { majority, type Sent, send } from './send.ts';

/** How long a holder that is not heard of keeps the lock. */
const LEASE_MS = 30_000;

export interface LockSettings {
  readonly holder: Holder;
  /** The lease in milliseconds; 30 s unless given. */
  readonly leaseMs?: number;
}

/** What a lock that was taken holds. */
interface Taken {
  readonly token: number;
  readonly since: Date;
}

/** Takes the lock, runs `work`, gives the lock back. */
export async function withLock<T>(
  client: MongoClient,
  { holder, leaseMs = LEASE_MS }: LockSettings,
  options: LockOptions,
  work: (held: HeldLock) => Promise<T>,
): Promise<T> {
  const id = randomUUID();
  const asked = clocks();
  const taken = await acquire(client, { id, holder, leaseMs }, options, asked);
  const lease = new Lease(client, id, leaseMs, taken.confirmed);
  try {
    return await work({ holder, token: taken.lock.token, since: taken.lock.since, ...sender(client, lease) });
  } finally {
    lease.stop();
    await release(client, id);
  }
}

/** Who has the lock; nothing if nobody does. */
export async function readLock(client: MongoClient): Promise<LockState | undefined> {
  const asked = locks(client).findOne({ _id: LOCK_ID }, FROM_PRIMARY);
  const [document, now] = await Promise.all([asked, serverTime(client)]).catch((error: unknown) => {
    throw commandFailure("can't read the lock", error);
  });
  return document === null ? undefined : lockState(document, now);
}

/** By its clock, tokens and leases are judged. Of a server that names no time, the time here: it is no MongoDB. */
export async function serverTime(client: MongoClient): Promise<Date> {
  const { localTime } = await client.db('admin').command({ hello: 1 });
  return isDate(localTime) ? localTime : new Date();
}

/** Removes the lock's document as it was seen, and no other. Tokens count on from the clock. */
export async function removeLock(client: MongoClient, { document }: StrangeLockFailure): Promise<boolean> {
  const q = Object.fromEntries(
    LOCK_FIELDS.map((field) => [field, field in document ? { $eq: document[field] } : { $exists: false }]),
  );
  const command = { delete: LOCKS_COLLECTION, deletes: [{ q: { _id: LOCK_ID, ...q }, limit: 1 }] };
  const reply = await majority(client, { db: OWN_DATABASE, command });
  return reply['n'] === 1;
}

/** Takes the lock from the holder that was seen, and from no other. */
export async function breakLock(client: MongoClient, { id }: LockState): Promise<boolean> {
  const reply = await majority(client, freeing(id));
  return reply['n'] === 1;
}

function locks(client: MongoClient) {
  return client.db(OWN_DATABASE).collection<{ readonly _id: string }>(LOCKS_COLLECTION);
}

/** The monotonic clock, which stands still while the machine sleeps, and the wall clock, which jumps. */
interface Clocks {
  readonly monotonic: number;
  readonly wall: number;
}

function clocks(): Clocks {
  return { monotonic: performance.now(), wall: Date.now() };
}

/** At least the time that has passed: the later of both clocks, so that a doubt costs a round trip and no more. */
function since(start: Clocks): number {
  const now = clocks();
  return Math.max(now.monotonic - start.monotonic, now.wall - start.wall);
}

interface Candidate {
  readonly id: string;
  readonly holder: Holder;
  readonly leaseMs: number;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;

async function acquire(
  client: MongoClient,
  candidate: Candidate,
  { waitMs, waiting }: LockOptions,
  asked: Clocks,
): Promise<{ readonly lock: Taken; readonly confirmed: Clocks }> {
  let told = false;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    const confirmed = clocks();
    const { state, lock } = await tryToTake(client, candidate);
    if (state.id === candidate.id) return { lock, confirmed };
    const waited = performance.now() - asked.monotonic;
    if (waited >= waitMs) throw heldFailure(state, waitMs);
    if (!told) waiting?.(state);
    told = true;
    // Those who wait must not all ask at once.
    await sleep(Math.min(pause * (0.5 + Math.random()), waitMs - waited + 1));
  }
}

/** Takes the lock if it is free or its lease is over, in one step; as it is afterwards either way. */
async function tryToTake(
  client: MongoClient,
  { id, holder, leaseMs }: Candidate,
): Promise<{ readonly state: LockState; readonly lock: Taken }> {
  const taken = (mine: unknown, other: string): Document => ({ $cond: ['$mine', mine, other] });
  const command = {
    findAndModify: LOCKS_COLLECTION,
    query: { _id: LOCK_ID },
    update: [
      { $set: { mine: { $lte: ['$expires', '$$NOW'] }, askedAt: '$$NOW' } },
      {
        $set: {
          id: taken({ $literal: id }, '$id'),
          holder: taken({ $literal: holder }, '$holder'),
          // Counts on from the clock, so that tokens grow even if somebody removes the lock's document.
          token: taken({ $add: [{ $ifNull: ['$token', { $toLong: '$$NOW' }] }, 1] }, '$token'),
          since: taken('$$NOW', '$since'),
          expires: taken({ $add: ['$$NOW', leaseMs] }, '$expires'),
        },
      },
      { $unset: ['mine'] },
    ],
    upsert: true,
    new: true,
  };
  const reply = await retryingDuplicates(() => majority(client, { db: OWN_DATABASE, command })).catch(
    async (error: unknown) => {
      // The server may not be able to count a token on that is none: then it is the lock that is wrong.
      await readLock(client);
      throw error;
    },
  );
  const document: unknown = reply['value'];
  const asked: unknown = isDocument(document) ? document['askedAt'] : undefined;
  const state = isDocument(document) && isDate(asked) ? lockState(document, asked) : undefined;
  if (state === undefined || !isDocument(document)) throw new Failure('the server does not say who has the lock now');
  return { state, lock: { token: Number(document['token']), since: state.since } };
}

/** Two that insert the document at once: one is told of the other's, and asks again. */
async function retryingDuplicates<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const cause = error instanceof Failure ? error.cause : undefined;
    if (typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 11000) return work();
    throw error;
  }
}

function heldFailure({ holder, since: start }: LockState, waitMs: number): Failure {
  return new Failure(
    `somebody else is changing this cluster: ${holderText(holder)}, since ${start.toISOString()}. This run waited ${Math.round(waitMs / 1000)} s`,
    {
      advice:
        'nothing was changed by this run; wait longer with --lock-timeout, or see mongoward migrate unlock if that process is dead',
    },
  );
}

/** What is known of one's own lease. */
class Lease {
  readonly #client: MongoClient;
  readonly #id: string;
  readonly #leaseMs: number;
  readonly #heartbeat: NodeJS.Timeout;
  #confirmed: Clocks;
  #lost = false;

  constructor(client: MongoClient, id: string, leaseMs: number, confirmed: Clocks) {
    this.#client = client;
    this.#id = id;
    this.#leaseMs = leaseMs;
    this.#confirmed = confirmed;
    // A beat that fails is followed by the next, and by the check before each command.
    this.#heartbeat = setInterval(() => void this.#renew().catch(() => {}), leaseMs / 3);
  }

  stop(): void {
    clearInterval(this.#heartbeat);
  }

  /** Throws a Failure if the lock is somebody else's by now. After it, half the lease is left at least. */
  async confirm(): Promise<void> {
    if (!this.#lost && since(this.#confirmed) > this.#leaseMs / 2) await this.#renew();
    if (this.#lost) throw lostFailure();
  }

  async #renew(): Promise<void> {
    const asked = clocks();
    const command = {
      findAndModify: LOCKS_COLLECTION,
      query: { _id: LOCK_ID, id: this.#id },
      update: [{ $set: { expires: { $add: ['$$NOW', this.#leaseMs] } } }],
      new: true,
    };
    const reply = await majority(this.#client, { db: OWN_DATABASE, command });
    if (reply['value'] === null) this.#lost = true;
    else this.#confirmed = asked;
  }
}

function lostFailure(): Failure {
  return new Failure('this run lost the lock: it was not heard of for a whole lease, or somebody broke the lock', {
    advice: 'apply again: every target is compared anew, and what is done stays done',
  });
}

async function release(client: MongoClient, id: string): Promise<void> {
  // If nobody can be told, the lease runs out by itself.
  await majority(client, freeing(id)).catch(() => {});
}

/** The document stays, for the token in it. */
function freeing(id: string): Command {
  const free = { q: { _id: LOCK_ID, id }, u: { $set: { id: null, expires: new Date(0) } } };
  return { db: OWN_DATABASE, command: { update: LOCKS_COLLECTION, updates: [free] } };
}

/** Sends commands one after the other up to the socket; their answers come side by side. Other work has its turn to itself. */
function sender(client: MongoClient, lease: Lease): Pick<HeldLock, 'run' | 'exclusively'> {
  let turn: Promise<void> = Promise.resolve();
  /** `begin` says when the next may begin, and when this is over. */
  const inTurn = async (begin: () => Pick<Sent, 'sent'> & { readonly reply: Promise<unknown> }): Promise<void> => {
    const before = turn;
    let next = (): void => {};
    turn = new Promise((resolve) => {
      next = resolve;
    });
    await before;
    try {
      await lease.confirm();
    } catch (error) {
      next();
      throw error;
    }
    const { sent, reply } = begin();
    void sent.then(next);
    await reply;
  };
  return {
    run: (command) => inTurn(() => send(client, command)),
    exclusively: (work) =>
      inTurn(() => {
        const reply = work();
        return { sent: reply.catch(() => {}), reply };
      }),
  };
}

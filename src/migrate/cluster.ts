/** The live cluster, as far as migrations need it. `cluster/` implements it over the driver. */

import { Failure } from '../failure.ts';
import type { RoleRef, UserRef } from '../model/names.ts';
import type { Privilege } from '../model/privilege.ts';
import type { Command } from '../plan/operations/mongo-command.ts';
import type { DataKeyOperation } from '../plan/operations/operation.ts';
import type { ClusterState } from '../state/state.ts';
import type { Holder, JournalEntry } from './journal.ts';

/** Nothing here writes, except through the lock: whoever has it gets what writes. */
export interface Cluster {
  read(): Promise<ClusterState>;
  /** The journal, the oldest entry first; `unfinished`: only what is at work, or was cut short. */
  journal(which: 'all' | 'unfinished'): Promise<readonly JournalEntry[]>;
  /**
   * The account that is logged in, by the server's own answer; nothing where the server wants no login. Throws a Failure on
   * a member of a replica set that takes no writes.
   */
  operator(): Promise<Operator | undefined>;
  /** For how long other routers of a sharded cluster may go on by the rights that they know; nothing elsewhere. */
  routerCacheSeconds(): Promise<number | undefined>;
  /** Runs `work` while nobody else may; waits for the lock, or throws a Failure that names its holder. */
  withLock<T>(options: LockOptions, work: (held: HeldLock) => Promise<T>): Promise<T>;
  /** Who has the lock. Throws a {@link StrangeLockFailure} if something else stands in its place. */
  lock(): Promise<LockState | undefined>;
  /** Takes the lock away from who was seen to hold it; `false` if that has changed meanwhile. */
  breakLock(seen: LockState): Promise<boolean>;
  /** Removes what was seen to stand in the place of the lock; `false` if that has changed meanwhile. */
  removeLock(seen: StrangeLockFailure): Promise<boolean>;
}

/** An account, with all that it may do. */
export interface Operator {
  readonly user: UserRef;
  readonly roles: readonly RoleRef[];
  readonly privileges: readonly Privilege[];
  /** The IP address from which it is logged in, as the server sees it; nothing where it has none. */
  readonly address?: string;
}

export interface LockOptions {
  /** How long to wait for somebody else to finish, in milliseconds. */
  readonly waitMs: number;
  /** Told once if there is somebody to wait for. */
  waiting?(holder: LockState): void;
}

/** Who has the lock, by the server's clock. */
export interface LockState {
  readonly id: string;
  readonly holder: Holder;
  readonly since: Date;
  readonly expires: Date;
  /** The holder has not been heard of for a whole lease: it is dead, or cut off. */
  readonly expired: boolean;
}

/** `alice@admin (alice on db-host, process 12, mongoward 0.1.0)` */
export function holderText({ account, user, host, pid, tool }: Holder): string {
  const process = `${user} on ${host}, process ${pid}, ${tool}`;
  return account === undefined ? process : `${account} (${process})`;
}

/** What the lock's holder may do. Each write is refused with a Failure once the lock is lost. */
export interface HeldLock {
  readonly holder: Holder;
  /** Greater than that of anybody who had the lock before. */
  readonly token: number;
  /** Server time. */
  readonly since: Date;
  /**
   * Sends a command with majority write concern. Throws a Failure if the server refuses, an {@link UncertainFailure} if
   * nobody knows what became of it.
   */
  run(command: Command): Promise<void>;
  /** Does the work if the lock is seen to be held, and sends nothing else meanwhile. */
  exclusively(work: () => Promise<void>): Promise<void>;
}

/** Carries out what takes the encryption library: by it, and by the key management service that holds the master key. */
export interface KeyService {
  /** Throws as {@link HeldLock}'s `run` does. A key that somebody else has made meanwhile, as it should be, is fine. */
  run(operation: DataKeyOperation): Promise<void>;
}

/** The command was sent, and may or may not have taken effect: no answer came, or the majority did not confirm it in time. */
export class UncertainFailure extends Failure {}

/**
 * What stands in the place of the lock is none that this program wrote, and nobody can take it.
 *
 * @example
 * ```js
 * import assert from 'node:assert/strict';
 * import { StrangeLockFailure, withCluster } from 'mongoward/cluster';
 *
 * await withCluster(process.env.MONGODB_URI, async (cluster, client) => {
 *   const locks = client.db('mongoward').collection('locks');
 *   await locks.insertOne({ _id: 'migrate', expires: 'never' });
 *   const failure = await cluster.lock().catch((error) => error);
 *   assert.ok(failure instanceof StrangeLockFailure);
 *   assert.equal(failure.document.expires, 'never');
 *   assert.equal(await cluster.removeLock(failure), true);
 * });
 * ```
 */
export class StrangeLockFailure extends Failure {
  /** As it stood there. */
  readonly document: Readonly<Record<string, unknown>>;

  constructor(message: string, document: Readonly<Record<string, unknown>>, advice: string) {
    super(message, { advice });
    this.document = document;
  }
}

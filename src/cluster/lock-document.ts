/** The lock's one document, as it is stored. Whoever can write there may have put anything. */
import type { Document, Long } from 'mongodb';
import { type LockState, StrangeLockFailure } from '../migrate/cluster.ts';
import type { Holder } from '../migrate/journal.ts';
import { isDocument } from './answers.ts';
import { documentName } from './stored-objects.ts';

export const LOCKS_COLLECTION = 'locks';

export const LOCK_ID = 'migrate';

/** Who has the lock, by the server's clock; nothing if nobody does. Throws a {@link StrangeLockFailure}. */
export function lockState(document: Document, now: Date): LockState | undefined {
  const problem = lockProblem(document, now);
  if (problem !== undefined) {
    const sentence = `${documentName(LOCKS_COLLECTION, LOCK_ID)} is no lock: ${problem}`;
    throw new StrangeLockFailure(sentence, document, 'mongoward migrate unlock --force removes it');
  }
  const { id, holder, since, expires } = document;
  return id === null ? undefined : { id, holder, since, expires, expired: expires <= now };
}

/** What a lock's document says. */
export const LOCK_FIELDS = ['id', 'token', 'holder', 'since', 'expires'] as const;

function lockProblem({ id, token, holder, since, expires }: Document, now: Date): string | undefined {
  if (!isDate(expires)) return 'expires is no date';
  if (!isToken(token, now)) return 'token is no number that a lock can have come to';
  if (id === null) return expires > now ? 'nobody holds it, and its lease is not over' : undefined;
  if (typeof id !== 'string' || id === '') return 'id is no text';
  if (!isDate(since)) return 'since is no date';
  return holderProblem(holder);
}

export function isDate(value: unknown): value is Date {
  return value instanceof Date && !Number.isNaN(value.getTime());
}

/** What is wrong with who is said to have done something. */
export function holderProblem(holder: unknown): string | undefined {
  if (!isDocument(holder)) return 'the holder is no document';
  const { account = '', user, host, pid, tool }: { [field in keyof Holder]?: unknown } = holder;
  const texts = [account, user, host, tool];
  if (!texts.every((text) => typeof text === 'string')) return 'the holder is not said in texts';
  return typeof pid === 'number' ? undefined : "the holder's process is no number";
}

/** A day more than the server's clock says: it may have jumped. */
const CLOCK_JUMP_MS = 24 * 3600 * 1000;

/** Tokens count on from the server's clock in milliseconds, by one with each holder. */
export function isToken(value: unknown, now: Date): boolean {
  const token = typeof value === 'number' ? value : isLong(value) ? value.toNumber() : Number.NaN;
  return token > 0 && token <= now.getTime() + CLOCK_JUMP_MS;
}

function isLong(value: unknown): value is Long {
  return isDocument(value) && value['_bsontype'] === 'Long' && typeof value['toNumber'] === 'function';
}

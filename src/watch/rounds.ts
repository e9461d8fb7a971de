/** One round after the other, with a pause between them. */
import { setTimeout as pause } from 'node:timers/promises';

export interface RoundsOptions {
  /** Between the end of a round and the beginning of the next, in milliseconds. */
  readonly interval: number;
  /** From 0 to 1: moves each pause by up to a tenth, so that many watchers do not ask at once. */
  random(): number;
  /** Aborted to end after the round that is under way. */
  readonly ending: AbortSignal;
}

const JITTER = 0.1;

/** Runs `round` until it is asked to end. A round never begins before the one before it has ended. Throws what a round throws. */
export async function rounds(round: () => Promise<void>, { interval, random, ending }: RoundsOptions): Promise<void> {
  while (!ending.aborted) {
    await round();
    const length = interval * (1 + JITTER * (2 * random() - 1));
    // Rejects when it is aborted, which ends the loop.
    await pause(length, undefined, { signal: ending }).catch(() => {});
  }
}

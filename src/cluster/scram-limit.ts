/**
 * How often a password is hashed for SCRAM is the server's to say. The work can't be interrupted, and the process does not
 * end before it: 2^31 rounds take half an hour. The driver has no limit, so that one is set where it has the hashing done.
 */
import { Failure } from '../failure.ts';

/** MongoDB's defaults are 10,000 and 15,000 (`scramIterationCount`, `scramSHA256IterationCount`). This is half a second. */
const MOST_ITERATIONS = 1_000_000;

/** From now on, where `isOwn`, a server that asks for more iterations gets a Failure instead of a login. */
export function limitScram(isOwn: () => boolean): void {
  const { subtle } = globalThis.crypto;
  const derive = subtle.deriveBits.bind(subtle);
  subtle.deriveBits = (...args: Parameters<typeof derive>) => {
    const iterations = isOwn() ? iterationsOf(args[0]) : 0;
    if (iterations <= MOST_ITERATIONS) return derive(...args);
    return Promise.reject(
      new Failure(`the server asks for ${iterations} rounds of hashing the password, more than any MongoDB does`, {
        advice: `see whether this is the right server; up to ${MOST_ITERATIONS} rounds are taken for a login`,
      }),
    );
  };
}

function iterationsOf(algorithm: object | string): number {
  return typeof algorithm === 'object' && 'iterations' in algorithm ? Number(algorithm.iterations) : 0;
}

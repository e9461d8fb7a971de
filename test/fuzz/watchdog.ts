/** A second thread that knows which text a parser is at, for a parser that never comes back can't say so itself. */
import { Worker } from 'node:worker_threads';

/** Texts of the fuzzer have 20,000 characters at most, of three bytes each. */
const MOST_BYTES = 64 * 1024;

export interface Watchdog {
  /** Says what is to be parsed next, with the parser's name. */
  begin(text: string): void;
  stop(): Promise<unknown>;
}

/** Prints the text and ends the process if a minute passes without another. */
export function watchdog(): Watchdog {
  // How many texts were begun, and how many bytes the last one has.
  const counts = new Int32Array(new SharedArrayBuffer(8));
  const bytes = new Uint8Array(new SharedArrayBuffer(MOST_BYTES));
  const thread = new URL('./watchdog-thread.js', import.meta.url);
  const worker = new Worker(thread, { workerData: { counts, text: bytes } });
  return {
    begin: (text) => {
      const { written } = new TextEncoder().encodeInto(text, bytes);
      Atomics.store(counts, 1, written);
      Atomics.add(counts, 0, 1);
    },
    stop: () => worker.terminate(),
  };
}

/** The thread of the watchdog, in JavaScript, for a worker of Node.js 20 is not given what makes TypeScript run. */
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

/** As the clock runs, on a machine that does much else besides. */
const HANG_MS = 60_000;
const LOOK_MS = 1000;

const { counts, text } = workerData;
let seen = { count: -1, at: 0 };

setInterval(() => {
  const count = Atomics.load(counts, 0);
  if (count !== seen.count) seen = { count, at: performance.now() };
  if (performance.now() - seen.at < HANG_MS) return;
  const stuck = new TextDecoder().decode(text.slice(0, Atomics.load(counts, 1)));
  // The first thread writes nothing any more, and what this one gives to it to write would never be written.
  writeSync(1, `it hangs: ${JSON.stringify(stuck)}\n`);
  process.kill(process.pid, 'SIGKILL');
}, LOOK_MS);

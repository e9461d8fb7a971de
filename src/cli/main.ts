#!/usr/bin/env node
/** The program `mongoward`. */
import { run } from './run.ts';
import { processTerminal } from './terminal.ts';

/** How long what is still open may take to close, in milliseconds. */
const ENDING_MS = 1000;

// What is under way goes on to its end, also if nobody reads what it says; the exit code tells.
let unwritten: Error | undefined;
process.stdout.on('error', (error) => {
  unwritten ??= error;
});
// A message that nobody can read changes nothing about the outcome.
process.stderr.on('error', () => {});

const argv = process.argv.slice(2);
void run(argv, processTerminal(argv))
  .then(async (code) => {
    await written();
    if (unwritten === undefined) return code;
    process.stderr.write(`mongoward: the output could not be written: ${unwritten.message}\n`);
    return 2;
  })
  .then((code) => {
    process.exitCode = code;
    // A server may keep a connection open for ever. Everything is said and written by now.
    setTimeout(() => process.exit(), ENDING_MS).unref();
  });

/** Everything that was said has gone out by then, or has failed. */
function written(): Promise<void> {
  return new Promise((resolve) => {
    if (process.stdout.destroyed) resolve();
    else process.stdout.write('', () => resolve());
  });
}
